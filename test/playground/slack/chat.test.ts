import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { makeChannel } from '../../../playground/slack/workspace.js';
import { type Api, button, CHANNEL, call, clientOf, first, section, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
beforeEach(async () => {
  ({ slack, api } = await startTestSlack());
  const { channels } = slack.workspace;
  channels.set('CPUBLIC', makeChannel('CPUBLIC', 'public', ['U0ALICE']));
  channels.set('CSECRET', makeChannel('CSECRET', 'secret', ['U0ALICE'], { isPrivate: true }));
  channels.set('COLD', makeChannel('COLD', 'old', ['U0BOT'], { isArchived: true }));
});
afterEach(() => slack.stop());

const post = (more: Record<string, unknown> = {}) =>
  api('chat.postMessage', { channel: CHANNEL, text: 'hello', ...more });
const postedTs = async (more: Record<string, unknown> = {}) => String((await post(more)).ts);

describe('the Web API', () => {
  it.each([
    ['not_authed', 'auth.test', ''],
    ['invalid_auth', 'auth.test', 'xoxb-other'],
    ['unknown_method', 'chat.shout', 'xoxb-test'],
  ])('answers %s', async (error, method, token) => {
    expect((await call(slack, method, {}, token)).body).toMatchObject({ ok: false, error });
  });

  it('takes forms and JSON alike, and keeps tokens out of its record', async () => {
    const body = new URLSearchParams({
      token: 'xoxb-test',
      channel: CHANNEL,
      text: 'by form',
      blocks: JSON.stringify([section('by form')]),
    });
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ ok: true });
    await post({ blocks: [section('by JSON')] });
    expect(slack.messages(CHANNEL).map(({ blocks }) => blocks)).toMatchObject([
      [{ type: 'section', text: { text: 'by form' } }],
      [{ type: 'section', text: { text: 'by JSON' } }],
    ]);
    expect(slack.calls.map(({ reply }) => reply)).toEqual([{ ok: true }, { ok: true }]);
    expect(JSON.stringify(slack.calls)).not.toMatch('xoxb');
  });

  it('refuses what the token has no scope for', async () => {
    slack.workspace.scopes.delete('chat:write');
    expect(await post()).toMatchObject({ error: 'missing_scope', needed: 'chat:write' });
  });
});

describe('chat.postMessage', () => {
  it.each([
    ['channel_not_found', { channel: 'CNOWHERE' }],
    ['channel_not_found', { channel: 'CSECRET' }],
    ['not_in_channel', { channel: 'CPUBLIC' }],
    ['is_archived', { channel: 'COLD' }],
    ['no_text', { text: '' }],
    ['no_text', { text: undefined, blocks: [] }],
    ['invalid_blocks_format', { blocks: '[{' }],
    ['invalid_blocks', { blocks: [{ type: 'section' }] }],
    ['msg_blocks_too_long', { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2700))) }],
    ['thread_not_found', { thread_ts: '1.000001' }],
    ['markdown_text_conflict', { markdown_text: '# hello' }],
    ['invalid_metadata_format', { metadata: { event_type: 'request' } }],
    ['metadata_too_large', { metadata: { event_type: 'request', event_payload: { all: 'x'.repeat(9_000) } } }],
  ])('answers %s to %j', async (error, more) => {
    expect(await post(more)).toMatchObject({ ok: false, error });
    expect(slack.messages(CHANNEL)).toEqual([]);
  });

  it('posts into a public channel without being in it when the scope is there', async () => {
    slack.workspace.scopes.add('chat:write.public');
    expect(await post({ channel: 'CPUBLIC' })).toMatchObject({ ok: true });
    expect(await post({ channel: 'CSECRET' })).toMatchObject({ error: 'channel_not_found' });
  });

  it('cuts long text, and keeps the rest as it was sent', async () => {
    expect(await post({ text: 'x'.repeat(40_001) })).toMatchObject({ ok: true });
    await post({ text: '<!channel> & <@U0BOB>' });
    expect(slack.messages(CHANNEL).map(({ text }) => text)).toEqual(['x'.repeat(40_000), '<!channel> & <@U0BOB>']);
  });

  it('gives timestamps that grow though the clock stands', async () => {
    const standing = await startTestSlack({ now: () => 1_700_000_000_123 });
    for (const text of ['a', 'b', 'c']) await standing.api('chat.postMessage', { channel: CHANNEL, text });
    const stamps = standing.slack.messages(CHANNEL).map(({ ts }) => ts);
    expect(stamps).toEqual(['1700000000.123000', '1700000000.123001', '1700000000.123002']);
    await standing.slack.stop();
  });

  it('hangs a reply on the root, also when it answers a reply', async () => {
    const root = await postedTs();
    const reply = await postedTs({ thread_ts: root, reply_broadcast: true });
    await post({ thread_ts: reply });
    expect(slack.thread(CHANNEL, root).map(({ thread_ts }) => thread_ts)).toEqual([undefined, root, root]);
    expect(slack.thread(CHANNEL, reply)).toEqual(slack.thread(CHANNEL, root));
    expect(slack.messages(CHANNEL)[1]).toMatchObject({ reply_broadcast: true, user: 'U0BOT', bot_id: 'B0BOT' });
  });

  it("writes to a person's direct message by their id", async () => {
    const { channel } = await post({ channel: 'U0ALICE' });
    expect(channel).toBe('D0ALICE');
    expect(slack.messages('D0ALICE')).toHaveLength(1);
    expect(await post({ channel: 'UNOBODY' })).toMatchObject({ error: 'channel_not_found' });
  });

  it('is what the SDK expects', async () => {
    const { ts, message } = await clientOf(slack).chat.postMessage({ channel: CHANNEL, text: 'hello' });
    expect(message).toMatchObject({ ts, text: 'hello', bot_id: 'B0BOT' });
    const failed = clientOf(slack).chat.postMessage({ channel: 'CNOWHERE', text: 'hello' });
    await expect(failed).rejects.toMatchObject({ data: { error: 'channel_not_found' } });
  });
});

