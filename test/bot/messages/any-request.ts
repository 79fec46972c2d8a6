import fc from 'fast-check';
import type { PlanGroup, PlannedTarget } from '../../../src/jobs/events.js';
import type { Outcome, SkipReason } from '../../../src/providers/answers.js';
import { HINTS } from '../../../src/providers/failures.js';
import type { Story } from './requests.js';
import { group, planned, settled, started, target, then } from './requests.js';

/** Requests of any size whose people and clouds type anything. */

export const PEOPLE = ['UANNA', 'UBOB', 'UCAROL', 'UDAN'];

export const NASTY = [
  '<!channel>',
  '<@UEVE> & <https://evil.example|click>',
  '@channel @here #general https://evil.example/x www.evil.example',
  '*bold* _it_ ~no~ `code` ```block``` > quote :bomb:',
  'שרת הייצור',
  'خادم الإنتاج',
  '生产服务器',
  '👩‍👩‍👧‍👦👩🏽‍🚒🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '\u202Egnp.exe\u202C',
  'Z\u0335\u0321\u0322a\u0321\u0322l\u0321g\u0335o'.repeat(40),
  '\uD800 alone',
  'line\r\nline\n\tline',
  '\u0000\u0007',
  '   ',
  '',
  'x'.repeat(5_000),
  '&'.repeat(5_000),
  '"\\'.repeat(2_500),
  '危'.repeat(5_000),
];
export const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme', maxLength: 80 }));

const idOf = (groupIndex: number, index: number): string => `i-${groupIndex}x${String(index).padStart(5, '0')}y`;
export const INSTANCE_ID = /i-\dx\d{5}y/gu;

const SKIPS: SkipReason[] = ['needs-stop', 'key-pair-changed', 'state-changed', 'cancelled'];
const STEPS: PlannedTarget['steps'][] = [
  ['detach', 'verify'],
  ['detach', 'verify', 'restart'],
  ['stop', 'detach', 'verify', 'start'],
];

/** Some words name other instances, as clouds do. */
const cloudWords = fc.oneof(
  nasty,
  fc.constantFrom(`${idOf(0, 0)} is busy`, `The resource ${idOf(0, 1)}, ${idOf(1, 0)}.`),
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constantFrom<Outcome>(
    { kind: 'detached', effective: 'now' },
    { kind: 'detached', effective: 'after-restart' },
    { kind: 'not-bound' },
  ),
  fc.record({ kind: fc.constant('skipped' as const), reason: fc.constantFrom(...SKIPS), detail: cloudWords }),
  fc.record({
    kind: fc.constant('detached' as const),
    effective: fc.constant('after-restart' as const),
    restartFailed: fc.record({ code: nasty, message: cloudWords }),
  }),
  fc.record({
    kind: fc.constant('failed' as const),
    code: nasty,
    message: cloudWords,
    hint: fc.constantFrom(...HINTS),
    requestId: fc.oneof(fc.uuid(), nasty),
  }),
);

/** What a detach is told as, told of an attach. */
function asAttached(outcome: Outcome): Outcome {
  if (outcome.kind === 'not-bound') return { kind: 'already-bound' };
  return outcome.kind === 'detached' ? { ...outcome, kind: 'attached' } : outcome;
}
const asAttach = (steps: PlannedTarget['steps']) => steps.map((step) => (step === 'detach' ? 'attach' : step));

type Facts = {
  isUndo: boolean;
  sizes: number[];
  words: string[];
  outcomes: Outcome[];
  steps: number;
  approvals: number;
};
export const facts: fc.Arbitrary<Facts> = fc.record({
  isUndo: fc.boolean(),
  sizes: fc.oneof(
    fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }),
    fc.constantFrom<number[]>([1_000], [400, 300, 300], [70]),
  ),
  words: fc.array(nasty, { minLength: 1, maxLength: 30 }),
  outcomes: fc.array(outcome, { minLength: 1, maxLength: 40 }),
  steps: fc.nat(),
  approvals: fc.integer({ min: 1, max: 3 }),
});

const pick = <T>(items: readonly T[], index: number): T => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

/** Everybody looks, and is called in every account: more people than a message can name. */
function withCrowd(waiting: Story): Story {
  const users = Array.from({ length: 200 }, (_, index) => pick(PEOPLE, index));
  const escalations = (waiting.request.plan?.quorums ?? []).map(({ account }, index) => ({
    account,
    // Others in each account, so that none can be told together.
    users: users.slice(index),
    userGroups: [],
  }));
  return then(
    waiting,
    ...PEOPLE.slice(1).map((by) => ({ type: 'looking', by }) as const),
    { type: 'escalated', escalations },
    { type: 'reminded', mentions: { users, userGroups: [] } },
  );
}

/** The same request before its approval, running, and at its end. */
export function storiesOf({ isUndo, sizes, words, outcomes: drawn, steps, approvals }: Facts): Story[] {
  const asked = isUndo ? ({ action: 'attach', after: { request: 'B4XR2M', why: 'undo' } } as const) : {};
  const outcomes = isUndo ? drawn.map(asAttached) : drawn;
  const stepsAt = (place: number) => pick(isUndo ? STEPS.map(asAttach) : STEPS, steps + place);
  const groups = sizes.map((size, index): PlanGroup => {
    const targets = Array.from({ length: size }, (_, place) =>
      target(place, { id: idOf(index, place), name: pick(words, place), steps: stepsAt(place) }),
    );
    return group(targets, {
      account: pick(words, index),
      region: pick(words, index + 1),
      keyPair: { name: pick(words, index + 2) },
    });
  });
  const warnings = groups.map(({ account }, index) => ({ account, text: pick(words, index) }));
  const lost = words.map((word, index) => group([], { account: word, region: pick(words, index + 2) }));
  const leftOut = lost.map(({ account, region }, index) => {
    const said = { hint: 'cloud-trouble', cloudCode: pick(words, index + 3), message: account } as const;
    const why = { code: 'cloud-failed', account, region, ...said } as const;
    return { type: 'left-out', selection: groups.length + index, why } as const;
  });
  const waiting = planned(groups, { ...asked, requester: 'UANNA', reason: pick(words, 3), warnings }, approvals, {
    among: [...groups, ...lost],
    leftOut: steps % 3 === 0 ? leftOut : [],
  });
  const crowded = withCrowd(waiting);
  const running = started(crowded, 'UBOB');
  const stories = [waiting, crowded, running];
  for (const [index, { targets }] of groups.entries()) {
    const told = Object.fromEntries(targets.map(({ id }, place) => [id, pick(outcomes, index + place)]));
    stories.push(settled(stories.at(-1) ?? running, told, index));
  }
  return [...stories, then(stories.at(-1) ?? running, { type: 'finished' })];
}
