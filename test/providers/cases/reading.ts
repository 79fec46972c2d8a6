import { expect } from '@jest/globals';
import { isBound } from '../../../src/providers/contract.js';
import { type ContractCase, inWorld, likeKeyPair, linux, read, readOne, region, type Stage } from './stage.js';

/** Whole pages of the largest documented size (Volcengine: 500), and one key pair more. */
const MANY_KEY_PAIRS = 1001;

const EXPECTED_STATES = [
  ['running', ['running']],
  ['stopped', ['stopped']],
  ['starting', ['changing']],
] as const;

async function listed(stage: Stage): Promise<string[]> {
  const { harness, provider } = stage;
  const list = await provider.listInstances({ keyPair: harness.keyPair }, region(stage));
  expect(list).toEqual({ ok: true, value: expect.anything() });
  return list.ok ? list.value.map(({ id }) => id) : [];
}

async function find(stage: Stage, nameOrId: string) {
  const found = await stage.provider.findKeyPair({ nameOrId }, region(stage));
  expect(found).toMatchObject({ ok: true });
  return found.ok ? found.value : undefined;
}

export const READING: readonly ContractCase[] = [
  {
    title: 'reads what the world holds',
    async run(stage) {
      const ids = [linux(stage, 0), linux(stage, 1)];
      const shown = await read(stage, ids);
      expect(shown.map(({ id }) => id).sort()).toEqual([...ids].sort());
      for (const instance of shown) {
        const { name, state } = inWorld(stage, instance.id);
        expect(instance).toMatchObject({ name, state, os: 'linux' });
        expect(instance.vendorState).not.toBe('');
        expect(isBound(instance, stage.harness.keyPair)).toBe(true);
        expect(isBound(instance, stage.harness.otherKeyPair)).toBe(false);
      }
    },
  },
  {
    title: 'reads more instances than fit into one call',
    async run(stage) {
      const shown = await read(stage, stage.harness.linux);
      expect(shown.map(({ id }) => id).sort()).toEqual([...stage.harness.linux].sort());
    },
  },
  {
    title: 'leaves out an instance that the cloud does not show, and shows the rest',
    async run(stage) {
      const shown = await read(stage, [linux(stage), stage.harness.missing]);
      expect(shown.map(({ id }) => id)).toEqual([linux(stage)]);
      expect(await read(stage, [stage.harness.missing])).toEqual([]);
    },
  },
  {
    title: 'says that an instance is Windows',
    async run(stage) {
      expect(await readOne(stage, stage.harness.windows)).toMatchObject({ os: 'windows' });
    },
  },
  {
    title: 'tells settled states from passing ones',
    async run(stage) {
      for (const [state, expected] of EXPECTED_STATES) {
        stage.harness.setState(linux(stage), state);
        expect(expected).toContain((await readOne(stage, linux(stage))).state);
      }
      stage.harness.setState(linux(stage), 'terminated');
      for (const { state } of await read(stage, [linux(stage)])) expect(state).toBe('unusable');
    },
  },
  {
    title: 'shows no key pair only where none is bound',
    async run(stage) {
      inWorld(stage, linux(stage, 1)).keyPairs = [];
      inWorld(stage, linux(stage, 2)).keyPairs = [stage.harness.otherKeyPair.name];
      const [bound, none, other] = await Promise.all([0, 1, 2].map((n) => readOne(stage, linux(stage, n))));
      expect(bound?.keyPairs).toHaveLength(1);
      expect(none?.keyPairs).toEqual([]);
      expect(other && isBound(other, stage.harness.otherKeyPair)).toBe(true);
      expect(other && isBound(other, stage.harness.keyPair)).toBe(false);
    },
  },
  {
    title: 'lists every instance of a key pair, beyond the first page',
    async run(stage) {
      const { linux: ids, windows } = stage.harness;
      expect((await listed(stage)).sort()).toEqual([...ids, windows].sort());
    },
  },
  {
    title: 'lists no instance of another key pair',
    async run(stage) {
      const { harness, provider } = stage;
      inWorld(stage, linux(stage, 1)).keyPairs = [harness.otherKeyPair.name];
      expect(await listed(stage)).not.toContain(linux(stage, 1));
      const others = await provider.listInstances({ keyPair: harness.otherKeyPair }, region(stage));
      expect(others).toMatchObject({ ok: true, value: [{ id: linux(stage, 1) }] });
    },
  },
  {
    title: 'lists every key pair, beyond the first page',
    async run(stage) {
      const { harness, provider } = stage;
      const more = Array.from({ length: MANY_KEY_PAIRS }, (_, n) => likeKeyPair(stage, n + 1000));
      harness.cloud.world.keyPairs.push(...more);
      const list = await provider.listKeyPairs(region(stage));
      expect(list).toEqual({ ok: true, value: expect.anything() });
      const names = list.ok ? list.value.map(({ name }) => name) : [];
      const inRegion = harness.cloud.world.keyPairs.filter((keyPair) => keyPair.region === harness.region);
      expect(names.sort()).toEqual(inRegion.map(({ name }) => name).sort());
    },
  },
  {
    title: 'finds a key pair by its whole name or id, beyond the first page',
    async run(stage) {
      const { harness } = stage;
      const more = Array.from({ length: MANY_KEY_PAIRS }, (_, n) => likeKeyPair(stage, n + 1000));
      harness.cloud.world.keyPairs.unshift(...more);
      const { name, id } = harness.keyPair;
      expect(await find(stage, name)).toEqual(expect.objectContaining({ name }));
      if (id !== undefined) expect(await find(stage, id)).toEqual(expect.objectContaining({ name, id }));
    },
  },
  {
    title: 'answers undefined for a key pair that does not exist',
    async run(stage) {
      const { name } = stage.harness.keyPair;
      for (const absent of [name.slice(0, -1), `${name}9`]) expect(await find(stage, absent)).toBeUndefined();
    },
  },
];
