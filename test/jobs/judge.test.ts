import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ActionStep, type CallFault, isKeyPairStep } from '../../src/jobs/events.js';
import { isForSome, UNPARTED } from '../../src/jobs/halving.js';
import { type Judged, judge, type Verdict } from '../../src/jobs/judge.js';
import type { LastCall } from '../../src/jobs/request.js';
import { backoffMs } from '../../src/jobs/retrying.js';
import { type Instance, isBound, type KeyPairAction } from '../../src/providers/contract.js';
import { AGES, ID, judged, TIMES } from './any-reading.js';
import { aGroup, anInstance, START } from './samples.js';

type Judge = typeof judge;
type Rule = (facts: Judged, verdict: Verdict) => void;

const outcomeOf = (verdict: Verdict) =>
  verdict.kind === 'report' && verdict.result.kind === 'over' ? verdict.result.outcome : undefined;
const isDone = (verdict: Verdict) => verdict.kind === 'report' && verdict.result.kind === 'done';
const lastOf = ({ batch }: Judged) => batch.calls.get(ID);
const wasCalled = (facts: Judged) => lastOf(facts) !== undefined;
const faultOf = (facts: Judged) => lastOf(facts)?.fault;
const isLeft = (facts: Judged) => isForSome(faultOf(facts) ?? {});
const isUnknown = (facts: Judged) =>
  wasCalled(facts) && (lastOf(facts)?.at === undefined || faultOf(facts)?.kind === 'unknown');

const RULES: Readonly<Record<string, Rule>> = {
  'nothing is called before an unknown call has come to rest': (facts, verdict) => {
    // What was started twice runs once.
    const mayRepeat = isLeft(facts) && facts.batch.step === 'start';
    if (isUnknown(facts) && !mayRepeat && facts.timing.now < facts.batch.begunAt + TIMES.quietMs)
      expect(verdict.kind).not.toBe('call');
  },
  'nothing is called sooner than the cloud asked for': (facts, verdict) => {
    const { batch, timing } = facts;
    const fault = faultOf(facts);
    if (batch.step === 'start' || fault?.kind !== 'later' || isLeft(facts)) return;
    if (timing.now < (lastOf(facts)?.at ?? 0) + (fault.retryAfterMs ?? backoffMs(lastOf(facts)?.putOffs ?? 0)))
      expect(verdict.kind).not.toBe('call');
  },
  'what the cloud does not show is waited for, and failed at last': ({ instance, batch, timing }, verdict) => {
    if (instance !== undefined) return;
    const isStart = batch.step === 'start';
    const patienceMs = isStart ? TIMES.giveUpMs : TIMES.patienceMs;
    if (timing.now < batch.since + patienceMs) expect(verdict).toEqual({ kind: 'wait' });
    const hint = isStart ? 'start-by-hand' : 'not-shown';
    if (verdict.kind !== 'wait') expect(outcomeOf(verdict)).toMatchObject({ kind: 'failed', hint });
  },
  'what is bound is not detached, and what is not bound is not attached': ({ instance, batch, group }, verdict) => {
    if (!isKeyPairStep(batch.step)) return;
    expect(['detached', 'attached']).not.toContain(outcomeOf(verdict)?.kind);
    if (isDone(verdict)) expect(instance && isBound(instance, group.keyPair)).toBe(batch.step === 'attach');
  },
  'only what shows no key pair is told as not bound': ({ instance }, verdict) => {
    if (outcomeOf(verdict)?.kind === 'not-bound') expect(instance?.keyPairs).toEqual([]);
  },
  'only what shows this key pair is told as bound already': ({ action, instance, group }, verdict) => {
    if (outcomeOf(verdict)?.kind !== 'already-bound') return;
    expect([action, instance && isBound(instance, group.keyPair)]).toEqual(['attach', true]);
  },
  'only what we called for is told as our doing': (facts, verdict) => {
    if (verdict.kind !== 'report' || verdict.result.kind !== 'done') return;
    if (verdict.result.changed || isKeyPairStep(facts.batch.step)) expect(wasCalled(facts)).toBe(true);
  },
  'a key pair write is called where the cloud takes it, and nowhere else': (facts, verdict) => {
    const { instance, batch, traits, group } = facts;
    if (verdict.kind !== 'call' || !isKeyPairStep(batch.step)) return;
    expect(instance).toMatchObject({ os: 'linux' });
    expect(instance?.lock).toBeUndefined();
    expect(traits.keyPairWritesIn).toContain(instance?.state);
    if (batch.step === 'detach') expect(instance && isBound(instance, group.keyPair)).toBe(true);
    // An attach would replace whatever is bound.
    else expect(instance?.keyPairs).toEqual([]);
  },
  'what runs is stopped, and what is off is started': ({ instance, batch }, verdict) => {
    if (verdict.kind !== 'call') return;
    if (batch.step === 'stop') expect(instance?.state).toBe('running');
    if (batch.step === 'start') expect(instance?.state).toBe('stopped');
    expect(instance?.state).not.toBe('unusable');
  },
  'what can still run is started for as long as it takes': ({ instance, batch }, verdict) => {
    if (batch.step !== 'start' || instance === undefined || instance.state === 'unusable') return;
    expect(outcomeOf(verdict)).toBeUndefined();
    if (isDone(verdict)) expect(instance.state).toBe('running');
  },
  'a restart that fails leaves the key pair as it was': ({ action, instance, batch }, verdict) => {
    const outcome = outcomeOf(verdict);
    if (batch.step !== 'restart' || instance === undefined || outcome === undefined) return;
    const kind = action === 'attach' ? 'attached' : 'detached';
    expect(outcome).toMatchObject({ kind, effective: 'after-restart', restartFailed: {} });
  },
  'a restart whose fate is not known is repeated only where a token makes it the same': (facts, verdict) => {
    if (facts.batch.step !== 'restart' || !isUnknown(facts) || verdict.kind !== 'call') return;
    expect(facts.traits.idempotencyToken).toBe(true);
  },
  'nothing waits for ever': ({ instance, batch, timing }, verdict) => {
    if (timing.now < START + AGES || (batch.step === 'start' && instance?.state === 'changing')) return;
    expect(verdict.kind).not.toBe('wait');
  },
};

