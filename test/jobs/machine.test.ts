import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { missingApprovals } from '../../src/jobs/awaiting.js';
import { type Command, type Decision, decide } from '../../src/jobs/decide.js';
import { eventSchema, isKeyPairStep, type RequestEvent } from '../../src/jobs/events.js';
import { UNREAD_WAIT_MS } from '../../src/jobs/planning/selections.js';
import { emptyRequest, isAtEnd, type Request, targetKey } from '../../src/jobs/request.js';
import { commandOf, type Draw, draw } from './any-command.js';
import { fold, START } from './samples.js';

/** Whatever is commanded by whomever at whatever time: what may never come of it. */

type Step = { before: Request; command: Command; decision: Decision; after: Request; at: number; entries: Told[] };
type Told = { at: number; event: RequestEvent };
type Decide = typeof decide;

const RULES: Readonly<Record<string, (step: Step) => void>> = {
  'an end takes no event': ({ before, decision }) => {
    if (isAtEnd(before)) expect(decision.ok).toBe(false);
  },
  'what was decided can be stored and read again': ({ decision }) => {
    if (!decision.ok) return;
    expect(decision.events.length).toBeGreaterThan(0);
    const stored: unknown = JSON.parse(JSON.stringify(decision.events));
    expect(decision.events.map((_, index) => eventSchema.parse((stored as unknown[])[index]))).toEqual(decision.events);
  },
  'nothing runs without enough approvals of others in time': ({ after, entries }) => {
    if (!entries.some(({ event }) => event.type === 'started')) return;
    const planned = entries.flatMap(({ event }) => (event.type === 'planned' ? [event] : []))[0];
    for (const { account, approvals } of planned?.quorums ?? []) {
      const givers = entries.flatMap(({ at, event }) =>
        event.type === 'approved' &&
        event.by !== after.requester &&
        event.accounts.includes(account) &&
        event.digest === planned?.digest &&
        at < planned.expiresAt
          ? [event.by]
          : [],
      );
      expect(new Set(givers).size).toBeGreaterThanOrEqual(approvals);
    }
    expect(planned?.quorums.length).toBeGreaterThan(0);
  },
  'what was approved is what runs': ({ before, after }) => {
    if (before.plan !== undefined) expect([after.plan, after.groups]).toEqual([before.plan, before.groups]);
  },
  'a plan is of what was surveyed, and of each account that is in it': ({ before, after, decision }) => {
    if (!decision.ok || !decision.events.some(({ type }) => type === 'planned')) return;
    const accounts = new Set(after.groups.flatMap((group) => group?.account ?? []));
    expect(new Set(after.plan?.quorums.map(({ account }) => account))).toEqual(accounts);
    expect(before.state).toBe('planning');
  },
  'each part of a request is in its plan or left out of it, never both': ({ after }) => {
    const places = [...after.selections.keys()];
    const ways = (place: number) => [after.groups[place] !== undefined, after.leftOut.has(place)];
    const counts = places.map((place) => ways(place).filter(Boolean).length);
    if (after.plan !== undefined) expect(counts).toEqual(places.map(() => 1));
    else expect(Math.max(0, ...counts)).toBeLessThanOrEqual(1);
  },
  'what can be read is not left out, and waits for the rest no longer than it has to': ({ before, after, at }) => {
    const isOpen = ({ groups, leftOut }: Request, place: number) => groups[place] === undefined && !leftOut.has(place);
    const open = [...after.selections.keys()].filter((place) => isOpen(after, place));
    const hasWork = after.groups.some((group) => group?.targets.some(({ outcome }) => outcome === undefined));
    if (after.state === 'planning' && hasWork && after !== before) {
      const isWaiting = at < after.createdAt + UNREAD_WAIT_MS || open.some((place) => !after.unread.has(place));
      expect([open.length > 0, isWaiting]).toEqual([true, true]);
    }
    for (const [place, { code }] of after.leftOut) {
      if (code === 'cloud-failed') expect(after.unread.has(place)).toBe(true);
    }
  },
  'those who may approve are told of it once': ({ before, decision }) => {
    if (decision.ok && decision.events.some(({ type }) => type === 'notified')) expect(before.notified).toBe(false);
  },
  'a reminder comes once, at its time and before the expiry': ({ before, decision, at }) => {
    if (!decision.ok || !decision.events.some(({ type }) => type === 'reminded')) return;
    expect([
      before.reminded,
      at >= (before.plan?.remindAt ?? Number.POSITIVE_INFINITY),
      at < (before.plan?.expiresAt ?? 0),
    ]).toEqual([false, true, true]);
  },
  'an account escalates once, at its time, and only while it lacks approvals': ({ before, after, at }) => {
    const accounts = after.escalations.map(({ account }) => account);
    expect(new Set(accounts).size).toBe(accounts.length);
    for (const account of accounts.slice(before.escalations.length)) {
      expect(before.plan?.quorums.find((quorum) => quorum.account === account)?.escalateAt).toBeLessThanOrEqual(at);
      expect(missingApprovals(before).map((missing) => missing.account)).toContain(account);
    }
  },
  'nobody looks twice, nor the requester, nor after the decision': ({ before, after }) => {
    expect(new Set(after.looking).size).toBe(after.looking.length);
    expect(after.looking).not.toContain(after.requester);
    if (after.looking !== before.looking) expect(after.state).toBe('awaiting-approval');
  },
  'an outcome stays as it was told': ({ before, after }) => {
    for (const [key, outcome] of before.outcomes) expect(after.outcomes.get(key)).toEqual(outcome);
  },
  'each target has its outcome at the end': ({ after }) => {
    if (after.targets.size > 0 && isAtEnd(after)) expect([...after.outcomes.keys()].sort()).toEqual(keysOf(after));
  },
  'what runs has something under way': ({ after }) => {
    if (after.state === 'running') expect(open(after).length).toBeGreaterThan(0);
  },
  'a target is in one open batch at most, and in none once it has its outcome': ({ after }) => {
    const busy = open(after).flatMap(({ group, pending }) => [...pending].map((id) => targetKey(group, id)));
    expect(new Set(busy).size).toBe(busy.length);
    expect(busy.filter((key) => after.outcomes.has(key))).toEqual([]);
  },
  'what is left of a batch is in one part or in none': ({ after }) => {
    for (const { halving, pending } of open(after)) {
      const inParts = [...halving.open, ...halving.halves, ...halving.held].flat();
      expect(new Set(inParts).size).toBe(inParts.length);
      expect(inParts.filter((id) => !pending.has(id))).toEqual([]);
    }
  },
  'what we stopped is started before its outcome is told': ({ after }) => {
    for (const key of after.outcomes.keys()) expect(after.targets.get(key)?.stoppedByUs ?? false).toBe(false);
  },
  'a request does what it was asked for, and is told so': ({ after }) => {
    const writes = [...after.batches.values()].map(({ step }) => step).filter(isKeyPairStep);
    expect(writes.filter((step) => step !== after.action)).toEqual([]);
    const wrong = after.action === 'attach' ? 'detached' : 'attached';
    const own = [...after.targets.values()].filter(({ verified }) => verified);
    const told = own.map(({ group, id }) => after.outcomes.get(targetKey(group, id))?.kind);
    expect(told).not.toContain(wrong);
  },
  'only the newest epoch counts': ({ before, command, decision }) => {
    if (command.type !== 'begin' && command.type !== 'record-call' && command.type !== 'report') return;
    if (before.batches.get(command.batch)?.epoch !== command.epoch) expect(decision.ok).toBe(false);
  },
};

