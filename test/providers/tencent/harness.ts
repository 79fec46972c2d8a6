import { randomBytes } from 'node:crypto';
import type { World, WorldInstance, WorldState } from '../../../playground/clouds/cloud.js';
import { makeTencentId, makeTencentKeyPair, startTencentCloud } from '../../../playground/clouds/tencent/cloud.js';
import type { Provider } from '../../../src/providers/contract.js';
import { createProvider } from '../../../src/providers/tencent/provider.js';
import type { TencentCredentials } from '../../../src/providers/tencent/schema.js';
import type { HarnessFactory } from '../harness.js';

export const REGION = 'ap-guangzhou';
const PAGE = 100;
const TIMEOUT_MS = 5_000;

export const makeInstance = (n: number, rest: Partial<WorldInstance> = {}): WorldInstance => ({
  id: makeTencentId(n),
  name: `game-${n}`,
  region: REGION,
  state: 'stopped',
  os: 'linux',
  keyPairs: ['game_ops'],
  opens: ['game_ops'],
  agent: true,
  power: { stops: 0, starts: 0, restarts: 0 },
  extra: {},
  ...rest,
});

export const makeCredentials = () => {
  const canary = () => `canary${randomBytes(12).toString('hex')}`;
  return { secretId: `AKID${canary()}`, secretKey: canary(), token: canary() } satisfies TencentCredentials;
};

/** Puts instances where others of the account would be as well: in another region, and without a key pair. */
function makeWorld() {
  const keyPair = makeTencentKeyPair('game_ops', REGION, 1);
  const otherKeyPair = makeTencentKeyPair('game_ops_old', REGION, 2);
  const linux = Array.from({ length: 2 * PAGE + 1 }, (_, n) => makeInstance(n + 1));
  const windows = makeInstance(1_001, { os: 'windows' });
  const strangers = [
    makeInstance(2_001, { keyPairs: [], opens: [] }),
    makeInstance(2_002, { region: 'ap-shanghai', keyPairs: [], opens: [] }),
  ];
  const world: World = {
    instances: new Map([...linux, windows, ...strangers].map((instance) => [instance.id, instance])),
    keyPairs: [keyPair, otherKeyPair],
  };
  return { world, keyPair, otherKeyPair, linux: linux.map(({ id }) => id), windows: windows.id };
}

export function setWorldState(world: World, instanceId: string, state: WorldState): void {
  const instance = world.instances.get(instanceId);
  if (instance === undefined) throw new Error(`no such instance: ${instanceId}`);
  instance.state = state;
  delete instance.extra.InstanceState;
  delete instance.extra.StopChargingMode;
}

export const makeTencentHarness: HarnessFactory = async () => {
  const credentials = makeCredentials();
  const { world, keyPair, otherKeyPair, linux, windows } = makeWorld();
  const cloud = await startTencentCloud({
    credentials: {
      accessKey: credentials.secretId,
      secretKey: credentials.secretKey,
      sessionToken: credentials.token,
    },
    world,
  });
  const providers: Provider[] = [];
  const provide = (as: TencentCredentials) => {
    const provider = createProvider({ credentials: as, endpoint: cloud.url, timeoutMs: TIMEOUT_MS, now: Date.now });
    providers.push(provider);
    return provider;
  };
  return {
    provider: provide(credentials),
    strangerProvider: async () => provide({ ...credentials, secretKey: `${credentials.secretKey}x` }),
    cloud,
    region: REGION,
    keyPair: { name: keyPair.name, id: keyPair.id },
    otherKeyPair: { name: otherKeyPair.name, id: otherKeyPair.id },
    linux,
    windows,
    missing: makeTencentId(9_999),
    operations: {
      detach: 'DisassociateInstancesKeyPairs',
      attach: 'AssociateInstancesKeyPairs',
      read: 'DescribeInstances',
      list: 'DescribeKeyPairs',
      keyPairs: 'DescribeKeyPairs',
      stop: 'StopInstances',
      start: 'StartInstances',
      restart: 'RebootInstances',
    },
    canaries: Object.values(credentials),
    setState: (instanceId, state) => setWorldState(world, instanceId, state),
    settle: cloud.finish,
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
      await cloud.stop();
    },
  };
};
