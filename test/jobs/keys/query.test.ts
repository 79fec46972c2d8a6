import { describe, expect, it } from '@jest/globals';
import { type KeyFlaw, readQuery } from '../../../src/jobs/keys/query.js';
import { blobOf, colons, LINE, MD5, RSA, RSA_LINE, SHA256 } from './sample.js';

const both = { md5: MD5, sha256: SHA256 };
const PLAIN = 'SHA256:LOGfkpSBCIZpjgbeSx96wMB6lmqT6L3V5hARYtxMGe4';

describe('read as a key', () => {
  it.each([
    ['a line', LINE, both],
    ['a line without a comment', LINE.split(' ').slice(0, 2).join(' '), both],
    ['a line with a long comment', `${LINE} the old one, of 2019`, both],
    ['a line with a comment like a fingerprint', `${LINE} ${'ab'.repeat(16)} 00:1a:2b:3c:4d:5e`, both],
    ['the blob alone', LINE.split(' ')[1] ?? '', both],
    ['a line of authorized_keys', `no-pty,from="10.0.0.0/8" ${LINE}`, both],
    ['a line of known_hosts', `host.example.com,10.0.0.1 ${LINE}`, both],
    ['a line in JSON', JSON.stringify({ publicKey: `${LINE}\n` }), both],
    ['a line with a zero-width sign', `${LINE.slice(0, 40)}\u200b${LINE.slice(40)}`, both],
    ['a line that a terminal broke', `${LINE.slice(0, 30)}\n${LINE.slice(30, 70)}\n${LINE.slice(70)}`, both],
    ['a line twice', `${LINE}\n${LINE}`, both],
    ['a line and its own fingerprint', `${LINE} SHA256:${SHA256}`, both],
    ['SHA256', `SHA256:${SHA256}`, { sha256: SHA256 }],
    ['SHA256, padded', `sha256:${SHA256}=`, { sha256: SHA256 }],
    ['SHA256 in hex', colons(Buffer.from(SHA256, 'base64').toString('hex')), { sha256: SHA256 }],
    ['MD5 with colons', colons(MD5), { md5: MD5 }],
    ['MD5 in capitals', colons(MD5).toUpperCase(), { md5: MD5 }],
    ['MD5 with its prefix', `MD5:${colons(MD5)}`, { md5: MD5 }],
    ['MD5 with its prefix, without colons', `md5:${MD5.toUpperCase()}`, { md5: MD5 }],
    ['a line of ssh-keygen -l', `256 SHA256:${SHA256} anna@laptop (ED25519)`, { sha256: SHA256 }],
    ['the same of MD5', `2048 MD5:${colons(MD5)} anna@laptop (RSA)`, { md5: MD5 }],
    ['a line of a log', `Accepted publickey for root from ::1 port 22 ssh2: RSA SHA256:${SHA256}`, { sha256: SHA256 }],
    ['what openssl prints', `MD5 Fingerprint=${colons(MD5).toUpperCase()}`, { md5: MD5 }],
    ['both', `SHA256:${SHA256} MD5:${colons(MD5)}`, both],
    ['in full width', `ＭＤ５：${colons(MD5).replaceAll(':', '：')}`, { md5: MD5 }],
    ['SHA256 on two lines', `${PLAIN.slice(7, 30)}\n${PLAIN.slice(30)}`, { sha256: PLAIN.slice(7) }],
    ['MD5 in groups', MD5.replace(/.{8}/g, '$& '), { md5: MD5 }],
    ['twenty bytes', colons('ab'.repeat(20)), { other: 'ab'.repeat(20) }],
  ])('%s', (_what, words, digests) => expect(readQuery(words)).toEqual({ kind: 'key', digests }));

  it.each([
    ['MD5 without colons', MD5, { md5: MD5 }],
    ['in capitals', MD5.toUpperCase(), { md5: MD5 }],
    ['SHA256 without its prefix', PLAIN.slice(7), { sha256: PLAIN.slice(7) }],
    ['twenty bytes', 'ab'.repeat(20), { other: 'ab'.repeat(20) }],
    ['MD5 as a number', `0x${MD5}`, { md5: MD5 }],
  ])('%s, which may be a name as well', (_what, name, digests) => {
    expect(readQuery(name)).toEqual({ kind: 'key', digests, name });
    expect(readQuery(`(${name})`)).toEqual({ kind: 'key', digests, name });
  });

  it('SHA256 without its prefix, which no cloud takes for a name', () => {
    expect(readQuery(SHA256)).toEqual({ kind: 'key', digests: { sha256: SHA256 } });
  });

  it('an RSA key, broken anywhere', () => {
    const read = readQuery(RSA_LINE);
    expect(read.kind).toBe('key');
    for (let at = 14; at < RSA_LINE.length; at += 97) {
      expect(readQuery(`${RSA_LINE.slice(0, at)}\n${RSA_LINE.slice(at)}`)).toEqual(read);
    }
  });
});

