import { describe, expect, it, jest } from '@jest/globals';
import { KEY, KIND_IDS, type KindId, type StageCloud } from '../../../playground/stage/clouds.js';
import { accountWithRole, ROLES } from '../../providers/roles.js';
import { type Simulation, startSimulation } from '../simulation.js';

/** A role that is taken away together with all it gave, and comes back after longer than anything else is waited for. */

const STATES = ['running', 'stopped'] as const;
const LONG_MS = 100_000;

jest.setTimeout(180_000);

function account(stage: StageCloud) {
  stage.cloud.sessions.roles.add(ROLES[stage.kind].role);
  return accountWithRole(stage);
}

function expiring({ kind, cloud: { sessions } }: StageCloud) {
  return {
    set hasExpired(isGone: boolean) {
      // Another one is there all the time, so that the account's own keys never may do more.
      sessions.roles.add('another').delete(ROLES[kind].role);
      if (!isGone) sessions.roles.add(ROLES[kind].role);
      for (const session of isGone ? sessions.given : []) session.expiresAt = 0;
    },
  };
}

async function play<T>(kind: KindId, call: number, test: (simulation: Simulation) => Promise<T>): Promise<T> {
  const expiry = { call, renewedAfterMs: LONG_MS };
  const simulation = await startSimulation({ kind, states: STATES, restart: true, account, expiring, expiry });
  try {
    return await test(simulation);
  } finally {
    await simulation.stop();
  }
}

const standing = ({ cloud: { cloud } }: Simulation) =>
  [...cloud.world.instances.values()].map(({ state, keyPairs, power }) => ({
    state,
    bound: keyPairs.includes(KEY),
    // Off once at most: stopped and started, or restarted.
    once: power.stops + power.restarts <= 1,
  }));
const DONE = STATES.map((state) => ({ state, bound: false, once: true }));

describe.each(KIND_IDS)('on %s', (kind) => {
  it('it can go before each call: the account is paused, and all is done in the end', async () => {
    let played = 0;
    for (let call = 1; ; call++) {
      const isOver = await play(kind, call, async (simulation) => {
        const request = await simulation.drive();
        const paused = await simulation.eventsOf('paused');
        if (paused.length === 0 && request.state === 'finished' && played > 0) return true;
        const seen = { call, end: request.state, paused: paused.length, standing: standing(simulation) };
        expect(seen).toEqual({ call, end: 'finished', paused: 1, standing: DONE });
        expect([...request.outcomes.values()].map((outcome) => outcome.kind)).toEqual(STATES.map(() => 'detached'));
        expect(await simulation.eventsOf('resumed')).toHaveLength(1);
        return false;
      });
      if (isOver) break;
      played += 1;
    }
    expect(played).toBeGreaterThan(4);
  });
});
