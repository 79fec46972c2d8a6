import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Fault, WorldState } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS, SPARE_KEY } from '../../playground/stage/clouds.js';
import { isAtEnd, type Request } from '../../src/jobs/request.js';
import { type Death, type Dying, type Simulation, startSimulation } from './simulation.js';

/** Undo on the local clouds: it attaches what was detached and no more, wherever it is interrupted. */

jest.setTimeout(180_000);

const stand = ({ cloud }: Simulation) =>
  cloud.ids.map((id) => {
    const one = cloud.cloud.world.instances.get(id);
    if (one === undefined) throw new Error('it is gone');
    const { state, keyPairs, power } = structuredClone(one);
    return { id, state, keyPairs, power };
  });
const kindsOf = (request: Request) => [...request.outcomes.values()].map(({ kind }) => kind);

const STATES = ['running', 'running', 'stopped'] as const;

describe.each(KIND_IDS)('%s', (kind) => {
  /** Detached with restarts, then undone while processes die. */
  async function play(dying: Dying = {}) {
    const simulation = await startSimulation({ kind, states: STATES, restart: true, lag: 300 });
    try {
      const before = await simulation.drive();
      expect(kindsOf(before)).toEqual(STATES.map(() => 'detached'));
      expect((await simulation.goOn('undo', dying)).ok).toBe(true);
      const request = await simulation.drive();
      const world = stand(simulation);
      return {
        appends: simulation.appends(),
        end: {
          state: request.state,
          outcomes: kindsOf(request),
          bound: world.map(({ keyPairs }) => keyPairs),
          states: world.map(({ state }) => state),
          vain: simulation.vain,
        },
      };
    } finally {
      await simulation.stop();
    }
  }
  const WHOLE = {
    state: 'finished',
    outcomes: STATES.map(() => 'attached'),
    bound: STATES.map(() => [KEY]),
    states: STATES,
    vain: [],
  };

  it('attaches all again, wherever the process dies', async () => {
    const { appends, end } = await play();
    expect(end).toEqual(WHOLE);
    for (let append = 1; append <= appends; append += 1) {
      const when = append % 2 === 0 ? 'before' : 'after';
      expect({ append, ...(await play({ deaths: [{ append, when }] })).end }).toEqual({ append, ...WHOLE });
    }
  });

  it('waits for a call that may still be on its way when its process is dead', async () => {
    for (let lateWrite = 1; lateWrite <= 4; lateWrite += 1) {
      expect({ lateWrite, ...(await play({ lateWrite })).end }).toEqual({ lateWrite, ...WHOLE });
    }
  });
});

it('finds the instance that the cloud does not take, and attaches to the others', async () => {
  const states = Array.from({ length: 7 }, () => 'stopped' as const);
  const simulation = await startSimulation({ kind: 'tencent', states, restart: false });
  try {
    await simulation.drive();
    const [, , bad = ''] = simulation.cloud.ids;
    const code = 'InvalidInstance.NotSupported';
    const fault: Fault = { kind: 'instance-code', instanceId: bad, code };
    simulation.cloud.cloud.fail('AssociateInstancesKeyPairs', fault, Number.POSITIVE_INFINITY);
    await simulation.goOn('undo');
    const request = await simulation.drive();
    const told = simulation.cloud.ids.map((id) => request.outcomes.get(`0/${id}`));
    expect(told).toMatchObject(
      simulation.cloud.ids.map((id) =>
        id === bad ? { kind: 'failed', code } : { kind: 'attached', effective: 'now' },
      ),
    );
    expect(stand(simulation).map(({ keyPairs }) => keyPairs)).toEqual(
      simulation.cloud.ids.map((id) => (id === bad ? [] : [KEY])),
    );
    expect(simulation.vain).toEqual([]);
  } finally {
    await simulation.stop();
  }
});

const WRITES =
  /^(DetachKeyPair|AttachKeyPair|(Disa|A)ssociate\w+|StopInstances|StartInstances|RebootInstances|POST .*)$/;
