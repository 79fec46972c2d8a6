import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Fault, WorldState } from '../../playground/clouds/cloud.js';
import { KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { isKeyPairStep } from '../../src/jobs/events.js';
import type { Request } from '../../src/jobs/request.js';
import { type SimulationOptions, startSimulation, TIMING } from './simulation.js';

/** How many calls a run makes at the cloud, for any number of instances: what could be spared is a fault. */

jest.setTimeout(180_000);

const WRITE = /^(DetachKeyPair|AttachKeyPair|(Disa|A)ssociate\w+|StopInstances|StartInstances|RebootInstances|POST )/;
/** Instances that a call takes, by the clouds' documents. */
const KEY_PAIR_CALL: Readonly<Record<KindId, number>> = { alibaba: 50, tencent: 100, volcengine: 100, huawei: 1 };
const POWER_CALL = 100;

/**
 * As many calls as the instances fill that come to a step by the same way. Nothing waits for what has to stop first,
 * nor is kept off until others are done: what one step has parted stays apart.
 */
function fewestWrites(kind: KindId, { targets }: Request): number {
  const counts = new Map<string, { fill: number; count: number }>();
  for (const { steps } of targets.values()) {
    let fill = POWER_CALL;
    steps.forEach((step, index) => {
      if (step === 'verify') return;
      if (isKeyPairStep(step)) fill = Math.min(fill, KEY_PAIR_CALL[kind]);
      const way = steps.slice(0, index + 1).join();
      counts.set(way, { fill, count: (counts.get(way)?.count ?? 0) + 1 });
    });
  }
  return [...counts.values()].reduce((sum, { fill, count }) => sum + Math.ceil(count / fill), 0);
}

/** How often a wait of so long is looked at: every `pollMs` at first, then each time a quarter later than the last. */
const looksIn = (ms: number) =>
  Math.ceil(Math.min(ms, 4 * TIMING.pollMs) / TIMING.pollMs) +
  Math.ceil(Math.log(Math.max(1, ms / (4 * TIMING.pollMs))) / Math.log(1.25)) +
  1;

/** One look before each call, and those at what it leads to. Huawei's adapter reads tasks as well, and once more itself. */
function mostReads(kind: KindId, writes: number, lag: number): number {
  const looks = 1 + looksIn(lag);
  return writes * (kind === 'huawei' ? 2 * looks + 2 : looks);
}

const plot = fc.record({
  kind: fc.constantFrom(...KIND_IDS),
  states: fc.array(fc.constantFrom<WorldState>('running', 'stopped'), { minLength: 1, maxLength: 14 }),
  restart: fc.boolean(),
  lag: fc.constantFrom(0, 700, 9_000),
  isUndone: fc.boolean(),
});
type Plot = typeof plot extends fc.Arbitrary<infer T> ? T : never;
type Planted = Pick<SimulationOptions, 'traits' | 'timing'> & { faults?: readonly Fault[] };

async function play({ isUndone, ...options }: Plot, { faults = [], ...planted }: Planted = {}): Promise<void> {
  const simulation = await startSimulation({ ...options, ...planted });
  try {
    if (isUndone) {
      await simulation.drive();
      if (!(await simulation.goOn('undo')).ok) return;
    }
    const { cloud } = simulation.cloud;
    for (const fault of faults) cloud.fail(WRITE, fault);
    const from = cloud.calls.length;
    const request = await simulation.drive();
    if (request.state === 'rejected') return;
    expect(request.state).toBe('finished');
    const made = cloud.calls.slice(from);
    const writes = made.filter(({ operation }) => WRITE.test(operation)).length;
    expect(writes).toBeLessThanOrEqual(fewestWrites(options.kind, request) + faults.length);
    if (faults.length === 0) {
      expect(made.length - writes).toBeLessThanOrEqual(mostReads(options.kind, writes, options.lag));
    }
  } finally {
    await simulation.stop();
  }
}

const fault = fc.constantFrom<Fault>(
  { kind: 'throttle' },
  { kind: 'reply-lost' },
  { kind: 'html' },
  { kind: 'server-error', when: 'before' },
  { kind: 'server-error', when: 'after' },
);

/** On the cloud that refuses a whole call for one instance. */
const refusals = fc
  .record({
    operation: fc.constantFrom(
      'StopInstances',
      'DisassociateInstancesKeyPairs',
      'AssociateInstancesKeyPairs',
      'StartInstances',
    ),
    count: fc.integer({ min: 3, max: 14 }),
    state: fc.constantFrom<WorldState>('running', 'stopped'),
    code: fc.constantFrom(
      'InvalidInstance.NotSupported',
      'MutexOperation.TaskRunning',
      'UnauthorizedOperation',
      'InvalidParameterValue.Some',
      'ResourcesSoldOut.SpecifiedInstanceType',
      'Brand.New',
    ),
    bad: fc.uniqueArray(fc.nat({ max: 13 }), { minLength: 1, maxLength: 2 }),
    throttles: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ operation, state, bad, ...drawn }) => ({
    ...drawn,
    operation,
    state: /^(Stop|Start)/.test(operation) ? 'running' : state,
    bad: [...new Set(bad.map((place) => place % drawn.count))],
  }));
