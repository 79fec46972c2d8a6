import type { InstanceAnswer, Outcome, WriteAnswer } from '../providers/answers.js';
import type { KeyPairAction } from '../providers/contract.js';
import type { Fault } from '../providers/failures.js';
import type { CallRecord } from './decide.js';
import type { CallFault, StepResult } from './events.js';
import { everyoneElse, isForSome, mayBeForOne } from './halving.js';
import { isPausing } from './holds/holds.js';
import type { Batch } from './request.js';
import { doneOutcome } from './steps.js';

/** What the cloud's answer to one call means for each of its instances, as it goes into the log. Pure. */

/** What was called, with the batch as it was before, and what the request is for. */
export type Called = { action: KeyPairAction; batch: Pick<Batch, 'step' | 'calls' | 'halving'> };
type During = { action: KeyPairAction; batch: Pick<Batch, 'step'> };

type Unaccepted = Exclude<InstanceAnswer, { kind: 'accepted' }>;
type About = CallFault['about'];

/** "accepted" is no result yet: only a reading that shows it is. */
export function recordOf(called: Called, answer: WriteAnswer): CallRecord {
  const { requestId } = answer;
  const ids = [...answer.instances.keys()];
  const operations: Record<string, string> = {};
  const refused: Record<string, StepResult> = {};
  const faults = new Map<string, CallFault>();
  for (const [id, one] of [...answer.instances, ...sameForOthers(called, answer)]) {
    if (one.kind === 'accepted') {
      if (one.operation !== undefined) operations[id] = one.operation;
      continue;
    }
    const about = answer.isWhole ? aboutWhom(called, one, ids) : undefined;
    const isOver = one.kind === 'refused' && !isForSome({ about });
    if (isOver && called.batch.step !== 'start' && !isPausing(one.fault.hint)) {
      refused[id] = { kind: 'over', outcome: refusalOf(called, one.fault) };
    } else {
      addFault(faults, one, about, id);
    }
  }
  return { operations, refused, faults: [...faults.values()], ...(requestId !== undefined && { requestId }) };
}

/** Whom the refusal of a whole call is about; undefined where that is each of them. */
function aboutWhom({ batch }: Called, { kind, fault }: Unaccepted, ids: readonly string[]): About {
  // A restart that may have been done is the same restart only with the same token, so with the same instances.
  const isBound = batch.step === 'restart' && kind === 'unknown';
  if (!isBound && (mayBeForOne(fault) || isWornOut(batch, fault, ids))) {
    if (ids.length === 1) return undefined;
    return mayBeEveryones(batch, { kind, fault }, ids) ? 'some-or-all' : 'some';
  }
  return kind === 'refused' && !isPausing(fault.hint) ? undefined : 'call';
}

/** What was listed as about an instance is; but those that were refused alike before may all be refused again. */
function mayBeEveryones({ calls }: Called['batch'], { kind, fault }: Unaccepted, ids: readonly string[]): boolean {
  if (kind === 'unknown' || fault.kind === 'forbidden' || fault.kind === 'bug') return true;
  return ids.every((id) => {
    const last = calls.get(id)?.fault;
    return last?.code === fault.code && last.about !== 'some';
  });
}

/** How often in a row an error of the cloud puts a start off before it may be for one instance as well. */
const MOST_PUT_OFFS = 3;

function isWornOut({ step, calls }: Called['batch'], { kind }: Fault, ids: readonly string[]): boolean {
  const isErrorOfCloud = step === 'start' && kind === 'unavailable';
  return isErrorOfCloud && ids.every((id) => (calls.get(id)?.putOffs ?? 0) >= MOST_PUT_OFFS);
}

/** Where one was refused alone and so was every part: the answer for those that wait in the parts. */
function sameForOthers({ batch }: Called, { instances }: WriteAnswer): [string, Unaccepted][] {
  const [[id, one] = []] = instances;
  if (id === undefined || one === undefined || one.kind === 'accepted' || instances.size > 1) return [];
  const others = everyoneElse(batch.halving, [id]);
  const isAlike = others.every((other) => batch.calls.get(other)?.fault?.code === one.fault.code);
  return isAlike ? others.map((other) => [other, one]) : [];
}

function addFault(faults: Map<string, CallFault>, { kind, fault }: Unaccepted, about: About, id: string): void {
  const { code, message, hint, requestId, retryAfterMs } = fault;
  const what = kind === 'unknown' ? 'unknown' : 'later';
  const key = `${what} ${code}`;
  const known = faults.get(key) ?? {
    kind: what,
    ...(about !== undefined && { about }),
    code,
    message,
    hint,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(fault.repeat === 'never' && !isPausing(hint) && { isFinal: true as const }),
    instances: [],
  };
  faults.set(key, { ...known, instances: [...known.instances, id] });
}

/** A restart that failed leaves the key pair as it was: as asked, and waiting for a restart. */
function refusalOf({ action, batch }: During, fault: Fault): Outcome {
  if (batch.step !== 'restart') return failedBy(fault);
  const { code, message } = fault;
  return doneOutcome(action, 'after-restart', { code, message });
}

/** After readings that failed: what a call did is not known, and without a call nothing was done. */
export function unreadBy({ action, batch }: During & { batch: Pick<Batch, 'epoch'> }, fault: Fault): Outcome {
  const isSilence = fault.hint === 'no-answer' || fault.hint === 'not-reached';
  const hint = batch.epoch > 0 ? 'unread' : 'not-reached';
  return refusalOf({ action, batch }, isSilence ? { ...fault, hint } : fault);
}

export const failedBy = ({
  code,
  message,
  hint,
  requestId,
}: Pick<Fault, 'code' | 'message' | 'hint' | 'requestId'>): Outcome => ({
  kind: 'failed',
  code,
  message,
  hint,
  ...(requestId !== undefined && { requestId }),
});
