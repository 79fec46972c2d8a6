import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallFault } from '../../src/jobs/events.js';
import {
  afterAnswer,
  afterClaim,
  afterReading,
  everyoneElse,
  type Halving,
  hasMore,
  nextCall,
  type Part,
  UNPARTED,
} from '../../src/jobs/halving.js';

/** Halving alone, against a cloud that refuses each call with a bad instance in it. */

type About = 'some' | 'some-or-all';
type Cloud = { count: number; bad: readonly number[]; about: About; throttled?: readonly number[] };
type Story = { calls: string[]; refused: string[]; inferred: string[] };

const named = (count: number) => Array.from({ length: count }, (_, index) => String.fromCharCode(65 + index));
const faultFor = (instances: Part, about?: CallFault['about']): CallFault => ({
  kind: 'later',
  code: 'No',
  message: '',
  hint: 'check-instance',
  ...(about && { about }),
  instances: [...instances],
});
const nobody = () => false;

/** `infer` is planted: what else a refusal of one is taken to be about. */
function play({ count, bad, about, throttled = [] }: Cloud, infer = everyoneElse): Story {
  const ids = named(count);
  const pending = new Set(ids);
  const story: Story = { calls: [], refused: [], inferred: [] };
  let halving: Halving = UNPARTED;
  while (pending.size > 0) {
    if (story.calls.length > 10 * count) throw new Error('it goes on for ever');
    const part = nextCall(halving, [...pending], nobody);
    if (part.length === 0) throw new Error('nothing is called, and something is left');
    const others = part.length === 1 ? infer(halving, part) : [];
    halving = afterClaim(halving, part);
    story.calls.push(part.join(''));
    const isRefused = part.some((id) => bad.includes(ids.indexOf(id)));
    if (throttled.includes(story.calls.length)) {
      halving = afterAnswer(halving, [faultFor(part, 'call')], []);
    } else if (isRefused && part.length > 1) {
      halving = afterAnswer(halving, [faultFor(part, about)], []);
    } else {
      const over = isRefused ? [...part, ...others] : [];
      halving = afterAnswer(halving, [], over);
      for (const id of isRefused ? over : part) pending.delete(id);
      if (isRefused) {
        story.refused.push(...part);
        story.inferred.push(...others);
      }
      halving = afterReading(halving, pending, !isRefused);
    }
  }
  return story;
}

const levels = (count: number) => Math.ceil(Math.log2(Math.max(2, count)));
const refusedIn = ({ refused, inferred }: Story) => [...refused, ...inferred].sort();
const badOf = ({ count, bad }: Cloud) => named(count).filter((_, index) => bad.includes(index));

const cloudWith = (bad: fc.Arbitrary<number[]>): fc.Arbitrary<Cloud> =>
  fc
    .record({
      count: fc.integer({ min: 1, max: 40 }),
      bad,
      about: fc.constantFrom<About>('some', 'some-or-all'),
      throttled: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
    })
    .map((drawn) => ({ ...drawn, bad: [...new Set(drawn.bad.map((place) => place % drawn.count))] }));
const many = cloudWith(fc.array(fc.nat({ max: 39 }), { maxLength: 40 }));
const few = cloudWith(fc.array(fc.nat({ max: 39 }), { maxLength: 2 }));

