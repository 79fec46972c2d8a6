import { expect } from '@jest/globals';
import { answerFor, type ContractCase, kindsOf, likeKeyPair, linux, region, tokenOf, worldWithout } from './stage.js';

const HOSTILE_IDS = (id: string, other: string): readonly string[] => [
  '',
  '*',
  `${id},${other}`,
  `${id}/../${other}`,
  `${id}&InstanceIds.2=${other}`,
  `${id}", "${other}`,
  `${id}\r\nx-injected: yes`,
  ` ${id}`,
  `${id}\n`,
  '../../etc/passwd',
  '机器',
];

const HOSTILE_NAMES = (name: string): readonly string[] => [
  `${name}*`,
  `*`,
  `${name}&KeyPairName=other`,
  `${name}","other`,
  `${name}/../other`,
  `${name}%2e%2e`,
  `${name}?limit=1`,
  `' OR '1'='1`,
  '密钥 one',
];

export const INPUTS: readonly ContractCase[] = [
  {
    title: 'more instances than the limit are refused without a call',
    async run(stage) {
      const { harness, provider } = stage;
      const instanceIds = harness.linux.slice(0, provider.traits.limits.detach + 1);
      expect(instanceIds.length).toBe(provider.traits.limits.detach + 1);
      const input = { instanceIds, token: tokenOf('limit'), keyPair: harness.keyPair };
      const { instances } = await provider.detach(input, region(stage));
      expect(instances.size).toBe(instanceIds.length);
      expect(kindsOf(instances)).toEqual(['refused']);
      expect(answerFor(instances, linux(stage))).toMatchObject({ fault: { kind: 'invalid' } });
      expect(harness.cloud.calls).toEqual([]);
    },
  },
  {
    title: 'ids that are not ids are refused without a call',
    async run(stage) {
      const { harness, provider } = stage;
      for (const id of HOSTILE_IDS(linux(stage, 0), linux(stage, 1))) {
        const input = { instanceIds: [id], token: tokenOf('hostile'), keyPair: harness.keyPair };
        const answers = [await provider.detach(input, region(stage)), await provider.attach(input, region(stage))];
        answers.push(await provider.power({ ...input, action: 'restart' }, region(stage)));
        for (const { instances } of answers) {
          expect(answerFor(instances, id)).toMatchObject({ kind: 'refused', fault: { kind: 'invalid' } });
        }
        const shown = await provider.readInstances({ instanceIds: [id] }, region(stage));
        expect(shown).toMatchObject({ ok: false, fault: { kind: 'invalid' } });
      }
      expect(harness.cloud.calls).toEqual([]);
    },
  },
  {
    title: 'a region that is not a region is refused without a call',
    async run(stage) {
      const { harness, provider } = stage;
      for (const hostile of ['', '*', 'evil.example.com/', `${harness.region}@evil`, `${harness.region}\n`]) {
        const call = { region: hostile };
        const reads = [
          await provider.listKeyPairs(call),
          await provider.listInstances({ keyPair: harness.keyPair }, call),
          await provider.readInstances({ instanceIds: [linux(stage)] }, call),
          await provider.findKeyPair({ nameOrId: harness.keyPair.name }, call),
        ];
        for (const answer of reads) expect(answer).toMatchObject({ ok: false, fault: { kind: 'invalid' } });
        const write = { instanceIds: [linux(stage)], token: tokenOf('region'), keyPair: harness.keyPair };
        const writes = [await provider.detach(write, call), await provider.power({ ...write, action: 'stop' }, call)];
        for (const { instances } of writes) expect(kindsOf(instances)).toEqual(['refused']);
      }
      expect(harness.cloud.calls).toEqual([]);
    },
  },
  {
    title: 'names with odd characters arrive as data, or are refused',
    async run(stage) {
      const { harness, provider } = stage;
      for (const [n, name] of HOSTILE_NAMES(harness.keyPair.name).entries()) {
        const absent = await provider.findKeyPair({ nameOrId: name }, region(stage));
        expect(absent.ok ? absent.value : absent.fault.kind).toBe(absent.ok ? undefined : 'invalid');
        harness.cloud.world.keyPairs.push(likeKeyPair(stage, n + 100, name));
        const found = await provider.findKeyPair({ nameOrId: name }, region(stage));
        expect(found.ok ? found.value?.name : found.fault.kind).toBe(found.ok ? name : 'invalid');
      }
    },
  },
  {
    title: 'a detach by a name with odd characters takes nothing else off',
    async run(stage) {
      const { harness, provider } = stage;
      const before = worldWithout(stage, []);
      for (const [n, name] of HOSTILE_NAMES(harness.keyPair.name).entries()) {
        const { id } = likeKeyPair(stage, n + 100, name);
        const keyPair = { name, ...(harness.keyPair.id !== undefined && { id }) };
        const input = { instanceIds: [linux(stage)], token: tokenOf('hostile', n), keyPair };
        const { instances } = await provider.detach(input, region(stage));
        expect(answerFor(instances, linux(stage)).kind).not.toBe('accepted');
        harness.settle();
      }
      expect(worldWithout(stage, [])).toBe(before);
    },
  },
  {
    title: 'the name of an instance is handed on as it is',
    async run(stage) {
      const instance = stage.harness.cloud.world.instances.get(linux(stage));
      if (!instance) throw new Error('the harness has its instances in its world');
      instance.name = `"><b>&amp; \\ %41 名前 <!channel>`;
      const shown = await stage.provider.readInstances({ instanceIds: [linux(stage)] }, region(stage));
      expect(shown).toMatchObject({ ok: true, value: [{ name: instance.name }] });
    },
  },
];
