import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readQuery } from '../../../src/jobs/keys/query.js';
import { LINE, MD5, SHA256 } from './sample.js';

/** Public keys as PEM (`ssh-keygen -e -m PKCS8` and `-m PEM`, `openssl req -x509`), and what `ssh-keygen -l` prints of them. */
const PEMS: readonly (readonly [string, string, string, string])[] = [
  [
    'RSA',
    `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqGWB+7gEbVgNx6DyDwvL
sy/kMGmgIaocth7FaG1xIUZCEa8Kcqaoooo/XojuQXfT8Y6blI0kLyYLUtZt5HXh
jxECrx9W2E9pUeR2Mx5JaqXt8spDJ/QKaml7t/ciFyeuth4Dfez+Wkuz4Wm1NOqM
InCaykSzqKZDVi+nyEqKJ7WTnjxlqnmQ4HxQCQ/NJLMTWNgDzFZZN4UXkE+cYg8+
megekVQ5Cmgv2dYZOfXcZwzv4dP8UGCJyGslgnRm1994uHtERc73pzXUusancx1w
lKQnqK/opFfgHtjmJoMQMBRCRff4wc5R2SW36wwpkpr3V2vXLXKSCWALu/zB6s5F
dQIDAQAB
-----END PUBLIC KEY-----`,
    'a649d7612b835cffe19bcab73f09399a',
    'jfSyyjefM2Dmveiz1EUoKmAYG9/BK+qAZiUqJ15w2Vg',
  ],
  [
    'RSA, PKCS #1',
    `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAqGWB+7gEbVgNx6DyDwvLsy/kMGmgIaocth7FaG1xIUZCEa8Kcqao
ooo/XojuQXfT8Y6blI0kLyYLUtZt5HXhjxECrx9W2E9pUeR2Mx5JaqXt8spDJ/QK
aml7t/ciFyeuth4Dfez+Wkuz4Wm1NOqMInCaykSzqKZDVi+nyEqKJ7WTnjxlqnmQ
4HxQCQ/NJLMTWNgDzFZZN4UXkE+cYg8+megekVQ5Cmgv2dYZOfXcZwzv4dP8UGCJ
yGslgnRm1994uHtERc73pzXUusancx1wlKQnqK/opFfgHtjmJoMQMBRCRff4wc5R
2SW36wwpkpr3V2vXLXKSCWALu/zB6s5FdQIDAQAB
-----END RSA PUBLIC KEY-----`,
    'a649d7612b835cffe19bcab73f09399a',
    'jfSyyjefM2Dmveiz1EUoKmAYG9/BK+qAZiUqJ15w2Vg',
  ],
  [
    'P-256',
    `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdIFNOEH1N3lEa2zMotBUjSa8pCI/
dvnVZ3/eEqQngS2CRV2su5D7u47DKNyBaBV+89UUPBWbo3mYFsGd/WZyRg==
-----END PUBLIC KEY-----`,
    '4a2bf8a3abf39c6dc59f192a29685c14',
    'RfKjhRiAqMt3tR+SrD9ppoXChSpQniiIDMTsWrRvMVw',
  ],
  [
    'P-384',
    `-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEXGXYePM+4tR31S61F+f0U/XxXrA3LKmd
OIRHtdJnKPEqu+2KMcBPU7k+g76hFf6UFbztV7fR+8/mEeygcjts4NFWE/DedOCF
nvdYJgGGt6PoXx69a3V/X8lLVdnaUGns
-----END PUBLIC KEY-----`,
    '857fae6b896030cd564647be6a3d1ead',
    '55F6MZkxO75SlkAIE9OApEPvPe5LBHSVvwofQ10sNOg',
  ],
  [
    'P-521',
    `-----BEGIN PUBLIC KEY-----
MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAXKJKgoxHLlM+82aTH9hf+0EDwE07
oJ5udmxXPsLbIjwzf0Uh7y7R/iDZhXp4wuFjpwCjhzVgEg0kj358+MFtC4cBZTLC
JKk4fAMkVDjSnqZ0QTQ2ml6bXfM1Gb3SpfJmH861TqeLFV+oplgHIMMiZ/FGyHXz
dFiztqIe9tNOTgT86nI=
-----END PUBLIC KEY-----`,
    '255d7969b9e52d33b85551580a2174f4',
    'WcZ8vUSbaujMAeClN2PYQu0ltny851XlHktrkbKerK4',
  ],
  [
    'a certificate of a P-256 key',
    `-----BEGIN CERTIFICATE-----
MIIBbDCCAROgAwIBAgIUfVYNQl+2ZqfDh5zDc1Cfd/V8AbQwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAeFw0yNjExMjYwMTM0NTRaFw0yNjExMjcwMTM0NTRaMAwx
CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR0gU04QfU3eURr
bMyi0FSNJrykIj92+dVnf94SpCeBLYJFXay7kPu7jsMo3IFoFX7z1RQ8FZujeZgW
wZ39ZnJGo1MwUTAdBgNVHQ4EFgQUof1xPZlv9PWTB7zvoZkixma+mEYwHwYDVR0j
BBgwFoAUof1xPZlv9PWTB7zvoZkixma+mEYwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNHADBEAiAfwPPKbJnS5/UZtsgX3GzLl/zKZWEnIvz4HgQS8aKlqQIg
NwgYESFw+3dkUiR4qnpEMZvsj3PsDVPPmPTjffZaZLQ=
-----END CERTIFICATE-----`,
    '4a2bf8a3abf39c6dc59f192a29685c14',
    'RfKjhRiAqMt3tR+SrD9ppoXChSpQniiIDMTsWrRvMVw',
  ],
];
const RAW = Buffer.from(LINE.split(' ')[1] ?? '', 'base64').subarray(-32);
const ED25519 = `-----BEGIN PUBLIC KEY-----
${Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), RAW]).toString('base64')}
-----END PUBLIC KEY-----`;
const all = [...PEMS, ['Ed25519', ED25519, MD5, SHA256] as const];

