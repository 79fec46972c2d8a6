import { expect } from '@jest/globals';
import { type ContractCase, linux, region, tokenOf } from './stage.js';

const isDeeplyFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen));

export const SHAPE: readonly ContractCase[] = [
  {
    title: 'traits are plain frozen data, the same for every adapter of the cloud',
    async run({ harness }) {
      const { traits } = harness.provider;
      expect(JSON.parse(JSON.stringify(traits))).toEqual(traits);
      expect(isDeeplyFrozen(traits)).toBe(true);
      const stranger = await harness.strangerProvider();
      expect(stranger.traits).toEqual(traits);
      await stranger.close();
    },
  },
  {
    title: 'limits are whole numbers, and every id of the world matches the declared pattern',
    async run({ harness }) {
      const { limits, parallelKeyPairWrites, settleMs, instanceIdPattern, keyPairWritesIn } = harness.provider.traits;
      for (const limit of [...Object.values(limits), parallelKeyPairWrites, settleMs]) {
        expect(Number.isInteger(limit) && limit >= 1).toBe(true);
      }
      expect(keyPairWritesIn.length).toBeGreaterThan(0);
      const pattern = new RegExp(`^(?:${instanceIdPattern})$`);
      const ids = [...harness.cloud.world.instances.keys(), harness.missing];
      expect(ids.filter((id) => !pattern.test(id))).toEqual([]);
    },
  },
  {
    title: 'building an adapter makes no call',
    async run({ harness }) {
      await (await harness.strangerProvider()).close();
      expect(harness.cloud.calls).toEqual([]);
    },
  },
  {
    title: 'every call is told with its account, region and size',
    async run(stage) {
      await stage.provider.readInstances({ instanceIds: [linux(stage)] }, region(stage));
      expect(stage.records).toEqual([
        {
          account: 'contract',
          operation: 'readInstances',
          region: stage.harness.region,
          instances: 1,
          ms: expect.any(Number),
          ok: true,
        },
      ]);
      expect(stage.harness.cloud.calls.every((call) => call.region === stage.harness.region)).toBe(true);
    },
  },
  {
    title: 'closing twice is fine, and a closed account makes no call',
    async run(stage) {
      const { harness, provider } = stage;
      for (const either of [harness.provider, harness.provider, provider, provider]) {
        const closed = await either.close().then(
          () => 'closed',
          () => 'threw',
        );
        expect(closed).toBe('closed');
      }
      const keyPair = harness.keyPair;
      const closed = { ok: false, fault: { kind: 'aborted', code: 'Closed' } };
      expect(await provider.listKeyPairs(region(stage))).toMatchObject(closed);
      const input = { instanceIds: [linux(stage)], token: tokenOf('closed'), keyPair };
      const { instances } = await provider.detach(input, region(stage));
      expect(instances.get(linux(stage))).toMatchObject({ kind: 'refused', fault: { code: 'Closed' } });
      expect(harness.cloud.calls).toEqual([]);
    },
  },
];
