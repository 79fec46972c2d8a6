import { accountLane, type Handlers, type Lane } from '../../src/jobs/job.js';
import { createQueues, type Queues } from '../../src/jobs/queues.js';
import { startWorkers, type Workers, type WorkersOptions } from '../../src/jobs/worker.js';
import type { Scope } from './scope.js';

/** Real queues and workers, with handlers that a test gives. */

export const SLOW = 'slow-account';
export const QUICK = 'quick-account';
export const LANES: readonly Lane[] = ['requests', 'announce', accountLane(SLOW), accountLane(QUICK)];

export type Failure = { name: string; id: string | undefined; error: Error };
export type Running = { queues: Queues; workers: Workers; failures: Failure[]; errors: Error[]; prefix: string };

const notAsked = () => Promise.reject(new Error('no such job is part of this test'));

export function openQueues(scope: Scope, errors: Error[] = []): Queues {
  const onError = (error: Error) => void errors.push(error);
  return createQueues({ connection: scope.connect(), prefix: `{${scope.prefix}}`, accounts: [SLOW, QUICK], onError });
}

export function startLanes(
  scope: Scope,
  handlers: Partial<Handlers>,
  more: Partial<Pick<WorkersOptions, 'onJobFailed' | 'limit' | 'connection'>> & { concurrency?: number } = {},
): Running {
  const prefix = `{${scope.prefix}}`;
  const failures: Failure[] = [];
  const errors: Error[] = [];
  const { concurrency = 1, ...own } = more;
  const workers = startWorkers({
    connection: scope.connect(),
    prefix,
    handlers: {
      survey: notAsked,
      batch: notAsked,
      'close-plan': notAsked,
      notify: notAsked,
      remind: notAsked,
      escalate: notAsked,
      expire: notAsked,
      announce: notAsked,
      sweep: notAsked,
      ...handlers,
    },
    lanes: LANES.map((lane) => ({ lane, concurrency })),
    onJobFailed: (job, error) => void failures.push({ ...job, error }),
    limit: new AbortController().signal,
    onError: (error) => void errors.push(error),
    ...own,
  });
  return { queues: openQueues(scope, errors), workers, failures, errors, prefix };
}

export async function stopLanes({ workers, queues }: Running): Promise<void> {
  await workers.stop(1_000);
  await queues.close();
}
