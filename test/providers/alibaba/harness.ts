import { makeAlibabaId, makeAlibabaKeyPair, startAlibabaCloud } from '../../../playground/clouds/alibaba/cloud.js';
import { advance, halt } from '../../../playground/clouds/alibaba/instances.js';
import type { Cloud, World, WorldInstance } from '../../../playground/clouds/cloud.js';
import { createClient } from '../../../src/providers/alibaba/client.js';
import { createProvider } from '../../../src/providers/alibaba/provider.js';
import type { KeyPair } from '../../../src/providers/contract.js';
import type { Harness, HarnessFactory } from '../harness.js';

export const REGION = 'cn-hangzhou';
export const ACCESS_KEY = 'LTAI5tDetachKeyTests';
/** With signs that have to be encoded where they stand in an address or a query. */
export const SECRET = 'canary/alibaba+secret=1';
export const TOKEN = 'canary/alibaba+token==2';
const STRANGERS_SECRET = 'canary/alibaba+stranger=3';

export const KEY_NAME = 'FinanceJoshuaV26';
export const LINUX = Array.from({ length: 201 }, (_, n) => makeAlibabaId(n + 1));
export const WINDOWS = makeAlibabaId(9_001);
export const MISSING = makeAlibabaId(9_999);

export function makeInstance(id: string, keyPairs: readonly string[], more?: Partial<WorldInstance>): WorldInstance {
  return {
    id,
    name: `web-${id.slice(-4)}`,
    region: REGION,
    state: 'running',
    os: 'linux',
    keyPairs: [...keyPairs],
    opens: [...keyPairs],
    agent: true,
    power: { stops: 0, starts: 0, restarts: 0 },
    extra: {},
    ...more,
  };
}

export function makeWorld(): World {
  const instances = LINUX.map((id) => makeInstance(id, [KEY_NAME]));
  instances.push(makeInstance(WINDOWS, [KEY_NAME], { os: 'windows' }));
  // With the first two, more than one page of key pairs.
  const names = [KEY_NAME, 'spare', ...Array.from({ length: 59 }, (_, n) => `unused-${n + 1}`)];
  return {
    instances: new Map(instances.map((instance) => [instance.id, instance])),
    keyPairs: names.map((name, n) => makeAlibabaKeyPair(name, REGION, n)),
  };
}

export const instanceOf = (cloud: Pick<Cloud, 'world'>, id: string): WorldInstance => {
  const instance = cloud.world.instances.get(id);
  if (!instance) throw new Error(`${id} is not in the world`);
  return instance;
};

export const makeAlibabaHarness = async () => {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const account = { accessKey: ACCESS_KEY, secretKey: SECRET, sessionToken: TOKEN };
  const cloud = await startAlibabaCloud({ credentials: account, world: makeWorld(), now });
  const providerWith = (accessKeySecret: string) => {
    const credentials = { accessKeyId: ACCESS_KEY, accessKeySecret, securityToken: TOKEN };
    const options = { credentials, endpoint: cloud.url, timeoutMs: 2_000, now: Date.now };
    // Ready made, so that no test's time limit holds the loading of the SDK.
    return createProvider({ ...options, client: createClient(options) });
  };
  const provider = providerWith(SECRET);
  const keyPair = (name: string): KeyPair => {
    const found = cloud.world.keyPairs.find((one) => one.name === name);
    return { name, fingerprint: found?.fingerprint ?? '', publicKey: found?.publicKey ?? '' };
  };
  return {
    provider,
    strangerProvider: async () => providerWith(STRANGERS_SECRET),
    cloud,
    region: REGION,
    keyPair: keyPair(KEY_NAME),
    otherKeyPair: keyPair('spare'),
    linux: LINUX,
    windows: WINDOWS,
    missing: MISSING,
    operations: {
      detach: 'DetachKeyPair',
      attach: 'AttachKeyPair',
      read: 'DescribeInstances',
      list: 'DescribeInstances',
      keyPairs: 'DescribeKeyPairs',
      stop: 'StopInstances',
      start: 'StartInstances',
      restart: 'RebootInstances',
    },
    canaries: [SECRET, TOKEN, STRANGERS_SECRET],
    setState: (id, state) => halt(instanceOf(cloud, id), state),
    settle() {
      ahead += cloud.lag;
      advance(cloud.world, now());
    },
    async close() {
      await provider.close();
      await cloud.stop();
    },
  } satisfies Harness;
};

makeAlibabaHarness satisfies HarnessFactory;
