import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fault, WorldState } from '../../playground/clouds/cloud.js';
import { KEY } from '../../playground/stage/clouds.js';
import type { Fault as ApiFault } from '../../src/providers/failures.js';
import { type Simulation, startSimulation, TIMING } from './simulation.js';

/** A cloud that refuses a whole call for one of its instances, without a word on which one. */

const DETACH = 'DisassociateInstancesKeyPairs';
const CODE = 'InvalidInstance.NotSupported';

let simulation: Simulation | undefined;
afterEach(async () => {
  await simulation?.stop();
  simulation = undefined;
});

async function start(count: number, state: WorldState = 'stopped'): Promise<Simulation> {
  const states = Array.from({ length: count }, () => state);
  simulation = await startSimulation({ kind: 'tencent', states, restart: state === 'running' });
  return simulation;
}

const refuse = ({ cloud: { cloud } }: Simulation, instanceId: string, times: number, operation = DETACH) =>
  cloud.fail(operation, { kind: 'instance-code', instanceId, code: CODE }, times);

/** The bad ones failed and are as they were; all others are done; nothing was called for in vain, or left off. */
async function expectTruth({ cloud: { cloud, ids }, drive, vain }: Simulation, bad: readonly string[]) {
  const request = await drive();
  const isBad = (id: string) => bad.includes(id);
  const failed = { kind: 'failed', code: CODE };
  const done = { kind: 'detached', effective: 'now' };
  const told = ids.map((id) => request.outcomes.get(`0/${id}`));
  expect(told).toMatchObject(ids.map((id) => (isBad(id) ? failed : done)));
  const bound = ids.map((id) => cloud.world.instances.get(id)?.keyPairs);
  expect(bound).toEqual(ids.map((id) => (isBad(id) ? [KEY] : [])));
  expect(vain).toEqual([]);
}

const atPlaces = ({ cloud }: Simulation, places: readonly number[]) =>
  cloud.ids.filter((_, index) => places.includes(index));

describe('what the cloud does not take', () => {
  it.each([
    { places: [0] },
    { places: [4] },
    { places: [8] },
    { places: [1, 2] },
    { places: [0, 8] },
    { places: [0, 1, 2, 3, 4, 5, 6, 7, 8] },
  ])('is found among nine at $places, and the others are done', async ({ places }) => {
    const playing = await start(9);
    const bad = atPlaces(playing, places);
    for (const id of bad) refuse(playing, id, Number.POSITIVE_INFINITY);
    await expectTruth(playing, bad);
    const calls = playing.cloud.cloud.calls.filter(({ operation }) => operation === DETACH);
    expect(calls.length).toBeLessThanOrEqual(1 + 8 * bad.length);
  });

  it.each<{ fault: Fault }>([
    { fault: { kind: 'throttle' } },
    { fault: { kind: 'html' } },
    { fault: { kind: 'reply-lost' } },
    { fault: { kind: 'server-error', when: 'before' } },
    { fault: { kind: 'server-error', when: 'after' } },
  ])('is found also when a half meets $fault', async ({ fault }) => {
    const playing = await start(6);
    const [bad = ''] = atPlaces(playing, [4]);
    refuse(playing, bad, 1);
    playing.cloud.cloud.fail(DETACH, fault);
    refuse(playing, bad, Number.POSITIVE_INFINITY);
    await expectTruth(playing, [bad]);
  });

  it('is found when it cannot be stopped, and all run in the end', async () => {
    const playing = await start(5, 'running');
    const [bad = ''] = atPlaces(playing, [3]);
    refuse(playing, bad, Number.POSITIVE_INFINITY, 'StopInstances');
    await expectTruth(playing, [bad]);
    const { instances } = playing.cloud.cloud.world;
    expect([...instances.values()].map(({ state }) => state)).toEqual(playing.cloud.ids.map(() => 'running'));
  });

  it('is told as it is when it is started again', async () => {
    const playing = await start(4, 'running');
    const [bad = ''] = atPlaces(playing, [1]);
    refuse(playing, bad, 3, 'StartInstances');
    await expectTruth(playing, []);
    const { instances } = playing.cloud.cloud.world;
    expect([...instances.values()].map(({ state }) => state)).toEqual(playing.cloud.ids.map(() => 'running'));
  });
});

describe('an account that has no turn for a write', () => {
  it('keeps it from being claimed, so that nothing waits between claim and call', async () => {
    const waits = [1_500, 1_500, 1_500];
    const asked: string[] = [];
    simulation = await startSimulation({
      kind: 'tencent',
      states: ['stopped'],
      restart: false,
      reserve(operation, { region }) {
        asked.push(`${operation} ${region}`);
        return waits.shift() ?? 0;
      },
    });
    const began = simulation.now();
    const { cloud } = simulation.cloud;
    await simulation.drive(() => waits.length < 3);
    expect([...(await simulation.request()).batches.values()].map(({ epoch }) => epoch)).toEqual([0]);
    expect(cloud.calls.filter(({ operation }) => operation === DETACH)).toEqual([]);
    await expectTruth(simulation, []);
    expect(asked).toEqual(Array.from({ length: 4 }, () => `detach ${simulation?.cloud.region}`));
    expect([...(await simulation.request()).batches.values()].map(({ epoch }) => epoch)).toEqual([1]);
    expect(simulation.now()).toBeGreaterThanOrEqual(began + 3_000);
  });
});

describe('an account that has no turn for a reading', () => {
  it('is waited for, however long that takes', async () => {
    let shutUntil = Number.POSITIVE_INFINITY;
    const held: ApiFault = {
      kind: 'rate-limited',
      code: 'Paced',
      message: '',
      hint: 'rate-limited',
      repeat: 'later',
      retryAfterMs: 5_000,
    };
    const unread = () => (simulation !== undefined && simulation.now() < shutUntil ? held : undefined);
    simulation = await startSimulation({ kind: 'tencent', states: ['stopped'], restart: false, unread });
    shutUntil = simulation.now() + 2 * TIMING.patienceMs;
    await expectTruth(simulation, []);
    expect(simulation.now()).toBeGreaterThanOrEqual(shutUntil);
  });
});

describe('a cloud that cannot be read any more', () => {
  it.each([
    { calls: 0, hint: 'not-reached' },
    { calls: 1, hint: 'unread' },
  ])('after $calls calls is told by what may have been done: $hint', async ({ calls, hint }) => {
    simulation = await startSimulation({ kind: 'tencent', states: ['stopped'], restart: false, lag: 3_600_000 });
    const { cloud } = simulation.cloud;
    await simulation.drive(({ batches }) => [...batches.values()].some(({ epoch }) => epoch === calls));
    cloud.fail('DescribeInstances', { kind: 'reply-lost' }, Number.POSITIVE_INFINITY);
    const { outcomes } = await simulation.drive();
    expect([...outcomes.values()]).toMatchObject([{ kind: 'failed', code: 'Network', hint }]);
    expect(cloud.calls.filter(({ operation }) => operation === DETACH)).toHaveLength(calls);
  });
});
