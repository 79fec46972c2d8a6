import type { CloudControls, WorldInstance, WorldKeyPair } from '../cloud.js';
import {
  CvmError,
  INSTANCE_ID,
  KEY_ID,
  onlyKnown,
  type Parameters,
  readFlag,
  readRequiredIds,
  readWord,
} from './parameters.js';
import type { Task, Tasks } from './tasks.js';
import { instanceStateOf, restrictStateOf } from './views.js';

export type ActionContext = {
  region: string;
  requestId: string;
  cloud: CloudControls & { now(): number };
  tasks: Tasks;
};

/**
 * The actions that change something. Every one checks all its instances first and answers with one code
 * that names none of them: "if the batch holds an instance that may not be operated on, the operation
 * returns with a specific error code".
 */
export function disassociateKeyPairs(parameters: Parameters, context: ActionContext): void {
  bindKeyPairs('DisassociateInstancesKeyPairs', parameters, context, (instance, keyPairs) => {
    instance.keyPairs = instance.keyPairs.filter((name) => !keyPairs.some((keyPair) => keyPair.name === name));
  });
}

/** The key pairs bound before lose their force. */
export function associateKeyPairs(parameters: Parameters, context: ActionContext): void {
  bindKeyPairs('AssociateInstancesKeyPairs', parameters, context, (instance, keyPairs) => {
    instance.keyPairs = keyPairs.map(({ name }) => name);
  });
}

function bindKeyPairs(
  action: string,
  parameters: Parameters,
  context: ActionContext,
  change: (instance: WorldInstance, keyPairs: readonly WorldKeyPair[]) => void,
): void {
  onlyKnown(parameters, ['InstanceIds', 'KeyIds', 'ForceStop']);
  const ids = readInstanceIds(parameters);
  const keyIds = readRequiredIds(parameters, 'KeyIds', KEY_ID, 'InvalidKeyPairId.Malformed');
  const force = readFlag(parameters, 'ForceStop');
  const keyPairs = keyIds.map((id) => findKeyPair(id, context));
  const instances = ids.map((id) => findInstance(id, context));
  for (const instance of instances) {
    if (instance.os === 'windows') {
      throw new CvmError('UnsupportedOperation.InstanceOsWindows', 'Windows instances do not support key pairs.');
    }
    if (!(force && instance.state === 'running')) requireState(instance, 'stopped');
    if (instance.extra.StopChargingMode === 'STOP_CHARGING') {
      throw new CvmError('UnsupportedOperation.StoppedModeStopCharging', 'An instance is stopped without charge.');
    }
    requireIdle(instance, context);
  }
  for (const instance of instances) {
    if (instance.state === 'running') cutPower(instance);
    begin(instance, context, {
      action,
      effect: (changed) => {
        change(changed, keyPairs);
        changed.opens = [...changed.keyPairs];
      },
    });
  }
}

/** What `ForceStop: true` does to a running instance: off without a shutdown, and on again afterwards. */
function cutPower(instance: WorldInstance): void {
  instance.power.stops += 1;
  instance.power.starts += 1;
  instance.extra.powerCut = true;
}

export function stopInstances(parameters: Parameters, context: ActionContext): void {
  onlyKnown(parameters, ['InstanceIds', 'ForceStop', 'StopType', 'StoppedMode']);
  const instances = readPowerTargets(parameters, context, 'running', 'ForceStop');
  const mode = readWord(parameters, 'StoppedMode', ['KEEP_CHARGING', 'STOP_CHARGING']);
  for (const instance of instances) {
    begin(instance, context, {
      action: 'StopInstances',
      meanwhile: 'stopping',
      effect: (stopped) => {
        stopped.state = 'stopped';
        stopped.power.stops += 1;
        stopped.extra.StopChargingMode = mode;
      },
    });
  }
}

export function startInstances(parameters: Parameters, context: ActionContext): void {
  onlyKnown(parameters, ['InstanceIds']);
  const instances = readPowerTargets(parameters, context, 'stopped', undefined);
  for (const instance of instances) {
    begin(instance, context, {
      action: 'StartInstances',
      meanwhile: 'starting',
      effect: (started) => {
        started.state = 'running';
        started.power.starts += 1;
        delete started.extra.StopChargingMode;
      },
    });
  }
}

export function rebootInstances(parameters: Parameters, context: ActionContext): void {
  onlyKnown(parameters, ['InstanceIds', 'ForceReboot', 'StopType']);
  const instances = readPowerTargets(parameters, context, 'running', 'ForceReboot');
  for (const instance of instances) {
    begin(instance, context, {
      action: 'RebootInstances',
      meanwhile: 'restarting',
      effect: (restarted) => {
        restarted.state = 'running';
        restarted.power.restarts += 1;
      },
    });
  }
}

function readPowerTargets(
  parameters: Parameters,
  context: ActionContext,
  state: 'running' | 'stopped',
  forceName: string | undefined,
): readonly WorldInstance[] {
  const ids = readInstanceIds(parameters);
  if (forceName !== undefined) {
    if (parameters[forceName] !== undefined && parameters.StopType !== undefined) {
      throw new CvmError('InvalidParameterCombination', `${forceName} and StopType cannot be used together.`);
    }
    const type = readWord(parameters, 'StopType', ['SOFT', 'HARD', 'SOFT_FIRST']);
    if (readFlag(parameters, forceName) || type !== 'SOFT') {
      // Real, and never wanted: the local cloud has no guest that could be hurt, so it does not act it out.
      throw new CvmError('InvalidParameterValue', 'Only soft stops are known here.');
    }
  }
  const instances = ids.map((id) => findInstance(id, context));
  for (const instance of instances) {
    requireState(instance, state);
    requireIdle(instance, context);
  }
  return instances;
}

const readInstanceIds = (parameters: Parameters) =>
  readRequiredIds(parameters, 'InstanceIds', INSTANCE_ID, 'InvalidInstanceId.Malformed');

function findInstance(id: string, { region, cloud }: ActionContext): WorldInstance {
  const instance = cloud.world.instances.get(id);
  if (instance === undefined || instance.region !== region) {
    throw new CvmError('InvalidInstanceId.NotFound', 'An instance was not found.');
  }
  if (instance.extra.unsupported === true || restrictStateOf(instance) !== 'NORMAL') {
    throw new CvmError('InvalidInstance.NotSupported', 'An instance is not supported.');
  }
  return instance;
}

function findKeyPair(id: string, { region, cloud }: ActionContext): WorldKeyPair {
  const keyPair = cloud.world.keyPairs.find((candidate) => candidate.id === id && candidate.region === region);
  if (keyPair === undefined) throw new CvmError('InvalidKeyPairId.NotFound', 'A key pair was not found.');
  return keyPair;
}

function requireState(instance: WorldInstance, state: 'running' | 'stopped'): void {
  const shown = instanceStateOf(instance);
  if (shown === state.toUpperCase()) return;
  const words = shown.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  throw new CvmError(`UnsupportedOperation.InstanceState${words.join('')}`, `An instance is ${shown}.`);
}

function requireIdle(instance: WorldInstance, { tasks }: ActionContext): void {
  if (tasks.latest(instance.id)?.state !== 'OPERATING') return;
  throw new CvmError('OperationDenied.InstanceOperationInProgress', 'An instance is at another operation.');
}

function begin(instance: WorldInstance, context: ActionContext, task: Omit<Task, 'requestId'>): void {
  const now = context.cloud.now();
  context.tasks.begin(instance, { ...task, requestId: context.requestId }, now + context.cloud.lag);
  context.tasks.settle(now);
}
