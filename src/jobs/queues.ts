import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Enqueue, Lane } from './job.js';

/** The BullMQ queues; jobs are put in here and nowhere else. */
export type Queues = {
  enqueue: Enqueue;
  /**
   * Makes the sweep run every so often; once for any number of processes. Until it is closed it sees to it that the
   * schedule is there, also when Redis loses it.
   */
  scheduleSweep(everyMs: number): Promise<void>;
  close(): Promise<void>;
};

export type QueuesOptions = {
  connection: Redis;
  prefix: string;
  accounts: readonly string[];
  onError(error: Error): void;
};

/** A job's id is free again as soon as it ends, so that the sweep can put back one that was lost or that failed. */
const RETENTION = { removeOnComplete: true, removeOnFail: true } as const;
const JOB_SIZE_LIMIT = 4096;

export function createQueues({ connection, prefix, accounts, onError }: QueuesOptions): Queues {
  const lanes: Lane[] = ['requests', 'announce', ...accounts.map((account): Lane => `account-${account}`)];
  const queues = new Map(
    lanes.map((lane) => {
      const queue = new Queue(lane, { connection, prefix, skipWaitingForReady: true });
      queue.on('error', onError);
      return [lane, queue];
    }),
  );
  const timers: NodeJS.Timeout[] = [];
  return {
    async enqueue(job, { lane, id, delayMs = 0 }) {
      const queue = queues.get(lane);
      // An account that left the config: its requests wait until it is back.
      if (queue === undefined) return;
      const retry = { attempts: 5, backoff: { type: 'exponential', delay: 1000, jitter: 0.5 } };
      await queue.add(job.name, job, { jobId: id, delay: delayMs, sizeLimit: JOB_SIZE_LIMIT, ...retry, ...RETENTION });
    },
    async scheduleSweep(everyMs) {
      const template = { name: 'sweep', data: { name: 'sweep' }, opts: RETENTION };
      const schedule = async () => {
        await queues.get('requests')?.upsertJobScheduler('sweep', { every: everyMs }, template);
      };
      await schedule();
      timers.push(setInterval(() => schedule().catch(onError), everyMs).unref());
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
