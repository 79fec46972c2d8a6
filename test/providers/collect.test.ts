import { afterEach, describe, expect, it } from '@jest/globals';
import {
  KEY,
  KIND_IDS,
  type KindId,
  type StageCloud,
  settingsFor,
  startStageCloud,
} from '../../playground/stage/clouds.js';
import type { Instance, Provider } from '../../src/providers/contract.js';
import { guard } from '../../src/providers/guard.js';
import { loadProvider } from '../../src/providers/registry.js';

/** Lists of the instances of a key pair that change, or say less, while they are read. */

let stage: StageCloud;
let provider: Provider;
afterEach(async () => {
  await provider.close();
  await stage.cloud.stop();
});

async function open(kind: KindId, count: number) {
  stage = await startStageCloud(kind, { states: Array.from({ length: count }, () => 'running' as const) });
  provider = await loadProvider(settingsFor(stage), { timeoutMs: 5_000, now: Date.now });
}

/** `onPage` comes after each page. */
async function list(onPage: (items: readonly Instance[], pages: number) => void = () => {}) {
  let pages = 0;
  const watched: Provider = {
    ...provider,
    async listInstances(input, call) {
      const page = await provider.listInstances(input, call);
      pages += 1;
      onPage(page.items, pages);
      return page;
    },
  };
  const guarded = guard(watched, { account: stage.account, timeoutMs: 5_000, secrets: [], now: Date.now });
  const found = await guarded.findKeyPair({ nameOrId: KEY }, { region: stage.region });
  if (!found.ok || found.value === undefined) throw new Error('no key pair');
  const answer = await guarded.listInstances({ keyPair: found.value }, { region: stage.region });
  return { answer, pages: () => pages };
}

describe.each(KIND_IDS)('a list on %s', (kind) => {
  it('of one page is read once', async () => {
    await open(kind, 3);
    const { answer, pages } = await list();
    expect(answer.ok && answer.value.map(({ id }) => id).sort()).toEqual([...stage.ids].sort());
    expect(pages()).toBe(1);
  });

  it('that shrinks between two pages lacks none that stays', async () => {
    await open(kind, 250);
    const { answer } = await list((items, pages) => {
      for (const { id } of pages === 1 ? items.slice(0, 20) : []) {
        const instance = stage.cloud.world.instances.get(id);
        if (instance) instance.keyPairs = [];
      }
    });
    const shown = new Set(answer.ok ? answer.value.map(({ id }) => id) : []);
    const bound = [...stage.cloud.world.instances.values()].filter(({ keyPairs }) => keyPairs.includes(KEY));
    expect(bound).toHaveLength(230);
    expect(bound.filter(({ id }) => !shown.has(id)).map(({ id }) => id)).toEqual([]);
  });
});

describe.each([
  ['tencent', 'DescribeInstances'],
  ['huawei', 'GET /v1/{project_id}/cloudservers/detail'],
] as const)('one that the key pair names on %s, and that is not shown', (kind, operation) => {
  it('is in the list all the same', async () => {
    await open(kind, 2);
    const [first = '', second = ''] = [...stage.ids].sort();
    const held = stage.cloud.hold(operation);
    const listing = list();
    await held.arrived;
    stage.cloud.world.instances.delete(second);
    held.release();
    const { answer } = await listing;
    const seen = answer.ok ? answer.value.map(({ id, state, unseen = false }) => [id, state, unseen]) : answer;
    expect(seen).toEqual([
      [first, 'running', false],
      [second, 'unusable', true],
    ]);
  });
});
