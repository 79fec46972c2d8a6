import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readQuery, wordsOf } from '../../../src/jobs/keys/query.js';
import { colons, LINE, MD5, SHA256 } from './sample.js';

const runs = { numRuns: 2_000 };
const digestBy = (algorithm: string) => fc.string().map((text) => createHash(algorithm).update(text).digest());

const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');
const OF_SHA256: readonly ((base64: string, hex: string) => string)[] = [
  (base64) => `SHA256:${base64}`,
  (base64) => `sha256:${base64}=`,
  (base64) => `SHA-256:${base64}`,
  (base64) => `SHA256: ${base64}`,
  (base64) => `SHA256 ${base64}`,
  (base64) => `SHA256=${base64}`,
  (base64) => `SHA256:${urlSafe(base64)}`,
  (base64) => base64,
  urlSafe,
  (_base64, hex) => `SHA256:${hex}`,
  (_base64, hex) => colons(hex),
];
const OF_MD5: readonly ((hex: string) => string)[] = [
  (hex) => `MD5:${colons(hex)}`,
  (hex) => `MD5 ${colons(hex)}`,
  (hex) => `md5: ${colons(hex).toUpperCase()}`,
  (hex) => `MD5=${hex}`,
  colons,
  (hex) => colons(hex).replaceAll(':', '-'),
  (hex) => colons(hex).replaceAll(':', ' '),
  (hex) => `MD5:${colons(hex).replaceAll(':', ' ')}`,
  (hex) => hex,
  (hex) => `0x${hex.toUpperCase()}`,
];
/** A fingerprint as somebody writes it, and what it is. */
const written = fc.oneof(
  fc.tuple(digestBy('sha256'), fc.constantFrom(...OF_SHA256)).map(([digest, write]) => {
    const sha256 = digest.toString('base64').replace('=', '');
    return { text: write(sha256, digest.toString('hex')), digests: { sha256 } };
  }),
  fc.tuple(digestBy('md5'), fc.constantFrom(...OF_MD5)).map(([digest, write]) => {
    const md5 = digest.toString('hex');
    return { text: write(md5), digests: { md5 } };
  }),
);

const decoration = fc.constantFrom<(text: string) => string>(
  (text) => `*${text}*`,
  (text) => `~${text}~`,
  (text) => `\`${text}\``,
  (text) => `"${text}"`,
  (text) => `“${text}”`,
  (text) => `(${text})`,
  (text) => `<${text}>`,
  (text) => `${text}.`,
  (text) => `${text},`,
  (text) => `${text};`,
  (text) => `> ${text}`,
  (text) => ` \u00a0${text}\r\n`,
  (text) => JSON.stringify({ fingerprint: text, type: 'RSA' }),
  (text) => `fingerprint='${text}'`,
  (text) => `2048 ${text} anna@laptop (RSA)`,
  (text) => `Accepted publickey for root from 10.0.0.1 port 22 ssh2: ED25519 ${text}`,
);
const place = fc.nat({ max: 200 });
const invisible = fc.tuple(place, fc.constantFrom('\u200b', '\u200e', '\ufeff', '\u00ad', '\u2060'));

describe('any fingerprint', () => {
  it('means the same in any spelling and with anything around it', () => {
    const around = fc.tuple(fc.constantFrom('', '_'), fc.array(decoration, { maxLength: 2 }));
    fc.assert(
      fc.property(written, around, fc.array(invisible, { maxLength: 3 }), ({ text, digests }, [italic, all], signs) => {
        let words = all.reduce((inner, decorate) => decorate(inner), `${italic}${text}${italic}`);
        for (const [at, sign] of signs) words = words.slice(0, at) + sign + words.slice(at);
        expect(readQuery(words)).toMatchObject({ kind: 'key', digests });
      }),
      runs,
    );
  });

  it('that is damaged is refused, or means a name that a cloud could have, and never another key', () => {
    const cut = (text: string, at: number) => text.slice(0, at) + text.slice(at + 1);
    const put = (text: string, at: number, sign: string) => text.slice(0, at) + sign + text.slice(at);
    const places = fc.array(place, { minLength: 1, maxLength: 3 });
    // One character for another leaves a fingerprint, of another key.
    const signs = fc.constantFrom(undefined, '0', 'A', 'f', 'z', '!', '+', '%', '…', '密');
    fc.assert(
      fc.property(written, places, signs, ({ text, digests }, wounds, added) => {
        let words = text;
        // What is left of a mark of hexadecimal may be a digit, and then makes up for one that is missing.
        const whole = /^0x/i.test(text) ? 2 : 0;
        for (const wound of wounds) {
          const at = whole + (wound % (words.length - whole));
          words = added === undefined ? cut(words, at) : put(words, at, added);
        }
        const read = readQuery(words);
        if (read.kind === 'key') expect(read.digests).toEqual(digests);
        if (read.kind !== 'name') return;
        expect(read.doubt).toBeDefined();
        expect(read.name).toMatch(/^[\p{L}\p{N}._-][\p{L}\p{N}:._-]*$/u);
      }),
      runs,
    );
  });
});

/** As the clouds document them. */
const NAMES = {
  alibaba: /^[A-Za-z部署][A-Za-z0-9部署:_.-]{1,60}$/,
  tencent: /^[A-Za-z0-9_]{1,25}$/,
  volcengine: /^[A-Za-z0-9]{1,30}[.-][A-Za-z0-9]{1,30}$/,
  huawei: /^[A-Za-z0-9_-]{1,64}$/,
};

it.each(Object.entries(NAMES))('any name of %s is looked for as a name', (_cloud, pattern) => {
  fc.assert(
    fc.property(fc.stringMatching(pattern), (name) => {
      expect(readQuery(name)).toMatchObject({ name });
    }),
    runs,
  );
});

describe('for any words', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(LINE, MD5, `SHA256:${SHA256}`, colons(MD5), 'ssh-rsa', 'AAAAB3NzaC1yc2E', ' ', ':', '\n', '=', '*'),
    fc.constantFrom('MD5:', 'SHA256', '-----BEGIN PUBLIC KEY-----', '0x', '_'),
    fc.stringMatching(/^[0-9a-f]{38,42}$/),
  );

  it('the words of a query are that query', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (parts) => {
        const query = readQuery(parts.join(''));
        if (query.kind !== 'unreadable') expect(readQuery(wordsOf(query))).toEqual(query);
      }),
      runs,
    );
  });
});
