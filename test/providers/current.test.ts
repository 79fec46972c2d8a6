import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { EARLY_MS, type Found, keepCurrent, keepGiven } from '../../src/providers/current.js';

const HOUR = 3_600_000;

/** Each look-up finds the next number, good for an hour; or fails while `broken`. */
function start() {
  const world = { now: 0, looks: 0, broken: false };
  const find = async (): Promise<Found<number>> => {
    world.looks += 1;
    if (world.broken) throw new Error('broken');
    return { value: world.looks, expiresAt: world.now + HOUR };
  };
  return { world, current: keepCurrent(find, () => world.now) };
}

describe('what is kept current', () => {
  it('is looked for once, and again shortly before it ends', async () => {
    const { world, current } = start();
    expect(await current.get()).toBe(1);
    world.now = HOUR - EARLY_MS - 1;
    expect(await current.get()).toBe(1);
    world.now = HOUR - EARLY_MS;
    expect(await current.get()).toBe(2);
  });

  it('is looked for by one at a time', async () => {
    const gate = makeGate<Found<string>>();
    let looks = 0;
    const current = keepCurrent(
      () => {
        looks += 1;
        return gate.promise;
      },
      () => 0,
    );
    const all = Promise.all([current.get(), current.get(), current.get()]);
    gate.open({ value: 'one', expiresAt: HOUR });
    expect(await all).toEqual(['one', 'one', 'one']);
    expect(looks).toBe(1);
  });

  it('is looked for again after a failure, which is not kept', async () => {
    const { world, current } = start();
    world.broken = true;
    await expect(current.get()).rejects.toThrow('broken');
    world.broken = false;
    expect(await current.get()).toBe(2);
  });

  it('is used to its end where no new one is to be had, and no longer', async () => {
    const { world, current } = start();
    await current.get();
    world.broken = true;
    world.now = HOUR - 1;
    expect(await current.get()).toBe(1);
    world.now = HOUR;
    await expect(current.get()).rejects.toThrow('broken');
  });

  it('is looked for again once it is forgotten', async () => {
    const { current } = start();
    expect(current.forget(await current.get())).toBe(true);
    expect(await current.get()).toBe(2);
  });

  it('is not forgotten by whoever was refused with the one before', async () => {
    const { current } = start();
    const refused = await current.get();
    current.forget(refused);
    await current.get();
    expect(current.forget(refused)).toBe(true);
    expect(await current.get()).toBe(2);
  });
});

describe('what stands in the config', () => {
  it('is never another', async () => {
    const current = keepGiven('one');
    expect(current.forget('one')).toBe(false);
    expect(await current.get()).toBe('one');
  });
});
