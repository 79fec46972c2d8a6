import { KEY, KIND_IDS, type KindId } from '../stage/clouds.js';
import type { Stage } from '../stage/stage.js';

/** The stolen key: one public key, which every cloud has under the same name. */

const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy';
const MD5 = '31:97:74:60:01:93:35:03:87:46:a6:c5:79:f6:30:23';
export const PUBLIC_KEY = `${LINE} alice@laptop`;

/** How a cloud prints its fingerprint, where that is not of its own making. */
const PRINTED: Partial<Record<KindId, string>> = { volcengine: MD5.replaceAll(':', ''), huawei: MD5 };

export function layKey({ clouds }: Pick<Stage, 'clouds'>): void {
  for (const kind of KIND_IDS) {
    const keyPair = clouds[kind].cloud.world.keyPairs.find(({ name }) => name === KEY);
    if (keyPair === undefined) continue;
    keyPair.publicKey = LINE;
    keyPair.fingerprint = PRINTED[kind] ?? keyPair.fingerprint;
  }
}
