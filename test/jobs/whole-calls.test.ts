import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Fault, WorldState } from '../../playground/clouds/cloud.js';
import type { KindId } from '../../playground/stage/clouds.js';
import type { Request } from '../../src/jobs/request.js';
import { type Simulation, startSimulation, TIMING } from './simulation.js';

/** Calls that a cloud refuses as a whole, for one instance or for all: whom it is told of, and who waits for whom. */

jest.setTimeout(120_000);

const DETACH = 'DisassociateInstancesKeyPairs';
const ATTACH = 'AssociateInstancesKeyPairs';
const ALWAYS = Number.POSITIVE_INFINITY;

let simulation: Simulation | undefined;
afterEach(async () => {
  await simulation?.stop();
  simulation = undefined;
});

async function play(kind: KindId, count: number, state: WorldState): Promise<Simulation> {
  const states = Array.from({ length: count }, () => state);
  simulation = await startSimulation({ kind, states, restart: state === 'running' });
  return simulation;
}

function refuse({ cloud: { cloud, ids } }: Simulation, places: readonly number[], operation: string, code: string) {
  for (const place of places) {
    cloud.fail(operation, { kind: 'instance-code', instanceId: ids[place] ?? '', code }, ALWAYS);
  }
}

/** The calls, each as the places of its instances. */
const callsOf = ({ cloud: { cloud, ids } }: Simulation, operation: string): string[] =>
  cloud.calls
    .filter((call) => call.operation === operation)
    .map(({ instanceIds }) => instanceIds.map((id) => ids.indexOf(id)).join(''));
const statesOf = ({ cloud: { cloud } }: Simulation) => [...cloud.world.instances.values()].map(({ state }) => state);
const outcomesOf = ({ cloud: { ids } }: Simulation, { outcomes }: Request) => ids.map((id) => outcomes.get(`0/${id}`));
const DONE = { kind: 'detached', effective: 'now' };

/** Codes of which nobody knows for sure whether it is about one of them, and that it was not done all the same. */
const UNSURE = [
  'ResourcesSoldOut.SpecifiedInstanceType',
  'ResourceInsufficient.ZoneSoldOutForSpecifiedInstance',
  'LimitExceeded.Some',
  'FailedOperation.Some',
  'UnsupportedOperation.SomethingNew',
  'Brand.New',
];
const FORBIDDEN = ['UnauthorizedOperation', 'AuthFailure.UnauthorizedOperation'];

describe('one of four that cannot be started', () => {
  const CODES = [...UNSURE, ...FORBIDDEN, 'InvalidInstance.NotSupported', 'InternalServerError'];

  it.each(CODES)('keeps no other off: %s', async (code) => {
    const playing = await play('tencent', 4, 'running');
    refuse(playing, [1], 'StartInstances', code);
    const request = await playing.drive(({ outcomes }) => outcomes.size === 3);
    expect(outcomesOf(playing, request)).toEqual([DONE, undefined, DONE, DONE]);
    expect(statesOf(playing)).toEqual(['running', 'stopped', 'running', 'running']);
    await playing.drive(({ batches }) => [...batches.values()].some(({ stranded }) => stranded.size > 0));
    expect(await playing.eventsOf('stranded')).toMatchObject([{ code, instances: [playing.cloud.ids[1]] }]);
    playing.cloud.cloud.clearFaults();
    expect(outcomesOf(playing, await playing.drive())).toEqual([DONE, DONE, DONE, DONE]);
  });

  it('is tried in turns of its own, and ever more seldom', async () => {
    const playing = await play('tencent', 8, 'running');
    refuse(playing, [0], 'StartInstances', 'InvalidInstance.NotSupported');
    const calls = () => callsOf(playing, 'StartInstances');
    await playing.drive(() => calls().length === 12);
    expect(calls().join(' ')).toBe('01234567 0123 01 0 1 23 4567 0 0 0 0 0');
    expect((await playing.eventsOf('stranded')).flatMap(({ instances }) => instances)).toEqual([playing.cloud.ids[0]]);
  });

  it('all of them are tried together, and each again and again alone', async () => {
    const playing = await play('tencent', 4, 'running');
    refuse(playing, [0, 1, 2, 3], 'StartInstances', 'ResourcesSoldOut.SpecifiedInstanceType');
    await playing.drive(() => callsOf(playing, 'StartInstances').length > 30);
    const alone = callsOf(playing, 'StartInstances').filter(({ length }) => length === 1);
    expect(new Set(alone)).toEqual(new Set(['0', '1', '2', '3']));
  });
});

