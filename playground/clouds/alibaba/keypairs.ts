import type { Fault, HttpReply } from '../cloud.js';
import { answer, MESSAGES, Refused } from './answers.js';
import { find, type Sky } from './instances.js';
import { checkNames, type Given, jsonList } from './parameters.js';

export type InstanceFault = Extract<Fault, { kind: 'instance-code' }>;

/**
 * "Errors such as invalid parameters, nonexistent key pair, or more than 50 instances are intercepted before
 * batch execution"; "errors such as a Windows instance, an unsupported instance state" stand in the results,
 * with HTTP 200 (AttachKeyPair, "Operation description").
 */
export function writeKeyPair(
  action: 'DetachKeyPair' | 'AttachKeyPair',
  given: Given,
  sky: Sky,
  fault?: InstanceFault,
): HttpReply {
  checkNames(given, ['RegionId', 'KeyPairName', 'InstanceIds'], []);
  const ids = jsonList(given.InstanceIds);
  if (!ids || ids.length < 1 || ids.length > 50) throw new Refused('InvalidInstanceIds.ValueNotSupported');
  const keyPair = sky.world.keyPairs.find(({ name, region }) => name === given.KeyPairName && region === sky.region);
  if (!keyPair) throw new Refused('InvalidKeyPairName.NotFound');
  const results = ids.map((InstanceId) => {
    const code = fault?.instanceId === InstanceId ? fault.code : change(action, InstanceId, keyPair.name, sky);
    if (!code) return { Message: 'successful', InstanceId, Success: true, Code: '200' };
    const message = (fault?.instanceId === InstanceId && fault.message) || MESSAGES[code] || code;
    return { Message: message, InstanceId, Success: false, Code: code };
  });
  const failed = results.filter(({ Success }) => !Success).length;
  const told = { TotalCount: ids.length, FailCount: failed, KeyPairName: keyPair.name };
  if (action === 'DetachKeyPair') return answer({ ...told, Results: { Result: results } });
  // The table of the same document says String where the example of DetachKeyPair has numbers and booleans.
  const Result = results.map((result) => ({ ...result, Success: String(result.Success) }));
  return answer({ ...told, TotalCount: String(ids.length), FailCount: String(failed), Results: { Result } });
}

/** The code that this instance fails with, or nothing: then the control plane shows the change at once, the guest after a restart. */
function change(action: 'DetachKeyPair' | 'AttachKeyPair', id: string, name: string, sky: Sky): string | undefined {
  const instance = find(sky, id);
  if (!instance) return 'InvalidInstanceId.NotFound';
  if (instance.os === 'windows') return 'DependencyViolation.WindowsInstance';
  if (instance.lock === 'security') return 'InstanceLockedForSecurity';
  if (instance.state !== 'running' && instance.state !== 'stopped') return 'IncorrectInstanceStatus';
  if (action === 'AttachKeyPair') instance.keyPairs = [name];
  // What happens to an instance with another key pair, or none, is in no document: here it is left alone, and told as success.
  else instance.keyPairs = instance.keyPairs.filter((bound) => bound !== name);
  return undefined;
}
