import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../playground/gate.js';
import { createFresh } from '../src/fresh.js';
import { within } from '../src/within.js';

describe('what was loaded a moment ago', () => {
  function open(most = 10) {
    let time = 0;
    let loads = 0;
    const fresh = createFresh<string>({ now: () => time, freshMs: (value) => (value === 'bad' ? 1 : 100), most });
    const get = (key: string, value = 'good') =>
      fresh.get(key, async () => {
        loads += 1;
        return value;
      });
    return { fresh, get, pass: (ms: number) => (time += ms), loads: () => loads };
  }

  it('is not loaded again until it is old, by what it is', async () => {
    const { get, pass, loads } = open();
    await get('a');
    pass(99);
    expect([await get('a'), loads()]).toEqual(['good', 1]);
    pass(1);
    expect([await get('a', 'bad'), loads()]).toEqual(['bad', 2]);
    pass(1);
    expect([await get('a'), loads()]).toEqual(['good', 3]);
    expect([await get('b'), loads()]).toEqual(['good', 4]);
  });

  it('is loaded once for all who ask meanwhile, and stays known when it is old', async () => {
    const { fresh, get, pass, loads } = open();
    const gate = makeGate<string>();
    const slow = fresh.get('a', () => gate.promise);
    const other = get('a');
    expect(fresh.last('a')).toBeUndefined();
    gate.open('slow');
    expect([await slow, await other, loads()]).toEqual(['slow', 'slow', 0]);
    pass(1_000);
    expect(fresh.last('a')).toBe('slow');
  });

  it('is asked for again where it could not be loaded', async () => {
    const { fresh, get } = open();
    await expect(fresh.get('a', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await get('a')).toBe('good');
  });

  it('gives way to newer ones', async () => {
    const { fresh, get } = open(2);
    for (const key of ['a', 'b', 'c']) await get(key);
    expect(['a', 'b', 'c'].map(fresh.last)).toEqual([undefined, 'good', 'good']);
  });
});

describe('waiting for so long', () => {
  function timer() {
    let ring: (() => void) | undefined;
    const start = (_ms: number, run: () => void) => {
      ring = run;
      return () => {
        ring = undefined;
      };
    };
    return { start, ring: () => ring?.(), isRunning: () => ring !== undefined };
  }

  it('gives what comes in time, and takes the timer back', async () => {
    const { start, isRunning } = timer();
    expect(await within(start, 10, Promise.resolve('x'))).toBe('x');
    expect(isRunning()).toBe(false);
  });

  it('gives nothing when the time is over, and lets the work go on', async () => {
    const { start, ring } = timer();
    const gate = makeGate<string>();
    const waiting = within(start, 10, gate.promise);
    ring();
    expect(await waiting).toBeUndefined();
    gate.open('late');
    expect(await gate.promise).toBe('late');
  });

  it('fails as the work does', async () => {
    await expect(within(timer().start, 10, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