describe('one of eight that is busy', () => {
  it.each<[string, WorldState, string]>([
    ['a detach', 'stopped', DETACH],
    ['a stop', 'running', 'StopInstances'],
  ])('holds no other up: %s', async (_what, state, operation) => {
    const playing = await play('tencent', 8, state);
    refuse(playing, [2], operation, 'MutexOperation.TaskRunning');
    const done = await playing.drive(({ outcomes }) => outcomes.size === 7);
    expect(outcomesOf(playing, done)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((place) => (place === 2 ? undefined : DONE)),
    );
    const request = await playing.drive();
    expect(outcomesOf(playing, request)[2]).toMatchObject({ kind: 'failed', code: 'MutexOperation.TaskRunning' });
    expect(statesOf(playing)).toEqual(Array.from({ length: 8 }, () => state));
  });
});

describe('one of eight that is refused, and may be done', () => {
  it.each([...UNSURE, ...FORBIDDEN])('is told of that one: %s', async (code) => {
    const playing = await play('tencent', 8, 'stopped');
    refuse(playing, [5], DETACH, code);
    const request = await playing.drive();
    const failed = expect.objectContaining({ kind: 'failed', code });
    expect(outcomesOf(playing, request)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((place) => (place === 5 ? failed : DONE)),
    );
    expect(playing.vain).toEqual([]);
  });

  it.each([...UNSURE, ...FORBIDDEN])('is told of that one when it is stopped, or attached: %s', async (code) => {
    const playing = await play('tencent', 4, 'running');
    refuse(playing, [3], 'StopInstances', code);
    const failed = expect.objectContaining({ kind: 'failed', code });
    expect(outcomesOf(playing, await playing.drive())).toEqual([DONE, DONE, DONE, failed]);
    playing.cloud.cloud.clearFaults();
    await playing.goOn('undo', { restart: true });
    refuse(playing, [0], ATTACH, code);
    const attached = { kind: 'attached', effective: 'now' };
    expect(outcomesOf(playing, await playing.drive())).toEqual([failed, attached, attached, undefined]);
    expect(statesOf(playing)).toEqual(['running', 'running', 'running', 'running']);
    expect(playing.vain).toEqual([]);
  });
});

describe('what is everyone’s', () => {
  it.each(['MissingParameter', 'UnauthorizedOperation', 'Brand.New'])(
    'is told of each after few calls: %s',
    async (code) => {
      const playing = await play('tencent', 100, 'stopped');
      playing.cloud.cloud.fail(DETACH, { kind: 'code', code }, ALWAYS);
      const request = await playing.drive();
      expect(outcomesOf(playing, request)).toEqual(
        playing.cloud.ids.map(() => expect.objectContaining({ kind: 'failed', code })),
      );
      expect(callsOf(playing, DETACH).length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(100)));
    },
  );

  it('is not halved where it is about no instance', async () => {
    const playing = await play('tencent', 20, 'stopped');
    playing.cloud.cloud.fail(DETACH, { kind: 'code', code: 'ResourceNotFound.KeyPairNotFound' }, ALWAYS);
    await playing.drive();
    expect(callsOf(playing, DETACH)).toHaveLength(1);
  });
});

