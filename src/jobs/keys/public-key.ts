import type { JsonWebKey } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { BASE64, wordsIn } from './words.js';

/** Public keys as people paste them: lines of OpenSSH, and PEM. Pure. */

export type PublicKeys = {
  /** As SSH sends them (RFC 4253, section 6.6). */
  blobs: Buffer[];
  /** One began, and is not whole or of no kind that SSH uses. */
  isBroken: boolean;
  /** The words that are no part of one. */
  rest: string[];
};

/** From tidy text. */
export function readPublicKeys(tidied: string): PublicKeys {
  const found: PublicKeys = { blobs: [], isBroken: false, rest: [] };
  const add = (blob: Buffer | undefined) => {
    if (blob === undefined) found.isBroken = true;
    else found.blobs.push(blob);
  };
  const unframed = tidied.replace(PEM, (_whole, label: string, body: string) => {
    add(readPem(label.toUpperCase(), body.replace(/[\s>"'`*\\]/gu, '')));
    return ' ';
  });
  const words = wordsIn(unframed);
  for (let at = 0; at < words.length; ) {
    const end = endOfRun(words, at);
    const taken = takeLine(words, at, end) ?? takeBody(words.slice(at, end));
    if (taken === undefined) found.rest.push(words[at] ?? '');
    else add(taken.blob);
    at += taken?.length ?? 1;
  }
  return found;
}

type Taken = { blob: Buffer | undefined; length: number };

/** A frame without its end counts, too: what is in it says whether it is whole. */
const PEM =
  /-{2,} ?BEGIN ((?:RSA |DSA |EC )?PUBLIC KEY|CERTIFICATE) ?-{2,}([^-]*)(?:-{2,} ?END [A-Z0-9 ]+?-{2,}|-*$)/giu;

const KEY_TYPE = /^(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-[\w-]+|sk-(?:ssh|ecdsa)-[\w.@-]+)$/;

/** Shorter than any key; what follows a key is a comment. */
const SHORTEST_LINE = 40;

/** Where the base64 that begins at this word ends, if it is of more than one line: padding is its end. */
function endOfRun(words: readonly string[], at: number): number {
  let end = at + 1;
  while (BASE64.test(words[end - 1] ?? '') && !words[end - 1]?.endsWith('=') && BASE64.test(words[end] ?? '')) end += 1;
  return end;
}

/** A terminal may have broken the line: the blob itself says where it ends. */
function takeLine(words: readonly string[], at: number, end: number): Taken | undefined {
  const first = words[at] ?? '';
  const hasType = KEY_TYPE.test(words[at - 1] ?? '');
  if (!startsBlob(first, hasType) && !(hasType && BASE64.test(first) && first.length >= SHORTEST_LINE))
    return undefined;
  let encoded = '';
  for (let next = at; next < end; next += 1) {
    encoded += words[next];
    const blob = Buffer.from(encoded, 'base64');
    if (isWhole(blob)) return { blob, length: next + 1 - at };
  }
  const long = words.slice(at + 1, end).findIndex((word) => word.length < SHORTEST_LINE);
  return { blob: undefined, length: long < 0 ? end - at : long + 1 };
}

function startsBlob(word: string, hasType: boolean): boolean {
  if (!word.startsWith('AAAA')) return false;
  return hasType || /^(?:ssh|ecdsa|sk)-/.test(Buffer.from(word, 'base64').subarray(4).toString('latin1'));
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

/** A PEM without its frame. Most bytes are none, so it is no broken one. */
function takeBody(run: readonly string[]): Taken | undefined {
  // How every structure of DER begins that is longer than a few bytes.
  const body = run.join('');
  if (!body.startsWith('M') || body.length < SHORTEST_LINE) return undefined;
  const blob = readPem('PUBLIC KEY', body) ?? readPem('RSA PUBLIC KEY', body);
  return blob && { blob, length: run.length };
}

function readPem(label: string, body: string): Buffer | undefined {
  try {
    const key = createPublicKey(`-----BEGIN ${label}-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END ${label}-----`);
    return sshBlob(key.export({ format: 'jwk' }));
  } catch {
    // Why it cannot be read is nobody's concern: the person is asked for the whole line.
    return undefined;
  }
}

/** RFC 4253, section 6.6; RFC 5656, section 3.1; RFC 8709, section 4. */
function sshBlob({ kty, crv = '', n = '', e = '', x = '', y = '' }: JsonWebKey): Buffer | undefined {
  const [curve, type] = [NIST[crv], EDWARDS[crv]];
  if (kty === 'RSA') return fields('ssh-rsa', integer(bytes(e)), integer(bytes(n)));
  if (curve !== undefined) {
    return fields(`ecdsa-sha2-${curve}`, Buffer.from(curve), Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]));
  }
  return type === undefined ? undefined : fields(type, bytes(x));
}

const NIST: Readonly<Record<string, string>> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };
const EDWARDS: Readonly<Record<string, string>> = { Ed25519: 'ssh-ed25519', Ed448: 'ssh-ed448' };

const bytes = (encoded: string): Buffer => Buffer.from(encoded, 'base64url');

/** Never negative: a first bit that is set gets a zero byte before it. */
const integer = (value: Buffer): Buffer => ((value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), value]) : value);

function fields(type: string, ...rest: readonly Buffer[]): Buffer {
  const withLength = (field: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  };
  return Buffer.concat([Buffer.from(type), ...rest].flatMap(withLength));
}
