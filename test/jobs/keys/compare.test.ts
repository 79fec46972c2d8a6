import { describe, expect, it } from '@jest/globals';
import { compareAll, keyIdentity } from '../../../src/jobs/keys/compare.js';
import { type KeyQuery, readQuery } from '../../../src/jobs/keys/query.js';
import type { KeyPair } from '../../../src/providers/contract.js';
import { colons, LINE, MD5, RSA_LINE, SHA256 } from './sample.js';

const keyQuery = (words: string): Extract<KeyQuery, { kind: 'key' }> => {
  const query = readQuery(words);
  if (query.kind !== 'key') throw new Error(`no key: ${words}`);
  return query;
};

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
