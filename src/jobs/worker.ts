import { DelayedError, type Job as QueuedJob, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { aborted, startTimer, within } from '../within.js';
import { type Again, type Handlers, type Job, jobSchema, type Lane } from './job.js';

/** Takes jobs out of the queues and gives them to their handlers. */
export type Workers = {
  /**
   * Takes no more jobs, and waits for those that run. From the limit on they are aborted, and have the grace to note
   * where they stand; rejects where they, or Redis, take longer. Twice is fine.
   */
  stop(graceMs: number): Promise<void>;
};

export type WorkersOptions = {
  connection: Redis;
  prefix: string;
  handlers: Handlers;
  lanes: readonly { lane: Lane; concurrency: number }[];
  /** Aborts handlers. */
  limit: AbortSignal;
  onJobFailed(job: { name: string; id: string | undefined }, error: Error): void;
  onError(error: Error): void;
};

/** Longer than any one handler's calls take, so that a job is never taken for stalled while it still acts. */
const LOCK_MS = 60_000;

export function startWorkers(options: WorkersOptions): Workers {
  const workers = options.lanes.map(({ lane, concurrency }) => startWorker(options, lane, concurrency));
  let stopping: Promise<void> | undefined;
  return {
    stop(graceMs) {
      stopping ??= stopAll(workers, options.limit, graceMs);
      return stopping;
    },
  };
}

function startWorker(options: WorkersOptions, lane: Lane, concurrency: number): Worker {
  const { connection, prefix, handlers, limit, onJobFailed, onError } = options;
  // BullMQ gives the signal only to a function with three parameters.
  const run = async (queued: QueuedJob, token: string | undefined, cancelled: AbortSignal | undefined) => {
    const job = jobSchema.parse(queued.data);
    const signal = cancelled === undefined ? limit : AbortSignal.any([limit, cancelled]);
    const again = await handle(handlers, job, signal);
    if (again === undefined) return;
    await queued.moveToDelayed(Date.now() + again.againInMs, token);
    throw new DelayedError();
  };
  const worker = new Worker(lane, run, {
    connection,
    prefix,
    concurrency,
    lockDuration: LOCK_MS,
    maxStalledCount: 10,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', onError);
  worker.on('failed', (job, error) => onJobFailed({ name: job?.name ?? 'unknown', id: job?.id }, error));
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'its lock was lost');
  });
  return worker;
}

function handle(handlers: Handlers, job: Job, signal: AbortSignal): Promise<Again | undefined> {
  switch (job.name) {
    case 'survey':
      return handlers.survey(job, signal);
    case 'batch':
      return handlers.batch(job, signal);
    case 'close-plan':
      return handlers['close-plan'](job, signal);
    case 'notify':
      return handlers.notify(job, signal);
    case 'remind':
      return handlers.remind(job, signal);
    case 'escalate':
      return handlers.escalate(job, signal);
    case 'expire':
      return handlers.expire(job, signal);
    case 'announce':
      return handlers.announce(job, signal);
    case 'sweep':
      return handlers.sweep(job, signal);
  }
}

async function stopAll(workers: readonly Worker[], limit: AbortSignal, graceMs: number): Promise<void> {
  const closing = Promise.allSettled(workers.map((worker) => worker.close()));
  await Promise.race([closing, aborted(limit)]);
  const closed = await within(startTimer, graceMs, closing);
  if (closed === undefined) throw new Error('some jobs did not end in time');
  const failures = closed.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, 'some workers did not close');
}
