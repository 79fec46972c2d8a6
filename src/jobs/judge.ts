import type { Outcome } from '../providers/answers.js';
import type { Instance, KeyPairAction, Traits } from '../providers/contract.js';
import { isBound } from '../providers/contract.js';
import { failedBy } from './call-record.js';
import type { PlanGroup, StepResult } from './events.js';
import { isForSome } from './halving.js';
import { isPausing } from './holds/holds.js';
import type { Batch, LastCall } from './request.js';
import { isGivenUp, retryAt, retryStartAt, type Timing } from './retrying.js';
import { attachNeedless, doneOutcome, isAsAsked } from './steps.js';

/** What a reading of one instance means for the step that its batch is at. Pure. */

export type Verdict =
  | { kind: 'report'; result: StepResult }
  /** Not to be told yet; read again later. */
  | { kind: 'wait' }
  /** Call the cloud now. */
  | { kind: 'call' };

export type Judged = {
  action: KeyPairAction;
  batch: Batch;
  group: PlanGroup;
  traits: Pick<Traits, 'keyPairWritesIn' | 'idempotencyToken'>;
  /** Undefined where the cloud did not show it. */
  instance: Instance | undefined;
  instanceId: string;
  /** Its key pair was read back as asked in an earlier step. */
  isVerified: boolean;
  timing: Timing;
};

const wait: Verdict = { kind: 'wait' };
const call: Verdict = { kind: 'call' };
const done = (changed: boolean): Verdict => ({ kind: 'report', result: { kind: 'done', changed } });
const over = (outcome: Outcome): Verdict => ({ kind: 'report', result: { kind: 'over', outcome } });
const failed = (code: string, message: string, hint: Extract<Outcome, { kind: 'failed' }>['hint']): Outcome => ({
  kind: 'failed',
  code,
  message,
  hint,
});

export function judge(facts: Judged): Verdict {
  const { instance, batch } = facts;
  if (instance === undefined) return judgeNotShown(facts);
  switch (batch.step) {
    case 'detach':
    case 'attach':
      return judgeKeyPair(facts, instance);
    case 'stop':
      return judgeStop(facts, instance);
    case 'start':
      return judgeStart(facts, instance);
    case 'restart':
      return judgeRestart(facts, instance);
  }
}

const lastCallOf = ({ batch, instanceId }: Judged): LastCall | undefined => batch.calls.get(instanceId);

/** Not shown is no proof of being gone: it may be a missing permission, or a cloud that lags. */
function judgeNotShown(facts: Judged): Verdict {
  const { batch, timing } = facts;
  if (batch.step === 'start') return notStarted(facts, 'the cloud does not show this instance any more');
  if (timing.now < startOf(facts) + timing.patienceMs) return wait;
  const [code, message] = ['InstanceNotShown', 'the cloud does not show this instance'] as const;
  return batch.step === 'restart' ? notRestarted(facts, code, message) : over(failed(code, message, 'not-shown'));
}

/** From when its waiting counts. */
function startOf(facts: Judged): number {
  const last = lastCallOf(facts);
  return Math.max(last?.at ?? last?.begunAt ?? 0, facts.batch.since);
}

function judgeKeyPair(facts: Judged, instance: Instance): Verdict {
  const { action, group, traits, timing } = facts;
  const { operation } = instance;
  const last = lastCallOf(facts);
  const isDone = isAsAsked(action, instance, group.keyPair);
  if (operation?.state === 'running' && (isDone || last !== undefined)) {
    return waitFor(facts, timing.slowMs, `the ${action} did not end`);
  }
  if (last !== undefined) {
    if (isDone) return done(true);
    if (operation?.state === 'failed') {
      return over(
        failed(operation.code ?? 'OperationFailed', operation.message ?? '', operation.hint ?? 'cloud-trouble'),
      );
    }
    const unseen = action === 'attach' ? 'the key pair is not bound' : 'the key pair is still bound';
    const verdict = judgeCall(facts, last, unseen);
    if (verdict.kind !== 'call') return verdict;
  }
  const needless = needlessNow(facts, instance);
  if (needless !== undefined) return over(needless);
  return mayWrite(instance, traits) ?? (instance.state === 'changing' ? waitOrSkip(facts, instance) : call);
}

/** Why the key pair write has become pointless, or would take away what was not planned for. */
function needlessNow({ action, group }: Judged, instance: Instance): Outcome | undefined {
  if (action === 'attach') return attachNeedless(instance, group.keyPair);
  if (isBound(instance, group.keyPair)) return undefined;
  return instance.keyPairs.length === 0 ? { kind: 'not-bound' } : { kind: 'skipped', reason: 'key-pair-changed' };
}

/** What forbids to go on with it, be it to shut it down. */
function forbidden({ os, lock }: Instance): Verdict | undefined {
  if (os === 'windows') return over({ kind: 'skipped', reason: 'windows' });
  return lock === undefined ? undefined : over({ kind: 'skipped', reason: 'locked', detail: lock });
}

/** Whether this instance, as it is now, is still one that was planned for. */
function mayWrite(instance: Instance, traits: Judged['traits']): Verdict | undefined {
  const against = forbidden(instance);
  if (against !== undefined) return against;
  if (instance.state === 'unusable') {
    return over({ kind: 'skipped', reason: 'unusable', detail: instance.vendorState });
  }
  if (instance.state === 'changing' || traits.keyPairWritesIn.includes(instance.state)) return undefined;
  return over({ kind: 'skipped', reason: 'state-changed', detail: instance.vendorState });
}

function waitOrSkip(facts: Judged, instance: Instance): Verdict {
  if (facts.timing.now < startOf(facts) + facts.timing.slowMs) return wait;
  return over({ kind: 'skipped', reason: 'state-changed', detail: instance.vendorState });
}