describe('what is refused for one', () => {
  it.each<[string, Cloud, string]>([
    ['the first', { count: 8, bad: [0], about: 'some' }, 'ABCDEFGH ABCD AB A B CD EFGH'],
    ['the last', { count: 8, bad: [7], about: 'some' }, 'ABCDEFGH ABCD EFGH EF GH G H'],
    ['one with a throttle', { count: 4, bad: [1], about: 'some', throttled: [2] }, 'ABCD AB AB A B CD'],
    ['nobody', { count: 4, bad: [], about: 'some' }, 'ABCD'],
    ['the first, or it is everyone’s', { count: 8, bad: [0], about: 'some-or-all' }, 'ABCDEFGH ABCD EFGH AB A B CD'],
    [
      'two, or it is everyone’s',
      { count: 8, bad: [0, 7], about: 'some-or-all' },
      'ABCDEFGH ABCD EFGH AB CD A B EF GH G H',
    ],
    [
      'all, which is everyone’s',
      { count: 8, bad: [0, 1, 2, 3, 4, 5, 6, 7], about: 'some-or-all' },
      'ABCDEFGH ABCD EFGH AB CD A B',
    ],
  ])('is found: %s', (_what, cloud, calls) => {
    const story = play(cloud);
    expect(story.calls.join(' ')).toBe(calls);
    expect(refusedIn(story)).toEqual(badOf(cloud));
  });

  const isRight = (cloud: Cloud, infer?: typeof everyoneElse) => {
    const story = play(cloud, infer);
    expect(refusedIn(story)).toEqual(badOf(cloud));
    return story;
  };

  it('is found among any, and nothing else is taken for it', () => {
    fc.assert(
      fc.property(many, (cloud) => void isRight({ ...cloud, about: 'some' })),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(few, (cloud) => void isRight(cloud)),
      { numRuns: 2_000 },
    );
  });

  it('costs each of the others one call for each halving at most, and a call for each throttle', () => {
    fc.assert(
      fc.property(few, (cloud) => {
        const { count, bad, throttled = [] } = cloud;
        const { calls } = isRight(cloud);
        expect(calls.length).toBeLessThanOrEqual(1 + bad.length * 2 * levels(count) + throttled.length);
        for (const id of named(count)) {
          const own = calls.filter((part) => part.includes(id));
          expect(own.length).toBeLessThanOrEqual(1 + levels(count) + throttled.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is told of everyone after few calls where all are refused, and where it may be everyone’s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
        const all = { count, bad: [...named(count).keys()], about: 'some-or-all' } as const;
        expect(isRight(all).calls.length).toBeLessThanOrEqual(1 + 2 * levels(count));
      }),
    );
  });

  it('is everyone’s only where each part that was called was refused', () => {
    fc.assert(
      fc.property(many, (cloud) => {
        const { calls, inferred } = play({ ...cloud, about: 'some-or-all' });
        const isBad = (part: string) => badOf(cloud).some((id) => part.includes(id));
        if (inferred.length > 0) expect(calls.every(isBad)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a planted fault is seen: one that was refused alone stands for all that wait', () => {
    const infer = ({ open, halves, held }: Halving, part: Part) =>
      [...open, ...halves, ...held].flat().filter((id) => !part.includes(id));
    const found = fc.check(
      fc.property(few, (cloud) => void isRight(cloud, infer)),
      { numRuns: 50_000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});

/** What may come in any order: some are due and called, the answer, and what a reading shows of some. */
const moves = fc.array(
  fc.record({
    due: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    answer: fc.constantFrom<CallFault['about'] | 'taken' | 'each' | 'lost'>(
      'taken',
      'each',
      'lost',
      'call',
      'some',
      'some-or-all',
      'some-or-all',
    ),
    over: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    isDone: fc.boolean(),
  }),
  { maxLength: 30, size: 'max' },
);
type Move = typeof moves extends fc.Arbitrary<(infer T)[]> ? T : never;

function move(halving: Halving, pending: ReadonlySet<string>, { due, answer }: Move): Halving {
  const part = nextCall(
    halving,
    [...pending].filter((_, index) => due[index]),
    nobody,
  );
  if (part.length === 0) return halving;
  const claimed = afterClaim(halving, part);
  if (answer === 'lost') return claimed;
  const about = part.length === 1 && answer !== 'call' ? undefined : answer;
  if (answer === 'taken') return afterAnswer(claimed, [], []);
  return afterAnswer(claimed, [faultFor(part, about === 'each' || about === 'taken' ? undefined : about)], []);
}

describe('any order of calls, answers and readings', () => {
  const holds = (drawn: readonly Move[], read = afterReading) => {
    let pending = new Set(named(12));
    let halving: Halving = UNPARTED;
    for (const one of drawn) {
      halving = move(halving, pending, one);
      const left = [...pending].filter((_, index) => one.over[index] || index % 3 > 0);
      if (left.length < pending.size) halving = read(halving, new Set(left), one.isDone);
      pending = new Set(left);
      const inParts = [...halving.open, ...halving.halves, ...halving.held].flat();
      expect(new Set(inParts).size).toBe(inParts.length);
      expect(inParts.filter((id) => !pending.has(id))).toEqual([]);
      if (pending.size > 0) expect(nextCall(halving, left, nobody).length).toBeGreaterThan(0);
    }
  };

  it('leaves each in one part or in none, and something that can be called', () => {
    fc.assert(
      fc.property(moves, (drawn) => holds(drawn)),
      { numRuns: 3_000 },
    );
  });

  it('a planted fault is seen: what is over stays in its part', () => {
    const found = fc.check(
      fc.property(moves, (drawn) => holds(drawn, (halving) => halving)),
      { numRuns: 50_000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});

describe('a part', () => {
  const held: Halving = { open: [['A']], halves: [['C', 'D']], held: [['E']], isSome: false };

  it('that waits for what is out of reach holds no other', () => {
    expect(nextCall(held, ['C', 'D', 'E'], nobody)).toEqual([]);
    expect(nextCall(held, ['C', 'D', 'E'], (id) => id === 'A')).toEqual(['C']);
    expect(afterClaim(held, ['C'])).toEqual({
      ...held,
      open: [['C'], ['A'], ['D']],
      halves: [],
    });
  });

  it('comes before those that are in none, and one that is not due does not', () => {
    const open: Halving = { ...UNPARTED, open: [['A', 'B'], ['C']], isSome: true };
    expect(nextCall(open, ['X', 'C', 'Y'], nobody)).toEqual(['C']);
    expect(nextCall(open, ['X', 'Y'], nobody)).toEqual(['X', 'Y']);
    expect([hasMore(open, ['A', 'B']), hasMore(open, ['A', 'B', 'C'])]).toEqual([true, false]);
  });

  it('that is over otherwise gives the next one its turn', () => {
    expect(afterReading(held, new Set(['C', 'D', 'E']), false)).toEqual({
      ...held,
      open: [['C'], ['D']],
      halves: [],
    });
    expect(afterReading(held, new Set(['C', 'E']), true)).toEqual({
      ...UNPARTED,
      open: [['C'], ['E']],
      isSome: true,
    });
  });

  it('is a call of its own again when a later round begins, in which everyone may be refused', () => {
    expect(afterClaim({ ...UNPARTED, isSome: true }, ['A', 'B'])).toEqual({ ...UNPARTED, open: [['A', 'B']] });
  });
});
