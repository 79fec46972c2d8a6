import type { Outcome } from '../providers/answers.js';
import type { Instance, KeyPairAction, Traits } from '../providers/contract.js';
import { isBound } from '../providers/contract.js';
import { failedBy } from './call-record.js';
import type { CallFault, PlanGroup, StepResult } from './events.js';
import { isPausing } from './holds/holds.js';
import type { Batch } from './request.js';
import { attachNeedless, doneOutcome, isAsAsked, isRestartOnly } from './steps.js';

/** What a reading of one instance means for the step that its batch is at. Pure. */

export type Verdict =
  | { kind: 'report'; result: StepResult }
  /** Not to be told yet; read again later. */
  | { kind: 'wait' }
  /** Call the cloud now. */
  | { kind: 'call' };

export type Timing = {
  now: number;
  /** Longest time from claim to the end of the HTTP call, plus the cloud's slowest effect: nothing older is still on its way. */
  quietMs: number;
  /** How long a power action or a task may take. */
  slowMs: number;
  /** How long an accepted restart is given before "running" means: running again. */
  restartGraceMs: number;
  /** How long to go on with an instance that stays undone for faults. */
  patienceMs: number;
  /** How long to wait between two tries while the account lets nobody in. */
  pausedMs: number;
  /** How long an instance that we stopped may stay off before people are told to start it by hand. */
  alarmMs: number;
  /** How long to go on with an instance that we stopped, and that is not shown or in no state to be started. */
  giveUpMs: number;
};

