import type { World, WorldInstance, WorldKeyPair } from '../../../playground/clouds/cloud.js';
import type { Harness, HarnessFactory } from '../harness.js';
import { startReferenceCloud } from './cloud.js';
import { createReferenceProvider } from './provider.js';

const REGION = 'north-1';
const SECRET = 'reference/canary+secret=1';

const makeKeyPair = (name: string, n: number): WorldKeyPair => ({
  name,
  id: `kp-${String(n).padStart(6, '0')}`,
  region: REGION,
  publicKey: `ssh-ed25519 AAAA${n} ${name}`,
  fingerprint: `aa:bb:${n}`,
});

const makeInstance = (n: number, os: 'linux' | 'windows'): WorldInstance => ({
  id: `vm-${String(n).padStart(4, '0')}`,
  name: `machine ${n}`,
  region: REGION,
  state: 'stopped',
  os,
  keyPairs: ['key-one'],
  opens: ['key-one'],
  agent: true,
  power: { stops: 0, starts: 0, restarts: 0 },
  extra: {},
});

export const makeReferenceHarness: HarnessFactory = async (): Promise<Harness> => {
  const linux = [1, 2, 3, 4, 5, 6, 7].map((n) => makeInstance(n, 'linux'));
  const windows = makeInstance(8, 'windows');
  const keyPair = makeKeyPair('key-one', 1);
  const otherKeyPair = makeKeyPair('key-two', 2);
  const world: World = {
    instances: new Map([...linux, windows].map((instance) => [instance.id, instance])),
    keyPairs: [keyPair, otherKeyPair],
  };
  const cloud = await startReferenceCloud({ credentials: { accessKey: 'reference', secretKey: SECRET }, world });
  const connect = (secret: string) => createReferenceProvider({ url: cloud.url, secret: `reference:${secret}` });
  const provider = connect(SECRET);
  return {
    provider,
    strangerProvider: async () => connect('a stranger'),
    cloud,
    region: REGION,
    keyPair: { name: keyPair.name, id: keyPair.id },
    otherKeyPair: { name: otherKeyPair.name, id: otherKeyPair.id },
    linux: linux.map(({ id }) => id),
    windows: windows.id,
    missing: 'vm-9999',
    operations: {
      detach: 'detach',
      attach: 'attach',
      read: 'read',
      list: 'list',
      keyPairs: 'keypairs',
      stop: 'stop',
      start: 'start',
      restart: 'restart',
    },
    canaries: [SECRET],
    setState(instanceId, state) {
      const instance = world.instances.get(instanceId);
      if (!instance) throw new Error(`no instance ${instanceId} in this world`);
      instance.state = state;
    },
    settle: () => undefined,
    async close() {
      await provider.close();
      await cloud.stop();
    },
  };
};
