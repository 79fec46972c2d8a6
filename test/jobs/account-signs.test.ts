import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import type { CallEnd } from '../../src/jobs/account-health.js';
import { type AccountSigns, createAccountSigns } from '../../src/jobs/account-signs.js';
import { makeClock } from './house.js';
import { openScope, type Scope } from './scope.js';

let scope: Scope;
let lost: unknown[];
const clock = makeClock();
beforeEach(() => {
  scope = openScope('signs');
  lost = [];
});
afterEach(() => scope.close());

const aProcess = (redis = scope.connect()): AccountSigns =>
  createAccountSigns(redis, scope.prefix, { now: clock.now, onLost: (error) => void lost.push(error) });

const call = (more: Partial<CallEnd> = {}): CallEnd => ({
  account: 'prod-hz',
  operation: 'readInstances',
  ms: 100,
  ok: true,
  ...more,
});
const REFUSED = { ok: false, kind: 'auth', code: 'InvalidAccessKeyId' } as const;

/** Notes, and waits until Redis has taken all that was sent before. */
async function note(redis: ReturnType<Scope['connect']>, signs: AccountSigns, ...calls: CallEnd[]): Promise<void> {
  for (const one of calls) signs.note(one);
  await redis.ping();
  await redis.ping();
}

describe('signs', () => {
  it('that a worker met are read by a bot', async () => {
    const redis = scope.connect();
    await note(redis, aProcess(redis), call(), call({ account: 'game-gz', ...REFUSED }));
    const at = clock.now();
    expect(await aProcess().read(['prod-hz', 'game-gz', 'web-north'])).toEqual([
      { account: 'prod-hz', health: { kind: 'well', at } },
      { account: 'game-gz', health: { kind: 'credentials', at, code: 'InvalidAccessKeyId' } },
      { account: 'web-north', health: { kind: 'unknown' } },
    ]);
  });

  it('are written once in five seconds, and another one at once', async () => {
    const redis = scope.connect();
    const signs = aProcess(redis);
    const first = clock.now();
    await note(redis, signs, call());
    clock.pass(4_999);
    await note(redis, signs, call());
    expect((await signs.read(['prod-hz']))[0]?.health).toMatchObject({ at: first });
    await note(redis, signs, call(REFUSED));
    expect((await signs.read(['prod-hz']))[0]?.health).toMatchObject({ kind: 'credentials', at: clock.now() });
    clock.pass(1);
    await note(redis, signs, call());
    expect((await signs.read(['prod-hz']))[0]?.health).toEqual({ kind: 'well', at: clock.now() });
  });

  it('go by themselves after a day', async () => {
    const redis = scope.connect();
    await note(redis, aProcess(redis), call());
    const left = await redis.pttl(`${scope.prefix}:signs:prod-hz`);
    expect(left).toBeGreaterThan(23 * 3_600_000);
    expect(left).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('hold times and codes, and nothing else of a call', async () => {
    const redis = scope.connect();
    await note(redis, aProcess(redis), call({ ...REFUSED, code: 'x'.repeat(500) }));
    const fields = await redis.hgetall(`${scope.prefix}:signs:prod-hz`);
    expect(fields).toEqual({ credentials: JSON.stringify({ at: clock.now(), code: 'x'.repeat(120) }) });
  });

  it('that Redis does not take are lost, and disturb nobody', async () => {
    const gate = makeGate<unknown>();
    const redis = scope.connect();
    redis.disconnect();
    const signs = createAccountSigns(redis, scope.prefix, { now: clock.now, onLost: gate.open });
    expect(() => signs.note(call())).not.toThrow();
    expect(await gate.promise).toBeInstanceOf(Error);
  });

  it('of another form count as not seen', async () => {
    await scope.redis.hset(`${scope.prefix}:signs:prod-hz`, 'well', '{"at":"yesterday"}', 'better', '{"at":1}');
    expect(await aProcess().read(['prod-hz'])).toEqual([{ account: 'prod-hz', health: { kind: 'unknown' } }]);
  });
});