describe('chat.update', () => {
  const update = (more: Record<string, unknown>) => api('chat.update', { channel: CHANNEL, text: 'new', ...more });

  it('refuses what is not there, not its own, or too long', async () => {
    const ts = await postedTs();
    const mine = slack.as('U0ALICE').say(CHANNEL, 'I wrote this');
    expect(await update({ ts: '1.000001' })).toMatchObject({ error: 'message_not_found' });
    expect(await update({ ts: mine.ts })).toMatchObject({ error: 'cant_update_message' });
    expect(await update({ ts, text: 'x'.repeat(4_001) })).toMatchObject({ error: 'msg_too_long' });
    expect(await update({ ts, channel: 'U0ALICE' })).toMatchObject({ error: 'channel_not_found' });
    expect(await update({ ts, text: 'x'.repeat(4_000) })).toMatchObject({ ok: true });
  });

  it('takes blocks away with text alone, leaves metadata, and keeps every version', async () => {
    const metadata = { event_type: 'request', event_payload: { id: 'r1' } };
    const ts = await postedTs({ blocks: [section('old')], metadata });
    await update({ ts, text: 'middle', blocks: [section('middle')] });
    expect(first(slack.messages(CHANNEL)).edited).toBeUndefined();
    await update({ ts });
    const message = first(slack.messages(CHANNEL));
    expect(message).toMatchObject({ ts, text: 'new', blocks: [], metadata, edited: { user: 'U0BOT' } });
    expect(message.versions.map(({ text, blocks }) => [text, blocks.length])).toEqual([
      ['hello', 1],
      ['middle', 1],
      ['new', 0],
    ]);
    expect(message.versions.map((version) => version.metadata)).toEqual([metadata, metadata, metadata]);
    const other = { event_type: 'request', event_payload: { id: 'r2' } };
    await update({ ts, metadata: other });
    expect(first(slack.messages(CHANNEL)).metadata).toEqual(other);
  });

  it('lets a person click what they still see, and not what is gone', async () => {
    const ts = await postedTs({ blocks: [{ type: 'actions', elements: [button('approve', 'Approve')] }] });
    const seen = first(slack.messages(CHANNEL));
    await update({ ts });
    const bob = slack.as('U0BOB');
    await expect(bob.click(first(slack.messages(CHANNEL)), 'approve')).rejects.toThrow('there is: nothing');
    // Nobody listens here: that the click is sent at all is what shows.
    await expect(bob.click(seen, 'approve')).rejects.toMatchObject({ code: 'dispatch_failed' });
  });
});

describe('chat.postEphemeral and chat.getPermalink', () => {
  it('shows a message to one member', async () => {
    const args = { channel: CHANNEL, text: 'only you' };
    expect(await api('chat.postEphemeral', { ...args, user: 'U0BOB' })).toMatchObject({ ok: true });
    expect(await api('chat.postEphemeral', { ...args, user: 'U0NOBODY' })).toMatchObject({
      error: 'user_not_in_channel',
    });
    expect(slack.ephemerals(CHANNEL, 'U0BOB')).toMatchObject([{ text: 'only you', ephemeral: true }]);
    expect(slack.messages(CHANNEL)).toEqual([]);
  });

  it('links to a message', async () => {
    const ts = await postedTs();
    const { permalink } = await api('chat.getPermalink', { channel: CHANNEL, message_ts: ts });
    expect(permalink).toBe(`${slack.url}/archives/${CHANNEL}/p${ts.replace('.', '')}`);
    expect(await api('chat.getPermalink', { channel: CHANNEL, message_ts: '1.000001' })).toMatchObject({
      error: 'message_not_found',
    });
  });
});
