import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { makeChannel } from '../../../playground/slack/workspace.js';
import { CHANNEL, call, clientOf, startTestSlack } from './harness.js';

let slack: LocalSlack;
let time: number;
beforeEach(async () => {
  time = 1_700_000_000_000;
  ({ slack } = await startTestSlack({ rateLimits: true, now: () => time }));
  slack.workspace.channels.set('COTHER', makeChannel('COTHER', 'other', ['U0BOT']));
});
afterEach(() => slack.stop());

const post = (channel = CHANNEL) => call(slack, 'chat.postMessage', { channel, text: 'x' });
/** The answers to so many calls, one after another. */
async function repeat(count: number, once: () => ReturnType<typeof call>) {
  const answers = [];
  for (let i = 0; i < count; i += 1) answers.push(await once());
  return answers;
}
const passed = (answers: readonly { status: number }[]) => answers.filter(({ status }) => status === 200).length;

describe('rate limits', () => {
  it('lets a burst into a channel, then one message a second', async () => {
    const answers = await repeat(5, () => post());
    expect(passed(answers)).toBe(4);
    expect(answers[4]).toMatchObject({ status: 429, retryAfter: '1', body: { ok: false, error: 'ratelimited' } });
    expect(slack.messages(CHANNEL)).toHaveLength(4);
    expect(slack.calls.at(-1)?.reply).toEqual({ ok: false, error: 'http 429' });

    time += 999;
    expect(await post()).toMatchObject({ status: 429, retryAfter: '1' });
    time += 1;
    expect(passed(await repeat(2, () => post()))).toBe(1);
    time += 60_000;
    expect(passed(await repeat(6, () => post()))).toBe(4);
  });

  it('counts channels apart, and methods apart', async () => {
    await repeat(5, () => post());
    expect((await post('COTHER')).status).toBe(200);
    expect((await call(slack, 'users.info', { user: 'U0BOB' })).status).toBe(200);
  });

  it.each([
    ['chat.update', 50],
    ['usergroups.users.list', 20],
    ['users.info', 100],
    ['conversations.info', 50],
  ])('lets %s pass %i times in any minute', async (method, most) => {
    const once = () => call(slack, method, { channel: CHANNEL, usergroup: 'S0ONCALL', user: 'U0BOB', ts: '1' });
    expect(passed(await repeat(most - 1, once))).toBe(most - 1);
    time += 10_000;
    expect(passed(await repeat(2, once))).toBe(1);
    time += 20_000;
    expect(await once()).toMatchObject({ status: 429, retryAfter: '30' });
    time += 30_000;
    expect(passed(await repeat(most, once))).toBe(most - 1);
  });

  it('reaches the SDK as a rate limit', async () => {
    await repeat(4, () => post());
    const fifth = clientOf(slack).chat.postMessage({ channel: CHANNEL, text: 'x' });
    await expect(fifth).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
  });
});
