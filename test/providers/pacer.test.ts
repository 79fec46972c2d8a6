import { describe, expect, it, jest } from '@jest/globals';
import { pause } from '../../src/providers/deadline.js';
import type { Fault } from '../../src/providers/failures.js';
import type { PaceTraits } from '../../src/providers/pace.js';
import { createPacer, type PacedCall } from '../../src/providers/pacer.js';
import { A, KEY_PAIR, REGION, stage, vendor } from './guarded-stub.js';

const TRAITS: PaceTraits = { start: 2, most: 2, windowMs: 1000, perRegion: false };
const DETACH: PacedCall = { operation: 'detach', region: 'north-1' };
const READ: PacedCall = { operation: 'readInstances', region: 'north-1' };
const THROTTLED: Fault = { kind: 'rate-limited', code: 'Slow', message: '', hint: 'rate-limited', repeat: 'later' };

/** A pacer whose sleeps pass at once, on a clock that they move. */
function start(traits: Partial<PaceTraits> = {}) {
  const clock = { now: 10_000 };
  const slept: number[] = [];
  const told: unknown[] = [];
  const pacer = createPacer({
    account: 'prod',
    traits: { ...TRAITS, ...traits },
    now: () => clock.now,
    random: () => 0,
    async sleep(ms) {
      slept.push(ms);
      clock.now += ms;
    },
    onPace: (record) => told.push(record),
    onPutOff: (record) => told.push(record),
  });
  return { pacer, clock, slept, told };
}

describe('the pacer of an account', () => {
  it('gives a write its turn at once, or says how long to wait and takes none', () => {
    const { pacer, clock } = start();
    expect([pacer.take(DETACH), pacer.take(DETACH)]).toEqual([0, 0]);
    expect([pacer.take(DETACH), pacer.take(DETACH)]).toEqual([1000, 1000]);
    clock.now += 1000;
    expect([pacer.take(DETACH), pacer.take(DETACH), pacer.take(DETACH)]).toEqual([0, 0, 1000]);
  });

  it('lets no read take the turn of a write, nor one kind of write that of another', () => {
    const { pacer } = start();
    for (let n = 0; n < 9; n++)
      for (const operation of ['readInstances', 'findKeyPair', 'stop'] as const) pacer.take({ ...READ, operation });
    expect(pacer.take(READ)).toBeGreaterThan(0);
    expect([pacer.take(DETACH), pacer.take(DETACH)]).toEqual([0, 0]);
  });

  it('lets lists and readings of the same API share its turns', () => {
    const { pacer } = start();
    pacer.take(READ);
    pacer.take({ ...READ, operation: 'listInstances' });
    expect(pacer.take(READ)).toBe(1000);
  });

  it('counts regions apart only where the cloud does', () => {
    const other = { ...DETACH, region: 'south-1' };
    for (const perRegion of [true, false]) {
      const { pacer } = start({ perRegion });
      pacer.take(DETACH);
      pacer.take(DETACH);
      expect(pacer.take(other) === 0).toBe(perRegion);
    }
  });

  it('lets a read wait for a short time', async () => {
    const { pacer, slept } = start();
    pacer.take(READ);
    pacer.take(READ);
    expect(await pacer.wait(READ, undefined)).toBe(0);
    expect(slept).toEqual([1000]);
  });

  it('holds no read for long, and says when to come back', async () => {
    const { pacer, slept } = start();
    pacer.learn(READ, { calledAt: 10_000, fault: { ...THROTTLED, retryAfterMs: 30_000 } });
    expect(await pacer.wait(READ, undefined)).toBe(30_000);
    expect(slept).toEqual([]);
  });

  it('lets no read wait whose caller has given up', async () => {
    const { pacer, slept } = start();
    pacer.take(READ);
    pacer.take(READ);
    expect(await pacer.wait(READ, AbortSignal.abort())).toBe(1000);
    expect(slept).toEqual([]);
  });

  it('learns from a refusal for too many calls, and from no other fault', () => {
    const { pacer, told } = start();
    pacer.learn(DETACH, { calledAt: 10_000, fault: { ...THROTTLED, kind: 'unavailable' } });
    expect(told).toEqual([]);
    pacer.learn(DETACH, { calledAt: 10_000, fault: THROTTLED });
    expect(told).toEqual([{ account: 'prod', api: 'detach', region: '', callsPerSecond: 1 }]);
    expect(pacer.take(DETACH)).toBe(1000);
    expect(told).toHaveLength(2);
    expect(pacer.take(READ)).toBe(0);
  });
});

