import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { makeChannel, makeUser, makeUserGroup } from '../../../playground/slack/workspace.js';
import { type Api, CHANNEL, clientOf, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
beforeEach(async () => {
  ({ slack, api } = await startTestSlack());
});
afterEach(() => slack.stop());

type Listed = { messages: { text: string; ts: string; [more: string]: unknown }[]; has_more: boolean };
type Paged = Listed & { response_metadata: { next_cursor: string } };

const metadata = { event_type: 'told', event_payload: { upTo: 3 } };
async function postThread(replies: number): Promise<string> {
  const { ts } = await api('chat.postMessage', { channel: CHANNEL, text: 'root', metadata });
  for (let i = 1; i <= replies; i += 1)
    await api('chat.postMessage', { channel: CHANNEL, text: `reply ${i}`, thread_ts: ts });
  return String(ts);
}

describe('conversations.replies', () => {
  it('gives a thread page by page, each message once', async () => {
    const ts = await postThread(5);
    const texts: string[] = [];
    let pages = 0;
    let cursor = '';
    do {
      const page = (await api('conversations.replies', { channel: CHANNEL, ts, limit: 2, cursor })) as unknown as Paged;
      expect(page.messages).toHaveLength(2);
      pages += 1;
      expect(page.has_more).toBe(page.response_metadata.next_cursor !== '');
      texts.push(...page.messages.map(({ text }) => text));
      cursor = page.response_metadata.next_cursor;
    } while (cursor !== '');
    expect(texts).toEqual(['root', 'reply 1', 'reply 2', 'reply 3', 'reply 4', 'reply 5']);
    expect(pages).toBe(3);
  });

  it('is paged by the SDK too', async () => {
    const ts = await postThread(4);
    const texts: unknown[] = [];
    for await (const page of clientOf(slack).paginate('conversations.replies', { channel: CHANNEL, ts, limit: 2 })) {
      const { messages = [] } = page as { messages?: { text: string }[] };
      texts.push(...messages.map(({ text }) => text));
    }
    expect(texts).toHaveLength(5);
  });

  it('shows metadata only when it is asked for, and what hangs on the root', async () => {
    const ts = await postThread(2);
    const read = async (more = {}) =>
      ((await api('conversations.replies', { channel: CHANNEL, ts, ...more })) as unknown as Listed).messages[0];
    expect(await read()).not.toHaveProperty('metadata');
    expect(await read({ include_all_metadata: true })).toMatchObject({ metadata, reply_count: 2, thread_ts: ts });
  });

  it('cuts by time', async () => {
    const ts = await postThread(2);
    const [, one, two] = slack.thread(CHANNEL, ts).map((message) => message.ts);
    const read = async (more: object) =>
      ((await api('conversations.replies', { channel: CHANNEL, ts, ...more })) as unknown as Listed).messages.map(
        ({ text }) => text,
      );
    expect(await read({ oldest: one })).toEqual(['reply 2']);
    expect(await read({ oldest: one, inclusive: true })).toEqual(['reply 1', 'reply 2']);
    expect(await read({ oldest: ts, latest: two })).toEqual(['reply 1']);
  });

  it('refuses what is not there or not its own to read', async () => {
    const ts = await postThread(0);
    const read = (more: object) => api('conversations.replies', { channel: CHANNEL, ts, ...more });
    expect(await read({ ts: '1.000001' })).toMatchObject({ error: 'thread_not_found' });
    expect(await read({ cursor: 'nonsense' })).toMatchObject({ error: 'invalid_cursor' });
    expect(await read({ channel: 'CNOWHERE' })).toMatchObject({ error: 'channel_not_found' });
    slack.workspace.channels.get(CHANNEL)?.members.delete('U0BOT');
    expect(await read({})).toMatchObject({ error: 'not_in_channel' });
    slack.workspace.scopes.delete('channels:history');
    expect(await read({})).toMatchObject({ error: 'missing_scope', needed: 'channels:history' });
  });
});

describe('conversations', () => {
  it('shows the history newest first, without replies', async () => {
    await postThread(1);
    const { ts } = await api('chat.postMessage', { channel: CHANNEL, text: 'second' });
    await api('chat.postMessage', { channel: CHANNEL, text: 'seen by all', thread_ts: ts, reply_broadcast: true });
    const { messages } = (await api('conversations.history', { channel: CHANNEL })) as unknown as Listed;
    expect(messages.map(({ text }) => text)).toEqual(['seen by all', 'second', 'root']);
    expect(messages[0]).toMatchObject({ subtype: 'thread_broadcast' });
  });

  it('says what a channel is', async () => {
    const info = async (channel: string) =>
      (await api('conversations.info', { channel, include_locale: true })).channel;
    expect(await info(CHANNEL)).toMatchObject({
      is_member: true,
      is_private: false,
      is_ext_shared: false,
      locale: 'en-US',
    });
    slack.workspace.channels.set(
      'CSHARED',
      makeChannel('CSHARED', 'shared', [], { isExtShared: true, isArchived: true }),
    );
    expect(await info('CSHARED')).toMatchObject({ is_member: false, is_ext_shared: true, is_archived: true });
    expect((await api('conversations.info', { channel: CHANNEL })).channel).not.toHaveProperty('locale');
  });

  it('lists members, and opens a direct message', async () => {
    const { members } = await api('conversations.members', { channel: CHANNEL });
    expect(members).toEqual(['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAN', 'U0BOT']);
    expect(await api('conversations.open', { users: 'U0BOB' })).toMatchObject({ channel: { id: 'D0BOB' } });
    expect(await api('conversations.open', { users: 'UNOBODY' })).toMatchObject({ error: 'user_not_found' });
  });
});

describe('users and user groups', () => {
  it('says who someone is', async () => {
    const { users } = slack.workspace;
    users.set('UGUEST', makeUser('UGUEST', 'guest', { isRestricted: true, isUltraRestricted: true, deleted: true }));
    users.set('UELSE', makeUser('UELSE', 'else', { isStranger: true, teamId: 'TELSE' }));
    const info = async (user: string) => (await api('users.info', { user, include_locale: true })).user;
    expect(await info('U0DAN')).toMatchObject({ locale: 'zh-CN', tz: 'Asia/Shanghai', deleted: false, is_bot: false });
    expect(await info('UGUEST')).toMatchObject({ is_restricted: true, is_ultra_restricted: true, deleted: true });
    expect(await info('UELSE')).toMatchObject({ is_stranger: true, team_id: 'TELSE' });
    expect(await info('U0BOT')).toMatchObject({ is_bot: true });
    expect(await api('users.info', { user: 'UNOBODY' })).toMatchObject({ error: 'user_not_found' });
  });

  it('finds people by e-mail, unless they have left', async () => {
    expect(await api('users.lookupByEmail', { email: 'Bob@example.com' })).toMatchObject({ user: { id: 'U0BOB' } });
    slack.workspace.users.set('U0BOB', makeUser('U0BOB', 'bob', { deleted: true }));
    expect(await api('users.lookupByEmail', { email: 'bob@example.com' })).toMatchObject({ error: 'users_not_found' });
  });

  it('lists groups and who is in them', async () => {
    slack.workspace.userGroups.set('S0OLD', makeUserGroup('S0OLD', 'old', ['U0DAN'], { disabled: true }));
    expect(await api('usergroups.list')).toMatchObject({ usergroups: [{ id: 'S0ONCALL', handle: 'oncall-leads' }] });
    expect((await api('usergroups.list', { include_disabled: true })).usergroups).toHaveLength(2);
    expect(await api('usergroups.users.list', { usergroup: 'S0ONCALL' })).toMatchObject({
      users: ['U0BOB', 'U0CAROL'],
    });
    for (const usergroup of ['S0OLD', 'SNONE'])
      expect(await api('usergroups.users.list', { usergroup })).toMatchObject({ error: 'no_such_subteam' });
  });
});

describe('reactions', () => {
  it('are added once', async () => {
    const timestamp = await postThread(0);
    const add = (more = {}) => api('reactions.add', { channel: CHANNEL, timestamp, name: 'eyes', ...more });
    expect(await add()).toMatchObject({ ok: true });
    expect(await add()).toMatchObject({ error: 'already_reacted' });
    expect(await add({ name: 'no such' })).toMatchObject({ error: 'invalid_name' });
    expect(await add({ timestamp: '1.000001' })).toMatchObject({ error: 'message_not_found' });
    expect(await api('reactions.get', { channel: CHANNEL, timestamp })).toMatchObject({
      message: { reactions: [{ name: 'eyes', users: ['U0BOT'] }] },
    });
  });
});

describe('files', () => {
  it('are uploaded and shared in a thread by the SDK', async () => {
    const thread_ts = await postThread(0);
    const shared = await clientOf(slack).files.uploadV2({
      channel_id: CHANNEL,
      thread_ts,
      filename: 'outcomes.csv',
      title: 'Outcomes',
      initial_comment: 'All 300 instances',
      file: Buffer.from('instance,outcome\ni-1,detached\n'),
    });
    expect(shared.ok).toBe(true);
    const message = slack.thread(CHANNEL, thread_ts)[1];
    expect(message).toMatchObject({ text: 'All 300 instances', files: [{ title: 'Outcomes', name: 'outcomes.csv' }] });
    expect(slack.file(message?.files?.[0]?.id ?? '')?.toString()).toBe('instance,outcome\ni-1,detached\n');
  });

  it('are not shared before their bytes are there, nor twice', async () => {
    const { file_id, upload_url } = await api('files.getUploadURLExternal', { filename: 'a.txt', length: 3 });
    const complete = () => api('files.completeUploadExternal', { files: [{ id: file_id }], channel_id: CHANNEL });
    expect(await complete()).toMatchObject({ error: 'file_not_found' });
    const upload = (body: string) => fetch(String(upload_url), { method: 'POST', body });
    expect((await upload('too long')).status).toBe(400);
    expect((await upload('abc')).status).toBe(200);
    expect(await complete()).toMatchObject({ ok: true });
    expect(await complete()).toMatchObject({ error: 'file_not_found' });
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });
});
