import { expect } from '@jest/globals';
import type { PowerAction } from '../../../src/providers/contract.js';
import {
  type ContractCase,
  detach,
  inWorld,
  kindsOf,
  linux,
  power,
  readOne,
  region,
  tokenOf,
  worldWithout,
} from './stage.js';

const ACTIONS: readonly { action: PowerAction; from: 'running' | 'stopped'; to: 'running' | 'stopped' }[] = [
  { action: 'stop', from: 'running', to: 'stopped' },
  { action: 'start', from: 'stopped', to: 'running' },
  { action: 'restart', from: 'running', to: 'running' },
];
const COUNTS = { stop: 'stops', start: 'starts', restart: 'restarts' } as const;

/** The vendors' words for what cuts the power, or gives address and capacity away. */
const HARD = /"Force\w*":\s*"?true|"(HARD|SOFT_FIRST|StopCharging|STOP_CHARGING)"/i;

const actions: readonly ContractCase[] = ACTIONS.map(({ action, from, to }) => ({
  title: `a ${action} takes effect once, softly, and only where it is named`,
  async run(stage) {
    const { harness } = stage;
    harness.setState(linux(stage), from);
    const others = worldWithout(stage, [linux(stage)]);
    expect(await power(stage, action, linux(stage))).toMatchObject({ kind: 'accepted' });
    harness.settle();
    const { state, power: counts } = inWorld(stage, linux(stage));
    expect({ state, counts }).toEqual({ state: to, counts: { stops: 0, starts: 0, restarts: 0, [COUNTS[action]]: 1 } });
    expect(await readOne(stage, linux(stage))).toMatchObject({ state: to });
    expect(worldWithout(stage, [linux(stage)])).toBe(others);
    expect(JSON.stringify(harness.cloud.calls)).not.toMatch(HARD);
  },
}));

const fromWrongStates: readonly ContractCase[] = ACTIONS.map(({ action, from }) => ({
  title: `a ${action} from the wrong state is not done, and not said to be`,
  async run(stage) {
    stage.harness.setState(linux(stage), from === 'running' ? 'stopped' : 'running');
    const before = worldWithout(stage, []);
    const { kind } = await power(stage, action, linux(stage));
    stage.harness.settle();
    expect(['refused', 'later']).toContain(kind);
    expect(worldWithout(stage, [])).toBe(before);
  },
}));

export const POWERING: readonly ContractCase[] = [
  ...actions,
  ...fromWrongStates,
  {
    title: 'a stop of several is answered for each of them',
    async run(stage) {
      const { harness, provider } = stage;
      const ids = [linux(stage, 0), linux(stage, 1)];
      for (const id of ids) harness.setState(id, 'running');
      const input = { action: 'stop', instanceIds: ids, token: tokenOf('stop') } as const;
      const { instances } = await provider.power(input, region(stage));
      expect([...instances.keys()]).toEqual(ids);
      expect(kindsOf(instances)).toEqual(['accepted']);
      harness.settle();
      expect(ids.map((id) => inWorld(stage, id).state)).toEqual(['stopped', 'stopped']);
    },
  },
  {
    title: 'a state that is still changing is never shown as settled',
    async run(stage) {
      const { harness } = stage;
      harness.setState(linux(stage), 'running');
      harness.cloud.lag = 60_000;
      await power(stage, 'stop', linux(stage));
      const early = await readOne(stage, linux(stage));
      expect(early.state === 'stopped').toBe(inWorld(stage, linux(stage)).state === 'stopped');
      harness.settle();
      expect(await readOne(stage, linux(stage))).toMatchObject({ state: 'stopped' });
    },
  },
  {
    title: 'the key pair no longer opens the door once the declared effect is due',
    async run(stage) {
      const { harness, provider } = stage;
      const { name } = harness.keyPair;
      const state = provider.traits.keyPairWritesIn.includes('running') ? 'running' : 'stopped';
      harness.setState(linux(stage), state);
      await detach(stage, [linux(stage)]);
      harness.settle();
      if (state === 'running' && provider.traits.effectiveWhenRunning === 'after-restart') {
        expect(inWorld(stage, linux(stage)).opens).toContain(name);
      }
      await power(stage, state === 'running' ? 'restart' : 'start', linux(stage));
      harness.settle();
      expect(inWorld(stage, linux(stage))).toMatchObject({ state: 'running', opens: [] });
    },
  },
];
