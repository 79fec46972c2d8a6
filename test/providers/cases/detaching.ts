import { expect } from '@jest/globals';
import {
  answerFor,
  boundInWorld,
  type ContractCase,
  detach,
  detachOne,
  inWorld,
  isBoundInWorld,
  kindsOf,
  likeKeyPair,
  linux,
  read,
  readOne,
  readsAsBound,
  region,
  tokenOf,
  worldWithout,
} from './stage.js';

const NOT_DONE = ['refused', 'later'];

export const DETACHING: readonly ContractCase[] = [
  {
    title: 'a detach takes effect in the world and is read back',
    async run(stage) {
      const ids = [linux(stage, 0), linux(stage, 1)];
      const answers = await detach(stage, ids);
      expect(kindsOf(answers)).toEqual(['accepted']);
      stage.harness.settle();
      const shown = await read(stage, ids, answers);
      expect(shown.map(({ keyPairs }) => keyPairs)).toEqual([[], []]);
      for (const { operation } of shown) expect(operation?.state ?? 'succeeded').toBe('succeeded');
      for (const id of ids) expect(isBoundInWorld(stage, id)).toBe(false);
    },
  },
  {
    title: 'a detach touches only the instances that are named',
    async run(stage) {
      const untouched = worldWithout(stage, [linux(stage, 1)]);
      await detach(stage, [linux(stage, 1)]);
      stage.harness.settle();
      expect(isBoundInWorld(stage, linux(stage, 1))).toBe(false);
      expect(worldWithout(stage, [linux(stage, 1)])).toBe(untouched);
    },
  },
  {
    title: 'a detach changes no state and no power',
    async run(stage) {
      const { state, power } = structuredClone(inWorld(stage, linux(stage)));
      await detach(stage, [linux(stage)]);
      stage.harness.settle();
      expect(inWorld(stage, linux(stage))).toMatchObject({ state, power });
    },
  },
  {
    title: 'a full call and one more detaches all of them',
    async run(stage) {
      const ids = stage.harness.linux.slice(0, stage.provider.traits.limits.detach + 1);
      expect(kindsOf(await detach(stage, ids))).toEqual(['accepted']);
      stage.harness.settle();
      expect(boundInWorld(stage).filter((id) => ids.includes(id))).toEqual([]);
    },
  },
  {
    title: 'detaching twice does no harm',
    async run(stage) {
      await detach(stage, [linux(stage)]);
      stage.harness.settle();
      const untouched = worldWithout(stage, []);
      const again = await detachOne(stage, linux(stage), { round: 'second' });
      stage.harness.settle();
      expect(['accepted', ...NOT_DONE]).toContain(again.kind);
      expect(worldWithout(stage, [])).toBe(untouched);
      expect(await readsAsBound(stage, linux(stage))).toBe(false);
    },
  },
  {
    title: 'another key pair that is bound stays bound',
    async run(stage) {
      inWorld(stage, linux(stage)).keyPairs = [stage.harness.otherKeyPair.name];
      await detach(stage, [linux(stage)]);
      stage.harness.settle();
      expect(inWorld(stage, linux(stage)).keyPairs).toEqual([stage.harness.otherKeyPair.name]);
    },
  },
  {
    title: 'Windows is refused, or said to have failed',
    async run(stage) {
      const { windows, settle } = stage.harness;
      const answers = await detach(stage, [windows]);
      settle();
      const answer = answerFor(answers, windows);
      if (answer.kind === 'accepted') {
        expect(await readOne(stage, windows, answers)).toMatchObject({ operation: { state: 'failed' } });
      } else {
        expect(answer).toMatchObject({
          kind: 'refused',
          fault: { hint: expect.stringMatching(/^(windows|unsupported-instance)$/) },
        });
      }
      expect(isBoundInWorld(stage, windows)).toBe(true);
    },
  },
  {
    title: 'a missing instance is refused, and what is said of its neighbour is true',
    async run(stage) {
      const { harness, provider } = stage;
      const ids = [linux(stage), harness.missing].slice(-provider.traits.limits.detach);
      const input = { instanceIds: ids, token: tokenOf('missing'), keyPair: harness.keyPair };
      const { instances } = await provider.detach(input, region(stage));
      harness.settle();
      expect(answerFor(instances, harness.missing)).toMatchObject({ kind: 'refused' });
      for (const id of ids.filter((each) => each !== harness.missing)) {
        const { kind } = answerFor(instances, id);
        expect(['accepted', ...NOT_DONE]).toContain(kind);
        expect(isBoundInWorld(stage, id)).toBe(kind !== 'accepted');
      }
    },
  },
  {
    title: 'a key pair that does not exist is refused, and nothing goes',
    async run(stage) {
      const before = worldWithout(stage, []);
      const { name, id } = likeKeyPair(stage, 4711);
      const keyPair = { name, ...(stage.harness.keyPair.id !== undefined && { id }) };
      const answer = await detachOne(stage, linux(stage), { keyPair });
      stage.harness.settle();
      expect(answer).toMatchObject({ kind: 'refused' });
      expect(worldWithout(stage, [])).toBe(before);
    },
  },
  {
    title: 'a detach is taken in the declared states, and in the other one certainly not done',
    async run(stage) {
      const { harness, provider } = stage;
      for (const [n, state] of (['running', 'stopped'] as const).entries()) {
        harness.setState(linux(stage, n), state);
        const { kind } = await detachOne(stage, linux(stage, n), { round: state });
        harness.settle();
        const declared = provider.traits.keyPairWritesIn.includes(state);
        expect(declared ? ['accepted'] : NOT_DONE).toContain(kind);
        expect(isBoundInWorld(stage, linux(stage, n))).toBe(!declared);
      }
    },
  },
  {
    title: 'while an effect is under way, nothing is said that is not so yet',
    async run(stage) {
      stage.harness.cloud.lag = 60_000;
      const answers = await detach(stage, [linux(stage)]);
      expect(kindsOf(answers)).toEqual(['accepted']);
      const early = await readOne(stage, linux(stage), answers);
      expect(early.keyPairs.length > 0).toBe(isBoundInWorld(stage, linux(stage)));
      if (isBoundInWorld(stage, linux(stage))) expect(early.operation?.state).toBe('running');
      stage.harness.settle();
      expect((await readOne(stage, linux(stage), answers)).keyPairs).toEqual([]);
    },
  },
  {
    title: 'an attach takes effect in the world and is read back',
    async run(stage) {
      const { harness, provider } = stage;
      inWorld(stage, linux(stage)).keyPairs = [];
      const input = { instanceIds: [linux(stage)], token: tokenOf('attach'), keyPair: harness.keyPair };
      const { instances } = await provider.attach(input, region(stage));
      expect(kindsOf(instances)).toEqual(['accepted']);
      harness.settle();
      expect(isBoundInWorld(stage, linux(stage))).toBe(true);
      expect(await readsAsBound(stage, linux(stage))).toBe(true);
    },
  },
];