describe('a cancel between two halves', () => {
  it.each([
    ['ends what the cloud surely did not take', 'InvalidInstance.NotSupported', 2],
    ['ends it only where that is sure', 'Brand.New', 1],
  ])('%s: %s', async (_what, code, calls) => {
    const playing = await play('tencent', 8, 'stopped');
    refuse(playing, [0], DETACH, code);
    await playing.drive(() => callsOf(playing, DETACH).length === calls);
    await playing.transact({ type: 'cancel', by: 'U0BOB' });
    const request = await playing.drive();
    expect(request.state).toBe('cancelled');
    const isSure = code !== 'Brand.New';
    const others = isSure ? { kind: 'skipped', reason: 'cancelled' } : DONE;
    const bad = isSure ? others : expect.objectContaining({ kind: 'failed', code });
    expect(outcomesOf(playing, request)).toEqual([bad, others, others, others, others, others, others, others]);
    if (isSure) expect(callsOf(playing, DETACH)).toHaveLength(calls);
  });
});

describe('whatever cannot be started', () => {
  it('keeps nobody else off', async () => {
    const codes = fc.constantFrom('InvalidInstance.NotSupported', 'UnauthorizedOperation', 'Brand.New');
    await fc.assert(
      fc.asyncProperty(fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]), codes, async (bad, code) => {
        const playing = await play('tencent', 9, 'running');
        refuse(playing, bad, 'StartInstances', code);
        const good = playing.cloud.ids.filter((_, place) => !bad.includes(place));
        const request = await playing.drive(({ outcomes }) => good.every((id) => outcomes.has(`0/${id}`)));
        expect(good.map((id) => request.outcomes.get(`0/${id}`))).toEqual(good.map(() => DONE));
        playing.cloud.cloud.clearFaults();
        await playing.drive();
        expect(new Set(statesOf(playing))).toEqual(new Set(['running']));
        await playing.stop();
        simulation = undefined;
      }),
      { numRuns: 15, endOnFailure: true, examples: [[[0, 1, 2, 3, 4, 5, 6, 7], 'Brand.New']] },
    );
  });
});

describe('a throttle between two halves', () => {
  it('is waited for as one, however many calls there were before', async () => {
    const playing = await play('tencent', 100, 'stopped');
    const bad = () => refuse(playing, [17, 88], DETACH, 'InvalidInstance.NotSupported');
    bad();
    await playing.drive(() => callsOf(playing, DETACH).length === 8);
    const { cloud } = playing.cloud;
    cloud.clearFaults();
    cloud.fail(DETACH, { kind: 'throttle' }, 3);
    bad();
    const throttledAt = playing.now();
    await playing.drive(() => callsOf(playing, DETACH).length === 12);
    // 1 s, 2 s and 4 s, with what the calls and the looks between them take.
    expect(playing.now() - throttledAt).toBeLessThan(TIMING.patienceMs / 2);
    const failed = expect.objectContaining({ kind: 'failed', code: 'InvalidInstance.NotSupported' });
    const isBad = (place: number) => place === 17 || place === 88;
    expect(outcomesOf(playing, await playing.drive())).toEqual(
      playing.cloud.ids.map((_, place) => (isBad(place) ? failed : DONE)),
    );
  });
});

describe('a cloud that answers for each instance, and refuses a whole call all the same', () => {
  const refusals: readonly [KindId, Extract<Fault, { kind: 'code' }>][] = [
    ['alibaba', { kind: 'code', code: 'DependencyViolation.WindowsInstance', httpStatus: 403 }],
    ['alibaba', { kind: 'code', code: 'InvalidInstanceId.NotFound', httpStatus: 404 }],
    ['volcengine', { kind: 'code', code: 'InvalidInstance.NotFound', httpStatus: 404 }],
  ];

  it.each(refusals)('is halved: %s, %j', async (kind, fault) => {
    const playing = await play(kind, 4, 'stopped');
    playing.cloud.cloud.fail('DetachKeyPair', fault, 3);
    const request = await playing.drive();
    const failed = expect.objectContaining({ kind: 'failed', code: fault.code });
    expect(outcomesOf(playing, request)).toEqual([failed, DONE, DONE, DONE]);
    expect(callsOf(playing, 'DetachKeyPair').join(' ')).toBe('0123 01 0 1 23');
  });
});
