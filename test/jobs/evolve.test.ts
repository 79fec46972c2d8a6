import { describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '../../src/jobs/events.js';
import { evolve, ImpossibleEvent } from '../../src/jobs/evolve.js';
import { isAtEnd, type Request, type RequestState, TRANSITIONS } from '../../src/jobs/request.js';
import { ACCOUNT, APPROVER, aGroup, anInstance, createCommand, START, stages } from './samples.js';

const group = aGroup([anInstance('i-1'), anInstance('i-2'), anInstance('i-3')]);
const samples = stages(group);
/** Its account is paused, so that it can take every event that may follow. */
const past: RequestEvent[] = [
  { type: 'begun', batch: 'b1', epoch: 1, instances: ['i-1'] },
  {
    type: 'paused',
    account: ACCOUNT,
    code: 'Expired',
    message: 'expired',
    hint: 'renew-credentials',
    byCall: false,
    off: 0,
  },
];
const begun = past.reduce((request, event) => evolve(request, event, START), samples.running);

/** One event of each type, such that a running request can take it. */
const EVENTS: { [Type in RequestEvent['type']]: Extract<RequestEvent, { type: Type }> } = {
  requested: { type: 'requested', ...createCommand().facts },
  surveyed: { type: 'surveyed', selection: 0, group },
  unread: { type: 'unread', selection: 0, hint: 'cloud-trouble', cloudCode: 'X', message: 'x' },
  'left-out': { type: 'left-out', selection: 0, why: { code: 'account-not-usable', account: ACCOUNT } },
  planned: { type: 'planned', digest: 'd', quorums: [{ account: ACCOUNT, approvals: 1 }], expiresAt: START },
  rejected: { type: 'rejected', rejection: { code: 'nothing-to-do' } },
  approved: { type: 'approved', by: APPROVER, accounts: [ACCOUNT], digest: 'd' },
  denied: { type: 'denied', by: APPROVER, reason: 'no' },
  looking: { type: 'looking', by: APPROVER },
  'looked-away': { type: 'looked-away', by: APPROVER },
  notified: { type: 'notified', mentions: { users: [APPROVER], userGroups: [] } },
  reminded: { type: 'reminded', mentions: { users: [APPROVER], userGroups: [] } },
  escalated: { type: 'escalated', escalations: [{ account: ACCOUNT, users: [APPROVER], userGroups: ['S0NEXT'] }] },
  expired: { type: 'expired' },
  started: { type: 'started' },
  halted: { type: 'halted', by: APPROVER },
  cancelled: { type: 'cancelled', by: APPROVER },
  batched: { type: 'batched', batch: 'b9', group: 0, step: 'detach', instances: ['i-1'] },
  begun: { type: 'begun', batch: 'b1', epoch: 2, instances: ['i-1'] },
  called: { type: 'called', batch: 'b1', epoch: 1, faults: [] },
  stepped: { type: 'stepped', batch: 'b1', epoch: 1, results: { 'i-1': { kind: 'done', changed: true } } },
  settled: { type: 'settled', group: 0, outcomes: { 'i-1': { kind: 'not-bound' } } },
  paused: {
    type: 'paused',
    account: ACCOUNT,
    code: 'Expired',
    message: 'expired',
    hint: 'renew-credentials',
    byCall: false,
    off: 0,
  },
  resumed: { type: 'resumed', account: ACCOUNT },
  stranded: { type: 'stranded', batch: 'b1', code: 'X', message: 'x', hint: 'sold-out', instances: ['i-1'] },
  finished: { type: 'finished' },
};

const inState = (state: RequestState): Request => {
  if (state === 'running') return begun;
  if (state === 'none' || state === 'planning' || state === 'awaiting-approval') return samples[state];
  return { ...begun, state };
};

/** What may follow what, written here a second time on purpose: a slip in the table shows. */
const ALLOWED: Record<RequestState, Partial<Record<RequestEvent['type'], RequestState>>> = {
  none: { requested: 'planning' },
  planning: {
    surveyed: 'planning',
    unread: 'planning',
    'left-out': 'planning',
    planned: 'awaiting-approval',
    rejected: 'rejected',
    cancelled: 'cancelled',
  },
  'awaiting-approval': {
    approved: 'awaiting-approval',
    looking: 'awaiting-approval',
    'looked-away': 'awaiting-approval',
    notified: 'awaiting-approval',
    reminded: 'awaiting-approval',
    escalated: 'awaiting-approval',
    started: 'running',
    denied: 'denied',
    expired: 'expired',
    cancelled: 'cancelled',
  },
  running: {
    batched: 'running',
    begun: 'running',
    called: 'running',
    stepped: 'running',
    settled: 'running',
    halted: 'running',
    paused: 'running',
    resumed: 'running',
    stranded: 'running',
    finished: 'finished',
    cancelled: 'cancelled',
  },
  finished: {},
  rejected: {},
  denied: {},
  expired: {},
  cancelled: {},
};

const STATES = Object.keys(TRANSITIONS) as RequestState[];
const TYPES = Object.keys(EVENTS) as RequestEvent['type'][];
const pairs = STATES.flatMap((state) => TYPES.map((type) => ({ state, type, next: ALLOWED[state][type] })));

describe('every state and every event', () => {
  it.each(pairs.filter(({ next }) => next !== undefined))(
    '$state takes $type and is $next',
    ({ state, type, next }) => {
      expect(evolve(inState(state), EVENTS[type], START).state).toBe(next);
    },
  );

  it.each(pairs.filter(({ next }) => next === undefined))('$state refuses $type', ({ state, type }) => {
    expect(() => evolve(inState(state), EVENTS[type], START)).toThrow(ImpossibleEvent);
  });

  it('has five ends, which nothing leaves', () => {
    expect(STATES.filter((state) => isAtEnd({ state }))).toEqual([
      'finished',
      'rejected',
      'denied',
      'expired',
      'cancelled',
    ]);
  });
});

describe('evolve', () => {
  it('leaves the request it was given as it was', () => {
    const before = structuredClone(begun);
    evolve(begun, EVENTS.stepped, START);
    evolve(begun, EVENTS.settled, START);
    expect(begun).toEqual(before);
  });

  it('takes an outcome once and never another', () => {
    const told = evolve(begun, EVENTS.settled, START);
    expect(() => evolve(told, EVENTS.settled, START)).toThrow('has its outcome already');
  });

  it('takes a result of a step once', () => {
    const stepped = evolve(begun, EVENTS.stepped, START);
    expect(() => evolve(stepped, EVENTS.stepped, START)).toThrow('has no part in b1');
  });

  it.each([
    { type: 'settled', group: 0, outcomes: { 'i-9': { kind: 'not-bound' } } },
    { type: 'stepped', batch: 'b1', epoch: 1, results: { 'i-9': { kind: 'done', changed: true } } },
    { type: 'begun', batch: 'b9', epoch: 1, instances: ['i-1'] },
  ] satisfies RequestEvent[])('refuses $type about what is not in the plan', (event) => {
    expect(() => evolve(begun, event, START)).toThrow(ImpossibleEvent);
  });
});
