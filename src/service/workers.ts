import { createAnnounce } from '../jobs/handlers/announce.js';
import { createBatch } from '../jobs/handlers/batch.js';
import { createSurvey } from '../jobs/handlers/survey.js';
import { createSweep } from '../jobs/handlers/sweep.js';
import { createTimed } from '../jobs/handlers/timed.js';
import { accountLane } from '../jobs/job.js';
import { createTurns } from '../jobs/telling/turns.js';
import { startWorkers, type Workers } from '../jobs/worker.js';
import type { Parts } from './parts.js';

export function buildWorkers(parts: Parts): Workers {
  const { config, tuning, logger, metrics, redis, accounts, house, log, told, advancing, store, limit, onError } =
    parts;
  const { now, random, keyPrefix } = tuning;
  const turns = createTurns(redis.producer, keyPrefix, { rates: tuning.turns, now });
  const onRefused = (request: string, code: string) => logger.error({ request, code }, 'cannot speak in the channel');
  const onFailed = (request: string, error: unknown) => logger.error({ request, error }, 'a request cannot go on');
  const { notifier, whoIs } = parts.speaker;
  return startWorkers({
    connection: redis.worker,
    prefix: `{${keyPrefix}}`,
    handlers: {
      survey: createSurvey({ ...accounts, store, house, now, random, patienceMs: tuning.surveyPatienceMs }),
      batch: createBatch({ ...accounts, store, now, random, timing: tuning.timing }),
      ...createTimed({ store, house, whoIs, now }),
      announce: createAnnounce({ store, log, told, turns, notifier, now, planningMs: tuning.planningMs, onRefused }),
      sweep: createSweep({ ...advancing, log, store, onFailed }),
    },
    lanes: [
      { lane: 'requests', concurrency: 4 },
      { lane: 'announce', concurrency: 4 },
      ...[...config.accounts.keys()].map((account) => ({ lane: accountLane(account), concurrency: 10 })),
    ],
    onJobFailed: (job, error) => {
      metrics.countFailedJob(job.name);
      logger.error({ job, error }, 'a job failed');
    },
    limit,
    onError,
  });
}