describe('read as a name', () => {
  it.each([
    'deploy_2024',
    'ssh-rsa',
    'SHA256',
    'deadbeef',
    'skey-0000a1b2',
    'AAAA',
    'web keys',
    '部署',
    'ab:cd',
    'M1',
    'https://a.example/KeyPairs/of/cn-hangzhou/Web',
  ])('%s', (name) => expect(readQuery(`  ${name} \n`)).toEqual({ kind: 'name', name }));

  it.each(['*deploy_2024*', '(deploy_2024)', '"deploy_2024",', '~deploy_2024~', '`deploy_2024`;'])(
    '%s, without the marks around it',
    (words) => expect(readQuery(words)).toEqual({ kind: 'name', name: 'deploy_2024' }),
  );

  it.each([
    ['SHA256 with one character missing', PLAIN.slice(0, -1), 'sha256', 42],
    ['SHA256 with one too many', `${PLAIN}A`, 'sha256', 44],
    ['SHA256 with a last character that none has', `${PLAIN.slice(0, -1)}5`, 'sha256', 43],
    ['the same without its prefix', PLAIN.slice(7, -1), 'sha256', 42],
    ['MD5 of 15 bytes', `MD5:${colons(MD5).slice(3)}`, 'md5', 30],
    ['MD5 with a letter that is no digit', `MD5:${colons(MD5).replace('31', 'g1')}`, 'md5', 32],
    ['MD5 with a digit missing', MD5.slice(1), 'md5', 31],
    ['a prefix that is a name', 'sha256:deploy', 'sha256', 6],
  ])('%s, which may be meant as a fingerprint', (_what, name, algorithm, digits) =>
    expect(readQuery(name)).toEqual({ kind: 'name', name, doubt: { code: 'fingerprint', algorithm, digits } }),
  );
});

describe('is no key', () => {
  const sha256 = (digits: number): KeyFlaw => ({ code: 'fingerprint', algorithm: 'sha256', digits });
  const md5 = (digits: number): KeyFlaw => ({ code: 'fingerprint', algorithm: 'md5', digits });
  const publicKey: KeyFlaw = { code: 'public-key' };
  const certificate = `ssh-rsa-cert-v01@openssh.com ${blobOf('ssh-rsa-cert-v01@openssh.com', RSA).toString('base64')}`;
  it.each<[string, string, KeyFlaw]>([
    ['nothing', ' ', { code: 'no-key' }],
    ['what no cloud takes for a name', 'x'.repeat(256), { code: 'no-key' }],
    ['half a public key', LINE.slice(0, 60), publicKey],
    ['a public key with a hole', `ssh-rsa ${RSA.subarray(0, 40).toString('base64')}… anna`, publicKey],
    ['a public key with a wrong beginning', LINE.replace('AAAA', 'BAAA'), publicKey],
    ['a certificate', certificate, publicKey],
    ['a whole key and a broken one', `${LINE}\n${RSA_LINE.slice(0, 99)}`, publicKey],
    ['two fingerprints', `MD5:${colons(MD5)} MD5:${colons('0'.repeat(32))}`, { code: 'several-keys' }],
    ['two public keys', `${LINE}\n${RSA_LINE}`, { code: 'several-keys' }],
    ['a public key and another fingerprint', `${LINE} ${PLAIN}`, { code: 'several-keys' }],
    ['a public key and the fingerprint of another before it', `${PLAIN} ${LINE}`, { code: 'several-keys' }],
    ['a public key and a broken fingerprint', `${LINE} ${PLAIN.slice(0, -1)}`, sha256(42)],
    ['SHA256 with one character missing', `SHA256:${SHA256.slice(0, -1)}`, sha256(42)],
    ['SHA256 with one too many', `SHA256:${SHA256}A`, sha256(44)],
    ['SHA256 with a last character that none has', `SHA256:${SHA256.slice(0, -1)}9`, sha256(43)],
    ['a line of ssh-keygen -l with half a fingerprint', '256 SHA256:LOGfkpSBCIZp anna (ED25519)', sha256(12)],
    ['MD5 of 15 bytes', colons(MD5).slice(3, 45), md5(28)],
    ['MD5 that is masked', `${colons(MD5).slice(0, -2)}**`, md5(30)],
    ['MD5 with spaces and a byte missing', colons(MD5).slice(3).replaceAll(':', ' '), md5(30)],
    ['MD5 under the name of SHA256', `"SHA256": "${colons(MD5)}"`, sha256(32)],
  ])('%s', (_what, words, flaw) => expect(readQuery(words)).toEqual({ kind: 'unreadable', flaw }));
});
