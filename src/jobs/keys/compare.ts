import type { KeyPair } from '../../providers/contract.js';
import { ALGORITHMS, type Digests, digestsOf, merge } from './digests.js';
import { readFingerprints } from './fingerprints.js';
import type { KeyQuery } from './query.js';
import { tidy, wordsIn } from './words.js';

/** Whether a cloud's key pair is the key that is looked for. Pure. */

export type Comparison = {
  same: readonly KeyPair[];
  /** Key pairs of which nobody can say whether they are this key. */
  unknown: number;
};

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

/** Whatever a cloud prints: what cannot be read is none. */
function printedDigests(fingerprint: string | undefined): Digests {
  const { certain, bare } = readFingerprints(wordsIn(tidy(fingerprint ?? '')));
  return merge([...certain, ...bare]) ?? {};
}
