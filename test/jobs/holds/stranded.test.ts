import { describe, expect, it, jest } from '@jest/globals';
import { KEY, type KindId } from '../../../playground/stage/clouds.js';
import type { Request } from '../../../src/jobs/request.js';
import { type Simulation, type SimulationOptions, startSimulation, TIMING } from '../simulation.js';

/** Instances that the bot stopped and that do not start again. */

const START = { tencent: 'StartInstances', huawei: /^POST .*\/action$/ } as const;
const CODE = { tencent: 'ResourcesSoldOut.SpecifiedInstanceType', huawei: 'Ecs.0000' } as const;
type Kind = keyof typeof START;
const STATES = ['running', 'running', 'running'] as const;

jest.setTimeout(120_000);

async function play(
  kind: KindId,
  test: (simulation: Simulation) => Promise<void>,
  more: Partial<SimulationOptions> = {},
): Promise<void> {
  const simulation = await startSimulation({ kind, states: STATES, restart: true, ...more });
  try {
    await test(simulation);
  } finally {
    await simulation.stop();
  }
}

const isStopped = (request: Request) => [...request.batches.values()].some(({ step }) => step === 'start');
const isStranded = (request: Request) => [...request.batches.values()].some(({ stranded }) => stranded.size > 0);
const outcomesOf = ({ outcomes }: Request) => [...outcomes.values()];
const instancesOf = ({ cloud: { cloud } }: Simulation) => [...cloud.world.instances.values()];

/** From when they are off, no start is taken. */
async function untilStranded(simulation: Simulation, kind: Kind): Promise<void> {
  await simulation.drive(isStopped);
  simulation.cloud.cloud.fail(START[kind], { kind: 'code', code: CODE[kind] }, Number.POSITIVE_INFINITY);
  await simulation.drive(isStranded);
}

describe('an instance that the bot stopped and cannot start', () => {
  it('is told of once, not at the first hiccup, with what the cloud says; and it is tried on', async () => {
    await play('tencent', async (simulation) => {
      await simulation.drive(isStopped);
      const off = simulation.now();
      await untilStranded(simulation, 'tencent');
      expect(simulation.now() - off).toBeGreaterThanOrEqual(TIMING.alarmMs);
      const tries = () => simulation.cloud.cloud.calls.filter(({ operation }) => operation === 'StartInstances').length;
      const before = tries();
      expect(before).toBeGreaterThan(2);
      await simulation.drive(() => tries() > before + 2);
      const { ids } = simulation.cloud;
      expect(await simulation.eventsOf('stranded')).toMatchObject([
        { code: CODE.tencent, hint: 'sold-out', instances: ids },
      ]);
      simulation.cloud.cloud.clearFaults();
      const request = await simulation.drive();
      expect(request.state).toBe('finished');
      expect(outcomesOf(request)).toEqual(ids.map(() => ({ kind: 'detached', effective: 'now' })));
      expect(instancesOf(simulation).map(({ state }) => state)).toEqual(STATES);
    });
  });

  it('goes on when somebody starts it by hand', async () => {
    await play('tencent', async (simulation) => {
      await untilStranded(simulation, 'tencent');
      for (const instance of instancesOf(simulation)) instance.state = 'running';
      const request = await simulation.drive();
      expect(request.state).toBe('finished');
      expect(outcomesOf(request)).toEqual(STATES.map(() => ({ kind: 'detached', effective: 'now' })));
    });
  });

  it('is told of after a cancel as well', async () => {
    await play('tencent', async (simulation) => {
      await simulation.drive(isStopped);
      await simulation.transact({ type: 'cancel', by: 'U0BOB' });
      await untilStranded(simulation, 'tencent');
      simulation.cloud.cloud.clearFaults();
      expect((await simulation.drive()).state).toBe('cancelled');
      expect(await simulation.eventsOf('stranded')).toHaveLength(1);
    });
  });

  it('is told of when no reading works', async () => {
    await play('tencent', async (simulation) => {
      await simulation.drive(isStopped);
      const always = Number.POSITIVE_INFINITY;
      simulation.cloud.cloud.fail('DescribeInstances', { kind: 'server-error', when: 'before' }, always);
      await simulation.drive(isStranded);
      simulation.cloud.cloud.clearFaults();
      await simulation.drive();
      expect(await simulation.eventsOf('stranded')).toMatchObject([
        { code: 'InternalServerError', instances: simulation.cloud.ids },
      ]);
    });
  });

  it('each of a cloud that takes one at a time', async () => {
    await play('huawei', async (simulation) => {
      await simulation.drive((request) => request.targets.size > 0 && isStopped(request));
      simulation.cloud.cloud.fail(START.huawei, { kind: 'server-error', when: 'before' }, Number.POSITIVE_INFINITY);
      await simulation.drive(isStranded);
      simulation.cloud.cloud.clearFaults();
      const request = await simulation.drive();
      expect(request.state).toBe('finished');
      expect(instancesOf(simulation).map(({ state }) => state)).toEqual(STATES);
    });
  });
});