export type Judged = {
  action: KeyPairAction;
  batch: Batch;
  group: PlanGroup;
  traits: Pick<Traits, 'keyPairWritesIn' | 'idempotencyToken'>;
  /** Undefined where the cloud did not show it. */
  instance: Instance | undefined;
  instanceId: string;
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

const wasCalled = ({ batch, instanceId }: Judged): boolean => batch.called.has(instanceId);

/** Refused with the whole of an earlier call, and in none since: the newest call says nothing about it. */
const isLeft = ({ batch, instanceId }: Judged): boolean => batch.parts.some((part) => part.includes(instanceId));

/** Not shown is no proof of being gone: it may be a missing permission, or a cloud that lags. */
function judgeNotShown({ batch, timing }: Judged): Verdict {
  if (batch.step === 'start') return notStarted(batch, timing, 'the cloud does not show this instance any more');
  if (timing.now < startOf(batch) + timing.patienceMs) return wait;
  return over(failed('InstanceNotShown', 'the cloud does not show this instance', 'not-shown'));
}

/** When the newest call was made; 0 before the first. */
const calledAt = (batch: Batch): number => batch.call?.at ?? batch.begunAt;
/** From when its waiting counts. */
const startOf = (batch: Batch): number => Math.max(calledAt(batch), batch.since);

function judgeKeyPair(facts: Judged, instance: Instance): Verdict {
  const { action, group, traits, timing } = facts;
  const { operation } = instance;
  const isDone = isAsAsked(action, instance, group.keyPair);
  if (operation?.state === 'running' && (isDone || wasCalled(facts))) {
    return waitFor(facts, timing.slowMs, `the ${action} did not end`);
  }
  if (isDone && wasCalled(facts)) return done(true);
  if (wasCalled(facts)) {
    if (operation?.state === 'failed') {
      return over(
        failed(operation.code ?? 'OperationFailed', operation.message ?? '', operation.hint ?? 'cloud-trouble'),
      );
    }
    const verdict = judgeCall(facts, action === 'attach' ? 'the key pair is not bound' : 'the key pair is still bound');
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

function waitOrSkip({ batch, timing }: Judged, instance: Instance): Verdict {
  if (timing.now < startOf(batch) + timing.slowMs) return wait;
  return over({ kind: 'skipped', reason: 'state-changed', detail: instance.vendorState });
}

function waitFor({ batch, timing }: Judged, ms: number, message: string): Verdict {
  if (timing.now < startOf(batch) + ms) return wait;
  return over(failed('NotVerified', message, 'not-verified'));
}

/** After a call whose effect is not to be seen: was it accepted, put off, or lost? */
function judgeCall(facts: Judged, unseen: string): Verdict {
  const { batch, instanceId, timing } = facts;
  if (isLeft(facts)) return call;
  const quietAt = batch.begunAt + timing.quietMs;
  if (batch.call === undefined) return timing.now < quietAt ? wait : call;
  const fault = faultOf(batch, instanceId);
  if (fault === undefined) {
    return timing.now < quietAt ? wait : over(failed('NotVerified', unseen, 'not-verified'));
  }
  const retryAt = fault.kind === 'unknown' ? quietAt : batch.call.at + waitAfter(fault, batch, timing);
  if (timing.now < retryAt) return wait;
  const isWorth = isPausing(fault.hint) || (fault.isFinal !== true && timing.now < batch.since + timing.patienceMs);
  return isWorth ? call : over(failedBy(fault));
}

function faultOf(batch: Batch, instanceId: string): CallFault | undefined {
  return batch.call?.faults.find(({ instances }) => instances.includes(instanceId));
}

/** 1 s, 2 s, 4 s … 60 s: the shortest wait. Whoever waits spreads it. */
export function backoffMs(batch: Pick<Batch, 'epoch'>, mostMs = 60_000): number {
  return Math.min(mostMs, 1000 * 2 ** Math.max(0, batch.epoch - 1));
}

function waitAfter({ hint, retryAfterMs }: CallFault, batch: Batch, { pausedMs }: Timing): number {
  const ownMs = backoffMs(batch);
  return retryAfterMs ?? (isPausing(hint) ? Math.max(pausedMs, ownMs) : ownMs);
}

function judgeStop(facts: Judged, instance: Instance): Verdict {
  const { batch, timing } = facts;
  if (instance.state === 'stopped') return done(wasCalled(facts));
  if (instance.state === 'unusable') {
    return over({ kind: 'skipped', reason: 'unusable', detail: instance.vendorState });
  }
  if (!wasCalled(facts)) {
    const needless = needlessNow(facts, instance);
    if (needless !== undefined) return over(needless);
    return forbidden(instance) ?? (instance.state === 'changing' ? waitOrSkip(facts, instance) : call);
  }
  const isUndone = isLeft(facts) || faultOf(batch, instance.id) !== undefined || batch.call === undefined;
  if (isUndone && instance.state !== 'changing') return judgeCall(facts, 'the instance still runs');
  if (timing.now < startOf(batch) + timing.slowMs) return wait;
  return over(failed('StopTimedOut', 'the instance did not shut down in time; nothing was forced', 'stop-timed-out'));
}

/** Never gives up on an instance that can still run: it is called again for as long as it takes. */
function judgeStart(facts: Judged, instance: Instance): Verdict {
  const { batch, instanceId, timing } = facts;
  if (instance.state === 'running') return done(wasCalled(facts));
  if (instance.state === 'unusable') return notStarted(batch, timing, `it cannot be started: ${instance.vendorState}`);
  if (instance.state === 'changing') return wait;
  if (!wasCalled(facts) || isLeft(facts)) return call;
  const isPutOff = faultOf(batch, instanceId)?.kind === 'later';
  const waitMs = isPutOff ? backoffMs(batch, START_BACKOFF_MS) : timing.quietMs;
  return timing.now < calledAt(batch) + waitMs ? wait : call;
}

/** Each call is two entries in the log, and this may go on for days. */
const START_BACKOFF_MS = 300_000;

/** It may come back, so this takes long; but no request stays open for ever for one that is gone. */
function notStarted(batch: Batch, timing: Timing, message: string): Verdict {
  if (timing.now < batch.since + timing.giveUpMs) return wait;
  return over(failed('NotStarted', message, 'start-by-hand'));
}

const isRestartedOnly = ({ group, instanceId }: Judged): boolean =>
  group.targets.some((target) => target.id === instanceId && isRestartOnly(target));

function judgeRestart(facts: Judged, instance: Instance): Verdict {
  const { action, batch, group, traits, timing } = facts;
  const undone = (code: string, message: string): Verdict =>
    over(doneOutcome(action, 'after-restart', { code, message }));
  if (instance.state === 'unusable') return undone('NotRestarted', instance.vendorState);
  // It was read back long ago: if it is the other way now, somebody changed it, and the restart would not help.
  if (isRestartedOnly(facts) && instance.state !== 'changing' && !isAsAsked(action, instance, group.keyPair)) {
    return over({ kind: 'skipped', reason: 'key-pair-changed' });
  }
  // Someone stopped it: the change takes effect when they start it.
  if (instance.state === 'stopped' && !wasCalled(facts)) return done(false);
  const isLate = timing.now >= batch.since + timing.slowMs;
  if (!wasCalled(facts) || isLeft(facts)) {
    if (instance.state !== 'changing') return call;
    return isLate ? undone('RestartTimedOut', 'the instance did not come to rest in time') : wait;
  }
  const fault = faultOf(batch, instance.id);
  const isUnknown = batch.call === undefined || fault?.kind === 'unknown';
  if (instance.state === 'running' && fault === undefined && batch.call !== undefined) {
    return timing.now < batch.call.at + timing.restartGraceMs ? wait : done(true);
  }
  if (isUnknown) {
    if (timing.now < batch.begunAt + timing.quietMs) return wait;
    return traits.idempotencyToken && !isLate ? call : undone(fault?.code ?? 'NoAnswer', fault?.message ?? 'no answer');
  }
  if (isLate && !(fault && isPausing(fault.hint)))
    return undone(fault?.code ?? 'RestartTimedOut', fault?.message ?? 'the instance did not come back in time');
  if (fault === undefined) return wait;
  return timing.now < calledAt(batch) + waitAfter(fault, batch, timing) ? wait : call;
}
