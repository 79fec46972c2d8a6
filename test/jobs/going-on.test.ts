import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fault, WorldState } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS } from '../../playground/stage/clouds.js';
import { leftFor } from '../../src/jobs/go-on.js';
import { targetKey } from '../../src/jobs/request.js';
import { type Simulation, startSimulation } from './simulation.js';

/** Requests that go on from requests, on the local clouds: whatever the first left, the next touches that and no more. */

const REFUSED: Fault[] = [{ kind: 'throttle' }, { kind: 'html' }, { kind: 'server-error', when: 'after' }];
const plot = fc.record({
  kind: fc.constantFrom(...KIND_IDS),
  states: fc.array(fc.constantFrom<WorldState>('running', 'running', 'stopped'), { minLength: 2, maxLength: 5 }),
  restart: fc.boolean(),
  /** Faults that outlast the first request's patience. */
  fault: fc.option(fc.constantFrom(...REFUSED)),
  cancelAfter: fc.option(fc.integer({ min: 0, max: 2 })),
  /** Somebody starts or stops, binds again or restarts in between. */
  meddle: fc.array(fc.record({ place: fc.nat({ max: 4 }), how: fc.constantFrom('bind', 'stop', 'nothing') }), {
    maxLength: 2,
  }),
});
type Plot = typeof plot extends fc.Arbitrary<infer T> ? T : never;

const WRITES = /^(DetachKeyPair|Disassociate\w+|StopInstances|StartInstances|RebootInstances|POST .*)$/;

/** What must not change where nothing is asked for. */
const looks = ({ cloud }: Simulation) =>
  new Map(
    [...cloud.cloud.world.instances].map(([id, one]) => {
      const { state, keyPairs, power } = structuredClone(one);
      return [id, { state, keyPairs, power }];
    }),
  );

function meddleWith(simulation: Simulation, meddle: Plot['meddle']): void {
  for (const { place, how } of meddle) {
    const one = simulation.cloud.cloud.world.instances.get(simulation.cloud.ids[place] ?? '');
    if (one?.state !== 'running') continue;
    if (how === 'bind') one.keyPairs = [KEY];
    if (how === 'stop') one.state = 'stopped';
  }
}

async function playFirst(simulation: Simulation, { fault, cancelAfter }: Plot): Promise<void> {
  if ((await simulation.request()).state === 'rejected') return;
  if (fault !== null) simulation.cloud.cloud.fail(WRITES, fault, 30);
  const stopAt = cancelAfter ?? Number.POSITIVE_INFINITY;
  const before = await simulation.drive((request) => request.outcomes.size >= stopAt);
  if (before.state === 'running') await simulation.transact({ type: 'cancel', by: 'U0BOB' });
  await simulation.drive();
  simulation.cloud.cloud.clearFaults();
}

/** Goes on for this reason, and says what the new request was about. */
async function playNext(simulation: Simulation, why: 'retry' | 'restart'): Promise<string[]> {
  const earlier = await simulation.request();
  const left = leftFor(earlier, why);
  // A request that was found not possible has a plan, and no targets.
  const planned = earlier.groups.flatMap((group, index) => group?.targets.map(({ id }) => ({ index, id })) ?? []);
  const listed = planned.flatMap(({ index, id }) => (left.has(targetKey(index, id)) ? [id] : [])).sort();
  const before = looks(simulation);
  const calls = simulation.cloud.cloud.calls.length;
  const gone = await simulation.goOn(why);
  expect({ listed, ok: gone.ok }).toEqual({ listed, ok: listed.length > 0 });
  if (!gone.ok) {
    expect(gone.refusals).toEqual([{ code: 'nothing-left' }]);
    return [];
  }
  const request = await simulation.drive();
  expect(request.selections.flatMap(({ instances }) => instances).sort()).toEqual(listed);
  expect([...request.targets.values()].map(({ id }) => id).sort()).toEqual(request.state === 'rejected' ? [] : listed);
  const written = simulation.cloud.cloud.calls.slice(calls).filter(({ operation }) => WRITES.test(operation));
  expect(written.flatMap(({ instanceIds }) => instanceIds).filter((id) => !listed.includes(id))).toEqual([]);
  const after = looks(simulation);
  for (const [id, look] of before) {
    if (!listed.includes(id)) expect({ id, ...after.get(id) }).toEqual({ id, ...look });
    else expect({ id, state: after.get(id)?.state }).toEqual({ id, state: look.state });
  }
  for (const [key, outcome] of request.outcomes) {
    const id = request.targets.get(key)?.id ?? '';
    if (outcome.kind === 'detached') expect({ id, keyPairs: after.get(id)?.keyPairs }).toEqual({ id, keyPairs: [] });
    if (outcome.kind === 'detached' && outcome.effective === 'now' && look(simulation, id)?.state === 'running') {
      expect({ id, opens: look(simulation, id)?.opens }).toEqual({ id, opens: [] });
    }
  }
  return listed;
}

const look = ({ cloud }: Simulation, id: string) => cloud.cloud.world.instances.get(id);

async function play(drawn: Plot, seen: { went: number }): Promise<void> {
  const { kind, states, restart, meddle } = drawn;
  const simulation = await startSimulation({ kind, states, restart, asked: states.length - 1 });
  try {
    await playFirst(simulation, drawn);
    meddleWith(simulation, meddle);
    const retried = await playNext(simulation, 'retry');
    const went = await playNext(simulation, 'restart');
    seen.went += retried.length + went.length;
    expect(simulation.vain).toEqual([]);
  } finally {
    await simulation.stop();
  }
}

describe('whatever the first request left', () => {
  it('the next ones touch exactly that, and detach nothing twice', async () => {
    const seen = { went: 0 };
    await fc.assert(
      fc.asyncProperty(plot, (drawn) => play(drawn, seen)),
      { numRuns: 40, endOnFailure: true },
    );
    expect(seen.went).toBeGreaterThan(20);
  }, 110_000);
});
