import type { World, WorldInstance, WorldState } from '../cloud.js';
import { Refused, readInstanceIds, readList, readPage, requireKnown } from './parameters.js';

const STATUS: Readonly<Record<WorldState, string>> = Object.freeze({
  running: 'RUNNING',
  stopped: 'STOPPED',
  starting: 'STARTING',
  stopping: 'STOPPING',
  restarting: 'REBOOTING',
  terminated: 'DELETING',
});

const INSTANCE_FILTERS = ['InstanceIds', 'InstanceName', 'KeyPairName', 'Status', 'MaxResults', 'NextToken'];
const KEY_PAIR_FILTERS = ['KeyPairIds', 'KeyPairNames', 'KeyPairName', 'FingerPrint', 'MaxResults', 'NextToken'];

/** Ids that do not exist are left out, without a word. */
export function describeInstances(world: World, region: string, query: URLSearchParams): unknown {
  requireKnown(query, INSTANCE_FILTERS);
  const ids = readInstanceIds(query);
  const [name, keyPair, status] = ['InstanceName', 'KeyPairName', 'Status'].map((filter) => query.get(filter) ?? '');
  const all = [...world.instances.values()].filter(
    (instance) =>
      instance.region === region &&
      (ids.length === 0 || ids.includes(instance.id)) &&
      (!name || instance.name.includes(name)) &&
      (!keyPair || instance.keyPairs[0] === keyPair) &&
      (!status || STATUS[instance.state] === status),
  );
  const { items, NextToken } = readPage(query, all, 100);
  return { TotalCount: all.length, Instances: items.map((instance) => toVendor(world, instance)), NextToken };
}

function toVendor(world: World, instance: WorldInstance): unknown {
  const [keyPairName = ''] = instance.keyPairs;
  const keyPair = world.keyPairs.find(({ name, region }) => name === keyPairName && region === instance.region);
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    Status: STATUS[instance.state],
    OsType: instance.os === 'windows' ? 'Windows' : 'Linux',
    OsName: instance.os === 'windows' ? 'Windows Server 2022' : 'veLinux 2.0',
    KeyPairName: keyPairName,
    KeyPairId: keyPair?.id ?? '',
    StoppedMode: instance.state === 'stopped' ? (instance.extra.stoppedMode ?? 'KeepCharging') : '',
    ZoneId: `${instance.region}-a`,
    InstanceTypeId: 'ecs.g3i.large',
  };
}

export function describeKeyPairs(world: World, region: string, query: URLSearchParams): unknown {
  requireKnown(query, KEY_PAIR_FILTERS);
  const ids = readList(query, 'KeyPairIds');
  const names = readList(query, 'KeyPairNames');
  if (ids.length > 100 || names.length > 100) throw new Refused('InvalidArgument');
  const [part, fingerprint] = ['KeyPairName', 'FingerPrint'].map((filter) => query.get(filter) ?? '');
  const all = world.keyPairs.filter(
    (keyPair) =>
      keyPair.region === region &&
      (ids.length === 0 || ids.includes(keyPair.id)) &&
      (names.length === 0 || names.includes(keyPair.name)) &&
      (!part || keyPair.name.includes(part)) &&
      (!fingerprint || keyPair.fingerprint === fingerprint),
  );
  const { items, NextToken } = readPage(query, all, 500);
  const KeyPairs = items.map(({ id, name, fingerprint: FingerPrint }) => ({
    KeyPairId: id,
    KeyPairName: name,
    FingerPrint,
    Description: '',
    ProjectName: 'default',
    Tags: null,
  }));
  return { KeyPairs, NextToken };
}
