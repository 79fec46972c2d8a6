import type { Cloud, World, WorldInstance } from '../../../playground/clouds/cloud.js';
import { startVolcengineCloud } from '../../../playground/clouds/volcengine/cloud.js';
import {
  advanceVolcengineWorld,
  makeVolcengineId,
  makeVolcengineKeyPair,
  setVolcengineState,
} from '../../../playground/clouds/volcengine/world.js';
import type { KeyPair } from '../../../src/providers/contract.js';
import { createProvider } from '../../../src/providers/volcengine/provider.js';
import type { VolcengineCredentials } from '../../../src/providers/volcengine/schema.js';
import type { Harness, HarnessFactory } from '../harness.js';

const REGION = 'cn-beijing';
/** Two pages of 100 and one more. */
const LINUX = 201;

export const CREDENTIALS = Object.freeze({
  accessKeyId: 'AKLTlocaltest',
  secretAccessKey: 'canary-volcengine-secret-8f1d',
  sessionToken: 'canary-volcengine-session-5c2e',
});

export function makeInstance(n: number, more: Partial<WorldInstance> = {}): WorldInstance {
  return {
    id: makeVolcengineId(n),
    name: `feed-${n}`,
    region: REGION,
    state: 'running',
    os: 'linux',
    keyPairs: ['incident'],
    opens: ['incident'],
    agent: true,
    power: { stops: 0, starts: 0, restarts: 0 },
    extra: {},
    ...more,
  };
}

/** The harness with its cloud's address, for tests that build adapters of their own. */
export async function makeVolcengineStage(): Promise<Harness & { cloud: Cloud }> {
  const keyPair = makeVolcengineKeyPair('incident', REGION, 1);
  const otherKeyPair = makeVolcengineKeyPair('spare', REGION, 2);
  const linux = Array.from({ length: LINUX }, (_, index) => makeInstance(index + 1));
  const windows = makeInstance(9000, { os: 'windows' });
  const world: World = {
    instances: new Map([...linux, windows].map((instance) => [instance.id, instance])),
    keyPairs: [keyPair, otherKeyPair],
  };
  let shift = 0;
  const now = () => Date.now() + shift;
  const cloud = await startVolcengineCloud({
    credentials: {
      accessKey: CREDENTIALS.accessKeyId,
      secretKey: CREDENTIALS.secretAccessKey,
      sessionToken: CREDENTIALS.sessionToken,
    },
    world,
    now,
  });
  const make = (credentials: VolcengineCredentials) =>
    createProvider({ credentials, endpoint: cloud.url, timeoutMs: 5_000, now: Date.now });
  const provider = make(CREDENTIALS);
  const strangers: { close(): Promise<void> }[] = [];
  return {
    provider,
    async strangerProvider() {
      const stranger = make({ ...CREDENTIALS, secretAccessKey: 'canary-volcengine-wrong-77ab' });
      strangers.push(stranger);
      return stranger;
    },
    cloud,
    region: REGION,
    keyPair: asKeyPair(keyPair),
    otherKeyPair: asKeyPair(otherKeyPair),
    linux: linux.map(({ id }) => id),
    windows: windows.id,
    missing: makeVolcengineId(99_999),
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
    canaries: [CREDENTIALS.secretAccessKey, CREDENTIALS.sessionToken, 'canary-volcengine-wrong-77ab'],
    setState(instanceId, state) {
      const instance = world.instances.get(instanceId);
      if (!instance) throw new Error(`no instance ${instanceId} in this world`);
      setVolcengineState(instance, state);
    },
    settle() {
      // All settles of one test together have to stay below the 15 minutes at which signatures are refused.
      if (Number.isFinite(cloud.lag)) shift += cloud.lag;
      advanceVolcengineWorld(world, now());
    },
    async close() {
      await Promise.all([provider, ...strangers].map((each) => each.close()));
      await cloud.stop();
    },
  };
}

export const makeVolcengineHarness: HarnessFactory = makeVolcengineStage;

const asKeyPair = ({ name, id, fingerprint }: KeyPair & { id: string; fingerprint: string }): KeyPair => ({
  name,
  id,
  fingerprint,
});