const property = (rule: Rule, by: Judge) => fc.property(judged, (facts) => rule(facts, by(facts)));

describe('any reading', () => {
  it.each(Object.entries(RULES))('%s', (_name, rule) => {
    fc.assert(property(rule, judge), { numRuns: 5_000 });
  });
});

const withTiming =
  (change: Partial<Judged['timing']>): Judge =>
  (facts) =>
    judge({ ...facts, timing: { ...facts.timing, ...change } });
const withInstance =
  (change: (instance: Instance, facts: Judged) => Instance): Judge =>
  (facts) =>
    judge({ ...facts, instance: facts.instance && change(facts.instance, facts) });
const call = (): Verdict => ({ kind: 'call' });
const withLast = (facts: Judged, change: (last: LastCall) => LastCall, otherwise?: LastCall): Judged['batch'] => {
  const last = lastOf(facts) ?? otherwise;
  return { ...facts.batch, calls: new Map(last && [[ID, change(last)]]) };
};

describe('a planted fault is seen', () => {
  it.each<[keyof typeof RULES, string, Judge]>([
    ['nothing is called before an unknown call has come to rest', 'no quiet time', withTiming({ quietMs: 0 })],
    [
      'nothing is called sooner than the cloud asked for',
      'one second always',
      (facts) =>
        judge({
          ...facts,
          batch: withLast(facts, (last) => ({ ...last, at: 0 })),
        }),
    ],
    [
      'what the cloud does not show is waited for, and failed at last',
      'not shown is not bound',
      (facts) => judge({ ...facts, instance: facts.instance ?? anInstance(ID, { keyPairs: [] }) }),
    ],
    [
      'what is bound is not detached, and what is not bound is not attached',
      'the reading of a detach is not looked at',
      withInstance((instance, { action }) => (action === 'detach' ? { ...instance, keyPairs: [] } : instance)),
    ],
    [
      'what is bound is not detached, and what is not bound is not attached',
      'the reading of an attach is not looked at',
      withInstance((one, { action, group }) => (action === 'attach' ? { ...one, keyPairs: [group.keyPair] } : one)),
    ],
    [
      'only what shows this key pair is told as bound already',
      'any key pair is this one',
      withInstance((one, { group }) => (one.keyPairs.length > 0 ? { ...one, keyPairs: [group.keyPair] } : one)),
    ],
    [
      'only what shows no key pair is told as not bound',
      'another key pair is none',
      withInstance((instance, { group }) =>
        isBound(instance, group.keyPair) ? instance : { ...instance, keyPairs: [] },
      ),
    ],
    [
      'only what we called for is told as our doing',
      'a part of the batch is all of it',
      (facts) =>
        judge({
          ...facts,
          batch: withLast(facts, (last) => last, { begunAt: 0, putOffs: 0, answers: 0, mayBeDone: false }),
        }),
    ],
    [
      'a key pair write is called where the cloud takes it, and nowhere else',
      'any state will do',
      (facts) => judge({ ...facts, traits: { ...facts.traits, keyPairWritesIn: ['running', 'stopped'] } }),
    ],
    [
      'a key pair write is called where the cloud takes it, and nowhere else',
      'an attach over another key pair',
      withInstance((one, { group }) => (isBound(one, group.keyPair) ? one : { ...one, keyPairs: [] })),
    ],
    ['what runs is stopped, and what is off is started', 'a call in any state', call],
    [
      'what can still run is started for as long as it takes',
      'it is told as done',
      () => ({ kind: 'report', result: { kind: 'done', changed: true } }),
    ],
    [
      'a restart that fails leaves the key pair as it was',
      'it is told as failed',
      () => ({
        kind: 'report',
        result: { kind: 'over', outcome: { kind: 'failed', code: 'X', message: '', hint: 'no-answer' } },
      }),
    ],
    [
      'a restart whose fate is not known is repeated only where a token makes it the same',
      'every cloud has tokens',
      (facts) => judge({ ...facts, traits: { ...facts.traits, idempotencyToken: true } }),
    ],
    ['nothing waits for ever', 'it waits', () => ({ kind: 'wait' })],
  ])('%s: %s', (name, _what, by) => {
    const rule = RULES[name];
    if (rule === undefined) throw new Error(`there is no rule ${name}`);
    expect(fc.check(property(rule, by), { numRuns: 5_000 }).failed).toBe(true);
  });
});

