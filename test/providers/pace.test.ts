import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterAnswer,
  afterThrottle,
  callsPerSecond,
  freshPace,
  type Pace,
  type PaceTraits,
  takeTurn,
  waitFor,
} from '../../src/providers/pace.js';

const SECOND: PaceTraits = { start: 10, most: 10, windowMs: 1000, perRegion: false };
const MINUTE: PaceTraits = { start: 60, most: 600, windowMs: 60_000, perRegion: true };

const anyTraits = fc
  .record({
    start: fc.integer({ min: 1, max: 40 }),
    times: fc.integer({ min: 1, max: 4 }),
    windowMs: fc.constantFrom(1000, 60_000),
  })
  .map(({ start, times, windowMs }): PaceTraits => ({ start, most: start * times, windowMs, perRegion: false }));

type Move = { after: number; end: 'answered' | 'throttled' | 'lost' };
const anyMoves = fc.array(
  fc.record<Move>({
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
    end: fc.constantFrom('answered', 'answered', 'answered', 'throttled', 'lost'),
  }),
  { maxLength: 120 },
);

/** Calls as often as the pace allows, after each pause; gives when calls were made and what the pace was then. */
function run(traits: PaceTraits, moves: readonly Move[]): { calls: number[]; paces: Pace[] } {
  let pace = freshPace(traits);
  let now = 1_000_000_000;
  const calls: number[] = [];
  const paces: Pace[] = [];
  for (const { after, end } of moves) {
    now += after;
    now += waitFor(pace, traits, now);
    paces.push(pace);
    calls.push(now);
    pace = takeTurn(pace, traits, now);
    if (end === 'answered') pace = afterAnswer(pace, traits);
    if (end === 'throttled') pace = afterThrottle(pace, traits, { now, calledAt: now, random: 0.5 });
  }
  return { calls, paces };
}

describe('the pace of an API', () => {
  it('never lets more calls through in any window than the cloud may take', () => {
    fc.assert(
      fc.property(anyTraits, anyMoves, (traits, moves) => {
        const { calls } = run(traits, moves);
        for (const from of calls) {
          expect(calls.filter((at) => at >= from && at < from + traits.windowMs).length).toBeLessThanOrEqual(
            traits.most,
          );
        }
      }),
    );
  });

  it('never lets more through than its own rate, as long as that does not change', () => {
    fc.assert(
      fc.property(
        anyTraits,
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.array(fc.nat(400), { maxLength: 80 }),
        (traits, part, pauses) => {
          let pace: Pace = { ...freshPace(traits), rate: traits.start * part };
          const spanMs = pace.rate < 1 ? traits.windowMs / pace.rate : traits.windowMs;
          let now = 0;
          const calls = pauses.map((pause) => {
            now += pause;
            now += waitFor(pace, traits, now);
            pace = takeTurn(pace, traits, now);
            return now;
          });
          for (const from of calls) {
            expect(calls.filter((at) => at >= from && at < from + spanMs).length).toBeLessThanOrEqual(
              Math.max(1, pace.rate),
            );
          }
        },
      ),
    );
  });

  it('lets all of a window go at once', () => {
    const { calls } = run(
      SECOND,
      Array.from({ length: 11 }, (): Move => ({ after: 0, end: 'lost' })),
    );
    expect(calls.map((at) => at - 1_000_000_000)).toEqual([...Array.from({ length: 10 }, () => 0), 1000]);
  });

  it('is halved by a refusal, once for all calls that were under way together', () => {
    const first = afterThrottle(freshPace(SECOND), SECOND, { now: 5_100, calledAt: 5_000, random: 0 });
    const second = afterThrottle(first, SECOND, { now: 5_110, calledAt: 5_001, random: 0 });
    const later = afterThrottle(second, SECOND, { now: 7_100, calledAt: 7_000, random: 0 });
    expect([first, second, later].map(({ rate }) => rate)).toEqual([5, 5, 2.5]);
  });

  it('makes no call before the next minute begins where the cloud counts by the minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (now, random) => {
          const pace = afterThrottle(freshPace(MINUTE), MINUTE, { now, calledAt: now, random });
          const next = now + waitFor(pace, MINUTE, now);
          expect(Math.floor(next / 60_000)).toBe(Math.floor(now / 60_000) + 1);
        },
      ),
    );
  });

  it('waits as long as the cloud asks for, and a second sign makes it no shorter', () => {
    const asked = { now: 0, calledAt: 0, retryAfterMs: 90_000, random: 0 };
    const pace = afterThrottle(freshPace(SECOND), SECOND, asked);
    expect(waitFor(pace, SECOND, 0)).toBe(90_000);
    expect(waitFor(afterThrottle(pace, SECOND, { now: 10, calledAt: 0, random: 0 }), SECOND, 10)).toBe(89_990);
    expect(waitFor(pace, SECOND, 90_000)).toBe(0);
  });

  it('never stands still, however often it is refused', () => {
    fc.assert(
      fc.property(anyTraits, fc.integer({ min: 1, max: 200 }), (traits, times) => {
        let pace = freshPace(traits);
        for (let now = 1; now <= times; now++) pace = afterThrottle(pace, traits, { now, calledAt: now, random: 1 });
        expect(waitFor(pace, traits, times)).toBeLessThanOrEqual(traits.windowMs * 2);
        pace = takeTurn(pace, traits, times + 2 * traits.windowMs);
        expect(waitFor(pace, traits, times + 2 * traits.windowMs)).toBeLessThanOrEqual(
          Math.max(10_000, traits.windowMs),
        );
      }),
    );
  });

  it('recovers call by call, slowly, to the most it may', () => {
    let pace = afterThrottle(freshPace(SECOND), SECOND, { now: 0, calledAt: 0, random: 0 });
    let calls = 0;
    for (; pace.rate < 10; calls++) {
      const { rate } = pace;
      pace = afterAnswer(pace, SECOND);
      expect(pace.rate).toBeGreaterThan(rate);
    }
    expect(pace.rate).toBe(10);
    // Ten windows of five to ten calls.
    expect(calls).toBeGreaterThan(50);
    expect(calls).toBeLessThan(100);
  });

  it('is not held up by a clock that was set back', () => {
    let pace = afterThrottle(freshPace(SECOND), SECOND, { now: 5_000_000, calledAt: 5_000_000, random: 0 });
    for (let n = 0; n < 10; n++) pace = takeTurn(pace, SECOND, 5_002_000);
    expect(waitFor(pace, SECOND, 1_000)).toBe(0);
  });

  it('says how many calls a second that is', () => {
    expect(callsPerSecond(freshPace(SECOND), SECOND)).toBe(10);
    expect(callsPerSecond(freshPace(MINUTE), MINUTE)).toBe(1);
  });
});