function waitFor(facts: Judged, ms: number, message: string): Verdict {
  if (facts.timing.now < startOf(facts) + ms) return wait;
  return over(failed('NotVerified', message, 'not-verified'));
}

/** After a call whose effect is not to be seen: was it accepted, put off, or lost? */
function judgeCall({ batch, timing }: Judged, last: LastCall, unseen: string): Verdict {
  const { fault } = last;
  if (timing.now < retryAt(last, timing)) return wait;
  if (last.at !== undefined && fault === undefined) return over(failed('NotVerified', unseen, 'not-verified'));
  return fault !== undefined && isGivenUp(fault, batch, timing) ? over(failedBy(fault)) : call;
}

function judgeStop(facts: Judged, instance: Instance): Verdict {
  const { timing } = facts;
  if (instance.state === 'stopped') return done(lastCallOf(facts) !== undefined);
  if (instance.state === 'unusable') {
    return over({ kind: 'skipped', reason: 'unusable', detail: instance.vendorState });
  }
  const last = lastCallOf(facts);
  if (last === undefined) {
    const needless = needlessNow(facts, instance);
    if (needless !== undefined) return over(needless);
    return forbidden(instance) ?? (instance.state === 'changing' ? waitOrSkip(facts, instance) : call);
  }
  const isUndone = last.fault !== undefined || last.at === undefined;
  if (isUndone && instance.state !== 'changing') return judgeCall(facts, last, 'the instance still runs');
  if (timing.now < startOf(facts) + timing.slowMs) return wait;
  return over(failed('StopTimedOut', 'the instance did not shut down in time; nothing was forced', 'stop-timed-out'));
}

/**
 * What was read back as asked may be the other way by now, and is not told as done then. A reading soon after may be
 * the older of the two, as clouds lag, so a later one has to show the same.
 */
function changedBack(facts: Judged, instance: Instance): Verdict | undefined {
  if (isAsAsked(facts.action, instance, facts.group.keyPair)) return undefined;
  if (facts.timing.now < startOf(facts) + facts.timing.quietMs) return wait;
  return over(failed('ChangedBack', 'somebody changed it back since', 'changed-back'));
}

/** Never gives up on an instance that may still run: it is called again for as long as it takes. */
function judgeStart(facts: Judged, instance: Instance): Verdict {
  const { isVerified, timing } = facts;
  const last = lastCallOf(facts);
  // Of one that was not verified another verdict stands already.
  if (instance.state === 'running') {
    return (isVerified ? changedBack(facts, instance) : undefined) ?? done(last !== undefined);
  }
  if (instance.state === 'unusable') return notStarted(facts, `it cannot be started: ${instance.vendorState}`);
  if (instance.state === 'changing') return wait;
  if (instance.lock !== undefined && isGivenUpStart(facts)) return notStarted(facts, `it is locked: ${instance.lock}`);
  return last !== undefined && timing.now < retryStartAt(last, timing) ? wait : call;
}

/** It may come back, so this takes long; but no request stays open for ever for one that is gone, or stays locked. */
function notStarted(facts: Judged, message: string): Verdict {
  if (!isGivenUpStart(facts)) return wait;
  const { action, group, instance, isVerified } = facts;
  const code = 'NotStarted';
  // This takes nothing from what was verified before it.
  const isAsBefore = isVerified && (instance === undefined || isAsAsked(action, instance, group.keyPair));
  return over(isAsBefore ? doneOutcome(action, 'now', { code, message }) : failed(code, message, 'start-by-hand'));
}

const isGivenUpStart = ({ batch, timing }: Judged): boolean => timing.now >= batch.since + timing.giveUpMs;

const notRestarted = ({ action }: Judged, code: string, message: string): Verdict =>
  over(doneOutcome(action, 'after-restart', { code, message }));

function judgeRestart(facts: Judged, instance: Instance): Verdict {
  const verdict = judgeRestarting(facts, instance);
  if (verdict.kind === 'wait') return wait;
  const isForbidden = verdict.kind === 'call' && forbidden(instance) !== undefined;
  return (
    changedBack(facts, instance) ??
    (isForbidden ? notRestarted(facts, 'NotRestarted', instance.lock ?? instance.os) : verdict)
  );
}

function judgeRestarting(facts: Judged, instance: Instance): Verdict {
  const { batch, traits, timing } = facts;
  const undone = (code: string, message: string): Verdict => notRestarted(facts, code, message);
  if (instance.state === 'unusable') return undone('NotRestarted', instance.vendorState);
  const last = lastCallOf(facts);
  // Someone stopped it: the change takes effect when they start it.
  if (instance.state === 'stopped' && last === undefined) return done(false);
  const isLate = timing.now >= batch.since + timing.slowMs;
  if (last === undefined || (last.fault?.kind === 'later' && isForSome(last.fault))) {
    if (instance.state !== 'changing') return call;
    return isLate ? undone('RestartTimedOut', 'the instance did not come to rest in time') : wait;
  }
  const { fault } = last;
  const isUnknown = last.at === undefined || fault?.kind === 'unknown';
  if (instance.state === 'running' && fault === undefined && last.at !== undefined) {
    return timing.now < last.at + timing.restartGraceMs ? wait : done(true);
  }
  if (isUnknown) {
    if (timing.now < retryAt(last, timing)) return wait;
    return traits.idempotencyToken && !isLate ? call : undone(fault?.code ?? 'NoAnswer', fault?.message ?? 'no answer');
  }
  if (isLate && !(fault && isPausing(fault.hint)))
    return undone(fault?.code ?? 'RestartTimedOut', fault?.message ?? 'the instance did not come back in time');
  if (fault === undefined) return wait;
  return timing.now < retryAt(last, timing) ? wait : call;
}
