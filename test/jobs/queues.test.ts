import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { makeGate } from '../../playground/gate.js';
import { accountLane, type Job } from '../../src/jobs/job.js';
import { createQueues, type Queues } from '../../src/jobs/queues.js';
import { connectRedis } from '../../src/jobs/redis.js';
import { LANES, openQueues, SLOW, startLanes, stopLanes } from './lanes.js';
import { openScope, type Scope } from './scope.js';
import { openWire } from './wire.js';

const announce = (request: string): Job => ({ name: 'announce', request });

let scope: Scope;
let queues: Queues;
const looks: Queue[] = [];
beforeEach(() => {
  scope = openScope('queues');
  queues = openQueues(scope);
});
afterEach(async () => {
  await queues.close();
  await Promise.all(looks.splice(0).map((look) => look.close()));
  await scope.close();
});

/** What stands in a queue, seen with other eyes. */
function look(lane: string): Queue {
  const queue = new Queue(lane, { connection: scope.connect(), prefix: `{${scope.prefix}}` });
  looks.push(queue);
  return queue;
}

describe('enqueue', () => {
  it('puts a job of one id in once, and keeps the first', async () => {
    const put = (request: string) => queues.enqueue(announce(request), { lane: 'announce', id: 'announce_A' });
    await Promise.all([put('A'), put('A'), put('A')]);
    await put('B');
    const jobs = await look('announce').getJobs();
    expect(jobs.map(({ data }) => data)).toEqual([announce('A')]);
  });

  it('keeps a job that waits for its time', async () => {
    await queues.enqueue({ name: 'expire', request: 'A' }, { lane: 'requests', id: 'expire_A', delayMs: 60_000 });
    const [job] = await look('requests').getDelayed();
    expect(job).toMatchObject({ id: 'expire_A', delay: 60_000, data: { name: 'expire', request: 'A' } });
  });

  it('puts each account into its own lane, and all keys of the queues under one hash tag', async () => {
    for (const lane of LANES) await queues.enqueue(announce('A'), { lane, id: 'one' });
    for (const lane of LANES) expect([lane, await look(lane).count()]).toEqual([lane, 1]);
    const keys = await scope.keys(`*${scope.prefix}*`);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.startsWith(`{${scope.prefix}}:`))).toEqual([]);
  });

  it('has the account that left the config looked after in the lane of requests', async () => {
    await queues.enqueue(announce('A'), { lane: accountLane('gone'), id: 'one' });
    expect(await scope.keys(`{${scope.prefix}}:account-gone*`)).toEqual([]);
    expect(await look('requests').count()).toBe(1);
  });

  it('takes no job that carries more than ids', async () => {
    const large = announce('A'.repeat(5_000));
    await expect(queues.enqueue(large, { lane: 'announce', id: 'large' })).rejects.toThrow();
    expect(await look('announce').count()).toBe(0);
  });

  it.each([
    ['after it was there', true],
    ['before it was asked for anything', false],
  ])('says at once that Redis is away: %s', async (_when, isUsed) => {
    const wire = await openWire();
    const redis = await connectRedis(wire.url, { onLost() {}, onBack() {} });
    const connection = redis.producer;
    const create = () => createQueues({ connection, prefix: `{${scope.prefix}}`, accounts: [], onError: () => {} });
    const put = (at: Queues, id: string) => at.enqueue(announce('A'), { lane: 'announce', id });
    const used = create();
    await put(used, 'before');
    const closed = makeGate();
    connection.once('close', closed.open);
    wire.cut();
    await closed.promise;
    const own = isUsed ? used : create();
    const start = performance.now();
    await expect(put(own, 'away')).rejects.toThrow();
    expect(performance.now() - start).toBeLessThan(1_000);
    await Promise.all([used.close(), own.close()]);
    await redis.close();
    await wire.close();
  });
});

describe('the sweep', () => {
  const EVERY_MS = 150;

  it('is one for any number of processes', async () => {
    const others = [openQueues(scope), openQueues(scope)];
    for (const one of [queues, ...others]) await one.scheduleSweep(60_000);
    const requests = look('requests');
    expect(await requests.getJobSchedulers()).toMatchObject([{ key: 'sweep', every: 60_000 }]);
    expect((await requests.getDelayedCount()) + (await requests.getWaitingCount())).toBe(1);
    await Promise.all(others.map((one) => one.close()));
  });

  it('goes on after Redis has lost all that the queues had', async () => {
    let arrived = makeGate();
    const running = startLanes(scope, {
      sweep: async () => {
        arrived.open();
        return undefined;
      },
    });
    await running.queues.scheduleSweep(EVERY_MS);
    await arrived.promise;
    for (let loss = 0; loss < 3; loss += 1) {
      const keys = await scope.keys(`{${scope.prefix}}:*`);
      expect(keys.length).toBeGreaterThan(0);
      await scope.redis.del(...keys);
      arrived = makeGate();
      await arrived.promise;
    }
    await stopLanes(running);
  });

  it('is not scheduled any more once closed', async () => {
    await queues.scheduleSweep(EVERY_MS);
    await queues.close();
    await scope.redis.del(...(await scope.keys(`{${scope.prefix}}:*`)));
    const turn = makeGate();
    setTimeout(turn.open, 3 * EVERY_MS);
    await turn.promise;
    expect(await scope.keys(`{${scope.prefix}}:*`)).toEqual([]);
  });
});

it('a lane is named for its account', () => {
  expect(LANES).toContain(`account-${SLOW}`);
});