describe.each(all)('a PEM of %s', (what, pem, md5, sha256) => {
  const key = { kind: 'key', digests: { md5, sha256 } };

  it.each<[string, string]>([
    ['as it is', pem],
    ['on one line', pem.replaceAll('\n', ' ')],
    ['as JSON', JSON.stringify({ key: `${pem}\n` })],
    ['with a phone’s dashes', pem.replaceAll('--', '—')],
    ['as a quotation', pem.replace(/^/gmu, '> ')],
    ['with Windows’ line ends', pem.replaceAll('\n', '\r\n')],
    ['without its last line', pem.replace(/\n-----END.*/u, '')],
  ])('%s', (_how, words) => expect(readQuery(words)).toEqual(key));

  it('without its frame, unless it is a certificate', () => {
    const body = pem.replace(/-----[^-]+-----/gu, '').trim();
    if (what.includes('certificate')) return;
    expect(readQuery(body)).toEqual(key);
    expect(readQuery(body.replaceAll('\n', ''))).toEqual(key);
  });

  it('that is not whole is told so', () => {
    const broken = { kind: 'unreadable', flaw: { code: 'public-key' } };
    expect(readQuery(pem.replace(/[^-\n]{5}\n-----END/u, '\n-----END'))).toEqual(broken);
    expect(readQuery(pem.replace(/\n[\s\S]{9}/u, '\n'))).toEqual(broken);
    expect(readQuery(`${LINE}\n${pem.replace(/[^-\n]{5}\n-----END/u, '\n-----END')}`)).toEqual(broken);
  });
});

it('two PEMs are two keys', () => {
  const [first, , second] = all.map(([, pem]) => pem);
  expect(readQuery(`${first}\n${second}`)).toEqual({ kind: 'unreadable', flaw: { code: 'several-keys' } });
  expect(readQuery(`${first}\n${first}`)).toMatchObject({ kind: 'key' });
});

it.each([
  ['X25519', generateKeyPairSync('x25519').publicKey],
  ['a curve of coins', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey],
])('a PEM of %s is of no kind that SSH uses', (_what, key) => {
  const pem = String(key.export({ type: 'spki', format: 'pem' }));
  expect(readQuery(pem)).toEqual({ kind: 'unreadable', flaw: { code: 'public-key' } });
});
