import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KEY, KIND_IDS } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE, type Stage, startStage } from '../../playground/stage/stage.js';
import { createSweep } from '../../src/jobs/handlers/sweep.js';
import type { Enqueue } from '../../src/jobs/job.js';
import { createLog } from '../../src/jobs/log.js';
import { createRequestStore } from '../../src/jobs/requests.js';
import { createLogger } from '../../src/logger.js';
import { makeClock } from './house.js';
import { createCommand } from './samples.js';
import { openScope, redisUrl, type Scope } from './scope.js';

let scope: Scope;
beforeEach(() => {
  scope = openScope('sweep');
});
afterEach(() => scope.close());

const HOUR = 3_600_000;

function startSweep() {
  const clock = makeClock();
  const put: string[] = [];
  const failed: string[] = [];
  const log = createLog(scope.redis, scope.prefix);
  const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
  const enqueue: Enqueue = async (_job, { id }) => void put.push(id);
  const onFailed = (request: string, error: unknown) => void failed.push(`${request} ${String(error).split(':')[0]}`);
  const sweep = createSweep({ log, store, enqueue, gatherMs: 1_000, now: clock.now, onFailed });
  const run = () => sweep({ name: 'sweep' }, new AbortController().signal);
  const create = (id: string) =>
    store.transact(id, () => ({ ...createCommand(), facts: { ...createCommand().facts, id } }));
  return { clock, put, failed, log, store, run, create };
}

describe('the sweep', () => {
  it('looks after each open request, also at its end until it is told', async () => {
    const { put, run, create, log, store } = startSweep();
    await create('A');
    await create('B');
    await store.transact('B', () => ({ type: 'cancel', by: 'U0ASKER' }));
    await run();
    const told = 'announce_B_w1700000000';
    expect(put).toEqual(['survey_A_0', 'announce_A_w1700000000', told]);
    await log.noteClosed('A');
    put.length = 0;
    await run();
    expect(put).toEqual([told]);
  });

  it('goes on past a request that cannot be read, and says which', async () => {
    const { put, failed, run, create } = startSweep();
    for (const id of ['A', 'B', 'C']) await create(id);
    await scope.redis.xadd(`${scope.prefix}:{B}:log`, '2-0', 'schema', 99, 'at', 0, 'hash', 'x', 'events', '[]');
    await run();
    expect(put.filter((id) => id.startsWith('survey'))).toEqual(['survey_A_0', 'survey_C_0']);
    expect(failed).toEqual(['B LogUnreadable']);
  });

  it('forgets a request that never got an entry, but not at once', async () => {
    const { clock, put, run, log } = startSweep();
    await log.noteOpen('A', clock.now());
    clock.pass(HOUR);
    await run();
    expect(await log.listOpen()).toHaveLength(1);
    clock.pass(1);
    await run();
    expect(await log.listOpen()).toEqual([]);
    expect(put).toEqual([]);
  });
});

describe('Redis loses all that the queues had', () => {
  const states = ['stopped', 'stopped', 'running', 'running'] as const;
  const seeds = {
    alibaba: { states },
    tencent: { states },
    volcengine: { states },
    huawei: { states },
  } as const;
  let stage: Stage;
  beforeEach(async () => {
    const tuning = { keyPrefix: scope.prefix, sweepEveryMs: 200 };
    // Workers complain about each job that was taken from them.
    const logger = createLogger({ level: 'silent', secrets: [] });
    stage = await startStage({
      redisUrl: redisUrl(),
      transport: 'socket',
      seeds,
      tuning,
      slack: { rateLimits: false },
      logger,
    });
  });
  afterEach(() => stage.stop());

  /** All at one moment: a job that keeps its name and loses its place in the queue is no loss that Redis has. */
  const LOSE = `
local keys = redis.call('KEYS', ARGV[1])
for _, key in ipairs(keys) do redis.call('DEL', key) end
return #keys`;
  const lose = async () => Number(await scope.redis.eval(LOSE, 0, `{${scope.prefix}}:*`));
  const rootOf = (account: string) =>
    stage.slack
      .messages(CHANNEL)
      .find((message) => message.thread_ts === undefined && JSON.stringify(message.blocks).includes(account));

  it('and each request still comes to its true end, each instance told once', async () => {
    let lost = 0;
    for (const kind of KIND_IDS) {
      const { account, cloud, ids } = stage.clouds[kind];
      await stage.slack.as(PEOPLE.requester).command(CHANNEL, '/detach-key', `${account} ${KEY} all --restart`);
      lost += await lose();
      const root = await stage.slack.waitFor(() => {
        const found = rootOf(account);
        return JSON.stringify(found?.blocks ?? '').includes('"approve"') && found;
      }, `the plan for ${account}`);
      lost += await lose();
      const held = cloud.hold(/Stop|Detach|disassociate|os-stop|action/i);
      await stage.slack.as(PEOPLE.approver).click(root, 'approve');
      await held.arrived;
      lost += await lose();
      held.release();
      const toldOf = (id: string) =>
        stage.slack.thread(CHANNEL, root.ts).filter(({ ts, text }) => ts !== root.ts && text.includes(id)).length;
      await stage.slack.waitFor(
        () => {
          void lose();
          return rootOf(account)?.text.includes('Finished') && ids.every((id) => toldOf(id) > 0);
        },
        `the end of ${account}`,
        25_000,
      );
      for (const id of ids)
        expect([id, toldOf(id), cloud.world.instances.get(id)]).toMatchObject([id, 1, { keyPairs: [] }]);
      expect(ids.map((id) => cloud.world.instances.get(id)?.state)).toEqual(states);
    }
    expect(lost).toBeGreaterThan(10);
  }, 120_000);
});
