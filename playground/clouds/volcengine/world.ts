import { createHash } from 'node:crypto';
import type { World, WorldInstance, WorldKeyPair, WorldState } from '../cloud.js';

/** Ids as in the documents' examples: `i-` or `kp-` and twenty small letters and digits. */
export const makeVolcengineId = (n: number): string => `i-yd${n.toString(36).padStart(18, '0')}`;

export function makeVolcengineKeyPair(name: string, region: string, n: number): WorldKeyPair {
  const type = Buffer.from('ssh-ed25519');
  const point = createHash('sha256').update(`${region}/${name}/${n}`).digest();
  const blob = Buffer.concat([length(type), type, length(point), point]);
  return {
    name,
    id: `kp-yd${n.toString(36).padStart(18, '0')}`,
    region,
    publicKey: `ssh-ed25519 ${blob.toString('base64')} ${name}`,
    // DescribeKeyPairs: RFC 4716 with MD5, printed without colons.
    fingerprint: createHash('md5').update(blob).digest('hex'),
  };
}

function length(part: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(part.length);
  return bytes;
}

/** What an instance is on its way to, and since when it is there, by the cloud's clock. */
type Transition = { to: WorldState; at: number };

/** Names of what this cloud keeps in `extra`. */
const TRANSITION = 'transition';
const LAST_DETACHED = 'lastDetached';

export function beginTransition(instance: WorldInstance, through: WorldState, to: WorldState, at: number): void {
  instance.state = through;
  instance.extra[TRANSITION] = { to, at } satisfies Transition;
}

/** Puts an instance into a state at once; whatever was under way is forgotten. */
export function setVolcengineState(instance: WorldInstance, state: WorldState): void {
  instance.state = state;
  delete instance.extra[TRANSITION];
}

/** Ends every transition that is due. The cloud does this before each call. */
export function advanceVolcengineWorld(world: World, now: number): void {
  for (const instance of world.instances.values()) {
    const transition = instance.extra[TRANSITION] as Transition | undefined;
    if (!transition || transition.at > now) continue;
    setVolcengineState(instance, transition.to);
    if (transition.to === 'running') boot(instance);
  }
}

/** The latest attach or detach is left for the guest's agent to find when it boots. */
export function bind(instance: WorldInstance, keyPair: string): void {
  instance.keyPairs = [keyPair];
  delete instance.extra[LAST_DETACHED];
}

export function unbind(instance: WorldInstance, keyPair: string): void {
  if (!instance.keyPairs.includes(keyPair)) return;
  instance.keyPairs = instance.keyPairs.filter((name) => name !== keyPair);
  instance.extra[LAST_DETACHED] = keyPair;
}

/**
 * "Unbinding key pairs" warns: detach A, attach B, detach B, all without a reboot between, leaves A
 * working after the reboot, because the guest hears of the latest change only.
 */
function boot(instance: WorldInstance): void {
  const detached = instance.extra[LAST_DETACHED];
  instance.opens =
    instance.keyPairs.length > 0 ? [...instance.keyPairs] : instance.opens.filter((name) => name !== detached);
  delete instance.extra[LAST_DETACHED];
}