describe('one whose start was never sent', () => {
  it('is not said to have been taken', async () => {
    let isShut = false;
    const reserve: SimulationOptions['reserve'] = (operation) => (isShut && operation === 'start' ? 1_500 : 0);
    await play(
      'tencent',
      async (simulation) => {
        isShut = true;
        await simulation.drive(isStranded);
        isShut = false;
        const message = 'no call to start it was answered yet';
        expect(await simulation.eventsOf('stranded')).toMatchObject([{ message, instances: simulation.cloud.ids }]);
        await simulation.drive();
        expect(instancesOf(simulation).map(({ state }) => state)).toEqual(STATES);
      },
      { reserve },
    );
  });
});

describe('one that the cloud stops showing', () => {
  it('may come back for a long time', async () => {
    await play('tencent', async (simulation) => {
      await simulation.drive(isStopped);
      const [lost] = instancesOf(simulation);
      if (lost === undefined) throw new Error('no instance');
      const { instances } = simulation.cloud.cloud.world;
      instances.delete(lost.id);
      const off = simulation.now();
      await simulation.drive(() => simulation.now() > off + TIMING.giveUpMs / 2);
      expect(await simulation.eventsOf('stranded')).toMatchObject([{ code: 'NotStarted', instances: [lost.id] }]);
      instances.set(lost.id, lost);
      const request = await simulation.drive();
      expect(request.outcomes.get(`0/${lost.id}`)).toEqual({ kind: 'detached', effective: 'now' });
      expect(lost.state).toBe('running');
    });
  });

  it('is given up at last, which takes nothing from its detach', async () => {
    await play('tencent', async (simulation) => {
      await simulation.drive(isStopped);
      const [lost] = instancesOf(simulation);
      simulation.cloud.cloud.world.instances.delete(lost?.id ?? '');
      const off = simulation.now();
      const request = await simulation.drive();
      expect(simulation.now() - off).toBeGreaterThanOrEqual(TIMING.giveUpMs);
      expect(request.state).toBe('finished');
      expect(request.outcomes.get(`0/${lost?.id}`)).toMatchObject({
        kind: 'detached',
        effective: 'now',
        restartFailed: { code: 'NotStarted' },
      });
    });
  });
});

describe.each(['tencent', 'huawei'] as const)('on %s, one that is locked while it is off', (kind) => {
  const LOCK = { tencent: 'EXPIRED', huawei: 'locked' } as const;
  const lockFirst = async (simulation: Simulation) => {
    await simulation.drive(isStopped);
    const [locked] = instancesOf(simulation);
    if (locked === undefined) throw new Error('no instance');
    locked.lock = LOCK[kind];
    return locked;
  };

  it('is told of, tried on, and given up at last', async () => {
    await play(kind, async (simulation) => {
      const locked = await lockFirst(simulation);
      const off = simulation.now();
      const request = await simulation.drive();
      expect(simulation.now() - off).toBeGreaterThanOrEqual(TIMING.giveUpMs);
      expect((await simulation.eventsOf('stranded')).flatMap(({ instances }) => instances)).toEqual([locked.id]);
      expect(request.state).toBe('finished');
      const restartFailed = { code: 'NotStarted', message: `it is locked: ${LOCK[kind]}` };
      expect(request.outcomes.get(`0/${locked.id}`)).toEqual({ kind: 'detached', effective: 'now', restartFailed });
      expect(instancesOf(simulation).map(({ state }) => state)).toEqual(['stopped', 'running', 'running']);
    });
  });

  it('is started when the lock is lifted', async () => {
    await play(kind, async (simulation) => {
      const locked = await lockFirst(simulation);
      await simulation.drive(isStranded);
      delete locked.lock;
      const request = await simulation.drive();
      expect(outcomesOf(request)).toEqual(STATES.map(() => ({ kind: 'detached', effective: 'now' })));
      expect(locked.state).toBe('running');
    });
  });
});

describe.each([
  ['cannot be loaded', 'isBuilt', 'account-not-built'],
  ['left the config', 'isConfigured', 'account-not-configured'],
] as const)('an account that %s', (_what, is, hint) => {
  it('is waited for as one that lets nobody in', async () => {
    let isThere = true;
    await play(
      'tencent',
      async (simulation) => {
        isThere = false;
        const paused = await simulation.drive((request) => request.pauses.size > 0);
        expect(paused.pauses.get(simulation.cloud.account)).toMatchObject({ hint, off: 0 });
        simulation.pass(2 * TIMING.patienceMs);
        isThere = true;
        const request = await simulation.drive();
        expect(request.state).toBe('finished');
        expect(await simulation.eventsOf('resumed')).toHaveLength(1);
        expect(instancesOf(simulation).flatMap(({ keyPairs }) => keyPairs)).not.toContain(KEY);
      },
      { [is]: () => isThere },
    );
  });
});
