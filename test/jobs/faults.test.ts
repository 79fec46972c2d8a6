import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fault, WorldState } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { type Death, startSimulation } from './simulation.js';

/** Any mix of clouds, states, flags, faults, deaths, credentials that expire and a cancel: what must hold whatever happens. */

const WRITES: Record<KindId, RegExp> = {
  alibaba: /^(DetachKeyPair|StopInstances|StartInstances|RebootInstances)$/,
  tencent: /^(DisassociateInstancesKeyPairs|StopInstances|StartInstances|RebootInstances)$/,
  volcengine: /^(DetachKeyPair|StopInstances|StartInstances|RebootInstances)$/,
  huawei: /^POST /,
};

const fault = fc.oneof(
  fc.constant<Fault>({ kind: 'throttle' }),
  fc.constant<Fault>({ kind: 'reply-lost' }),
  fc.constant<Fault>({ kind: 'html' }),
  /** Listed on some clouds as a missing permission, and on none. */
  fc.constantFrom('UnauthorizedOperation', 'Brand.New').map((code): Fault => ({ kind: 'code', code })),
  fc.constantFrom<'before' | 'after'>('before', 'after').map((when): Fault => ({ kind: 'server-error', when })),
);
const faults = fc.array(fc.record({ onWrite: fc.boolean(), fault, times: fc.integer({ min: 1, max: 3 }) }), {
  maxLength: 4,
});
const deaths = fc.array(
  fc.record<Death>({ append: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom('before', 'after') }),
  { maxLength: 3 },
);

const plot = fc.record({
  kind: fc.constantFrom(...KIND_IDS),
  states: fc.array(fc.constantFrom<WorldState>('running', 'stopped'), { minLength: 2, maxLength: 5 }),
  restart: fc.boolean(),
  lag: fc.constantFrom(0, 700),
  faults,
  deaths,
  expiry: fc.option(
    fc.record({ call: fc.integer({ min: 1, max: 15 }), renewedAfterMs: fc.integer({ min: 0, max: 90_000 }) }),
    { nil: undefined },
  ),
  /** Cancelled after so many outcomes; never where it is none. */
  cancelAfter: fc.option(fc.integer({ min: 0, max: 2 })),
});
type Plot = typeof plot extends fc.Arbitrary<infer T> ? T : never;

async function play({ faults: planned, deaths: dying, cancelAfter, expiry, ...more }: Plot): Promise<void> {
  const { kind, states } = more;
  const asked = states.length - 1;
  const simulation = await startSimulation({ ...more, asked, deaths: dying, ...(expiry && { expiry }) });
  try {
    const { cloud, world } = { cloud: simulation.cloud.cloud, world: simulation.cloud.cloud.world };
    if ((await simulation.request()).state === 'rejected') return;
    for (const { onWrite, fault: what, times } of planned) {
      cloud.fail(onWrite ? WRITES[kind] : /./, what, times);
    }
    if (cancelAfter !== null) {
      const before = await simulation.drive((request) => request.outcomes.size >= cancelAfter);
      if (before.state === 'running') await simulation.transact({ type: 'cancel', by: 'U0BOB' });
    }
    const request = await simulation.drive();
    expect(['finished', 'cancelled']).toContain(request.state);
    expect(request.outcomes.size).toBe(asked);
    simulation.cloud.ids.forEach((id, index) => {
      const instance = world.instances.get(id);
      const outcome = request.outcomes.get(`0/${id}`);
      expect({ id, state: instance?.state }).toEqual({ id, state: states[index] });
      if (index >= asked) {
        expect({ id, keyPairs: instance?.keyPairs, outcome }).toEqual({ id, keyPairs: [KEY], outcome: undefined });
        expect(instance?.power).toEqual({ stops: 0, starts: 0, restarts: 0 });
      }
      if (outcome?.kind === 'detached') expect({ id, keyPairs: instance?.keyPairs }).toEqual({ id, keyPairs: [] });
      if (outcome?.kind === 'skipped') expect({ id, keyPairs: instance?.keyPairs }).toEqual({ id, keyPairs: [KEY] });
    });
    expect(simulation.vain).toEqual([]);
    const paused = await simulation.eventsOf('paused');
    expect(paused.length).toBeLessThanOrEqual(expiry === undefined ? 0 : 1);
    const resumed = await simulation.eventsOf('resumed');
    expect(resumed.length).toBeLessThanOrEqual(paused.length);
    // The last call may have shown that it was over, and its process may have died with that.
    const isSure = request.state === 'finished' && dying.length === 0;
    if (isSure) expect(resumed).toHaveLength(paused.length);
  } finally {
    await simulation.stop();
  }
}

describe('whatever happens', () => {
  it('each instance has one true outcome, none is left stopped, and nothing else is touched', async () => {
    await fc.assert(fc.asyncProperty(plot, play), { numRuns: 60, endOnFailure: false });
  }, 300_000);
});
