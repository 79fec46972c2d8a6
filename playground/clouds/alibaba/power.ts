import type { HttpReply, WorldInstance } from '../cloud.js';
import { answer, MESSAGES, Refused } from './answers.js';
import { find, move, type Sky, statusOf } from './instances.js';
import type { InstanceFault } from './keypairs.js';
import { checkNames, flag, type Given, numbered } from './parameters.js';

export type PowerAction = 'StartInstances' | 'StopInstances' | 'RebootInstances';

const OPTIONS: Readonly<Record<PowerAction, readonly string[]>> = Object.freeze({
  StartInstances: [],
  StopInstances: ['ForceStop', 'StoppedMode'],
  RebootInstances: ['ForceReboot'],
});

const NEEDED = Object.freeze({ StartInstances: 'stopped', StopInstances: 'running', RebootInstances: 'running' });

export function power(action: PowerAction, given: Given, sky: Sky, fault?: InstanceFault): HttpReply {
  checkNames(given, ['RegionId', 'InstanceId'], [...OPTIONS[action], 'BatchOptimization', 'DryRun']);
  const ids = numbered(given, 'InstanceId');
  if (ids.length > 100) throw new Refused('InvalidParameter', 'InstanceId takes 1 to 100 ids.');
  const mode = given.BatchOptimization ?? 'AllTogether';
  if (!['AllTogether', 'SuccessFirst'].includes(mode)) throw new Refused('InvalidParameter', 'BatchOptimization');
  if (!['KeepCharging', 'StopCharging', undefined].includes(given.StoppedMode)) {
    throw new Refused('InvalidParameter', 'StoppedMode');
  }
  const forced = flag(given, 'ForceStop') || flag(given, 'ForceReboot');
  const codes = new Map(ids.map((id) => [id, fault?.instanceId === id ? fault.code : whyNot(action, id, sky)]));
  if (mode === 'AllTogether') {
    const first = [...codes.values()].find((code) => code !== undefined);
    if (first) throw new Refused(first);
  }
  if (flag(given, 'DryRun')) throw new Refused('DRYRUN.SUCCESS');
  const responses = ids.map((InstanceId) => {
    const instance = find(sky, InstanceId);
    const PreviousStatus = instance && statusOf(instance);
    const Code = codes.get(InstanceId) ?? '200';
    if (instance && Code === '200') act(action, instance, given, forced, sky);
    const Message = Code === '200' ? 'success' : (fault?.code === Code && fault.message) || MESSAGES[Code] || Code;
    return { InstanceId, Code, Message, PreviousStatus, CurrentStatus: instance && statusOf(instance) };
  });
  return answer({ InstanceResponses: { InstanceResponse: responses } });
}

function whyNot(action: PowerAction, id: string, sky: Sky): string | undefined {
  const instance = find(sky, id);
  if (!instance) return 'InvalidInstanceId.NotFound';
  if (instance.lock === 'security') return 'InstanceLockedForSecurity';
  return instance.state === NEEDED[action] ? undefined : 'IncorrectInstanceStatus';
}

function act(action: PowerAction, instance: WorldInstance, given: Given, forced: boolean, sky: Sky): void {
  if (forced) instance.extra.forced = true;
  // A guest that does not heed the power button goes on running, and the cloud goes on waiting.
  const heeds = forced || instance.extra.ignoresSoftStop !== true;
  if (action === 'StartInstances') {
    instance.power.starts += 1;
    move(instance, 'starting', 'running', sky);
  } else if (action === 'StopInstances') {
    instance.power.stops += 1;
    // Left out, it is what the account is set to, and this one is set to economical mode.
    instance.extra.stoppedMode = given.StoppedMode ?? 'StopCharging';
    move(instance, 'stopping', heeds ? 'stopped' : undefined, sky);
  } else {
    instance.power.restarts += 1;
    move(instance, 'restarting', heeds ? 'running' : undefined, sky);
  }
}
