import type { World, WorldInstance } from '../../../playground/clouds/cloud.js';
import {
  makeHuaweiId,
  makeHuaweiKeyPair,
  makeHuaweiProjectId,
  startHuaweiCloud,
} from '../../../playground/clouds/huawei/cloud.js';
import type { Provider } from '../../../src/providers/contract.js';
import { createProvider, type HuaweiOptions } from '../../../src/providers/huawei/provider.js';
import type { HarnessFactory } from '../harness.js';

export const REGION = 'cn-north-4';
/** Two full pages of "ListCloudServers" and one more. */
const LINUX = 201;
/** With the two that are bound or spare: two full pages of "ListKeypairs" and one more. */
const FILLERS = 99;

const cloudCredentials = {
  accessKey: 'HUAWEIACCESSKEY0001',
  secretKey: 'canary-huawei-secret-key',
  sessionToken: 'canary-huawei-security-token',
};
export const credentials = {
  accessKeyId: cloudCredentials.accessKey,
  secretAccessKey: cloudCredentials.secretKey,
  securityToken: cloudCredentials.sessionToken,
};

export function makeServer(n: number, parts: Partial<WorldInstance> = {}): WorldInstance {
  return {
    id: makeHuaweiId(n),
    name: `web-${n}`,
    region: REGION,
    state: 'stopped',
    os: 'linux',
    keyPairs: ['oncall'],
    opens: ['oncall'],
    agent: true,
    power: { stops: 0, starts: 0, restarts: 0 },
    extra: {},
    ...parts,
  };
}

export function makeWorld(servers: readonly WorldInstance[]): World {
  const names = ['oncall', 'spare', ...Array.from({ length: FILLERS }, (_, at) => `team-${at}`)];
  return {
    instances: new Map(servers.map((server) => [server.id, server])),
    keyPairs: names.map((name, at) => makeHuaweiKeyPair(name, REGION, at)),
  };
}

/** A cloud whose clock only moves when it is told to, and the adapter on it. */
export async function startWorld(servers: readonly WorldInstance[]) {
  let ahead = 0;
  const cloud = await startHuaweiCloud({
    credentials: cloudCredentials,
    world: makeWorld(servers),
    now: () => Date.now() + ahead,
  });
  const opened: Provider[] = [];
  const open = (options: Partial<HuaweiOptions> = {}): Provider => {
    const projectIds = { [REGION]: makeHuaweiProjectId(REGION) };
    const given = { credentials, endpoint: cloud.url, timeoutMs: 5000, projectIds, now: () => Date.now() + ahead };
    const provider = createProvider({ ...given, ...options });
    opened.push(provider);
    return provider;
  };
  return {
    cloud,
    open,
    provider: open(),
    moveClock: (ms: number) => {
      ahead += ms;
    },
    close: async () => {
      for (const provider of opened) await provider.close();
      await cloud.stop();
    },
  };
}

export const makeHuaweiHarness: HarnessFactory = async () => {
  const servers = Array.from({ length: LINUX }, (_, at) => makeServer(at + 1));
  const windows = makeServer(LINUX + 1, { name: 'desk', os: 'windows' });
  const { cloud, open, provider, moveClock, close } = await startWorld([...servers, windows]);
  const [keyPair, otherKeyPair] = cloud.world.keyPairs.map(({ name, publicKey, fingerprint }) => ({
    name,
    publicKey,
    fingerprint,
  }));
  if (!keyPair || !otherKeyPair) throw new Error('the world has no key pairs');
  return {
    provider,
    strangerProvider: async () => open({ credentials: { ...credentials, secretAccessKey: 'of-somebody-else' } }),
    cloud,
    region: REGION,
    keyPair,
    otherKeyPair,
    linux: servers.map(({ id }) => id),
    windows: windows.id,
    missing: makeHuaweiId(0xffff),
    operations: {
      detach: 'POST /v3/{project_id}/keypairs/disassociate',
      attach: 'POST /v3/{project_id}/keypairs/associate',
      read: 'GET /v1/{project_id}/cloudservers/detail',
      list: 'GET /v1.1/{project_id}/cloudservers/detail',
      keyPairs: 'GET /v3/{project_id}/keypairs',
      stop: 'POST /v1/{project_id}/cloudservers/action os-stop',
      start: 'POST /v1/{project_id}/cloudservers/action os-start',
      restart: 'POST /v1/{project_id}/cloudservers/action reboot',
    },
    canaries: [credentials.secretAccessKey, credentials.securityToken],
    setState(instanceId, state) {
      const server = cloud.world.instances.get(instanceId);
      if (!server) throw new Error(`no server ${instanceId}`);
      server.state = state;
      delete server.extra.settlesAt;
    },
    settle: () => moveClock(cloud.lag),
    close,
  };
};
