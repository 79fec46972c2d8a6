import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { startSocketApp } from './bolt.js';
import { type Api, button, CHANNEL, first, section, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
let time: number;
let stopApp: () => Promise<unknown>;

beforeEach(async () => {
  time = 1_700_000_000_000;
  ({ slack, api } = await startTestSlack({ now: () => time }));
  ({ stop: stopApp } = await startSocketApp(slack, (app) => {
    app.command('/detach-key', async ({ ack }) => ack());
    app.action('approve', async ({ ack }) => ack());
  }));
});
afterEach(async () => {
  await stopApp();
  await slack.stop();
});

const urlOf = () => String(slack.deliveries.at(-1)?.envelope.payload.response_url);
const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const blocks = [{ type: 'actions', elements: [button('approve', 'Approve', { value: 'r1' })] }];
const texts = (user = 'U0ALICE') => slack.ephemerals(CHANNEL, user).map(({ text }) => text);

describe('a response URL', () => {
  it('works five times', async () => {
    const { responses } = await slack.as('U0ALICE').command(CHANNEL, '/detach-key');
    for (const text of ['1', '2', '3', '4', '5']) expect((await post(urlOf(), { text })).status).toBe(200);
    const sixth = await post(urlOf(), { text: '6' });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
    expect(texts()).toEqual(['1', '2', '3', '4', '5']);
    expect(responses).toHaveLength(5);
  });

  it('works for thirty minutes', async () => {
    await slack.as('U0ALICE').command(CHANNEL, '/detach-key');
    time += 30 * 60_000;
    expect((await post(urlOf(), { text: 'in time' })).status).toBe(200);
    time += 1;
    expect((await post(urlOf(), { text: 'too late' })).status).toBe(404);
    expect(texts()).toEqual(['in time']);
  });

  it('speaks to one person, or to the channel when it says so', async () => {
    await slack.as('U0ALICE').command(CHANNEL, '/detach-key');
    await post(urlOf(), { text: 'to her' });
    await post(urlOf(), { text: 'to all', response_type: 'in_channel' });
    expect(texts()).toEqual(['to her']);
    expect(slack.messages(CHANNEL).map(({ text }) => text)).toEqual(['to all']);
  });

  it('refuses what a message may not be', async () => {
    await slack.as('U0ALICE').command(CHANNEL, '/detach-key');
    const refused = await post(urlOf(), { blocks: [{ type: 'marquee' }] });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_blocks' }]);
    expect((await post(urlOf(), {})).status).toBe(400);
    expect((await post(`${slack.url}/response/R0`, { text: 'x' })).status).toBe(404);
  });

  it('changes or removes the message of its button', async () => {
    await api('chat.postMessage', { channel: CHANNEL, text: 'approve?', blocks });
    await slack.as('U0BOB').click(first(slack.messages(CHANNEL)), 'approve');
    await post(urlOf(), { text: 'Thank you' });
    expect(first(slack.messages(CHANNEL)).text).toBe('approve?');
    await post(urlOf(), { text: 'approved', blocks: [section('approved')], replace_original: true });
    expect(first(slack.messages(CHANNEL)).versions.map(({ text }) => text)).toEqual(['approve?', 'approved']);
    await post(urlOf(), { delete_original: true });
    expect(slack.messages(CHANNEL)).toEqual([]);
    expect(texts('U0BOB')).toEqual(['Thank you']);
  });

  it('changes or removes an ephemeral message, which has no other way', async () => {
    await api('chat.postEphemeral', { channel: CHANNEL, user: 'U0BOB', text: 'sure?', blocks });
    await slack.as('U0BOB').click(first(slack.ephemerals(CHANNEL, 'U0BOB')), 'approve');
    const { payload } = first(slack.deliveries.slice(-1)).envelope;
    expect(payload).toMatchObject({ container: { is_ephemeral: true } });
    expect(payload).not.toHaveProperty('message');
    await post(urlOf(), { text: 'done', replace_original: true });
    expect(slack.ephemerals(CHANNEL, 'U0BOB')).toMatchObject([{ text: 'done', blocks: [] }]);
    await post(urlOf(), { delete_original: true });
    expect(texts('U0BOB')).toEqual([]);
  });
});

describe('the payload of a click', () => {
  it('has the shape of the documents', async () => {
    await api('chat.postMessage', { channel: CHANNEL, text: 'root' });
    const thread_ts = first(slack.messages(CHANNEL)).ts;
    await api('chat.postMessage', { channel: CHANNEL, text: 'approve?', blocks, thread_ts });
    const message = first(slack.messages(CHANNEL).slice(1));
    await slack.as('U0BOB').click(message, 'approve', { value: 'r1' });
    expect(slack.deliveries.at(-1)?.envelope).toMatchObject({
      type: 'interactive',
      payload: {
        type: 'block_actions',
        user: { id: 'U0BOB', username: 'bob', team_id: 'T0LOCAL' },
        team: { id: 'T0LOCAL', domain: 'local' },
        container: { type: 'message', message_ts: message.ts, channel_id: CHANNEL, is_ephemeral: false, thread_ts },
        channel: { id: CHANNEL, name: 'incident' },
        message: { type: 'message', ts: message.ts, text: 'approve?', user: 'U0BOT' },
        trigger_id: expect.any(String),
        actions: [
          {
            type: 'button',
            action_id: 'approve',
            block_id: message.blocks[0]?.block_id,
            value: 'r1',
            action_ts: expect.any(String),
          },
        ],
      },
    });
    await expect(slack.as('U0BOB').click(message, 'approve', { value: 'r2' })).rejects.toMatchObject({
      code: 'not_on_screen',
    });
  });
});