describe('a pause', () => {
  it('is over in its time', async () => {
    jest.useFakeTimers();
    const over = pause(5_000, new AbortController().signal);
    jest.advanceTimersByTime(5_000);
    await over;
    jest.useRealTimers();
  });

  it('is over when the caller gives up, or had given up before', async () => {
    const abort = new AbortController();
    const over = pause(1_000_000, abort.signal);
    abort.abort();
    await over;
    await pause(1_000_000, abort.signal);
  });
});

describe('a guard with a pacer', () => {
  const cloud = (throttled: () => boolean) => {
    let calls = 0;
    const call = async <T>(value: T): Promise<T> => {
      calls += 1;
      if (throttled()) throw vendor({ code: 'Later', retryAfterMs: 60_000 });
      return value;
    };
    const { pacer, clock } = start();
    const adapter = {
      readInstances: () => call([]),
      detach: () => call({ replies: [{ instanceId: A, ok: true as const }] }),
    };
    let waits = 0;
    const wait: typeof pacer.wait = (...asked) => {
      waits += 1;
      return pacer.wait(...asked);
    };
    const paced = stage(adapter, { pacer: { ...pacer, wait }, now: () => clock.now });
    return { ...paced, calls: () => calls, waits: () => waits };
  };

  it('never holds a write between claim and call', async () => {
    const { guarded, detach, calls } = cloud(() => false);
    while (guarded.reserve('detach', REGION) === 0);
    await Promise.all([detach(), detach(), detach()]);
    expect(calls()).toBe(3);
  });

  it('keeps a read that would be too much at home, and says when to come back', async () => {
    const { guarded, calls, waits } = cloud(() => true);
    const read = () => guarded.readInstances({ instanceIds: [A] }, REGION);
    expect(await read()).toMatchObject({ ok: false, fault: { code: 'Later' } });
    expect(await read()).toMatchObject({
      ok: false,
      fault: { code: 'Paced', kind: 'rate-limited', repeat: 'later', retryAfterMs: 60_000 },
    });
    expect([calls(), waits()]).toEqual([1, 3]);
  });

  it('learns from a write that the cloud refused as a whole, or for one instance', async () => {
    const whole = cloud(() => true);
    await whole.detach();
    expect(whole.guarded.reserve('detach', REGION)).toBe(60_000);
    const { pacer } = start();
    const replies = [{ instanceId: A, ok: false as const, code: 'Later', message: '' }];
    const part = stage({ detach: async () => ({ replies }) }, { pacer, now: () => 10_000 });
    await part.detach();
    expect(part.guarded.reserve('detach', REGION)).toBe(1000);
    expect(part.guarded.reserve('attach', REGION)).toBe(0);
  });

  it('makes a read that the cloud refused for its rate once more, in its turn, and a write never', async () => {
    const { pacer, clock } = start();
    const asked: string[] = [];
    const throttle = async (what: string) => {
      asked.push(`${what} ${clock.now}`);
      throw vendor({ code: 'Later' });
    };
    const adapter = { readInstances: () => throttle('read'), detach: () => throttle('detach') };
    const { guarded, detach } = stage(adapter, { pacer, now: () => clock.now });
    const read = await guarded.readInstances({ instanceIds: [A] }, REGION);
    expect(read).toMatchObject({ ok: false, fault: { code: 'Later' } });
    await detach();
    expect(asked).toEqual(['read 10000', 'read 11000', 'detach 11000']);
  });

  it('repeats no read for any other fault', async () => {
    const { pacer, clock } = start();
    let calls = 0;
    const readInstances = async () => {
      calls += 1;
      throw vendor({ code: calls % 2 === 0 ? 'Never' : 'Maybe' });
    };
    const { guarded } = stage({ readInstances }, { pacer, now: () => clock.now });
    await guarded.readInstances({ instanceIds: [A] }, REGION);
    await guarded.readInstances({ instanceIds: [A] }, REGION);
    expect(calls).toBe(2);
  });

  it('goes on at once without one', async () => {
    const { guarded } = stage({ detach: async () => ({ replies: [] }) });
    expect(guarded.reserve('detach', REGION)).toBe(0);
    await guarded.detach({ instanceIds: [A], token: 't', keyPair: KEY_PAIR }, REGION);
    expect(guarded.reserve('detach', REGION)).toBe(0);
  });
});