const keysOf = (request: Request) => [...request.targets.keys()].sort();
const open = (request: Request) => [...request.batches.values()].filter(({ pending }) => pending.size > 0);

const stories = fc.record({
  draws: fc.array(draw, { minLength: 5, maxLength: 60, size: 'max' }),
  approvals: fc.constantFrom([1], [2], [1, 1], [2, 1], [3, 2]),
});

function play(
  { draws, approvals }: { draws: readonly Draw[]; approvals: readonly number[] },
  decideBy: Decide,
  rules: readonly ((step: Step) => void)[],
): Request {
  let request = emptyRequest('K7M2QX');
  let at = START;
  const entries: Told[] = [];
  for (const drawn of draws) {
    at += drawn.passMs;
    const command = commandOf(drawn, request, approvals);
    const before = request;
    const decision = decideBy(before, command, at);
    if (decision.ok) {
      request = fold(before, decision.events, at);
      entries.push(...decision.events.map((event) => ({ at, event })));
    }
    for (const rule of rules) rule({ before, command, decision, after: request, at, entries });
  }
  return request;
}

const ends = (numRuns: number) =>
  fc.sample(stories, { numRuns, seed: 7 }).map((story) => play(story, decide, []).state);

describe('any order of commands', () => {
  it.each(Object.entries(RULES))('%s', (_name, rule) => {
    fc.assert(
      fc.property(stories, (story) => void play(story, decide, [rule])),
      { numRuns: 400 },
    );
  });

  it('comes everywhere', () => {
    expect([...new Set(ends(1_000))].sort()).toEqual(
      expect.arrayContaining(['cancelled', 'denied', 'expired', 'finished', 'rejected', 'running']),
    );
  });
});

