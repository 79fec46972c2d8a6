import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { accountLane, type Enqueue, type Lane } from './job.js';

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
  const open = (lane: Lane): Queue => {
    const queue = new Queue(lane, { connection, prefix, skipWaitingForReady: true });
    queue.on('error', onError);
    return queue;
  };
  const requests = open('requests');
  const others: Lane[] = ['announce', ...accounts.map(accountLane)];
  const queues = new Map<Lane, Queue>([['requests', requests], ...others.map((lane) => [lane, open(lane)] as const)]);
  const timers: NodeJS.Timeout[] = [];
  return {
    async enqueue(job, { lane, id, delayMs = 0 }) {
      // An account that left the config has no lane: its requests are looked after all the same, so that people know.
      const queue = queues.get(lane) ?? requests;
      const retry = { attempts: 5, backoff: { type: 'exponential', delay: 1000, jitter: 0.5 } };
      await queue.add(job.name, job, { jobId: id, delay: delayMs, sizeLimit: JOB_SIZE_LIMIT, ...retry, ...RETENTION });
    },
    async scheduleSweep(everyMs) {
      const template = { name: 'sweep', data: { name: 'sweep' }, opts: RETENTION };
      const schedule = async () => {
        await requests.upsertJobScheduler('sweep', { every: everyMs }, template);
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
