import { createHash } from 'node:crypto';
import type { KeyPair } from '../providers/contract.js';

/** What a person may paste to name a key, and whether a cloud's key pair is that key. Pure. */

/** `md5`: lower case hex. `sha256`: base64 without padding. `other`: hex of a length that neither has. */
export type Digests = { md5?: string; sha256?: string; other?: string };

export type KeyQuery =
  | { kind: 'name'; name: string }
  /** `name`: the same word could be a name as well. */
  | { kind: 'key'; digests: Digests; name?: string };

export type Comparison = {
  same: readonly KeyPair[];
  /** Key pairs of which nobody can say whether they are this key. */
  unknown: number;
};

/** As guards take a key pair's name. */
const LONGEST_NAME = 255;

/** Undefined where it is no single key: a public key that is not whole, two fingerprints, no name. */
export function readQuery(words: string): KeyQuery | undefined {
  const name = words.replace(/\s+/gu, ' ').trim();
  const parts = name.normalize('NFKC').split(' ');
  const blobAt = parts.findIndex((part, index) => startsBlob(part, parts[index - 1]));
  if (blobAt >= 0) {
    const blob = readBlob(parts.slice(blobAt));
    return blob && { kind: 'key', digests: digestsOf(blob) };
  }
  const printed = parts.flatMap((part) => fingerprintIn(part) ?? []);
  if (printed.length > 0) {
    const digests = merge(printed);
    return digests && { kind: 'key', digests };
  }
  if (name === '' || name.length > LONGEST_NAME) return undefined;
  const bare = parts.length === 1 ? bareFingerprint(parts[0] ?? '') : undefined;
  return bare ? { kind: 'key', digests: bare, name } : { kind: 'name', name };
}

/** Words that `readQuery` reads as this query. */
export function wordsOf(query: KeyQuery): string {
  if (query.kind === 'name') return query.name;
  if (query.name !== undefined) return query.name;
  const { sha256, md5, other } = query.digests;
  const words = [sha256 && `SHA256:${sha256}`, md5 && `MD5:${colons(md5)}`, other && colons(other)];
  return words.filter((word) => word !== undefined).join(' ');
}

/** Which of one region's key pairs are this key. */
export function compareAll(query: Extract<KeyQuery, { kind: 'key' }>, keyPairs: readonly KeyPair[]): Comparison {
  // A cloud that prints something else for some key pairs may mean something else by the rest, too.
  const trusted = keyPairs.every(({ fingerprint }) => !fingerprint || isStandard(printedDigests(fingerprint)));
  const verdicts = keyPairs.map((keyPair) => ({ keyPair, is: compare(query, keyPair, trusted) }));
  return {
    same: verdicts.filter(({ is }) => is === 'same').map(({ keyPair }) => keyPair),
    unknown: verdicts.filter(({ is }) => is === 'unknown').length,
  };
}

/** The same for the same key, as far as the cloud lets it be known. */
export function keyIdentity({ publicKey, fingerprint }: KeyPair): string | undefined {
  return publicKeyDigests(publicKey)?.md5 ?? printedDigests(fingerprint).md5;
}

const ALGORITHMS = ['md5', 'sha256', 'other'] as const;

function compare(
  { digests, name }: Extract<KeyQuery, { kind: 'key' }>,
  keyPair: KeyPair,
  trusted: boolean,
): 'same' | 'different' | 'unknown' {
  const computed = publicKeyDigests(keyPair.publicKey);
  const printed = printedDigests(keyPair.fingerprint);
  const isEqual = (known: Digests) =>
    ALGORITHMS.some((algorithm) => digests[algorithm] !== undefined && digests[algorithm] === known[algorithm]);
  if (keyPair.name === name || isEqual(computed ?? {}) || isEqual(printed)) return 'same';
  if (computed !== undefined && isStandard(digests)) return 'different';
  const usable = trusted ? ALGORITHMS : (['other'] as const);
  const canTell = usable.some((algorithm) => digests[algorithm] !== undefined && printed[algorithm] !== undefined);
  return canTell ? 'different' : 'unknown';
}

const isStandard = ({ md5, sha256 }: Digests): boolean => md5 !== undefined || sha256 !== undefined;

/** A blob is taken as the cloud has it: whether it is well-formed is not for us to judge. */
function publicKeyDigests(line: string | undefined): Digests | undefined {
  const encoded = line?.split(/\s+/u).find((part) => part.startsWith('AAAA'));
  return encoded === undefined ? undefined : digestsOf(Buffer.from(encoded, 'base64'));
}

const printedDigests = (fingerprint: string | undefined): Digests =>
  fingerprint === undefined ? {} : (fingerprintIn(fingerprint.trim()) ?? bareFingerprint(fingerprint.trim()) ?? {});

/** RFC 4716, section 4 (MD5), and what `ssh-keygen -l` prints (SHA256). */
function digestsOf(blob: Buffer): { md5: string; sha256: string } {
  const sha256 = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { md5: createHash('md5').update(blob).digest('hex'), sha256 };
}

/** What can be nothing but a fingerprint. */
function fingerprintIn(word: string): Digests | undefined {
  const [, sha256] = /^SHA256:([A-Za-z0-9+/]{43})=?$/i.exec(word) ?? [];
  if (sha256 !== undefined) return { sha256 };
  const [, md5] = /^MD5:((?:[0-9a-f]{2}:?){15}[0-9a-f]{2})$/i.exec(word) ?? [];
  if (md5 !== undefined) return fromHex(md5);
  return /^(?:[0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(word) ? fromHex(word) : undefined;
}

/** What looks like one, and could be a name. */
function bareFingerprint(word: string): Digests | undefined {
  if (/^[0-9a-f]+$/i.test(word)) return fromHex(word);
  const [, sha256] = /^([A-Za-z0-9+/]{43})=?$/.exec(word) ?? [];
  return sha256 === undefined ? undefined : { sha256 };
}

/** By its bytes: 16 are MD5, 32 are SHA256; 20 are what one cloud prints without saying what they are. */
function fromHex(text: string): Digests | undefined {
  const hex = text.replaceAll(':', '').toLowerCase();
  if (hex.length === 32) return { md5: hex };
  if (hex.length === 64) return { sha256: Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '') };
  return hex.length === 40 ? { other: hex } : undefined;
}

const colons = (hex: string): string => (hex.match(/../g) ?? []).join(':');

/** Undefined where two of them contradict each other. */
function merge(all: readonly Digests[]): Digests | undefined {
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

const KEY_TYPE = /^(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-[\w-]+|sk-(?:ssh|ecdsa)-[\w.@-]+)$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function startsBlob(part: string, before: string | undefined): boolean {
  if (!part.startsWith('AAAA')) return false;
  const type = Buffer.from(part, 'base64').subarray(4).toString('latin1');
  return /^(?:ssh|ecdsa|sk)-/.test(type) || KEY_TYPE.test(before ?? '');
}

/** A terminal may have broken the line: the blob itself says where it ends (RFC 4253, section 6.6). */
function readBlob(parts: readonly string[]): Buffer | undefined {
  let encoded = '';
  for (const part of parts) {
    if (!BASE64.test(part)) return undefined;
    encoded += part;
    const blob = Buffer.from(encoded, 'base64');
    if (isWhole(blob)) return blob;
  }
  return undefined;
}

/** Strings with their lengths before them, to the last byte; the first names the type. */
function isWhole(blob: Buffer): boolean {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return at === blob.length && fields.length > 1 && KEY_TYPE.test(fields[0]?.toString('latin1') ?? '');
}
