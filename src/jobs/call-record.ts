import type { InstanceAnswer, Outcome, WriteAnswer } from '../providers/answers.js';
import type { KeyPairAction, Traits } from '../providers/contract.js';
import type { Fault } from '../providers/failures.js';
import type { CallRecord } from './decide.js';
import type { ActionStep, CallFault, StepResult } from './events.js';
import { isPausing } from './holds/holds.js';
import { doneOutcome } from './steps.js';

/** What the cloud's answer to one call means for each of its instances, as it goes into the log. Pure. */

/** What was called, and what the request is for. */
export type Called = { action: KeyPairAction; step: ActionStep };

/** "accepted" is no result yet: only a reading that shows it is. */
export function recordOf(
  called: Called,
  { requestId, instances }: WriteAnswer,
  traits: Pick<Traits, 'refusesWholeCall'>,
): CallRecord {
  const isWhole = traits.refusesWholeCall && instances.size > 1;
  const operations: Record<string, string> = {};
  const refused: Record<string, StepResult> = {};
  const faults = new Map<string, CallFault>();
  for (const [id, answer] of instances) {
    if (answer.kind === 'accepted') {
      if (answer.operation !== undefined) operations[id] = answer.operation;
    } else if (isWhole && isAboutOne(answer)) {
      addFault(faults, 'whole', answer.fault, id);
    } else if (answer.kind === 'refused' && called.step !== 'start' && !isPausing(answer.fault.hint)) {
      refused[id] = { kind: 'over', outcome: refusalOf(called, answer.fault) };
    } else {
      addFault(faults, answer.kind === 'unknown' ? 'unknown' : 'later', answer.fault, id);
    }
  }
  return { operations, refused, faults: [...faults.values()], ...(requestId !== undefined && { requestId }) };
}

/** Whether a refusal may come from one instance among many; a fault of the account or the key pair is everyone's. */
function isAboutOne({ kind, fault }: Exclude<InstanceAnswer, { kind: 'accepted' }>): boolean {
  const isEveryones = ['auth', 'forbidden', 'rate-limited'].includes(fault.kind) || fault.hint === 'check-key-pair';
  return !isEveryones && (kind === 'refused' || (kind === 'later' && fault.repeat === 'settled'));
}

function addFault(faults: Map<string, CallFault>, kind: CallFault['kind'], fault: Fault, id: string): void {
  const key = `${kind} ${fault.code}`;
  const { code, message, hint, requestId, retryAfterMs } = fault;
  const known = faults.get(key) ?? {
    kind,
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

/** A refused restart leaves the key pair as it was: as asked, and waiting for a restart. */
function refusalOf({ action, step }: Called, fault: Fault): Outcome {
  if (step !== 'restart') return failedBy(fault);
  const { code, message } = fault;
  return doneOutcome(action, 'after-restart', { code, message });
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
