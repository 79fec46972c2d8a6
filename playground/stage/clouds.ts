import { type Account, accountSchema } from '../../src/providers/registry.js';
import { makeAlibabaId, makeAlibabaKeyPair, startAlibabaCloud } from '../clouds/alibaba/cloud.js';
import type { Cloud, CloudOptions, World, WorldInstance, WorldKeyPair, WorldState } from '../clouds/cloud.js';
import { makeHuaweiId, makeHuaweiKeyPair, makeHuaweiProjectId, startHuaweiCloud } from '../clouds/huawei/cloud.js';
import { makeTencentId, makeTencentKeyPair, startTencentCloud } from '../clouds/tencent/cloud.js';
import { startVolcengineCloud } from '../clouds/volcengine/cloud.js';
import { makeVolcengineId, makeVolcengineKeyPair } from '../clouds/volcengine/world.js';

/** One account on each local cloud, with instances that all take the same key pair. */

export const KEY = 'deploy_2024';
export const SPARE_KEY = 'spare';

type Kind = {
  account: string;
  region: string;
  makeId(n: number): string;
  makeKeyPair(name: string, region: string, n: number): WorldKeyPair;
  start(options: CloudOptions): Promise<Cloud>;
  /** How the account's credentials are called in the config file. */
  credentials: { id: string; secret: string; token: string };
  /** What else the account needs. */
  more(region: string): Record<string, unknown>;
};

const nothingMore = () => ({});

export const KINDS = {
  alibaba: {
    account: 'prod-hz',
    region: 'cn-hangzhou',
    makeId: makeAlibabaId,
    makeKeyPair: makeAlibabaKeyPair,
    start: startAlibabaCloud,
    credentials: { id: 'accessKeyId', secret: 'accessKeySecret', token: 'securityToken' },
    more: nothingMore,
  },
  tencent: {
    account: 'game-gz',
    region: 'ap-guangzhou',
    makeId: makeTencentId,
    makeKeyPair: makeTencentKeyPair,
    start: startTencentCloud,
    credentials: { id: 'secretId', secret: 'secretKey', token: 'token' },
    more: nothingMore,
  },
  volcengine: {
    account: 'feed-bj',
    region: 'cn-beijing',
    makeId: makeVolcengineId,
    makeKeyPair: makeVolcengineKeyPair,
    start: startVolcengineCloud,
    credentials: { id: 'accessKeyId', secret: 'secretAccessKey', token: 'sessionToken' },
    more: nothingMore,
  },
  huawei: {
    account: 'web-north',
    region: 'cn-north-4',
    makeId: makeHuaweiId,
    makeKeyPair: makeHuaweiKeyPair,
    start: startHuaweiCloud,
    credentials: { id: 'accessKeyId', secret: 'secretAccessKey', token: 'securityToken' },
    more: (region: string) => ({ projectIds: { [region]: makeHuaweiProjectId(region) } }),
  },
} as const satisfies Record<string, Kind>;
export type KindId = keyof typeof KINDS;
export const KIND_IDS = Object.keys(KINDS) as KindId[];

export type StageCloud = {
  kind: KindId;
  account: string;
  region: string;
  cloud: Cloud;
  /** Ids of the seeded instances, in order. */
  ids: readonly string[];
  /** Secret values of this account: they must show up nowhere. */
  secrets: readonly string[];
};

export type Seed = { states: readonly WorldState[]; now?: () => number };

export async function startStageCloud(id: KindId, { states, now }: Seed): Promise<StageCloud> {
  const kind: Kind = KINDS[id];
  const { account, region } = kind;
  const ids = states.map((_, index) => kind.makeId(index + 1));
  const world: World = {
    instances: new Map(
      ids.map((instance, index) => [
        instance,
        makeInstance(instance, `${account}-${index + 1}`, region, states[index]),
      ]),
    ),
    keyPairs: [KEY, SPARE_KEY].map((name, index) => kind.makeKeyPair(name, region, index + 1)),
  };
  const secrets = { secretKey: `canary-secret-of-${account}`, sessionToken: `canary-token-of-${account}` };
  const credentials = { accessKey: accessKeyOf(account), ...secrets };
  const cloud = await kind.start({ credentials, world, ...(now && { now }) });
  return { kind: id, account, region, cloud, ids, secrets: Object.values(secrets) };
}

function makeInstance(id: string, name: string, region: string, state: WorldState = 'running'): WorldInstance {
  const power = { stops: 0, starts: 0, restarts: 0 };
  return { id, name, region, state, os: 'linux', keyPairs: [KEY], opens: [KEY], agent: true, power, extra: {} };
}

/** The account as it stands in the config file. */
export function settingsFor({ kind: id, account, region, cloud, secrets }: StageCloud): Account {
  const { credentials: names, more }: Kind = KINDS[id];
  const [secret, token] = secrets;
  const credentials = { [names.id]: accessKeyOf(account), [names.secret]: secret, [names.token]: token };
  return accountSchema.parse({ provider: id, regions: [region], endpoint: cloud.url, credentials, ...more(region) });
}

const accessKeyOf = (account: string) => `AK${account.replace('-', '')}`;
