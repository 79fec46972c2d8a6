import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeRateLimits } from '../../../playground/slack/rate-limits.js';
import { createTurns, type Turn, type Turns } from '../../../src/jobs/telling/turns.js';
import { TUNING } from '../../../src/tuning.js';
import { openScope, type Scope } from '../scope.js';

let scope: Scope;
let now = 1_700_000_000_000;
beforeEach(() => {
  scope = openScope('turns');
});
afterEach(() => scope.close());

const URGENT: Turn = { what: 'update', isUrgent: true };
const CALM: Turn = { what: 'update', isUrgent: false };
const post = (channel: string): Turn => ({ what: 'post', channel });
const aProcess = (): Turns => createTurns(scope.connect(), scope.prefix, { rates: TUNING.turns, now: () => now });

async function takeAll(turns: Turns, turn: Turn): Promise<number> {
  let count = 0;
  while ((await turns.take(turn)) === 0) count += 1;
  return count;
}

describe('turns', () => {
  it('are shared by all processes', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const alone = await takeAll(one, URGENT);
    expect(alone).toBeGreaterThan(1);
    expect(await other.take(URGENT)).toBeGreaterThan(0);
  });

  it('say how long to wait, and then lets go on', async () => {
    const turns = aProcess();
    await takeAll(turns, post('C1'));
    const wait = await turns.take(post('C1'));
    now += wait - 1;
    expect(await turns.take(post('C1'))).toBe(1);
    now += 1;
    expect(await turns.take(post('C1'))).toBe(0);
  });

  it('are left to what is urgent', async () => {
    const turns = aProcess();
    await takeAll(turns, CALM);
    expect(await takeAll(turns, URGENT)).toBe(5);
  });

  it('are of one kind for all updates, and one for each channel’s messages', async () => {
    const turns = aProcess();
    await takeAll(turns, post('C1'));
    expect(await turns.take(post('C2'))).toBe(0);
    expect(await turns.take(CALM)).toBe(0);
  });

  it('outlast a clock that was an hour ahead', async () => {
    const turns = aProcess();
    now += 3_600_000;
    await takeAll(turns, URGENT);
    now -= 3_600_000;
    expect(await turns.take(URGENT)).toBeLessThan(60_000);
  });

  it.each([
    ['chat.update', URGENT, 'tier3'],
    ['chat.postMessage', post('C1'), 'posting'],
  ] as const)(
    'that are taken as often as they are given never go beyond what Slack allows: %s',
    async (method, turn, limit) => {
      const turns = aProcess();
      const limits = makeRateLimits(() => now);
      const refused: unknown[] = [];
      let taken = 0;
      for (let tick = 0; tick < 1_000; tick += 1) {
        now += 250;
        if ((await turns.take(turn)) > 0) continue;
        taken += 1;
        refused.push(...[limits.take(method, limit, 'C1')].filter((wait) => wait !== undefined));
      }
      expect(refused).toEqual([]);
      expect(taken).toBeGreaterThan(150);
    },
  );
});
