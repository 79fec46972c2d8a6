import { dueAt, TIMED } from './awaiting.js';
import { accountLane, type Enqueue, type Job, type Lane } from './job.js';
import { openSelections } from './planning/selections.js';
import type { Request } from './request.js';

export type Work = { job: Job; lane: Lane; id: string; delayMs?: number };

/**
 * What is still to do for a request, as jobs. Pure: the same request always gives the same jobs with the same ids.
 * `formedSince` leaves out batches that were formed earlier, whose jobs are in the queue already.
 */
export function workLeft(request: Request, now: number, formedSince = 0): Work[] {
  const { id } = request;
  switch (request.state) {
    case 'planning':
      return [
        ...openSelections(request).map((selection): Work => {
          const lane = accountLane(request.selections[selection]?.account ?? '');
          return { job: { name: 'survey', request: id, selection }, lane, id: `survey_${id}_${selection}` };
        }),
        ...timed(request, now),
      ];
    case 'awaiting-approval':
      return timed(request, now);
    case 'running':
      return [...request.batches.values()].flatMap((batch): Work[] => {
        const account = request.groups[batch.group]?.account;
        if (batch.pending.size === 0 || batch.formedAt < formedSince || account === undefined) return [];
        const job: Job = { name: 'batch', request: id, batch: batch.id };
        return [{ job, lane: accountLane(account), id: `${id}_${batch.id}_${batch.step}` }];
      });
    default:
      return [];
  }
}

function timed(request: Request, now: number): Work[] {
  const { id } = request;
  return TIMED.flatMap((name): Work[] => {
    const at = dueAt(request, name);
    if (at === undefined) return [];
    return [{ job: { name, request: id }, lane: 'requests', id: `${name}_${id}`, delayMs: Math.max(0, at - now) }];
  });
}

/** Tells the thread once for all appends of one window of time, after the window is over. */
export function announcement(request: string, now: number, gatherMs: number): Work {
  const window = Math.floor(now / gatherMs);
  return {
    job: { name: 'announce', request },
    lane: 'announce',
    id: `announce_${request}_w${window}`,
    delayMs: (window + 1) * gatherMs - now,
  };
}

export type AdvanceDependencies = { enqueue: Enqueue; gatherMs: number; now(): number };

/** Enqueues what is left. Twice is harmless: a job that waits or runs already keeps its id. */
export async function advance(
  request: Request,
  { enqueue, gatherMs, now }: AdvanceDependencies,
  formedSince = 0,
): Promise<void> {
  if (request.version === 0) return;
  const work = [...workLeft(request, now(), formedSince), announcement(request.id, now(), gatherMs)];
  await Promise.all(work.map(({ job, ...options }) => enqueue(job, options)));
}