/** Ways in which the rules could be broken: each has to be seen by the rule that it breaks. */
const accept = (...events: RequestEvent[]): Decision => ({ ok: true, events });
const PLANTED: readonly [string, string, Decide][] = [
  [
    'nothing runs without enough approvals of others in time',
    'a start at the first approval',
    (request, command, now) => {
      const decision = decide(request, command, now);
      if (!decision.ok || command.type !== 'approve' || decision.events.length > 1) return decision;
      return accept(...decision.events, { type: 'started' });
    },
  ],
  [
    'nothing runs without enough approvals of others in time',
    'the requester’s own approval',
    (request, command, now) => decide({ ...request, requester: 'U0NOBODY' }, command, now),
  ],
  [
    'nothing runs without enough approvals of others in time',
    'an approval that comes late',
    (request, command, now) => decide(request, command, Math.min(now, START)),
  ],
  [
    'nothing runs without enough approvals of others in time',
    'one person counted twice',
    (request, command, now) =>
      command.type === 'approve'
        ? decide(withoutApprover(request, command.by), command, now)
        : decide(request, command, now),
  ],
  [
    'a request does what it was asked for, and is told so',
    'an attach that is told as a detach',
    (request, command, now) => decide({ ...request, action: 'detach' }, command, now),
  ],
  [
    'a plan is of what was surveyed, and of each account that is in it',
    'a quorum for what is left out',
    (request, command, now) => {
      const decision = decide(request, command, now);
      if (!decision.ok || !('terms' in command)) return decision;
      const { quorums } = command.terms;
      return accept(
        ...decision.events.map((event) => (event.type === 'planned' ? { ...event, quorums: [...quorums] } : event)),
      );
    },
  ],
  [
    'each part of a request is in its plan or left out of it, never both',
    'a survey of what was left out',
    (request, command, now) =>
      decide(command.type === 'survey' ? { ...request, leftOut: new Map() } : request, command, now),
  ],
  [
    'what can be read is not left out, and waits for the rest no longer than it has to',
    'a plan that waits for ever',
    (request, command, now) => decide(request, command, 'terms' in command ? START : now),
  ],
  [
    'those who may approve are told of it once',
    'a second call',
    (request, command, now) => decide({ ...request, notified: false }, command, now),
  ],
  [
    'a reminder comes once, at its time and before the expiry',
    'a second reminder',
    (request, command, now) => decide({ ...request, reminded: false }, command, now),
  ],
  [
    'a reminder comes once, at its time and before the expiry',
    'a reminder of what has expired',
    (request, command, now) =>
      decide(request, command, command.type === 'remind' ? Math.min(now, (request.plan?.expiresAt ?? 1) - 1) : now),
  ],
  [
    'an account escalates once, at its time, and only while it lacks approvals',
    'an escalation before its time',
    (request, command, now) => decide(request, command, command.type === 'escalate' ? now + 400_000 : now),
  ],
  [
    'an account escalates once, at its time, and only while it lacks approvals',
    'a second escalation',
    (request, command, now) => decide({ ...request, escalations: [] }, command, now),
  ],
  [
    'nobody looks twice, nor the requester, nor after the decision',
    'a second look',
    (request, command, now) => decide({ ...request, looking: [] }, command, now),
  ],
  [
    'only the newest epoch counts',
    'a report of an old epoch',
    (request, command, now) =>
      command.type === 'report'
        ? decide(request, { ...command, epoch: request.batches.get(command.batch)?.epoch ?? 0 }, now)
        : decide(request, command, now),
  ],
  [
    'each target has its outcome at the end',
    'an end that leaves targets out',
    (request, command, now) => {
      const decision = decide(request, command, now);
      if (!decision.ok || request.state !== 'running' || command.type !== 'report') return decision;
      return accept(...decision.events.filter(({ type }) => type === 'stepped'), { type: 'finished' });
    },
  ],
  [
    'what runs has something under way',
    'no further batches',
    (request, command, now) => {
      const decision = decide(request, command, now);
      if (!decision.ok || request.state !== 'running') return decision;
      return accept(...decision.events.filter(({ type }) => type !== 'batched'));
    },
  ],
  [
    'what we stopped is started before its outcome is told',
    'a cancel that leaves it off',
    (request, command, now) => {
      const decision = decide(request, command, now);
      if (!decision.ok || command.type !== 'report') return decision;
      const [told] = Object.keys(command.results);
      const batch = request.batches.get(command.batch);
      if (batch?.step !== 'stop' || told === undefined) return decision;
      const outcomes = { [told]: { kind: 'skipped', reason: 'cancelled' } as const };
      return accept(...decision.events.slice(0, 1), { type: 'settled', group: batch.group, outcomes });
    },
  ],
  [
    'what was decided can be stored and read again',
    'an epoch below the first',
    (request, command, now) => {
      const decision = decide(request, command, now);
      const [begun, ...more] = decision.ok ? decision.events : [];
      return begun?.type === 'begun' ? accept({ ...begun, epoch: begun.epoch - 1 }, ...more) : decision;
    },
  ],
];

/** Someone who clicks again under another name. */
function withoutApprover(request: Request, by: string): Request {
  const approvals = request.approvals.map((approval) => (approval.by === by ? { ...approval, by: 'U0X' } : approval));
  return { ...request, approvals };
}

describe('a planted fault is seen', () => {
  it.each(PLANTED)('%s: %s', (name, _what, decideBy) => {
    const rule = RULES[name];
    if (rule === undefined) throw new Error(`there is no rule ${name}`);
    const found = fc.check(
      fc.property(stories, (story) => void play(story, decideBy, [rule])),
      // It ends with the first story that shows the fault; the rarest is shown by about one in a thousand.
      { numRuns: 50_000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
