import { describe, expect, it, jest } from '@jest/globals';
import type { World } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS } from '../../playground/stage/clouds.js';
import { type Death, type SimulationOptions, startSimulation } from './simulation.js';

/** The process dies at each append in turn, before it or after it; the log is all that is left. */

const STATES = ['running', 'running', 'stopped'] as const;

/** A play is a few hundred calls, and there are many. */
jest.setTimeout(180_000);

/** Plays to the end and says what came of it. */
async function play(options: Pick<SimulationOptions, 'kind'> & Partial<SimulationOptions>) {
  const simulation = await startSimulation({ states: STATES, restart: true, lag: 300, ...options });
  try {
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

it('does not start an instance while a stop may still be on its way', async () => {
  const stopAll = (world: World) => {
    for (const instance of world.instances.values()) instance.state = 'stopped';
  };
  const { end } = await play({ kind: 'tencent', lateWrite: 1, lag: 0, onDeath: stopAll });
  expect(end).toEqual(WHOLE);
});
