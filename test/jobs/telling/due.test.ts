import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RequestEvent } from '../../../src/jobs/events.js';
import type { TellableEntry } from '../../../src/jobs/notifier.js';
import { FAILURES_APART_MS, nextTelling, PAGE, RESULTS_WITHIN_MS, weightOf } from '../../../src/jobs/telling/due.js';
import type { Outcome } from '../../../src/providers/answers.js';

const OFF: Outcome = { kind: 'detached', effective: 'now' };
const FAILED: Outcome = { kind: 'failed', code: 'X', message: 'x', hint: 'cloud-trouble' };
const DOWN: Outcome = { kind: 'detached', effective: 'after-restart', restartFailed: { code: 'X', message: 'x' } };

const settled = (count: number, outcome: Outcome): RequestEvent => ({
  type: 'settled',
  group: 0,
  outcomes: Object.fromEntries(Array.from({ length: count }, (_, index) => [`i-${index}`, outcome])),
});
const BEGUN: RequestEvent = { type: 'begun', batch: 'b1', epoch: 1, instances: ['i-1'] };
const STARTED: RequestEvent = { type: 'started' };
const FINISHED: RequestEvent = { type: 'finished' };

/** One entry a second. */
const entriesOf = (...events: RequestEvent[][]): TellableEntry[] =>
  events.map((inOne, index) => ({ version: index + 1, at: (index + 1) * 1_000, events: inOne }));

const NOTHING = { cursor: 0, results: 0 };
const next = (entries: TellableEntry[], more: Partial<Parameters<typeof nextTelling>[0]> = {}) =>
  nextTelling({ told: NOTHING, entries, isAtEnd: false, now: 10_000, ...more });

test('what nobody sees weighs nothing, counts weigh less than news, and what is not known is news', () => {
  expect(weightOf(entriesOf([BEGUN], [BEGUN]))).toBe('unseen');
  expect(weightOf(entriesOf([BEGUN, settled(1, OFF)]))).toBe('progress');
  expect(weightOf(entriesOf([settled(1, OFF)], [STARTED]))).toBe('news');
  expect(weightOf(entriesOf([{ type: 'an event of tomorrow' } as unknown as RequestEvent]))).toBe('news');
  expect(weightOf([])).toBe('unseen');
});

describe('while it runs', () => {
  test('decisions are told at once, and results are not', () => {
    expect(next(entriesOf([STARTED], [settled(3, OFF)]))).toEqual({ news: 1, last: 2 });
    expect(next(entriesOf([BEGUN], [settled(3, OFF)]))).toBeUndefined();
  });

  test.each([FAILED, DOWN])('a failure is told at once: %j', (outcome) => {
    const entries = entriesOf([settled(3, OFF)], [settled(1, outcome)]);
    expect(next(entries)).toEqual({ news: 1, last: 2 });
  });

  test('more failures come together, unless there are many', () => {
    const told = { ...NOTHING, failuresAt: 10_000 };
    const few = entriesOf([settled(2, FAILED)]);
    expect(next(few, { told, now: 9_999 + FAILURES_APART_MS })).toBeUndefined();
    expect(next(few, { told, now: 10_000 + FAILURES_APART_MS })).toEqual({ news: 1, last: 1 });
    expect(next(entriesOf([settled(PAGE, FAILED)]), { told })).toEqual({ news: 1, last: 1 });
  });

  test('results are told when they fill a message, or when the oldest has waited long enough', () => {
    const part = entriesOf([settled(PAGE - 1, OFF)], [BEGUN]);
    expect(next(part)).toBeUndefined();
    expect(next(entriesOf([settled(PAGE - 1, OFF)], [settled(1, OFF)]))).toEqual({ news: 1, results: 1, last: 2 });
    expect(next(part, { now: 999 + RESULTS_WITHIN_MS })).toBeUndefined();
    expect(next(part, { now: 1_000 + RESULTS_WITHIN_MS })).toEqual({ news: 1, results: 1, last: 2 });
  });

  test('what was told with the news waits no more, and what was not still does', () => {
    const entries = entriesOf([settled(PAGE, OFF)], [BEGUN]);
    expect(next(entries, { told: { cursor: 2, results: 0 } })).toEqual({ news: 3, results: 1, last: 2 });
    expect(next(entries, { told: { cursor: 2, results: 2 } })).toBeUndefined();
  });
});

test('at the end all is told that is left, and then nothing', () => {
  const entries = entriesOf([settled(3, OFF)], [settled(1, FAILED), FINISHED]);
  const told = { cursor: 1, results: 0, failuresAt: 10_000 };
  expect(next(entries, { told, isAtEnd: true })).toEqual({ news: 2, results: 1, last: 2 });
  expect(next(entries, { told: { cursor: 2, results: 1 }, isAtEnd: true })).toEqual({ news: 3, results: 2, last: 2 });
  expect(next(entries, { told: { cursor: 2, results: 2 }, isAtEnd: true })).toBeUndefined();
});

test('whenever it is asked, each entry’s news and each entry’s results are told in exactly one telling', () => {
  const event = fc.oneof(
    fc.constantFrom<RequestEvent>(BEGUN, STARTED),
    fc.nat(90).map((count) => settled(count, OFF)),
    fc.nat(90).map((count) => settled(count, FAILED)),
  );
  const steps = fc.array(fc.record({ event, isAsked: fc.boolean(), passed: fc.nat(RESULTS_WITHIN_MS) }));
  fc.assert(
    fc.property(steps, (story) => {
      const news: number[] = [];
      const results: number[] = [];
      const entries: TellableEntry[] = [];
      let told: Parameters<typeof nextTelling>[0]['told'] = NOTHING;
      let now = 0;
      const ask = (isAtEnd: boolean) => {
        const telling = nextTelling({ told, entries, isAtEnd, now });
        if (telling === undefined) return;
        const versions = entries.map(({ version }) => version);
        news.push(...versions.filter((version) => version >= telling.news && version <= telling.last));
        const from = telling.results ?? Number.POSITIVE_INFINITY;
        results.push(...versions.filter((version) => version >= from && version <= telling.last));
        told = { cursor: telling.last, results: telling.results === undefined ? told.results : telling.last };
      };
      for (const { event: happened, isAsked, passed } of story) {
        now += passed;
        entries.push({ version: entries.length + 1, at: now, events: [happened] });
        if (isAsked) ask(false);
      }
      ask(true);
      const all = entries.map(({ version }) => version);
      expect([news, results]).toEqual([all, all]);
    }),
  );
});
