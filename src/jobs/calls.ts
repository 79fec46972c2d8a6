import type { CallFault, EventOf } from './events.js';
import { afterAnswer, afterClaim, afterReading, isForSome } from './halving.js';
import { isPausing } from './holds/holds.js';
import type { Batch, LastCall } from './request.js';

/** What the log says of a batch's calls, by instance: a later call for others says nothing of it. Pure. */

export function withClaim(batch: Batch, { epoch, instances }: EventOf<'begun'>, at: number): Batch {
  const { answeredAt: _, ...before } = batch;
  const calls = new Map(batch.calls);
  for (const id of instances) {
    const last = calls.get(id);
    const { putOffs = 0, answers = 0 } = last ?? {};
    const aloneAt = instances.length === 1 ? at : last?.aloneAt;
    calls.set(id, {
      begunAt: at,
      putOffs,
      answers,
      mayBeDone: mayBeDone(last),
      ...(aloneAt !== undefined && { aloneAt }),
    });
  }
  return { ...before, epoch, begunAt: at, calls, halving: afterClaim(batch.halving, instances) };
}

export function withAnswer(batch: Batch, event: EventOf<'called'>, at: number): Batch {
  const { operations = {}, faults, refused = [] } = event;
  const [called = []] = batch.halving.open;
  const calls = new Map(batch.calls);
  for (const id of new Set([...called, ...faults.flatMap(({ instances }) => instances)])) {
    const fault = faults.find(({ instances }) => instances.includes(id));
    const { begunAt = at, putOffs = 0, answers = 0, mayBeDone = false, aloneAt } = calls.get(id) ?? {};
    const operation = operations[id];
    calls.set(id, {
      begunAt,
      at,
      ...(operation !== undefined && { operation }),
      ...(fault && { fault }),
      putOffs: putOffsAfter(putOffs, fault),
      answers: answers + (fault?.kind === 'unknown' ? 0 : 1),
      mayBeDone: mayBeDone || fault?.kind !== 'later',
      ...(aloneAt !== undefined && { aloneAt }),
    });
  }
  return { ...batch, answeredAt: at, calls, halving: afterAnswer(batch.halving, faults, refused) };
}

function putOffsAfter(putOffs: number, fault: CallFault | undefined): number {
  if (fault === undefined) return 0;
  return isForSome(fault) || isPausing(fault.hint) ? putOffs : putOffs + 1;
}

export function withoutReported(batch: Batch, { results }: EventOf<'stepped'>): Batch {
  const isDone = Object.values(results).some((result) => result.kind === 'done' && result.changed);
  return withPending(batch, (id) => results[id] === undefined, isDone);
}

/** Without those for which there was no call yet, or none but such that the cloud surely did not take. */
export const withOnlyBegun = (batch: Batch): Batch => withPending(batch, (id) => mayBeDone(batch.calls.get(id)));

const mayBeDone = (last: LastCall | undefined): boolean =>
  last !== undefined && (last.mayBeDone || last.at === undefined);

function withPending(batch: Batch, isLeft: (id: string) => boolean, isDone = false): Batch {
  const pending = new Set([...batch.pending].filter(isLeft));
  return { ...batch, pending, halving: afterReading(batch.halving, pending, isDone) };
}
