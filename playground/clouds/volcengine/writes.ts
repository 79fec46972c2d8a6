import type { WorldInstance, WorldKeyPair } from '../cloud.js';
import { Refused, readFlag, requireKnown } from './parameters.js';
import { beginTransition, bind, unbind } from './world.js';

/** Does one write to one instance that was found; a code says why this instance was refused. */
export type InstanceWrite = (instance: WorldInstance) => string | undefined;

export type WriteSetting = {
  query: URLSearchParams;
  findKeyPair(by: 'id' | 'name', value: string): WorldKeyPair | undefined;
  /** When a transition that begins now is over. */
  over: number;
};

const COMMON = ['InstanceIds', 'ClientToken'];
const STOPPED_MODES = ['', 'KeepCharging', 'StopCharging'];

/** One entry for each action of the API that writes. Parameters are checked before anything is done. */
export const WRITES: Readonly<Record<string, (setting: WriteSetting) => InstanceWrite>> = Object.freeze({
  DetachKeyPair: (setting) => keyPairWrite(setting, unbind),
  AttachKeyPair: (setting) => keyPairWrite(setting, bind),
  StopInstances({ query, over }) {
    requireKnown(query, [...COMMON, 'ForceStop', 'StoppedMode']);
    const force = readFlag(query, 'ForceStop');
    const stoppedMode = query.get('StoppedMode') ?? '';
    if (!STOPPED_MODES.includes(stoppedMode)) throw new Refused('InvalidStoppedMode.Malformed');
    return (instance) => {
      if (instance.state !== 'running') return 'InvalidInstanceStatus';
      instance.power.stops += 1;
      instance.extra.stoppedMode = stoppedMode || 'KeepCharging';
      beginTransition(instance, 'stopping', 'stopped', force ? 0 : over);
      return undefined;
    };
  },
  StartInstances({ query, over }) {
    requireKnown(query, COMMON);
    return (instance) => {
      if (instance.state !== 'stopped') return 'InvalidInstanceStatus';
      instance.power.starts += 1;
      beginTransition(instance, 'starting', 'running', over);
      return undefined;
    };
  },
  RebootInstances({ query, over }) {
    requireKnown(query, [...COMMON, 'ForceStop']);
    readFlag(query, 'ForceStop');
    return (instance) => {
      if (instance.state !== 'running') return 'InvalidInstanceStatus';
      instance.power.restarts += 1;
      beginTransition(instance, 'restarting', 'running', over);
      return undefined;
    };
  },
});

/** The id wins over the name. A key pair that is not the bound one comes off nothing, and that is no error. */
function keyPairWrite(
  { query, findKeyPair }: WriteSetting,
  change: (instance: WorldInstance, keyPair: string) => void,
): InstanceWrite {
  requireKnown(query, [...COMMON, 'KeyPairName', 'KeyPairId']);
  const [id, name] = [query.get('KeyPairId') ?? '', query.get('KeyPairName') ?? ''];
  if (!id && !name) throw new Refused('MissingParameter.KeyPairNameAndKeyPairId');
  const keyPair = id ? findKeyPair('id', id) : findKeyPair('name', name);
  if (!keyPair) throw new Refused('InvalidKeyPair.NotFound');
  return (instance) => {
    if (instance.os === 'windows') return 'InvalidKeyPairForWindows.Unsupported';
    if (instance.state !== 'running' && instance.state !== 'stopped') return 'InvalidInstanceStatus';
    if (!instance.agent) return 'InvalidResetAuthenticationAgent.NotFound';
    change(instance, keyPair.name);
    return undefined;
  };
}
