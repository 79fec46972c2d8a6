import { describe, expect, it } from '@jest/globals';
import { type Command, decide } from '../../src/jobs/decide.js';
import { emptyRequest, type Request } from '../../src/jobs/request.js';
import {
  ACCOUNT,
  APPROVER,
  aGroup,
  anInstance,
  digestOf,
  REQUESTER,
  SECOND,
  START,
  STOPPED_ONLY,
  stages,
  TERMS,
  take,
} from './samples.js';

const instances = ['i-1', 'i-2', 'i-3'].map((id) => anInstance(id));
const samples = stages(aGroup(instances));
const waiting = samples['awaiting-approval'];
const approve = (by: string, changes: Partial<Extract<Command, { type: 'approve' }>> = {}): Command => ({
  type: 'approve',
  by,
  accounts: [ACCOUNT],
  digest: digestOf(waiting),
  ...changes,
});
const refusalOf = (request: Request, command: Command, at = START) => {
  const decision = decide(request, command, at);
  return decision.ok ? undefined : decision.refusal;
};

describe('approvals', () => {
  it('starts at the last approval that the policy asks for, not before', () => {
    const once = take(waiting, approve(APPROVER), START);
    expect(once.state).toBe('awaiting-approval');
    expect(take(once, approve(SECOND), START).state).toBe('running');
  });

  it.each([
    ['the requester', approve(REQUESTER), { code: 'own-request' }],
    ['someone who may approve none of its accounts', approve(APPROVER, { accounts: [] }), { code: 'not-an-approver' }],
    ['someone who saw another plan', approve(APPROVER, { digest: 'other' }), { code: 'plan-changed' }],
  ])('refuses %s', (_who, command, refusal) => {
    expect(refusalOf(waiting, command)).toEqual(refusal);
  });

  it('counts nobody twice', () => {
    const once = take(waiting, approve(APPROVER), START);
    expect(refusalOf(once, approve(APPROVER))).toEqual({ code: 'already-approved' });
  });

  it('refuses a late approval also when no job has noted the expiry yet', () => {
    const expiresAt = waiting.plan?.expiresAt ?? 0;
    expect(refusalOf(waiting, approve(APPROVER), expiresAt - 1)).toBeUndefined();
    expect(refusalOf(waiting, approve(APPROVER), expiresAt)).toMatchObject({ code: 'wrong-state', state: 'expired' });
  });

  it('says who was first when it is decided already', () => {
    const denied = take(waiting, { ...approve(APPROVER), type: 'deny', reason: 'no' } as Command, START + 5);
    expect(refusalOf(denied, approve(SECOND))).toEqual({
      code: 'wrong-state',
      state: 'denied',
      by: APPROVER,
      at: START + 5,
    });
  });

  it('asks every account of a request over several', () => {
    const two: Request = {
      ...waiting,
      plan: {
        digest: digestOf(waiting),
        expiresAt: START + 1000,
        quorums: [
          { account: ACCOUNT, approvals: 1 },
          { account: 'game-gz', approvals: 1 },
        ],
      },
    };
    const half = take(two, approve(APPROVER), START);
    expect(half.state).toBe('awaiting-approval');
    expect(take(half, approve(SECOND, { accounts: ['game-gz'] }), START).state).toBe('running');
    // Whoever may approve more of it by now approves that, and nothing twice.
    const both = { accounts: [ACCOUNT, 'game-gz'] };
    const again = take(half, approve(APPROVER, both), START);
    expect(again.approvals.map(({ accounts }) => accounts)).toEqual([[ACCOUNT], ['game-gz']]);
    expect(again.state).toBe('running');
    const unanswered = ['pagerduty:P1'];
    expect(refusalOf(half, approve(APPROVER, { doubt: { unanswered } }))).toEqual({
      code: 'already-approved',
      unanswered,
    });
  });
});

describe('planning', () => {
  const planning = samples.planning;
  const survey = (request: Request, group = aGroup(instances), max = 200) =>
    take(request, { type: 'survey', selection: 0, group, terms: { ...TERMS, maxInstances: max } }, START);

  it('rejects a plan with more instances than the policy allows', () => {
    expect(survey(planning, undefined, 2).rejection).toEqual({ code: 'too-many', count: 3, max: 2 });
  });

  it('rejects a plan in which nothing is to be done', () => {
    const skipped = aGroup([anInstance('i-1', { os: 'windows' })]);
    expect(survey(planning, skipped).rejection).toEqual({ code: 'nothing-to-do' });
  });

  it('has another digest when anything about the plan is different', () => {
    const one = survey(planning).plan?.digest;
    expect(survey(planning, aGroup(instances.slice(0, 2))).plan?.digest).not.toBe(one);
    expect(survey({ ...planning, restart: true }).plan?.digest).not.toBe(one);
    expect(survey(planning).plan?.digest).toBe(one);
  });

  it('is made once from one origin', () => {
    const create: Command = { type: 'create', facts: { ...samples.planning, selections: [...planning.selections] } };
    expect(refusalOf(planning, create)).toEqual({ code: 'exists' });
    expect(refusalOf(emptyRequest('X'), create)).toBeUndefined();
  });
});

