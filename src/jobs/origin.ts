import { createHash } from 'node:crypto';

/** What names a request: what it was made from, so that the same is never made twice. Pure. */

export const hashOrigin = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Crockford's alphabet: no I, L, O or U, so that an id survives being read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 6;

/** `attempt`: where another origin has the id already. */
export function requestId(origin: string, attempt: number): string {
  const bytes = createHash('sha256').update(`${origin}/${attempt}`).digest();
  return [...bytes.subarray(0, ID_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
