import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { createUnderWay } from '../../src/providers/under-way.js';

const FORGET_MS = 60_000;

describe('what is under way', () => {
  it('is what a list shows, and what had not ended when the list began to be read, each once', async () => {
    const underWay = createUnderWay(() => 1_000);
    const gate = makeGate();
    const calling = underWay.add('b', gate.promise);
    const before = underWay.mark();
    expect(underWay.countWith([], before)).toBe(1);
    expect(underWay.countWith(['a'], before)).toBe(2);
    expect(underWay.countWith(['a', 'b'], before)).toBe(2);
    gate.open();
    await calling;
    // This list may have been made before the call was taken; the next one was not.
    expect(underWay.countWith(['a'], before)).toBe(2);
    expect(underWay.countWith(['a'], underWay.mark())).toBe(1);
  });

  it('counts a call that failed the same: it may have been taken', async () => {
    const underWay = createUnderWay(() => 1_000);
    const mark = underWay.mark();
    await expect(underWay.add('a', Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(underWay.countWith([], mark)).toBe(1);
  });

  it('keeps nothing for ever', async () => {
    let now = 1_000;
    const underWay = createUnderWay(() => now);
    const mark = underWay.mark();
    await underWay.add('a', Promise.resolve());
    now += FORGET_MS;
    expect(underWay.countWith([], mark)).toBe(1);
    now += 1;
    expect(underWay.countWith([], mark)).toBe(0);
  });
});
