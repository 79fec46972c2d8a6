import { type Digests, fromBase64, fromHex } from './digests.js';

/** Fingerprints as people and programs write them, and what was meant to be one. Pure. */

/** What looks like a fingerprint, and is none: nothing of it but how many digits it has. */
export type FingerprintFlaw = { code: 'fingerprint'; algorithm: Algorithm; digits: number };

export type Algorithm = 'md5' | 'sha256';

export type Fingerprints = {
  /** What can be nothing else. */
  certain: Digests[];
  /** What could be a name, or a word of a comment, as well. */
  bare: Digests[];
  /** Of what says that it is a fingerprint. */
  flaw?: FingerprintFlaw;
  /** Of what only has the looks of one. */
  bareFlaw?: FingerprintFlaw;
};

export function readFingerprints(words: readonly string[]): Fingerprints {
  const spaced = spacedOut(words);
  const found: Fingerprints = { certain: [], bare: [], ...spaced };
  const left = spaced ? words.filter((word) => !isPair(unlabelled(word))) : words;
  let label: Label | undefined;
  for (const one of left.flatMap((part) => part.split('=')).filter((part) => part !== '')) {
    const word = withoutItalics(one);
    const own = labelOf(word);
    if (own?.rest !== '') addWord(found, own?.rest ?? word, own ?? label);
    label = own?.rest === '' ? own : undefined;
  }
  return found;
}

/** `isFirm`: it ends in a colon, so what follows is meant to be a fingerprint. */
type Label = { algorithm: Algorithm; isFirm: boolean; rest: string };

function labelOf(word: string): Label | undefined {
  const [, name = '', colon = '', rest = ''] = /^(?:.*[^\p{L}\p{N}])?(sha[-_]?256|md5)(:+|$)(.*)$/iu.exec(word) ?? [];
  if (name === '') return undefined;
  return { algorithm: name.toLowerCase() === 'md5' ? 'md5' : 'sha256', isFirm: colon !== '', rest };
}

/** Shorter ones are words of a sentence. */
const SHORTEST_PAYLOAD = 20;

function addWord(found: Fingerprints, word: string, label: Label | undefined): void {
  const { digests, isCertain } = digestsIn(word);
  const isMeant = label !== undefined && (label.isFirm || word.length >= SHORTEST_PAYLOAD);
  if (digests && (label === undefined || digests[label.algorithm] !== undefined)) {
    (isCertain || label ? found.certain : found.bare).push(digests);
  } else if (isMeant) {
    found.flaw ??= flawOf(word, label.algorithm);
  } else if (looksLikeOne(word)) {
    found.bareFlaw ??= flawOf(word);
  }
}

function digestsIn(word: string): { digests?: Digests | undefined; isCertain: boolean } {
  const pairs = pairsIn(word);
  if (pairs !== undefined)
    return { digests: pairs.every(isPair) ? fromHex(pairs.join('')) : undefined, isCertain: true };
  const last = word.slice(word.lastIndexOf(':') + 1);
  const base64 = fromBase64(last);
  if (base64) return { digests: base64, isCertain: /[+/]/.test(last) };
  return { digests: fromHex(unmarked(last).replace(/^0x/i, '')), isCertain: false };
}

/** A mark at the front may be one of the URL-safe letters, so it goes with one at the end only, where none can be. */
function withoutItalics(word: string): string {
  const [, front = '', inner = '', end = ''] = /^(_*)(.*?)([_.-]*)$/u.exec(word) ?? [];
  return front.slice(end.replace(/[^_]/gu, '').length) + inner;
}

/** A MAC address has 6 pairs, an IPv6 address 8 groups. */
const FEWEST_PAIRS = 10;

/** What stands between colons or dashes, from the first pair on, where most of it are pairs of hex digits. */
function pairsIn(word: string): string[] | undefined {
  const parts = unmarked(word).split(/[:-]/u);
  const from = parts.findIndex((part) => part.length === 2);
  const pairs = parts.slice(from);
  return from >= 0 && pairs.filter(isPair).length * 2 > pairs.length && pairs.length >= FEWEST_PAIRS
    ? pairs
    : undefined;
}

const isPair = (part: string): boolean => /^[0-9a-f]{2}$/i.test(part);

/** Pairs of hex digits with spaces between them. */
function spacedOut(words: readonly string[]): Partial<Fingerprints> | undefined {
  const runs = words
    .map((word) => (isPair(unlabelled(word)) ? unlabelled(word) : ' '))
    .join('')
    .split(/ +/);
  const certain = runs.flatMap((run) => fromHex(run) ?? []);
  if (certain.length > 0) return { certain };
  const digits = runs.join('');
  return digits.length < 2 * FEWEST_PAIRS ? undefined : { flaw: flawOf(digits) };
}

const unmarked = (word: string): string => word.replace(/^[_.:-]+|[_.:-]+$/gu, '');
const unlabelled = (word: string): string => unmarked(word).replace(/^md5:/i, '');

/** By its length, and as its letters are mixed as those of no word; whatever else may stand between them. */
function looksLikeOne(word: string): boolean {
  if (pairsIn(word) !== undefined || /^sha[-_]?256.{16}/iu.test(word)) return true;
  if (/^https?:\/\//i.test(word)) return false;
  const letters = word.replace(/[^\w+/-]/gu, '');
  const hex = letters.replace(/[^0-9a-f]/gi, '');
  const isHex = hex.length >= 28 && letters.length - hex.length <= 4 && /[0-9]/.test(hex);
  const isMixed = /[A-Z]/.test(letters) && /[a-z]/.test(letters);
  return isHex || (isMixed && letters.length >= (/[+/]/.test(letters) ? SHORTEST_PAYLOAD : 40));
}

function flawOf(word: string, algorithm?: Algorithm): FingerprintFlaw {
  const digits = word.replace(/^0x/i, '').replace(/[^\p{L}\p{N}+/]/gu, '');
  const isHex = pairsIn(word) !== undefined || /^[0-9a-f]*$/i.test(digits);
  return { code: 'fingerprint', algorithm: algorithm ?? (isHex ? 'md5' : 'sha256'), digits: digits.length };
}
