import { describe, expect, it, jest } from '@jest/globals';
import { KEY, KIND_IDS, type KindId } from '../../../playground/stage/clouds.js';
import { type Simulation, startSimulation } from '../simulation.js';

/** Credentials that expire before each call of a run in turn, for longer than anything else is waited for. */

const STATES = ['running', 'running', 'stopped'] as const;
const LONG_MS = 200_000;

jest.setTimeout(180_000);

async function play<T>(
  options: { kind: KindId; expireAt: number; renewedAfterMs?: number },
  test: (simulation: Simulation) => Promise<T>,
): Promise<T> {
  const { kind, expireAt, renewedAfterMs = LONG_MS } = options;
  const expiry = { call: expireAt, renewedAfterMs };
  const simulation = await startSimulation({ kind, states: STATES, restart: true, lag: 300, expiry });
  try {
    return await test(simulation);
  } finally {
    await simulation.stop();
  }
}

const standing = ({ cloud: { cloud } }: Simulation) =>
  [...cloud.world.instances.values()].map(({ state, keyPairs }) => ({ state, bound: keyPairs.includes(KEY) }));
const DONE = STATES.map((state) => ({ state, bound: false }));

describe.each(KIND_IDS)('on %s', (kind) => {
  it('each call can meet them: all is done in the end, and told as two lines', async () => {
    let played = 0;
    for (let expireAt = 1; ; expireAt++) {
      const isOver = await play({ kind, expireAt }, async (simulation) => {
        const request = await simulation.drive();
        const paused = await simulation.eventsOf('paused');
        const seen = { expireAt, end: request.state, paused: paused.length, standing: standing(simulation) };
        const outcomes = [...request.outcomes.values()].map((outcome) => outcome.kind);
        if (paused.length === 0) return true;
        expect(seen).toEqual({ expireAt, end: 'finished', paused: 1, standing: DONE });
        expect(outcomes).toEqual(STATES.map(() => 'detached'));
        expect(await simulation.eventsOf('resumed')).toHaveLength(1);
        expect(await simulation.eventsOf('stranded')).toEqual([]);
        expect(simulation.vain).toEqual([]);
        return false;
      });
      if (isOver) break;
      played += 1;
    }
    expect(played).toBeGreaterThan(5);
  });
});

describe('a cancel while the account is paused', () => {
  it('says that it is, takes back what was not begun, and starts again what was stopped', async () => {
    await play({ kind: 'tencent', expireAt: 1 }, async (simulation) => {
      await simulation.drive((request) => request.pauses.size > 0);
      await simulation.transact({ type: 'cancel', by: 'U0BOB' });
      const request = await simulation.drive();
      expect(request.state).toBe('cancelled');
      expect(standing(simulation)).toEqual(STATES.map((state) => ({ state, bound: true })));
      expect(await simulation.eventsOf('halted')).toMatchObject([{ paused: [simulation.cloud.account] }]);
    });
  });

  it('is over only once what the bot stopped runs again', async () => {
    const isStopped = ({ cloud: { cloud } }: Simulation) =>
      [...cloud.world.instances.values()].filter(({ power }) => power.stops > 0).length === 2;
    let wasOff = false;
    for (let expireAt = 1; !wasOff; expireAt++) {
      await play({ kind: 'tencent', expireAt }, async (simulation) => {
        await simulation.drive((request) => request.pauses.size > 0);
        const [paused] = await simulation.eventsOf('paused');
        if (!isStopped(simulation) || paused?.off !== 2) return;
        wasOff = true;
        await simulation.transact({ type: 'cancel', by: 'U0BOB' });
        expect((await simulation.request()).state).toBe('running');
        await simulation.drive();
        expect((await simulation.request()).state).toBe('cancelled');
        expect(standing(simulation).map(({ state }) => state)).toEqual(STATES);
      });
    }
  });
});
