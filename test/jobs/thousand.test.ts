import { afterEach, describe, expect, it } from '@jest/globals';
import type { ApiCall } from '../../playground/slack/model.js';
import { METADATA } from '../../src/bot/ids.js';
import { PAGE } from '../../src/jobs/telling/due.js';
import { check } from '../bot/messages/reading.js';
import { CHANNEL } from './house.js';
import { type Crowd, isFailing, startCrowd } from './thousand.js';

let crowd: Crowd;
afterEach(() => crowd.stop());

const countOf = (calls: readonly ApiCall[], method: string) => calls.filter((call) => call.method === method).length;
const refusedIn = (calls: readonly ApiCall[]) => calls.filter(({ reply }) => reply?.ok !== true);

/** The most calls of a method in any minute. */
function mostInAMinute(calls: readonly ApiCall[], method: string): number {
  const times = calls.filter((call) => call.method === method).map(({ at }) => at);
  return Math.max(...times.map((at) => times.filter((other) => other >= at && other - at < 60_000).length));
}

const rootsOf = ({ slack }: Crowd) =>
  slack.messages(CHANNEL).filter(({ metadata }) => metadata?.event_type === METADATA.root);

const repliesOf = ({ slack }: Crowd, ts: string) =>
  slack.thread(CHANNEL, ts).filter((message) => message.ts !== ts && message.files === undefined);

describe('a request of a thousand instances', () => {
  it('is told in few calls, none over a limit, each instance once and what failed first', async () => {
    crowd = await startCrowd({ requests: 1, instances: 1_000 });
    const seconds = await crowd.play();
    const { calls } = crowd.slack;
    expect(refusedIn(calls)).toEqual([]);
    const [root] = rootsOf(crowd);
    const replies = repliesOf(crowd, root?.ts ?? '');
    const lines = replies.map(({ text }) => text).join('\n');
    for (const id of crowd.instances) expect([id, lines.split(id).length - 1]).toEqual([id, 1]);
    for (const { text, blocks } of replies) check({ text, blocks: blocks as never });
    // Results come 75 or more at a time, which is a full message and the rest of one; failures at most every 20 seconds.
    const most = 2 * Math.ceil(crowd.instances.length / PAGE) + Math.ceil(seconds / 20) + 3;
    expect(replies.length).toBeLessThanOrEqual(most);
    // At most one update in three seconds.
    expect(countOf(calls, 'chat.update')).toBeLessThanOrEqual(Math.ceil(seconds / 3) + 2);
    expect(calls.length).toBeLessThanOrEqual(60);
    // What failed has messages of its own.
    const failed = new Set(crowd.instances.filter((_, index) => isFailing(index)));
    for (const { text } of replies) {
      const named = (text.match(/i-bp\d{16}/gu) ?? []).map((id) => failed.has(id));
      expect(new Set(named).size).toBeLessThanOrEqual(1);
    }
    expect(replies.at(-1)).toMatchObject({ reply_broadcast: true });
    expect(replies.filter((reply) => reply.reply_broadcast)).toHaveLength(1);
  }, 120_000);
});

describe('many such requests at once', () => {
  it('share what Slack allows: none is refused, and each is told to its end', async () => {
    crowd = await startCrowd({ requests: 6, instances: 1_000 });
    await crowd.play();
    const { calls } = crowd.slack;
    expect(refusedIn(calls)).toEqual([]);
    expect(mostInAMinute(calls, 'chat.update')).toBeLessThanOrEqual(50);
    const roots = rootsOf(crowd);
    expect(roots).toHaveLength(6);
    for (const root of roots) {
      expect(root.text).toContain('Finished');
      expect(JSON.stringify(root.blocks)).not.toContain('"action_id":"cancel"');
      const lines = repliesOf(crowd, root.ts)
        .map(({ text }) => text)
        .join('\n');
      for (const id of crowd.instances) expect([id, lines.split(id).length - 1]).toEqual([id, 1]);
    }
  }, 120_000);
});
