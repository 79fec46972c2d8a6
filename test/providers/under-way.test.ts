import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { createUnderWay } from '../../src/providers/under-way.js';

describe('what is under way', () => {
  it('is what a list shows, and what was just begun, each once', async () => {
    let now = 1_000;
    const underWay = createUnderWay(() => now, 500);
    const gate = makeGate();
    const calling = underWay.add('b', gate.promise);
    expect(underWay.countWith([])).toBe(1);
    expect(underWay.countWith(['a'])).toBe(2);
    expect(underWay.countWith(['a', 'b'])).toBe(2);
    now += 60_000;
    expect(underWay.countWith(['a'])).toBe(2);
    gate.open();
    await calling;
    now += 499;
    expect(underWay.countWith(['a'])).toBe(2);
    now += 1;
    expect(underWay.countWith(['a'])).toBe(1);
  });

  it('counts a call that failed as long: it may have been taken', async () => {
    const underWay = createUnderWay(() => 1_000, 500);
    await expect(underWay.add('a', Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(underWay.countWith([])).toBe(1);
  });
});
