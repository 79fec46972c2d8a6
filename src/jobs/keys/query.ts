import { type Digests, digestsOf, merge, printed } from './digests.js';
import { type FingerprintFlaw, type Fingerprints, readFingerprints } from './fingerprints.js';
import { readPublicKeys } from './public-key.js';
import { tidy, wordsIn } from './words.js';

/** What a person may paste to name a key. Pure. */

export type KeyQuery =
  /** `doubt`: it could be a fingerprint that was copied badly. */
  | { kind: 'name'; name: string; doubt?: FingerprintFlaw }
  /** `name`: the same word could be a name as well. */
  | { kind: 'key'; digests: Digests; name?: string };

/** Why nothing can be looked for; nothing of what was pasted. */
export type KeyFlaw = FingerprintFlaw | { code: 'no-key' } | { code: 'several-keys' } | { code: 'public-key' };

export type ReadKey = KeyQuery | { kind: 'unreadable'; flaw: KeyFlaw };

/** As guards take a key pair's name. */
const LONGEST_NAME = 255;

export function readQuery(words: string): ReadKey {
  const tidied = tidy(words);
  const { blobs, isBroken, rest } = readPublicKeys(tidied);
  if (isBroken) return unreadable({ code: 'public-key' });
  const { certain, bare, flaw, bareFlaw } = readRest(rest);
  const isCertain = blobs.length > 0 || certain.length > 0;
  const name = nameIn(words, tidied);
  const doubt = flaw ?? (isCertain || bare.length > 0 ? undefined : bareFlaw);
  if (doubt) return isLegal(name) ? { kind: 'name', name, doubt } : unreadable(doubt);
  // Beside a key the rest is a comment, which may hold anything.
  const all = [...blobs.map(digestsOf), ...certain, ...(isCertain ? [] : bare)];
  const digests = merge(all);
  if (digests === undefined) return unreadable({ code: 'several-keys' });
  if (all.length > 0) return { kind: 'key', digests, ...(!isCertain && isLegal(name) && { name }) };
  return name === '' || name.length > LONGEST_NAME ? unreadable({ code: 'no-key' }) : { kind: 'name', name };
}

function readRest(words: readonly string[]): Fingerprints {
  const read = readFingerprints(words);
  if (read.certain.length + read.bare.length > 0 || read.flaw || words.length < 2) return read;
  // A terminal breaks a line anywhere, and some programs print groups.
  const { bare } = readFingerprints([words.join('')]);
  return { ...read, certain: bare };
}

const unreadable = (flaw: KeyFlaw): ReadKey => ({ kind: 'unreadable', flaw });

/** Words that `readQuery` reads as this query. */
export function wordsOf(query: KeyQuery): string {
  return query.name ?? (query.kind === 'key' ? printed(query.digests) : '');
}

/** Without the marks around it, where no cloud has names with such marks. */
function nameIn(words: string, tidied: string): string {
  const name = words.replace(/\s+/gu, ' ').trim();
  const [only, ...more] = wordsIn(tidied);
  return !isLegal(name) && only !== undefined && more.length === 0 && isLegal(only) ? only : name;
}

/**
 * As clouds document their names of key pairs. Alibaba Cloud: 2 to 128 letters of any script, digits and `:_-.`, a letter
 * first. Tencent Cloud: 25 of letters, digits and `_`; Huawei Cloud: 64, and `-`; Volcengine: 64, and `-` and `.`.
 */
const isLegal = (name: string): boolean =>
  /^\p{L}[\p{L}\p{N}:._-]{1,127}$/u.test(name) || /^[A-Za-z0-9._-]{1,64}$/.test(name);
