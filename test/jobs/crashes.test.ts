import { describe, expect, it, jest } from '@jest/globals';
import type { World } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS, type StageCloud } from '../../playground/stage/clouds.js';
import { type Death, type Dying, type SimulationOptions, startSimulation } from './simulation.js';

/** The process dies at each append in turn, before it or after it; the log is all that is left. */

const STATES = ['running', 'running', 'stopped'] as const;

/** A play is a few hundred calls, and there are many. */
jest.setTimeout(180_000);

/** Plays to the end and says what came of it. */
async function play(
  options: Pick<SimulationOptions, 'kind'> & Partial<SimulationOptions>,
  plant: (cloud: StageCloud) => void = () => {},
) {
  const simulation = await startSimulation({ states: STATES, restart: true, lag: 300, ...options });
  try {
    plant(simulation.cloud);
    const request = await simulation.drive();
    const instances = [...simulation.cloud.cloud.world.instances.values()];
    return {
      appends: simulation.appends(),
      end: {
        state: request.state,
        outcomes: [...request.outcomes.values()].map((outcome) => outcome.kind),
        bound: instances.filter(({ keyPairs }) => keyPairs.includes(KEY)).length,
        states: instances.map(({ state }) => state),
        vain: simulation.vain,
      },
    };
  } finally {
    await simulation.stop();
  }
}

const WHOLE = {
  state: 'finished',
  outcomes: STATES.map(() => 'detached'),
  bound: 0,
  states: STATES,
  vain: [],
};

describe.each(KIND_IDS)('%s', (kind) => {
  it('comes to the same end wherever the process dies', async () => {
    const { appends, end } = await play({ kind });
    expect(end).toEqual(WHOLE);
    for (let append = 1; append <= appends; append++) {
      for (const when of ['before', 'after'] as const) {
        const { end: after } = await play({ kind, deaths: [{ append, when }] });
        expect({ append, when, ...after }).toEqual({ append, when, ...WHOLE });
      }
    }
  });

  it('waits for a call that may still be on its way when its process is dead', async () => {
    for (let lateWrite = 1; lateWrite <= 6; lateWrite++) {
      expect({ lateWrite, ...(await play({ kind, lateWrite })).end }).toEqual({ lateWrite, ...WHOLE });
    }
  });

  it('comes to the same end when every process dies after its first append', async () => {
    const deaths = Array.from({ length: 30 }, (_, index): Death => ({ append: index + 1, when: 'after' }));
    expect((await play({ kind, deaths })).end).toEqual(WHOLE);
  });
});

describe.each<[string, string, number]>([
  ['a detach', 'DisassociateInstancesKeyPairs', Number.POSITIVE_INFINITY],
  ['a stop', 'StopInstances', Number.POSITIVE_INFINITY],
  // Four times: in the call for all of them, in its half, and alone.
  ['a start', 'StartInstances', 4],
])('tencent, with one that is refused in %s', (_what, operation, times) => {
  const states = ['running', 'running', 'running', 'running'] as const;
  const isStart = operation === 'StartInstances';
  const whole = {
    state: 'finished',
    outcomes: states.map((_, place) => (place === 2 && !isStart ? 'failed' : 'detached')).sort(),
    bound: isStart ? 0 : 1,
    states,
    vain: [],
  };
  const playOne = async (code: string, dying: Dying) => {
    const { appends, end } = await play({ kind: 'tencent', states, lag: 0, ...dying }, ({ cloud, ids }) =>
      cloud.fail(operation, { kind: 'instance-code', instanceId: ids[2] ?? '', code }, times),
    );
    return { appends, end: { ...end, outcomes: end.outcomes.sort() } };
  };

  it.each(['InvalidInstance.NotSupported', 'Brand.New'])(
    'comes to the same end wherever the process dies: %s',
    async (code) => {
      const { appends, end } = await playOne(code, {});
      expect(end).toEqual(whole);
      for (let append = 1; append <= appends; append++) {
        for (const when of ['before', 'after'] as const) {
          const { end: after } = await playOne(code, { deaths: [{ append, when }] });
          expect({ append, when, ...after }).toEqual({ append, when, ...whole });
        }
      }
      for (let lateWrite = 1; lateWrite <= 6; lateWrite++) {
        expect({ lateWrite, ...(await playOne(code, { lateWrite })).end }).toEqual({ lateWrite, ...whole });
      }
    },
  );
});

it('does not start an instance while a stop may still be on its way', async () => {
  const stopAll = (world: World) => {
    for (const instance of world.instances.values()) instance.state = 'stopped';
  };
  const { end } = await play({ kind: 'tencent', lateWrite: 1, lag: 0, onDeath: stopAll });
  expect(end).toEqual(WHOLE);
});
