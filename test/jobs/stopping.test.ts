import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import type { Job } from '../../src/jobs/job.js';
import { type Connections, connectRedis } from '../../src/jobs/redis.js';
import { startLanes } from './lanes.js';
import { openScope, type Scope } from './scope.js';
import { openWire, type Wire } from './wire.js';

/** How workers stop when Redis is no help; stopping well is seen in worker.test.ts. */

const NEVER = new AbortController().signal;
/** Long enough for a signal to do all that it can, and no test waits for it where all is well. */
const GRACE_MS = 300;
const LONG_MS = 600_000;

let scope: Scope;
let wire: Wire;
let redis: Connections;
let lost: Promise<void>;
beforeEach(async () => {
  scope = openScope('stopping');
  wire = await openWire();
  const gate = makeGate();
  lost = gate.promise;
  const onLost = (name: string) => {
    if (name === 'worker') gate.open();
  };
  redis = await connectRedis(wire.url, { onLost, onBack() {} });
});
afterEach(async () => {
  await redis.close();
  await wire.close();
  await scope.close();
});

const announce: Job = { name: 'announce', request: 'A' };

/** Workers on the wire, one of which holds a job until it is aborted. */
async function startHolding(limit: AbortSignal) {
  const arrived = makeGate();
  const aborted = makeGate();
  const { workers, queues } = startLanes(
    scope,
    {
      announce: (_job, signal) => {
        arrived.open();
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.open();
            resolve({ againInMs: LONG_MS });
          });
        });
      },
    },
    { connection: redis.worker, limit },
  );
  await queues.enqueue(announce, { lane: 'announce', id: 'announce_A' });
  await arrived.promise;
  return { workers, queues, aborted: aborted.promise };
}

describe('Redis that is gone', () => {
  it('keeps no worker that has nothing to do', async () => {
    const { workers, queues } = startLanes(scope, {}, { connection: redis.worker, limit: NEVER });
    wire.cut();
    await lost;
    await workers.stop(LONG_MS);
    await queues.close();
  });

  it('keeps a worker that cannot note what it did for no longer than the limit and the grace', async () => {
    const limit = new AbortController();
    const { workers, queues, aborted } = await startHolding(limit.signal);
    wire.cut();
    await lost;
    const stopped = workers.stop(GRACE_MS);
    limit.abort();
    await aborted;
    // What it would note is refused at once where the loss is seen first; else it waits for a Redis.
    const ended = await stopped.then(
      () => 'stopped',
      (error: Error) => error.message,
    );
    expect(['stopped', 'some jobs did not end in time']).toContain(ended);
    await queues.close();
    // It is not lost: once its lock is over, somebody else takes it up.
    expect(await scope.redis.lrange(`{${scope.prefix}}:announce:active`, 0, -1)).toEqual(['announce_A']);
  });
});

describe('Redis that is there and does not answer', () => {
  it('keeps a worker that cannot note what it did for no longer than the limit and the grace', async () => {
    const limit = new AbortController();
    const { workers, queues, aborted } = await startHolding(limit.signal);
    wire.freeze();
    const stopped = workers.stop(GRACE_MS);
    limit.abort();
    await aborted;
    await expect(stopped).rejects.toThrow('some jobs did not end in time');
    await queues.close();
  });
});
