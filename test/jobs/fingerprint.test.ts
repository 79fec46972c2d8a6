import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareAll, type KeyQuery, keyIdentity, readQuery, wordsOf } from '../../src/jobs/fingerprint.js';
import type { KeyPair } from '../../src/providers/contract.js';

const field = (bytes: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const blobOf = (type: string, ...parts: Buffer[]) => Buffer.concat([field(Buffer.from(type)), ...parts.map(field)]);

/** A key of `ssh-keygen -t ed25519`, and what `ssh-keygen -l` prints of it. */
const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy anna@laptop';
const SHA256 = 'r+/Od8epfBNBJK10+w3UugbSLnYrnOpAaomdykl1Qn8';
const MD5 = '31977460019335038746a6c579f63023';
const colons = (hex: string) => (hex.match(/../g) ?? []).join(':');
const RSA = blobOf('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(513, 7));
const RSA_LINE = `ssh-rsa ${RSA.toString('base64')}`;

const keyQuery = (words: string): Extract<KeyQuery, { kind: 'key' }> => {
  const query = readQuery(words);
  if (query?.kind !== 'key') throw new Error(`no key: ${words}`);
  return query;
};

describe('read as a key', () => {
  const both = { md5: MD5, sha256: SHA256 };
  it.each([
    ['a line', LINE, both],
    ['a line without a comment', LINE.split(' ').slice(0, 2).join(' '), both],
    ['a line with a long comment', `${LINE} the old one, of 2019`, both],
    ['the blob alone', LINE.split(' ')[1] ?? '', both],
    ['a line of authorized_keys', `no-pty,from="10.0.0.0/8" ${LINE}`, both],
    ['a line that a terminal broke', `${LINE.slice(0, 30)}\n${LINE.slice(30, 70)}\n${LINE.slice(70)}`, both],
    ['SHA256', `SHA256:${SHA256}`, { sha256: SHA256 }],
    ['SHA256, padded', `sha256:${SHA256}=`, { sha256: SHA256 }],
    ['SHA256 in hex', colons(Buffer.from(SHA256, 'base64').toString('hex')), { sha256: SHA256 }],
    ['MD5 with colons', colons(MD5), { md5: MD5 }],
    ['MD5 in capitals', colons(MD5).toUpperCase(), { md5: MD5 }],
    ['MD5 with its prefix', `MD5:${colons(MD5)}`, { md5: MD5 }],
    ['MD5 with its prefix, without colons', `md5:${MD5.toUpperCase()}`, { md5: MD5 }],
    ['a line of ssh-keygen -l', `256 SHA256:${SHA256} anna@laptop (ED25519)`, { sha256: SHA256 }],
    ['both', `SHA256:${SHA256} MD5:${colons(MD5)}`, both],
    ['in full width', `ＭＤ５：${colons(MD5).replaceAll(':', '：')}`, { md5: MD5 }],
    ['twenty bytes', colons('ab'.repeat(20)), { other: 'ab'.repeat(20) }],
  ])('%s', (_what, words, digests) => expect(readQuery(words)).toEqual({ kind: 'key', digests }));

  it.each([
    ['MD5 without colons', MD5, { md5: MD5 }],
    ['in capitals', MD5.toUpperCase(), { md5: MD5 }],
    ['SHA256 without its prefix', SHA256, { sha256: SHA256 }],
    ['twenty bytes', 'ab'.repeat(20), { other: 'ab'.repeat(20) }],
  ])('%s, which may be a name as well', (_what, name, digests) =>
    expect(readQuery(name)).toEqual({ kind: 'key', digests, name }),
  );

  it('an RSA key, broken anywhere', () => {
    const { digests } = keyQuery(RSA_LINE);
    for (let at = 14; at < RSA_LINE.length; at += 97) {
      expect(readQuery(`${RSA_LINE.slice(0, at)}\n${RSA_LINE.slice(at)}`)).toEqual({ kind: 'key', digests });
    }
  });
});

describe('read as a name', () => {
  it.each(['deploy_2024', 'ssh-rsa', 'SHA256', 'deadbeef', 'skey-0000a1b2', 'AAAA', 'web keys', '部署', 'ab:cd'])(
    '%s',
    (name) => expect(readQuery(`  ${name} \n`)).toEqual({ kind: 'name', name }),
  );
});

it.each([
  ['nothing', ' '],
  ['what no cloud takes for a name', 'x'.repeat(256)],
  ['half a public key', LINE.slice(0, 60)],
  ['a public key with a hole', `ssh-rsa ${RSA.subarray(0, 40).toString('base64')}… anna`],
  ['a certificate', `ssh-rsa-cert-v01@openssh.com ${blobOf('ssh-rsa-cert-v01@openssh.com', RSA).toString('base64')}`],
  ['two fingerprints', `MD5:${colons(MD5)} MD5:${colons('0'.repeat(32))}`],
])('%s is no key', (_what, words) => expect(readQuery(words)).toBeUndefined());

describe('for any words', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(LINE, MD5, `SHA256:${SHA256}`, colons(MD5), 'ssh-rsa', 'AAAAB3NzaC1yc2E', ' ', ':', '\n'),
    fc.stringMatching(/^[0-9a-f]{38,42}$/),
  );
  it('the words of a query are that query', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (parts) => {
        const query = readQuery(parts.join(''));
        if (query !== undefined) expect(readQuery(wordsOf(query))).toEqual(query);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a key pair of a cloud', () => {
  const pair = (more: Partial<KeyPair> = {}): KeyPair => ({ name: 'deploy', ...more });
  const OTHER = '0'.repeat(32);
  const TWENTY = colons('12'.repeat(20));
  const asked = {
    line: keyQuery(LINE),
    md5: keyQuery(colons(MD5)),
    sha256: keyQuery(`SHA256:${SHA256}`),
    twenty: keyQuery(TWENTY),
  };
  const verdict = (query: (typeof asked)['line'], keyPair: KeyPair, ...others: KeyPair[]) => {
    const { same, unknown } = compareAll(query, [keyPair, ...others]);
    if (same.includes(keyPair)) return 'same';
    return unknown > 0 ? 'unknown' : 'different';
  };

  it.each<[string, KeyPair, Record<keyof typeof asked, string>]>([
    [
      'with this public key',
      pair({ publicKey: LINE }),
      { line: 'same', md5: 'same', sha256: 'same', twenty: 'unknown' },
    ],
    [
      'with another public key',
      pair({ publicKey: RSA_LINE }),
      { line: 'different', md5: 'different', sha256: 'different', twenty: 'unknown' },
    ],
    [
      'with this MD5, printed plain',
      pair({ fingerprint: MD5 }),
      { line: 'same', md5: 'same', sha256: 'unknown', twenty: 'unknown' },
    ],
    [
      'with this MD5, printed with colons',
      pair({ fingerprint: colons(MD5) }),
      { line: 'same', md5: 'same', sha256: 'unknown', twenty: 'unknown' },
    ],
    [
      'with another MD5',
      pair({ fingerprint: OTHER }),
      { line: 'different', md5: 'different', sha256: 'unknown', twenty: 'unknown' },
    ],
    [
      'with twenty bytes that say nothing of themselves',
      pair({ fingerprint: TWENTY }),
      { line: 'unknown', md5: 'unknown', sha256: 'unknown', twenty: 'same' },
    ],
    [
      'with twenty bytes and this public key',
      pair({ fingerprint: TWENTY, publicKey: LINE }),
      { line: 'same', md5: 'same', sha256: 'same', twenty: 'same' },
    ],
    ['with nothing', pair(), { line: 'unknown', md5: 'unknown', sha256: 'unknown', twenty: 'unknown' }],
    [
      'with what cannot be read',
      pair({ fingerprint: 'c0:5a:**' }),
      { line: 'unknown', md5: 'unknown', sha256: 'unknown', twenty: 'unknown' },
    ],
  ])('%s', (_what, keyPair, expected) => {
    expect(Object.fromEntries(Object.entries(asked).map(([name, query]) => [name, verdict(query, keyPair)]))).toEqual(
      expected,
    );
  });

  it('is not ruled out by an MD5 where the same cloud prints other things, too', () => {
    const odd = pair({ name: 'odd', fingerprint: TWENTY, publicKey: RSA_LINE });
    expect(verdict(asked.md5, pair({ fingerprint: OTHER }))).toBe('different');
    expect(verdict(asked.md5, pair({ fingerprint: OTHER }), odd)).toBe('unknown');
    expect(verdict(asked.md5, pair({ fingerprint: MD5 }), odd)).toBe('same');
  });

  it('may have for its name what looks like a fingerprint', () => {
    expect(verdict(keyQuery(MD5), pair({ name: MD5, publicKey: RSA_LINE }))).toBe('same');
    expect(verdict(keyQuery(colons(MD5)), pair({ name: MD5, publicKey: RSA_LINE }))).toBe('different');
  });

  it('is known for the same key by what both clouds tell', () => {
    expect(keyIdentity(pair({ publicKey: LINE }))).toBe(keyIdentity(pair({ fingerprint: colons(MD5) })));
    expect(keyIdentity(pair({ fingerprint: TWENTY }))).toBeUndefined();
  });
});