const FAULTS: Fault[] = [
  { kind: 'throttle' },
  { kind: 'reply-lost' },
  { kind: 'html' },
  { kind: 'server-error', when: 'before' },
  { kind: 'server-error', when: 'after' },
];
const plot = fc.record({
  kind: fc.constantFrom(...KIND_IDS),
  states: fc.array(fc.constantFrom<WorldState>('running', 'running', 'stopped'), { minLength: 2, maxLength: 5 }),
  restart: fc.boolean(),
  /** Typed with the undo. */
  undoRestarts: fc.boolean(),
  lag: fc.constantFrom(0, 700),
  faults: fc.array(fc.record({ fault: fc.constantFrom(...FAULTS), times: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 3,
  }),
  deaths: fc.array(
    fc.record<Death>({ append: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom('before', 'after') }),
    {
      maxLength: 2,
    },
  ),
  /** Cancelled after so many outcomes; never where it is none. */
  cancelAfter: fc.option(fc.integer({ min: 0, max: 2 })),
  /** Somebody binds this one or another, starts or stops in between. */
  meddle: fc.array(fc.record({ place: fc.nat({ max: 4 }), how: fc.constantFrom('bind', 'bind-other', 'toggle') }), {
    maxLength: 2,
  }),
});
type Plot = typeof plot extends fc.Arbitrary<infer T> ? T : never;

function meddleWith({ cloud }: Simulation, meddle: Plot['meddle']): void {
  for (const { place, how } of meddle) {
    const one = cloud.cloud.world.instances.get(cloud.ids[place] ?? '');
    if (one === undefined) continue;
    if (how === 'bind') one.keyPairs = [KEY];
    if (how === 'bind-other') one.keyPairs = [SPARE_KEY];
    if (how === 'toggle') one.state = one.state === 'running' ? 'stopped' : 'running';
  }
}

async function play(drawn: Plot, seen: Map<string, number>): Promise<void> {
  const { kind, states, restart, undoRestarts, lag, deaths, cancelAfter } = drawn;
  const simulation = await startSimulation({ kind, states, restart, asked: states.length - 1, lag });
  try {
    const earlier = await simulation.drive();
    const detached = [...earlier.targets.values()]
      .filter(({ group, id }) => earlier.outcomes.get(`${group}/${id}`)?.kind === 'detached')
      .map(({ id }) => id);
    meddleWith(simulation, drawn.meddle);
    const before = new Map(stand(simulation).map((one) => [one.id, one]));
    const calls = simulation.cloud.cloud.calls.length;
    const gone = await simulation.goOn('undo', { restart: undoRestarts, deaths });
    expect(gone.ok).toBe(isAtEnd(earlier) && detached.length > 0);
    if (!gone.ok || (await simulation.request()).state === 'rejected') return;
    for (const { fault, times } of drawn.faults) simulation.cloud.cloud.fail(WRITES, fault, times);
    const until = cancelAfter ?? Number.POSITIVE_INFINITY;
    const halfway = await simulation.drive((request) => request.outcomes.size >= until);
    if (halfway.state === 'running') await simulation.transact({ type: 'cancel', by: 'U0BOB' });
    const request = await simulation.drive();
    expect(['finished', 'cancelled']).toContain(request.state);
    expect([...request.targets.values()].map(({ id }) => id).sort()).toEqual([...detached].sort());
    expect(request.outcomes.size).toBe(detached.length);
    const written = simulation.cloud.cloud.calls.slice(calls).filter(({ operation }) => WRITES.test(operation));
    expect(written.flatMap(({ instanceIds }) => instanceIds).filter((id) => !detached.includes(id))).toEqual([]);
    for (const after of stand(simulation)) {
      const { id } = after;
      const old = before.get(id);
      const outcome = request.outcomes.get(`0/${id}`);
      seen.set(outcome?.kind ?? 'none', (seen.get(outcome?.kind ?? 'none') ?? 0) + 1);
      expect({ id, state: after.state }).toEqual({ id, state: old?.state });
      if (outcome === undefined || outcome.kind === 'skipped' || outcome.kind === 'already-bound') {
        expect({ id, keyPairs: after.keyPairs }).toEqual({ id, keyPairs: old?.keyPairs });
      }
      if (outcome?.kind === 'attached') {
        expect({ id, keyPairs: after.keyPairs }).toEqual({ id, keyPairs: [KEY] });
        expect(old?.keyPairs).toEqual([]);
      }
      if (!undoRestarts && !restart) expect(after.power).toEqual(old?.power);
    }
    expect(simulation.vain).toEqual([]);
  } finally {
    await simulation.stop();
  }
}

describe('whatever happens', () => {
  it('an undo attaches what was detached, once, over nothing else, and leaves none stopped', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(plot, (drawn) => play(drawn, seen)),
      { numRuns: 40, endOnFailure: true },
    );
    expect(seen.get('attached')).toBeGreaterThan(20);
  });
});
