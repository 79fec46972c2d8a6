import { createHash } from 'node:crypto';

/** What stands for a key: computed from it, or printed by somebody. Pure. */

/** `md5`: lower case hex. `sha256`: base64 without padding. `other`: hex of a length that neither has. */
export type Digests = { md5?: string; sha256?: string; other?: string };

export const ALGORITHMS = ['md5', 'sha256', 'other'] as const;

/** RFC 4716, section 4 (MD5), and what `ssh-keygen -l` prints (SHA256). */
export const digestsOf = (blob: Buffer): { md5: string; sha256: string } => ({
  md5: createHash('md5').update(blob).digest('hex'),
  sha256: unpadded(createHash('sha256').update(blob).digest()),
});

/** By its bytes: 16 are MD5, 32 are SHA256; 20 are what one cloud prints without saying what they are. */
export function fromHex(text: string): Digests | undefined {
  const hex = text.toLowerCase();
  if (!/^[0-9a-f]+$/.test(hex)) return undefined;
  if (hex.length === 32) return { md5: hex };
  if (hex.length === 64) return { sha256: unpadded(Buffer.from(hex, 'hex')) };
  return hex.length === 40 ? { other: hex } : undefined;
}

/** Also the URL-safe letters; undefined where it is not 32 bytes to the last bit. */
export function fromBase64(text: string): Digests | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Buffer.from(plain, 'base64');
  return bytes.length === 32 && unpadded(bytes) === plain ? { sha256: plain } : undefined;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** As `ssh-keygen -l` prints them. */
export function printed({ sha256, md5, other }: Digests): string {
  const words = [sha256 && `SHA256:${sha256}`, md5 && `MD5:${colons(md5)}`, other && colons(other)];
  return words.filter((word) => word !== undefined).join(' ');
}

const colons = (hex: string): string => (hex.match(/../g) ?? []).join(':');

/** Undefined where two of them contradict each other. */
export function merge(all: readonly Digests[]): Digests | undefined {
  const merged: Digests = {};
  for (const one of all) {
    for (const algorithm of ALGORITHMS) {
      const digest = one[algorithm];
      if (digest === undefined) continue;
      if ((merged[algorithm] ?? digest) !== digest) return undefined;
      merged[algorithm] = digest;
    }
  }
  return merged;
}
