import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isKeyPairStep } from '../../src/jobs/events.js';
import { isForSome } from '../../src/jobs/halving.js';
import { type Judged, judge, type Verdict } from '../../src/jobs/judge.js';
import type { LastCall } from '../../src/jobs/request.js';
import { backoffMs } from '../../src/jobs/retrying.js';
import { isAsAsked } from '../../src/jobs/steps.js';
import type { Outcome } from '../../src/providers/answers.js';
import { type Instance, isBound } from '../../src/providers/contract.js';
import { AGES, ID, judged, TIMES } from './any-reading.js';
import { anInstance, START } from './samples.js';

type Judge = typeof judge;
type Rule = (facts: Judged, verdict: Verdict) => void;

const outcomeOf = (verdict: Verdict) =>
  verdict.kind === 'report' && verdict.result.kind === 'over' ? verdict.result.outcome : undefined;
const codeOf = (outcome: Outcome | undefined) => (outcome?.kind === 'failed' ? outcome.code : outcome?.kind);
const isDone = (verdict: Verdict) => verdict.kind === 'report' && verdict.result.kind === 'done';
const lastOf = ({ batch }: Judged) => batch.calls.get(ID);
const wasCalled = (facts: Judged) => lastOf(facts) !== undefined;
const faultOf = (facts: Judged) => lastOf(facts)?.fault;
const isLeft = (facts: Judged) => isForSome(faultOf(facts) ?? {});
const isUnknown = (facts: Judged) =>
  wasCalled(facts) && (lastOf(facts)?.at === undefined || faultOf(facts)?.kind === 'unknown');
/** Read back as asked in an earlier step, and the other way now. */
const isChangedBack = ({ action, batch, group, instance, isVerified }: Judged) =>
  instance !== undefined &&
  (batch.step === 'restart' || (batch.step === 'start' && isVerified)) &&
  !isAsAsked(action, instance, group.keyPair);

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
  'what the cloud does not show is waited for, and failed at last': (facts, verdict) => {
    const { instance, batch, isVerified, timing } = facts;
    if (instance !== undefined) return;
    const isStart = batch.step === 'start';
    const patienceMs = isStart ? TIMES.giveUpMs : TIMES.patienceMs;
    if (timing.now < batch.since + patienceMs) expect(verdict).toEqual({ kind: 'wait' });
    const hint = isStart ? 'start-by-hand' : 'not-shown';
    if (verdict.kind === 'wait') return;
    const stands = { kind: facts.action === 'attach' ? 'attached' : 'detached', restartFailed: {} };
    const isAfter = batch.step === 'restart' || (isStart && isVerified);
    expect(outcomeOf(verdict)).toMatchObject(isAfter ? stands : { kind: 'failed', hint });
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
  'what can still run is started for as long as it takes': ({ instance, batch, timing }, verdict) => {
    if (batch.step !== 'start' || instance === undefined || instance.state === 'unusable') return;
    const isGivenUp = instance.lock !== undefined && timing.now >= batch.since + TIMES.giveUpMs;
    if (instance.state !== 'running' && !isGivenUp) expect(outcomeOf(verdict)).toBeUndefined();
    if (isDone(verdict)) expect(instance.state).toBe('running');
  },
  'a restart that fails leaves the key pair as it was': (facts, verdict) => {
    const { action, batch } = facts;
    const outcome = outcomeOf(verdict);
    if (batch.step !== 'restart' || outcome === undefined || isChangedBack(facts)) return;
    const kind = action === 'attach' ? 'attached' : 'detached';
    expect(outcome).toMatchObject({ kind, effective: 'after-restart', restartFailed: {} });
  },
  'what was changed back is told as that, and restarted for nothing': (facts, verdict) => {
    if (!isChangedBack(facts)) return;
    expect(isDone(verdict)).toBe(false);
    expect(['detached', 'attached']).not.toContain(outcomeOf(verdict)?.kind);
    if (facts.batch.step === 'restart') expect(verdict.kind).not.toBe('call');
    if (facts.instance?.state === 'running' && facts.timing.now >= START + AGES)
      expect(outcomeOf(verdict)).toMatchObject({ kind: 'failed', code: 'ChangedBack' });
  },
  'a start gives no other verdict to what was not verified': ({ batch, isVerified }, verdict) => {
    if (batch.step !== 'start' || isVerified) return;
    expect([undefined, 'NotStarted']).toContain(codeOf(outcomeOf(verdict)));
  },
  'what is locked or runs Windows is not restarted': ({ batch, instance }, verdict) => {
    if (batch.step !== 'restart' || verdict.kind !== 'call') return;
    expect([instance?.os, instance?.lock]).toEqual(['linux', undefined]);
  },
  'a restart whose fate is not known is repeated only where a token makes it the same': (facts, verdict) => {
    if (facts.batch.step !== 'restart' || !isUnknown(facts) || verdict.kind !== 'call') return;
    expect(facts.traits.idempotencyToken).toBe(true);
  },
  'what stays locked is not started for ever': ({ instance, batch, timing }, verdict) => {
    if (batch.step !== 'start' || instance?.state !== 'stopped' || instance.lock === undefined) return;
    if (timing.now >= START + AGES) expect(verdict.kind).toBe('report');
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
    [
      'what was changed back is told as that, and restarted for nothing',
      'its key pair is not looked at again',
      withInstance((one, { action, batch, group }) =>
        isKeyPairStep(batch.step) ? one : { ...one, keyPairs: action === 'attach' ? [group.keyPair] : [] },
      ),
    ],
    [
      'a start gives no other verdict to what was not verified',
      'all were verified',
      (facts) => judge({ ...facts, isVerified: true }),
    ],
    [
      'what is locked or runs Windows is not restarted',
      'a lock is not looked at',
      withInstance(({ lock: _, ...one }) => one),
    ],
    [
      'what stays locked is not started for ever',
      'a lock is not looked at',
      withInstance(({ lock: _, ...one }) => one),
    ],
    ['nothing waits for ever', 'it waits', () => ({ kind: 'wait' })],
  ])('%s: %s', (name, _what, by) => {
    const rule = RULES[name];
    if (rule === undefined) throw new Error(`there is no rule ${name}`);
    // It ends with the first reading that shows the fault, and some faults take a rare one.
    expect(fc.check(property(rule, by), { numRuns: 100_000 }).failed).toBe(true);
  });
});