describe('one after the other', () => {
  const fresh = (step: ActionStep): Judged['batch'] => ({
    id: 'b1',
    group: 0,
    step,
    instances: [ID],
    pending: new Set([ID]),
    formedAt: START,
    since: START,
    epoch: 0,
    begunAt: 0,
    stranded: new Set(),
    calls: new Map(),
    halving: UNPARTED,
  });
  const since = (step: ActionStep, last: Partial<LastCall>): Judged['batch'] => ({
    ...fresh(step),
    epoch: 1,
    begunAt: START,
    answeredAt: START,
    calls: new Map([[ID, { begunAt: START, putOffs: 0, answers: 0, mayBeDone: false, ...last }]]),
  });
  const called = (step: ActionStep) => since(step, { at: START });
  const lost = (step: ActionStep) => since(step, {});
  const refused = (step: ActionStep, hint: CallFault['hint'], more: Partial<CallFault> = {}, putOffs = 1) => {
    const fault: CallFault = { kind: 'later', code: 'Refused', message: '', hint, instances: [ID], ...more };
    return since(step, { at: START, fault, putOffs });
  };
  const tried = (step: ActionStep, putOffs: number) => refused(step, 'sold-out', {}, putOffs);
  const at = (batch: Judged['batch'], after: number, change: Partial<Instance>, action: KeyPairAction = 'detach') =>
    judge({
      action,
      batch,
      group: aGroup([anInstance(ID)]),
      traits: { keyPairWritesIn: ['running', 'stopped'], idempotencyToken: false },
      instance: anInstance(ID, change),
      instanceId: ID,
      timing: { ...TIMES, now: START + after },
    });
  const attach = (batch: Judged['batch'], after: number, change: Partial<Instance>) =>
    at(batch, after, change, 'attach');
  const over = (outcome: object) => ({
    kind: 'report',
    result: { kind: 'over', outcome: expect.objectContaining(outcome) },
  });
  const done = (changed: boolean) => ({ kind: 'report', result: { kind: 'done', changed } });
  const operation = (state: 'running' | 'failed') => ({ operation: { id: 'op', state, code: 'Gone', message: 'no' } });

  it.each<[string, Verdict | object, Verdict]>([
    ['bound, not called', { kind: 'call' }, at(fresh('detach'), 0, {})],
    ['off already, not called', over({ kind: 'not-bound' }), at(fresh('detach'), 0, { keyPairs: [] })],
    [
      'another one, not called',
      over({ kind: 'skipped', reason: 'key-pair-changed' }),
      at(fresh('detach'), 0, { keyPairs: [{ name: 'x' }] }),
    ],
    ['another one, called', done(true), at(called('detach'), 0, { keyPairs: [{ name: 'x' }] })],
    ['accepted, still bound', { kind: 'wait' }, at(called('detach'), TIMES.quietMs - 1, {})],
    [
      'accepted, bound for too long',
      over({ kind: 'failed', code: 'NotVerified' }),
      at(called('detach'), TIMES.quietMs, {}),
    ],
    ['its task runs', { kind: 'wait' }, at(called('detach'), TIMES.slowMs - 1, operation('running'))],
    [
      'its task runs for too long',
      over({ kind: 'failed', code: 'NotVerified' }),
      at(called('detach'), TIMES.slowMs, operation('running')),
    ],
    [
      'its task failed',
      over({ kind: 'failed', code: 'Gone', message: 'no' }),
      at(called('detach'), 0, operation('failed')),
    ],
    ['on its way between two states', { kind: 'wait' }, at(fresh('detach'), 0, { state: 'changing' })],
    [
      'on its way for too long',
      over({ kind: 'skipped', reason: 'state-changed' }),
      at(fresh('detach'), TIMES.slowMs, { state: 'changing' }),
    ],
    ['to be attached, not called', { kind: 'call' }, attach(fresh('attach'), 0, { keyPairs: [] })],
    ['to be attached, and bound', over({ kind: 'already-bound' }), attach(fresh('attach'), 0, {})],
    ['attached', done(true), attach(called('attach'), 0, {})],
    ['attached by a task that still runs', { kind: 'wait' }, attach(called('attach'), 0, operation('running'))],
    ['accepted, not bound', { kind: 'wait' }, attach(called('attach'), TIMES.quietMs - 1, { keyPairs: [] })],
    [
      'accepted, not bound for too long',
      over({ kind: 'failed', code: 'NotVerified' }),
      attach(called('attach'), TIMES.quietMs, { keyPairs: [] }),
    ],
    [
      'to be attached, and another one is bound',
      over({ kind: 'skipped', reason: 'other-key-pair' }),
      attach(fresh('attach'), 0, { keyPairs: [{ name: 'x' }] }),
    ],
    [
      'no answer, and another one is bound meanwhile',
      over({ kind: 'skipped', reason: 'other-key-pair' }),
      attach(lost('attach'), TIMES.quietMs, { keyPairs: [{ name: 'x' }] }),
    ],
    ['no answer, and bound', done(true), attach(lost('attach'), TIMES.quietMs, {})],
    ['to be stopped for an attach', { kind: 'call' }, attach(fresh('stop'), 0, { keyPairs: [] })],
    ['to be stopped for an attach, and bound', over({ kind: 'already-bound' }), attach(fresh('stop'), 0, {})],
    [
      'to be stopped for an attach, and another one is bound',
      over({ kind: 'skipped', reason: 'other-key-pair' }),
      attach(fresh('stop'), 0, { keyPairs: [{ name: 'x' }] }),
    ],
    ['off already', done(false), at(fresh('stop'), 0, { state: 'stopped' })],
    ['stopped by us', done(true), at(called('stop'), 0, { state: 'stopped' })],
    [
      'does not shut down',
      over({ kind: 'failed', code: 'StopTimedOut' }),
      at(called('stop'), TIMES.slowMs, { state: 'changing' }),
    ],
    ['to be stopped, and nothing bound any more', over({ kind: 'not-bound' }), at(fresh('stop'), 0, { keyPairs: [] })],
    ['restarting', { kind: 'wait' }, at(called('restart'), TIMES.restartGraceMs - 1, {})],
    ['restarted', done(true), at(called('restart'), TIMES.restartGraceMs, {})],
    ['stopped by someone before its restart', done(false), at(fresh('restart'), 0, { state: 'stopped' })],
    ['not to be started', { kind: 'wait' }, at(fresh('start'), TIMES.giveUpMs - 1, { state: 'unusable' })],
    [
      'not to be started for a day',
      over({ kind: 'failed', code: 'NotStarted', hint: 'start-by-hand' }),
      at(fresh('start'), TIMES.giveUpMs, { state: 'unusable' }),
    ],
    ['off, after its account went on', { kind: 'call' }, at({ ...fresh('detach'), since: START + AGES }, AGES, {})],
    [
      'its last call met credentials that had expired, however long ago it was formed',
      { kind: 'call' },
      at(refused('detach', 'renew-credentials'), AGES, {}),
    ],
    [
      'its last call met credentials that had expired, just now',
      { kind: 'wait' },
      at(refused('detach', 'renew-credentials'), TIMES.pausedMs - 1, {}),
    ],
    [
      'its restart met credentials that had expired, however long ago',
      { kind: 'call' },
      at(refused('restart', 'check-credentials'), AGES, {}),
    ],
    [
      'its last call met a fault, and patience is over',
      over({ kind: 'failed', code: 'Refused' }),
      at(refused('detach', 'rate-limited'), TIMES.patienceMs, {}),
    ],
    [
      'its last call met a fault, and its account went on since',
      { kind: 'call' },
      at({ ...refused('detach', 'rate-limited'), since: START + TIMES.patienceMs }, TIMES.patienceMs, {}),
    ],
    ['not started for a fault', { kind: 'wait' }, at(tried('start', 7), 63_999, { state: 'stopped' })],
    [
      'not started for a fault, and a minute later',
      { kind: 'call' },
      at(tried('start', 7), 64_000, { state: 'stopped' }),
    ],
    [
      'its call was refused for one of many',
      { kind: 'call' },
      at(refused('detach', 'unsupported-instance', { about: 'some', isFinal: true }), AGES, {}),
    ],
    [
      'its call may have been done, and was refused for one of many',
      { kind: 'wait' },
      at(refused('detach', 'quota', { about: 'some-or-all', kind: 'unknown' }), TIMES.quietMs - 1, {}),
    ],
    [
      'its start was refused for one of many',
      { kind: 'call' },
      at(refused('start', 'quota', { about: 'some-or-all', kind: 'unknown' }), 0, { state: 'stopped' }),
    ],
    ['not started for many faults', { kind: 'wait' }, at(tried('start', 99), 299_999, { state: 'stopped' })],
  ])('%s', (_what, expected, verdict) => {
    expect(verdict).toEqual(expected);
  });
});

it('waits longer each time, up to a minute', () => {
  expect([0, 1, 2, 3, 6, 7, 50].map((putOffs) => backoffMs(putOffs))).toEqual([
    1_000, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ]);
});
