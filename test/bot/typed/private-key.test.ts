import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../../src/bot/typed/command.js';
import { holdsPrivateKey } from '../../../src/bot/typed/private-key.js';
import { LINE } from '../../jobs/keys/sample.js';

/** Parts of a key that show neither how it begins nor how it ends. */

const base64 = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: 3 * bytes }).map((part) => Buffer.from(part).toString('base64'));
const lines = (body: string, width: number) => body.replace(new RegExp(`.{${width}}`, 'gu'), '$&\n');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-521' });

describe('lines from the middle of a private key', () => {
  const body = String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })).split('\n');

  test.each([
    ['joined', body.slice(6, 9).join('')],
    ['as they are', body.slice(6, 9).join('\n')],
    ['two of them', body.slice(6, 8).join('\n')],
    ['in a code block', `\`\`\`${body.slice(6, 9).join('\n')}\`\`\``],
    ['in quotes', `“${body.slice(6, 9).join('')}”`],
    ['as a quotation', body.slice(6, 9).join('\n&gt; ')],
    ['as JSON', JSON.stringify(body.slice(6, 9).join('\n'))],
    ['in hex', Buffer.from(body.slice(6, 9).join(''), 'base64').toString('hex')],
    ['after a public key', `${LINE} ${body.slice(6, 9).join('')}`],
    ['after a public key that is broken', `ssh-rsa AAAAB3NzaC1yc2E= ${body.slice(6, 9).join('')}`],
  ])('%s', (_how, part) => {
    const refused = { kind: 'mistake', mistake: { code: 'private-key' } };
    expect(parseCommand(`find ${part}`)).toEqual(refused);
    expect(parseCommand(`prod-hz ${part} all`)).toEqual(refused);
    expect(parseCommand(`prod-hz deploy all --reason ${part}`)).toEqual(refused);
  });

  test('of any key, in lines of any width', () => {
    fc.assert(
      fc.property(base64(150), fc.constantFrom(64, 70, 76, 1_000), (part, width) => {
        // Bytes that happen to be all alike are no key's.
        fc.pre(new Set(part).size > 30);
        expect(holdsPrivateKey(lines(part, width))).toBe(true);
      }),
    );
  });
});

describe('is no private key', () => {
  const publicPem = String(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
  const { n = '', e = '' } = rsa.publicKey.export({ format: 'jwk' });
  const fields = [Buffer.from('ssh-rsa'), Buffer.from(e, 'base64url'), Buffer.from(`AA${n}`, 'base64url')];
  const blob = Buffer.concat(
    fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  ).toString('base64');

  test.each([
    ['a public key', `ssh-rsa ${blob} anna@laptop`],
    ['half a public key', `ssh-rsa ${blob.slice(0, 300)}`],
    ['a public key that a terminal broke', lines(`ssh-rsa ${blob}`, 76)],
    ['half of that', lines(`ssh-rsa ${blob.slice(0, 300)}`, 76)],
    ['a public key as PEM', publicPem],
    ['half of that', publicPem.slice(0, 300)],
    ['the same without its frame', publicPem.replace(/-----[^-]+-----/gu, '')],
    ['one of a curve', String(curve.publicKey.export({ type: 'spki', format: 'pem' }))],
    ['the longest name', `Prod1${'x'.repeat(123)}`],
    ['a long reason', 'x'.repeat(1_200)],
    ['many instances', Array.from({ length: 100 }, (_, n) => `i-bp1${randomBytes(8).toString('hex')}${n}`).join(' ')],
    ['an address', `https://grafana.example/d/a?state=${randomBytes(300).toString('base64url')}`],
    ['names of images', `${randomBytes(32).toString('hex')} ${randomBytes(32).toString('hex')}`],
    ['names of commits', Array.from({ length: 9 }, () => randomBytes(20).toString('hex')).join('\n')],
  ])('%s', (_what, text) => expect(holdsPrivateKey(text)).toBe(false));
});
