import type { HttpReply, WorldInstance } from '../cloud.js';
import { answer, Refused, refusal } from './answers.js';
import { find, type Sky, statusOf } from './instances.js';
import { checkNames, flag, type Given, jsonList, whole } from './parameters.js';

/** DescribeInstances: filters are a logical AND; an empty list of ids is a filter that nothing meets. */
export function describeInstances(given: Given, sky: Sky): HttpReply {
  checkNames(
    given,
    ['RegionId'],
    ['InstanceIds', 'KeyPairName', 'MaxResults', 'NextToken', 'PageNumber', 'PageSize', 'DryRun'],
  );
  const ids = given.InstanceIds === undefined ? undefined : jsonList(given.InstanceIds);
  if (given.InstanceIds !== undefined && (!ids || ids.length > 100)) throw new Refused('InvalidInstanceIds.Malformed');
  if (flag(given, 'DryRun')) return refusal('DryRunOperation');
  const found = [...sky.world.instances.values()].filter(
    (instance) =>
      find(sky, instance.id) &&
      (!ids || ids.includes(instance.id)) &&
      (!given.KeyPairName || instance.keyPairs[0] === given.KeyPairName),
  );
  const show = (some: readonly WorldInstance[]) => ({ Instance: some.map(shown) });
  if (given.MaxResults === undefined && given.NextToken === undefined) {
    const { PageNumber, PageSize, from } = numberedPage(given, 100);
    const Instances = show(found.slice(from, from + PageSize));
    return answer({ PageNumber, PageSize, TotalCount: found.length, Instances });
  }
  // Under 10 counts as 10 and above 100 as 100.
  const size = Math.min(Math.max(whole(given, 'MaxResults', 10), 10), 100);
  const from = startOf(given.NextToken);
  const to = from + size;
  // TotalCount is not valid with this way of paging.
  return answer({
    TotalCount: 0,
    NextToken: to < found.length ? tokenOf(to) : '',
    Instances: show(found.slice(from, to)),
  });
}

/** What a caller without permission gets. */
export const noInstances = () => answer({ PageNumber: 1, PageSize: 10, TotalCount: 0, Instances: { Instance: [] } });

export function describeKeyPairs(given: Given, { world, region }: Sky): HttpReply {
  checkNames(given, ['RegionId'], ['KeyPairName', 'KeyPairFingerPrint', 'PageNumber', 'PageSize', 'IncludePublicKey']);
  const { PageNumber, PageSize, from } = numberedPage(given, 50);
  const withPublicKey = flag(given, 'IncludePublicKey');
  const found = world.keyPairs.filter(
    (keyPair) =>
      keyPair.region === region &&
      (!given.KeyPairName || likeStars(given.KeyPairName, keyPair.name)) &&
      (!given.KeyPairFingerPrint || given.KeyPairFingerPrint === keyPair.fingerprint),
  );
  const KeyPair = found.slice(from, from + PageSize).map(({ name, fingerprint, publicKey }) => ({
    KeyPairName: name,
    KeyPairFingerPrint: fingerprint,
    CreationTime: '2026-01-01T00:00Z',
    ResourceGroupId: '',
    Tags: { Tag: [] },
    ...(withPublicKey && { PublicKey: publicKey }),
  }));
  return answer({ PageNumber, PageSize, TotalCount: found.length, KeyPairs: { KeyPair } });
}

function shown(instance: WorldInstance) {
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    RegionId: instance.region,
    Status: statusOf(instance),
    OSType: instance.os,
    KeyPairName: instance.keyPairs[0] ?? '',
    OperationLocks: { LockReason: instance.lock ? [{ LockReason: instance.lock }] : [] },
    StoppedMode: instance.state === 'stopped' ? (instance.extra.stoppedMode ?? 'KeepCharging') : 'Not-applicable',
  };
}

function numberedPage(given: Given, most: number) {
  const PageNumber = whole(given, 'PageNumber', 1);
  const PageSize = whole(given, 'PageSize', 10);
  if (PageNumber < 1 || PageSize < 1 || PageSize > most) {
    throw new Refused('InvalidParameter', 'The specified value of parameter "PageNumber" or "PageSize" is not valid.');
  }
  return { PageNumber, PageSize, from: (PageNumber - 1) * PageSize };
}

const tokenOf = (from: number) => Buffer.from(`from:${from}`).toString('hex');

function startOf(token: string | undefined): number {
  if (!token) return 0;
  const [, from] = /^from:(\d+)$/.exec(Buffer.from(token, 'hex').toString()) ?? [];
  if (!from) throw new Refused('InvalidParameter', 'The specified value of parameter "NextToken" is not valid.');
  return Number(from);
}

/** `*` in a name stands for anything. */
const likeStars = (pattern: string, name: string) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(name);
