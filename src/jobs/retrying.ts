import type { CallFault } from './events.js';
import { isForSome } from './halving.js';
import { isPausing } from './holds/holds.js';
import type { Batch, LastCall } from './request.js';

/** When an instance may be called again, and for how long that goes on. Pure. */

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

/** 1 s, 2 s, 4 s … 60 s: the shortest wait after so many calls in a row that were put off. Whoever waits spreads it. */
export function backoffMs(putOffs: number, mostMs = 60_000): number {
  return Math.min(mostMs, 1000 * 2 ** Math.max(0, putOffs - 1));
}

/** From when on a call may be repeated, or what was taken must show. A part of a refused call waits for nothing. */
export function retryAt(last: LastCall, { quietMs, pausedMs }: Pick<Timing, 'quietMs' | 'pausedMs'>): number {
  const { at, fault, putOffs } = last;
  if (at === undefined || fault?.kind !== 'later') return last.begunAt + quietMs;
  if (isForSome(fault)) return at;
  const ownMs = backoffMs(putOffs);
  return at + (fault.retryAfterMs ?? (isPausing(fault.hint) ? Math.max(pausedMs, ownMs) : ownMs));
}

export function isGivenUp(fault: CallFault, { since }: Batch, { now, patienceMs }: Timing): boolean {
  if (isPausing(fault.hint) || isForSome(fault)) return false;
  return fault.isFinal === true || now >= since + patienceMs;
}

/** Each call is two entries in the log, and this may go on for days. */
const START_BACKOFF_MS = 300_000;

/**
 * One that was started twice runs once, so a part of a call that the cloud refused waits for nothing, whether the
 * refusal is sure or not: it is off for as long.
 */
export function retryStartAt(last: LastCall, { quietMs }: Pick<Timing, 'quietMs'>): number {
  const { at = last.begunAt, fault, putOffs } = last;
  if (fault === undefined) return at + quietMs;
  if (isForSome(fault)) return at;
  const ownMs = backoffMs(putOffs, START_BACKOFF_MS);
  return at + (fault.kind === 'later' ? ownMs : Math.max(quietMs, ownMs));
}
