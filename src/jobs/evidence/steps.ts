import type { EventOf, StepResult } from '../events.js';
import { isForSome } from '../halving.js';
import type { Entry } from '../log.js';
import type { EvidenceCall, EvidenceStep } from './schema.js';

/** What was done to each instance, by `group/instance`, in the order in which it was done. Pure. */
export function stepsIn(entries: readonly Entry[]): ReadonlyMap<string, EvidenceStep[]> {
  const steps = new Map<string, EvidenceStep[]>();
  const batches = new Map<string, EventOf<'batched'> & { called: readonly string[] }>();
  const newest = (batch: string, id: string) => steps.get(`${batches.get(batch)?.group}/${id}`)?.at(-1);
  for (const { at, events } of entries) {
    const time = new Date(at).toISOString();
    for (const event of events) {
      switch (event.type) {
        case 'batched':
          batches.set(event.batch, { ...event, called: [] });
          for (const id of event.instances) {
            const key = `${event.group}/${id}`;
            steps.set(key, [...(steps.get(key) ?? []), { step: event.step, plannedAt: time, calls: [] }]);
          }
          break;
        case 'begun': {
          const batch = batches.get(event.batch);
          if (batch !== undefined) batches.set(event.batch, { ...batch, called: event.instances });
          for (const id of event.instances) newest(event.batch, id)?.calls.push({ at: time });
          break;
        }
        case 'called':
          for (const id of batches.get(event.batch)?.called ?? []) {
            const call = newest(event.batch, id)?.calls.at(-1);
            if (call !== undefined) Object.assign(call, answerTo(event, id, time));
          }
          break;
        case 'stepped':
          for (const [id, result] of Object.entries(event.results)) {
            const step = newest(event.batch, id);
            if (step !== undefined) Object.assign(step, { endedAt: time, result: wordFor(result) });
          }
          break;
      }
    }
  }
  return steps;
}

function answerTo(event: EventOf<'called'>, id: string, answeredAt: string): Omit<EvidenceCall, 'at'> {
  const fault = event.faults.find(({ instances }) => instances.includes(id));
  const operation = event.operations?.[id];
  const requestId = fault?.requestId ?? event.requestId;
  return {
    answeredAt,
    ...(requestId !== undefined && { requestId }),
    ...(operation !== undefined && { operation }),
    ...(fault && {
      fault: { kind: isForSome(fault) ? 'whole' : fault.kind, code: fault.code, message: fault.message },
    }),
  };
}

function wordFor(result: StepResult): NonNullable<EvidenceStep['result']> {
  if (result.kind === 'over') return 'over';
  return result.changed ? 'done' : 'already';
}
