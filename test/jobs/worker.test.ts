import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue, UnrecoverableError } from 'bullmq';
import { makeGate } from '../../playground/gate.js';
import { accountLane, type Handlers, type Job } from '../../src/jobs/job.js';
import { QUICK, type Running, SLOW, startLanes, stopLanes } from './lanes.js';
import { openScope, type Scope } from './scope.js';

let scope: Scope;
let running: Running | undefined;
beforeEach(() => {
  scope = openScope('worker');
});
afterEach(async () => {
  if (running !== undefined) await stopLanes(running);
  running = undefined;
  await scope.close();
});

function start(handlers: Partial<Handlers>, more: Parameters<typeof startLanes>[2] = {}): Running {
  running = startLanes(scope, handlers, more);
  return running;
}

const announce: Job = { name: 'announce', request: 'A' };
const toAnnounce = { lane: 'announce', id: 'announce_A' } as const;
const batch = (request: string): Job => ({ name: 'batch', request, batch: 'b1' });

async function withQueue<T>(lane: string, work: (queue: Queue) => Promise<T>): Promise<T> {
  const queue = new Queue(lane, { connection: scope.connect(), prefix: `{${scope.prefix}}` });
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}

/** Handlers run one after the other on this lane, so whatever was enqueued before is over when this one runs. */
async function everythingBefore({ queues }: Running, ran: readonly string[], id: string): Promise<void> {
  await queues.enqueue({ name: 'expire', request: id }, { lane: 'requests', id: `expire_${id}` });
  while (!ran.includes(id)) await new Promise((resolve) => setImmediate(resolve));
}