describe('batches', () => {
  const { running } = samples;
  const begin = (request: Request, epoch = 0) =>
    take(request, { type: 'begin', batch: 'b1', epoch, instances: ['i-1', 'i-2'] }, START);
  const done = { kind: 'done', changed: true } as const;
  const report = (epoch: number): Command => ({ type: 'report', batch: 'b1', epoch, results: { 'i-1': done } });

  it('are formed within the limit when the request starts', () => {
    expect([...running.batches.values()].map((batch) => batch.instances)).toEqual([['i-1', 'i-2'], ['i-3']]);
  });

  it('give way to the newest claim only', () => {
    const claimed = begin(begin(running), 1);
    expect(refusalOf(claimed, { type: 'begin', batch: 'b1', epoch: 1, instances: ['i-1', 'i-2'] })).toEqual({
      code: 'stale',
    });
    expect(refusalOf(claimed, report(1))).toEqual({ code: 'stale' });
    expect(refusalOf(claimed, report(2))).toBeUndefined();
  });

  it('take a result once, and finish with the last', () => {
    let request = take(begin(running), report(1), START);
    expect(refusalOf(request, report(1))).toEqual({ code: 'stale' });
    request = take(request, { type: 'report', batch: 'b1', epoch: 1, results: { 'i-2': done } }, START);
    expect(request.state).toBe('running');
    request = take(request, { type: 'report', batch: 'b2', epoch: 0, results: { 'i-3': done } }, START);
    expect(request.state).toBe('finished');
    expect(request.outcomes.size).toBe(3);
  });
});

describe('cancelling', () => {
  const cancel: Command = { type: 'cancel', by: APPROVER };
  const done = { kind: 'done', changed: true } as const;

  it('ends at once what has not started', () => {
    expect(take(samples.planning, cancel, START).state).toBe('cancelled');
    expect(take(waiting, cancel, START).state).toBe('cancelled');
  });

  it('lets a running request finish what has begun, and nothing else', () => {
    const claimed = take(samples.running, { type: 'begin', batch: 'b1', epoch: 0, instances: ['i-1', 'i-2'] }, START);
    const halted = take(claimed, cancel, START);
    expect(halted.state).toBe('running');
    expect([...halted.outcomes.keys()]).toEqual(['0/i-3']);
    expect(refusalOf(halted, cancel)).toMatchObject({ code: 'wrong-state' });
    const results = { 'i-1': done, 'i-2': done };
    const over = take(halted, { type: 'report', batch: 'b1', epoch: 1, results }, START);
    expect(over.state).toBe('cancelled');
    expect([...over.outcomes.values()].map(({ kind }) => kind)).toEqual(['skipped', 'detached', 'detached']);
  });

  it('starts again what it stopped', () => {
    const plan = aGroup([anInstance('i-1')], { restart: true, traits: STOPPED_ONLY });
    const claimed = take(
      stages(plan, true).running,
      { type: 'begin', batch: 'b1', epoch: 0, instances: ['i-1'] },
      START,
    );
    const halted = take(claimed, cancel, START);
    const stopped = take(halted, { type: 'report', batch: 'b1', epoch: 1, results: { 'i-1': done } }, START);
    const last = [...stopped.batches.values()].at(-1);
    expect(last).toMatchObject({ step: 'start', instances: ['i-1'] });
    const over = take(stopped, { type: 'report', batch: last?.id ?? '', epoch: 0, results: { 'i-1': done } }, START);
    expect(over.state).toBe('cancelled');
    expect([...over.outcomes.values()]).toEqual([{ kind: 'skipped', reason: 'cancelled' }]);
  });

  it('takes back one by one what was surely not done, and lets nobody call for it any more', () => {
    const begin = (epoch: number, instances: string[]): Command => ({ type: 'begin', batch: 'b1', epoch, instances });
    const fault = { kind: 'later', code: 'Busy', message: '', hint: 'instance-busy', instances: ['i-1'] } as const;
    const call = { faults: [{ ...fault, instances: ['i-1'] }], refused: {} };
    const claimed = take(samples.running, begin(0, ['i-1', 'i-2']), START);
    const answered = take(claimed, { type: 'record-call', batch: 'b1', epoch: 1, call }, START);
    const halted = take(answered, cancel, START);
    expect([...halted.outcomes.keys()]).toContain('0/i-1');
    expect([...(halted.batches.get('b1')?.pending ?? [])]).toEqual(['i-2']);
    expect(refusalOf(halted, begin(1, ['i-1', 'i-2']))).toEqual({ code: 'stale' });
    expect(decide(halted, begin(1, ['i-2']), START).ok).toBe(true);
  });
});