type Refusals = typeof refusals extends fc.Arbitrary<infer T> ? T : never;

async function playRefusals({ operation, count, state, code, bad, throttles }: Refusals): Promise<void> {
  const states = Array.from({ length: count }, () => state);
  const simulation = await startSimulation({ kind: 'tencent', states, restart: state === 'running' });
  try {
    if (operation.startsWith('Associate')) {
      await simulation.drive();
      await simulation.goOn('undo', { restart: state === 'running' });
    }
    const { cloud, ids } = simulation.cloud;
    const from = cloud.calls.length;
    cloud.fail(operation, { kind: 'throttle' }, throttles);
    for (const place of bad) {
      cloud.fail(operation, { kind: 'instance-code', instanceId: ids[place] ?? '', code }, Number.POSITIVE_INFINITY);
    }
    const good = ids.filter((_, place) => !bad.includes(place));
    const done = await simulation.drive(({ outcomes }) => good.every((id) => outcomes.has(`0/${id}`)));
    const kind = done.action === 'attach' ? 'attached' : 'detached';
    expect(good.map((id) => done.outcomes.get(`0/${id}`))).toEqual(good.map(() => ({ kind, effective: 'now' })));
    const calls = cloud.calls.slice(from).filter((call) => call.operation === operation);
    const callsWith = (id: string) => calls.filter(({ instanceIds }) => instanceIds.includes(id)).length;
    const halvings = Math.ceil(Math.log2(count));
    const needed = calls.filter(({ instanceIds }) => instanceIds.some((id) => good.includes(id))).length;
    expect(needed).toBeLessThanOrEqual(1 + bad.length * 2 * halvings + throttles);
    expect(Math.max(...good.map(callsWith))).toBeLessThanOrEqual(1 + halvings + throttles);
    if (operation === 'StartInstances') cloud.clearFaults();
    const over = await simulation.drive();
    const expected = operation === 'StartInstances' ? { kind } : { kind: 'failed', code };
    for (const place of bad) expect(over.outcomes.get(`0/${ids[place]}`)).toMatchObject(expected);
    expect([...cloud.world.instances.values()].map((instance) => instance.state)).toEqual(states);
    expect(simulation.vain).toEqual([]);
  } finally {
    await simulation.stop();
  }
}

describe('a run', () => {
  it('makes as few calls as its instances fill, and looks ever more seldom at what it waits for', async () => {
    await fc.assert(
      fc.asyncProperty(plot, (drawn) => play(drawn)),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it('makes one call more for each fault at most', async () => {
    await fc.assert(
      fc.asyncProperty(plot, fc.array(fault, { minLength: 1, maxLength: 3 }), (drawn, faults) =>
        play({ ...drawn, lag: 0 }, { faults }),
      ),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it('is about one or two that the cloud refuses: the others are done, after few calls and waiting for none', async () => {
    await fc.assert(fc.asyncProperty(refusals, playRefusals), { numRuns: 60, endOnFailure: true });
  });

  const many: Plot = {
    kind: 'alibaba',
    states: ['running', 'running', 'running'],
    restart: true,
    lag: 9_000,
    isUndone: false,
  };
  const limits = { read: 100, detach: 1, attach: 1, stop: 100, start: 100, restart: 100 };
  it.each<[string, Plot, Planted]>([
    ['a call for each instance', many, { traits: { limits } }],
    ['a call for each instance that is attached', { ...many, isUndone: true }, { traits: { limits } }],
    ['looks that come ten times as often', { ...many, kind: 'tencent' }, { timing: { pollMs: TIMING.pollMs / 10 } }],
  ])('a planted fault is seen: %s', async (_what, drawn, planted) => {
    await expect(play(drawn, planted)).rejects.toThrow('toBeLessThanOrEqual');
  });
});