describe('a job', () => {
  it('runs once, also when it was put in twice, and its id is free afterwards', async () => {
    const ran: string[] = [];
    const first = makeGate();
    const at = start({
      expire: async ({ request }) => {
        ran.push(request);
        if (request === 'A' && ran.length === 1) await first.promise;
        return undefined;
      },
    });
    const put = () => at.queues.enqueue({ name: 'expire', request: 'A' }, { lane: 'requests', id: 'expire_A' });
    await put();
    while (ran.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await put();
    first.open();
    await everythingBefore(at, ran, 'B');
    expect(ran).toEqual(['A', 'B']);
    await put();
    await everythingBefore(at, ran, 'C');
    expect(ran).toEqual(['A', 'B', 'A', 'C']);
    expect(at.failures).toEqual([]);
  });

  it('that asks to run again does so for as long as it wants, and holds nobody up meanwhile', async () => {
    let turns = 0;
    const ended = makeGate();
    const ran: string[] = [];
    const at = start({
      announce: async () => {
        turns += 1;
        if (turns === 1) return { againInMs: 100 };
        if (turns < 12) return { againInMs: 0 };
        ended.open();
        return undefined;
      },
      expire: async ({ request }) => {
        ran.push(`${request} after ${turns}`);
        return undefined;
      },
    });
    await at.queues.enqueue(announce, toAnnounce);
    while (turns === 0) await new Promise((resolve) => setImmediate(resolve));
    await at.queues.enqueue({ name: 'expire', request: 'B' }, { lane: 'announce', id: 'expire_B' });
    await ended.promise;
    expect(ran).toEqual(['B after 1']);
    expect(turns).toBe(12);
    await at.workers.stop(1_000);
    expect([at.failures, at.errors]).toEqual([[], []]);
  });

  it('that asks to run again uses up no attempt', async () => {
    let turns = 0;
    const ended = makeGate();
    const at = start({
      announce: async () => {
        turns += 1;
        if (turns <= 6) return { againInMs: 0 };
        if (turns === 7) throw new Error('now it fails');
        ended.open();
        return undefined;
      },
    });
    await at.queues.enqueue(announce, toAnnounce);
    await ended.promise;
    expect(turns).toBe(8);
    expect(at.failures.map(({ error }) => error.message)).toEqual(['now it fails']);
  });

  it('that throws is tried again, and each failure is told', async () => {
    let turns = 0;
    const ended = makeGate();
    const at = start({
      announce: async () => {
        turns += 1;
        if (turns === 1) throw new Error('broken');
        ended.open();
        return undefined;
      },
    });
    await at.queues.enqueue(announce, toAnnounce);
    await ended.promise;
    expect(at.failures).toMatchObject([{ name: 'announce', id: 'announce_A', error: { message: 'broken' } }]);
  });

  it('that is given up leaves its id free, so that it can be put back', async () => {
    let failed = makeGate();
    const at = start(
      {
        announce: () => Promise.reject(new UnrecoverableError('for good')),
      },
      { onJobFailed: () => failed.open() },
    );
    await at.queues.enqueue(announce, toAnnounce);
    await failed.promise;
    expect(await withQueue('announce', (queue) => queue.getJob('announce_A'))).toBeUndefined();
    failed = makeGate();
    await at.queues.enqueue(announce, toAnnounce);
    await failed.promise;
  });

  it.each([
    ['no name that is known', { name: 'explode', request: 'A' }],
    ['a missing part', { name: 'batch', request: 'A' }],
    ['more than it may have', { name: 'announce', request: 'A', secret: 'x' }],
    ['a part of another form', { name: 'survey', request: 'A', selection: -1 }],
    ['nothing', undefined],
  ])('with %s fails loudly and reaches no handler', async (_what, data) => {
    const failed = makeGate<string>();
    const called: string[] = [];
    const note = (name: string) => async () => {
      called.push(name);
      return undefined;
    };
    start(
      { announce: note('announce'), batch: note('batch'), survey: note('survey') },
      { onJobFailed: ({ name }, error) => failed.open(`${name} ${error.name}`) },
    );
    await withQueue('announce', (queue) => queue.add('spoilt', data, { jobId: 'spoilt' }));
    expect(await failed.promise).toBe('spoilt ZodError');
    expect(called).toEqual([]);
  });

  it('reaches the handler of its name', async () => {
    const seen: Job[] = [];
    const note = async (job: Job) => {
      seen.push(job);
      return undefined;
    };
    const at = start({ announce: note, batch: note, survey: note, sweep: note, expire: note });
    const jobs: Job[] = [
      { name: 'survey', request: 'A', selection: 0 },
      { name: 'batch', request: 'A', batch: 'b1' },
      { name: 'announce', request: 'A' },
      { name: 'sweep' },
    ];
    for (const job of jobs) await at.queues.enqueue(job, { lane: 'requests', id: `of_${job.name}` });
    const last: Job = { name: 'expire', request: 'A' };
    await at.queues.enqueue(last, { lane: 'requests', id: 'last' });
    while (seen.length < 5) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([...jobs, last]);
  });
});

describe('lanes', () => {
  it('one account whose calls hang holds up no other account, and no telling', async () => {
    const hanging = makeGate();
    const arrived = makeGate();
    const others = [makeGate(), makeGate()];
    let stuck = 0;
    const at = start(
      {
        batch: async ({ request }) => {
          if (request !== SLOW) return void others[0]?.open();
          stuck += 1;
          if (stuck === 2) arrived.open();
          await hanging.promise;
          return undefined;
        },
        announce: async () => void others[1]?.open(),
      },
      { concurrency: 2 },
    );
    for (const id of ['one', 'two', 'three']) {
      await at.queues.enqueue(batch(SLOW), { lane: accountLane(SLOW), id });
    }
    await arrived.promise;
    await at.queues.enqueue(batch(QUICK), { lane: accountLane(QUICK), id: 'one' });
    await at.queues.enqueue(announce, toAnnounce);
    await Promise.all(others.map(({ promise }) => promise));
    expect(stuck).toBe(2);
    hanging.open();
  });
});

describe('stopping', () => {
  it('takes nothing new, and waits for what runs', async () => {
    const parked = makeGate();
    const arrived = makeGate();
    let ran = 0;
    let isAborted: boolean | undefined;
    const at = start({
      announce: async (_job, signal) => {
        ran += 1;
        arrived.open();
        await parked.promise;
        isAborted = signal.aborted;
        return undefined;
      },
    });
    await at.queues.enqueue(announce, toAnnounce);
    await arrived.promise;
    const stopped = at.workers.stop(60_000).then(() => 'stopped');
    await at.queues.enqueue(announce, { lane: 'announce', id: 'announce_B' });
    expect(await Promise.race([stopped, Promise.resolve('waits')])).toBe('waits');
    parked.open();
    expect(await stopped).toBe('stopped');
    expect({ ran, isAborted }).toEqual({ ran: 1, isAborted: false });
    expect(await withQueue('announce', (queue) => queue.getWaitingCount())).toBe(1);
  });

  it('aborts what runs longer than the limit', async () => {
    const arrived = makeGate();
    const limit = new AbortController();
    const announcing: Handlers['announce'] = (_job, signal) => {
      arrived.open();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ againInMs: 60_000 }));
      });
    };
    const at = start({ announce: announcing }, { limit: limit.signal });
    await at.queues.enqueue(announce, toAnnounce);
    await arrived.promise;
    const stopped = at.workers.stop(60_000);
    limit.abort();
    await stopped;
    expect(await withQueue('announce', (queue) => queue.getDelayedCount())).toBe(1);
    expect(at.failures).toEqual([]);
  });

  it('twice is once', async () => {
    const at = start({});
    const both = [at.workers.stop(1_000), at.workers.stop(1)];
    expect(both[0]).toBe(both[1]);
    await Promise.all(both);
    await at.workers.stop(1);
  });
});
