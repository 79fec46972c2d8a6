import type { World, WorldInstance, WorldState } from '../cloud.js';
import {
  CvmError,
  type Filter,
  INSTANCE_ID,
  KEY_ID,
  onlyKnown,
  type Parameters,
  readFilters,
  readIds,
  readPage,
} from './parameters.js';
import type { Tasks } from './tasks.js';

/** An instance that is gone stays in the recycle bin and is shown there. */
const STATES: Readonly<Record<WorldState, string>> = {
  running: 'RUNNING',
  stopped: 'STOPPED',
  starting: 'STARTING',
  stopping: 'STOPPING',
  restarting: 'REBOOTING',
  terminated: 'SHUTDOWN',
};

/** `extra.InstanceState` holds a state that the world has no word for, such as RESCUE_MODE. */
export function instanceStateOf(instance: WorldInstance): string {
  const own = instance.extra.InstanceState;
  return typeof own === 'string' ? own : STATES[instance.state];
}

export const restrictStateOf = (instance: WorldInstance): string => instance.lock ?? 'NORMAL';

type ViewContext = { region: string; world: World; tasks: Tasks };

/** Ids that do not exist are left out without a word. */
export function describeInstances(parameters: Parameters, { region, world, tasks }: ViewContext) {
  onlyKnown(parameters, ['InstanceIds', 'Filters', 'Offset', 'Limit']);
  const ids = readIds(parameters, 'InstanceIds', INSTANCE_ID, 'InvalidInstanceId.Malformed');
  const filters = readFilters(parameters, 'InstanceIds', ['instance-name', 'instance-state']);
  const { offset, limit } = readPage(parameters);
  const found = [...world.instances.values()].filter(
    (instance) =>
      instance.region === region &&
      (ids === undefined || ids.length === 0 || ids.includes(instance.id)) &&
      filters.every(({ name, values }) =>
        values.includes(name === 'instance-name' ? instance.name : instanceStateOf(instance)),
      ),
  );
  return {
    TotalCount: found.length,
    InstanceSet: found.slice(offset, offset + limit).map((instance) => showInstance(instance, world, tasks)),
  };
}

function showInstance(instance: WorldInstance, world: World, tasks: Tasks) {
  const latest = tasks.latest(instance.id);
  const keyIds = instance.keyPairs.map((name) => keyIdOf(world, instance.region, name));
  const stopCharging = instance.extra.StopChargingMode;
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    InstanceState: instanceStateOf(instance),
    RestrictState: restrictStateOf(instance),
    InstanceType: 'S5.MEDIUM4',
    OsName: instance.os === 'windows' ? 'Windows Server 2022 数据中心版 64位中文版' : 'TencentOS Server 3.1 (TK4)',
    LoginSettings: keyIds.length > 0 ? { KeyIds: keyIds } : { KeyIds: null },
    StopChargingMode:
      typeof stopCharging === 'string' && instance.state === 'stopped' ? stopCharging : 'NOT_APPLICABLE',
    LatestOperation: latest?.action ?? null,
    LatestOperationState: latest?.state ?? null,
    LatestOperationRequestId: latest?.requestId ?? null,
    LatestOperationErrorMsg: latest?.errorMessage ?? null,
  };
}

function keyIdOf(world: World, region: string, name: string): string {
  const keyPair = world.keyPairs.find((candidate) => candidate.name === name && candidate.region === region);
  if (keyPair === undefined) throw new Error(`the world binds a key pair that it does not have: ${name}`);
  return keyPair.id;
}

const KEY_FILTERS = ['key-name', 'project-id'];

export function describeKeyPairs(parameters: Parameters, { region, world }: ViewContext) {
  onlyKnown(parameters, ['KeyIds', 'Filters', 'Offset', 'Limit']);
  const ids = readIds(parameters, 'KeyIds', KEY_ID, 'InvalidKeyPairId.Malformed');
  const filters = readFilters(parameters, 'KeyIds', KEY_FILTERS);
  const { offset, limit } = readPage(parameters);
  const here = world.keyPairs.filter((keyPair) => keyPair.region === region);
  if (ids?.some((id) => !here.some((keyPair) => keyPair.id === id))) {
    throw new CvmError('InvalidKeyPairId.NotFound', 'A key pair was not found.');
  }
  const found = here.filter(
    ({ id, name }) => (ids?.includes(id) ?? true) && filters.every((filter) => fits(filter, name)),
  );
  const instances = [...world.instances.values()].filter((instance) => instance.region === region);
  return {
    TotalCount: found.length,
    KeyPairSet: found.slice(offset, offset + limit).map(({ id, name, publicKey }) => ({
      KeyId: id,
      KeyName: name,
      ProjectId: 0,
      PublicKey: publicKey,
      AssociatedInstanceIds: instances.filter(({ keyPairs }) => keyPairs.includes(name)).map((instance) => instance.id),
      CreatedTime: '2026-01-05T08:00:00Z',
      Tags: [],
    })),
  };
}

/** That `key-name` takes the whole name only stands nowhere, so here a part of it is enough. */
function fits({ name, values }: Filter, keyName: string): boolean {
  return name === 'key-name' ? values.some((value) => keyName.includes(value)) : values.includes('0');
}
