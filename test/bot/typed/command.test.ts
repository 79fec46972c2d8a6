import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DetachCommand, Mistake } from '../../../src/bot/typed/command.js';
import { parseCommand } from '../../../src/bot/typed/command.js';
import { holdsPrivateKey } from '../../../src/bot/typed/private-key.js';
import { MAX_REASON } from '../../../src/bot/typed/reason.js';
import { typed } from '../../../src/bot/typed/words.js';

const detach = (more: Partial<DetachCommand> = {}): DetachCommand => ({
  kind: 'detach',
  account: 'prod-hz',
  key: 'deploy',
  instances: ['i-1'],
  restart: false,
  reason: '',
  ...more,
});
const mistake = (found: Mistake) => ({ kind: 'mistake', mistake: found });

describe('words', () => {
  test.each([
    ['', { kind: 'form' }],
    ['  \n ', { kind: 'form' }],
    ['help', { kind: 'help' }],
    ['Help me', { kind: 'help' }],
    ['prod-hz --help', { kind: 'help' }],
    ['status', { kind: 'status' }],
    ['Status #k7qm.', { kind: 'status', request: 'k7qm' }],
    ['ｓｔａｔｕｓ　Ｋ７ＱＭ', { kind: 'status', request: 'K7QM' }],
    ['cancel K7QM', { kind: 'cancel', request: 'K7QM' }],
    ['history', { kind: 'history', accounts: [], users: [] }],
    [
      'History prod-hz，game-gz/ap-guangzhou',
      { kind: 'history', accounts: ['prod-hz', 'game-gz/ap-guangzhou'], users: [] },
    ],
    [
      'history <@U0ALICE|alice> prod-hz <@W0BOB>',
      { kind: 'history', accounts: ['prod-hz'], users: ['U0ALICE', 'W0BOB'] },
    ],
    [
      'history <http://prod.example|prod.example> prod.example',
      { kind: 'history', accounts: ['prod.example'], users: [] },
    ],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(expected));
});

describe('undo', () => {
  const undo = (more: object = {}) => ({ kind: 'undo', request: 'K7QM', restart: false, reason: '', ...more });
  test.each([
    ['undo K7QM', undo()],
    ['Undo #K7QM.', undo()],
    ['undo K7QM —restart', undo({ restart: true })],
    ['undo –Restart `K7QM`', undo({ restart: true })],
    ['ｕｎｄｏ　Ｋ７ＱＭ　－－ｒｅｓｔａｒｔ', undo({ restart: true })],
    ['undo “K7QM” --reason wrong key, sorry —restart', undo({ restart: true, reason: 'wrong key, sorry' })],
    ['undo --help', { kind: 'help' }],
    ['undo', mistake({ code: 'missing-request' })],
    ['undo --restart', mistake({ code: 'missing-request' })],
    ['undo K7QM B4XR', mistake({ code: 'extra-words', word: 'undo', words: 'B4XR' })],
    ['undo K7QM --retsart', mistake({ code: 'unknown-option', option: '--retsart', nearest: '--restart' })],
    ['undo K7QM --reason', mistake({ code: 'empty-reason' })],
    ['undo “K7QM', mistake({ code: 'unterminated-quote', words: '“K7QM' })],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(expected));
});

describe('find', () => {
  const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy';
  test.each([
    ['find deploy', 'deploy'],
    ['  , find deploy', 'deploy'],
    ['Find  deploy ,\n', 'deploy'],
    ['find “my key”', 'my key'],
    ["find 'it\\'s'", "it's"],
    ['find my key', 'my key'],
    ['find `deploy`', 'deploy'],
    ['find "my" key', '"my" key'],
    ['ｆｉｎｄ　ＳＨＡ２５６：ａｂ', 'SHA256:ab'],
    [`find ${LINE} <mailto:anna@laptop.example|anna@laptop.example>`, `${LINE} anna@laptop.example`],
    ['find all', 'all'],
  ])('%j', (text, words) => expect(parseCommand(text)).toEqual({ kind: 'find', words }));

  test('what is no search', () => {
    expect(parseCommand('find --help')).toEqual({ kind: 'help' });
    expect(parseCommand('find “my key')).toEqual(mistake({ code: 'unterminated-quote', words: '“my key' }));
    for (const text of ['find', 'find ,', 'find ""', 'find ``'])
      expect(parseCommand(text)).toEqual(mistake({ code: 'missing-search' }));
  });
});

describe('a request', () => {
  test.each([
    ['prod-hz deploy i-1', detach()],
    ['prod-hz/cn-hangzhou deploy i-1', detach({ region: 'cn-hangzhou' })],
    ['prod-hz deploy ALL', detach({ instances: 'all' })],
    ['prod-hz deploy i-1,i-2，i-3、i-4\ni-5 , i-1', detach({ instances: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'] })],
    ['prod-hz “my key” i-1', detach({ key: 'my key' })],
    ["prod-hz 'my key' i-1", detach({ key: 'my key' })],
    ['prod-hz "a \\"b\\" \\\\" i-1', detach({ key: 'a "b" \\' })],
    ['prod-hz deploy i-1 —restart', detach({ restart: true })],
    ['prod-hz deploy i-1 –Restart', detach({ restart: true })],
    ['--restart prod-hz deploy i-1', detach({ restart: true })],
    ['ｐｒｏｄ－ｈｚ／ｃｎ　ｄｅｐｌｏｙ　ｉ－１　－－ｒｅｓｔａｒｔ', detach({ region: 'cn', restart: true })],
    ['prod-hz deploy &lt;i-1&gt;', detach({ instances: ['<i-1>'] })],
    ['prod-hz <http://key.example.com|key.example.com> i-1', detach({ key: 'key.example.com' })],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(expected));
});

describe('a reason', () => {
  test.each([
    ['prod-hz deploy i-1 --reason laptop  stolen', detach({ reason: 'laptop stolen' })],
    ['prod-hz deploy i-1 --reason=laptop stolen', detach({ reason: 'laptop stolen' })],
    ['prod-hz deploy i-1 —reason laptop stolen —restart', detach({ reason: 'laptop stolen', restart: true })],
    ['prod-hz deploy i-1 --restart --reason laptop stolen', detach({ reason: 'laptop stolen', restart: true })],
    ['prod-hz deploy --reason laptop stolen\ni-1', detach({ reason: 'laptop stolen' })],
    ['prod-hz deploy --reason “laptop stolen” i-1', detach({ reason: 'laptop stolen' })],
    ['prod-hz deploy i-1 --reason "laptop stolen"', detach({ reason: 'laptop stolen' })],
    ['prod-hz deploy i-1 --reason "--restart first" --restart', detach({ reason: '--restart first', restart: true })],
    ['prod-hz deploy i-1 --reason "Bob" told us', detach({ reason: '"Bob" told us' })],
    ['prod-hz deploy i-1 --reason it’s Bob’s', detach({ reason: 'it’s Bob’s' })],
    ['prod-hz deploy i-1 --reason ask <@U1|bob> in <#C1|ops> <!here>', detach({ reason: 'ask @bob in #ops @here' })],
    ['prod-hz deploy i-1 --reason a &amp;lt; b', detach({ reason: 'a &lt; b' })],
    ['prod-hz deploy i-1 —reason密钥泄露，立即处理', detach({ reason: '密钥泄露，立即处理' })],
    ['prod-hz deploy i-1 --reason the auto-restart failed', detach({ reason: 'the auto-restart failed' })],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(expected));
});

describe('a mistake', () => {
  test.each<[string, Mistake]>([
    ['prod-hz', { code: 'missing-key', place: 'prod-hz' }],
    ['prod-hz/ deploy i-1', { code: 'bad-place', place: 'prod-hz/' }],
    ['a/b/c deploy i-1', { code: 'bad-place', place: 'a/b/c' }],
    ['--restart', { code: 'bad-place', place: '' }],
    ['prod-hz deploy --restart', { code: 'missing-instances', place: 'prod-hz', key: 'deploy' }],
    ['prod-hz deploy all i-1 i-2', { code: 'all-mixed', instances: ['i-1', 'i-2'] }],
    ['prod-hz deploy i-1 --resart', { code: 'unknown-option', option: '--resart', nearest: '--restart' }],
    ['prod-hz deploy i-1 --restart=no', { code: 'unknown-option', option: '--restart=no', nearest: '--restart' }],
    ['prod-hz deploy i-1 —force', { code: 'unknown-option', option: '—force' }],
    ['prod-hz "deploy i-1', { code: 'unterminated-quote', words: '"deploy i-1' }],
    ['prod-hz deploy i-1 --reason', { code: 'empty-reason' }],
    ['prod-hz deploy i-1 --reason --restart', { code: 'empty-reason' }],
    ['cancel', { code: 'missing-request' }],
    ['history @anna', { code: 'unknown-person', words: '@anna' }],
    ['status K7QM now', { code: 'extra-words', word: 'status', words: 'now' }],
    [
      `prod-hz deploy i-1 --reason ${'危'.repeat(MAX_REASON + 1)}`,
      { code: 'reason-too-long', length: MAX_REASON + 1, max: MAX_REASON },
    ],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(mistake(expected)));
});

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----';

describe('a private key', () => {
  test.each([
    ['as it is', PEM],
    ['OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['PKCS #8', '-----BEGIN PRIVATE KEY-----'],
    ['SSH2', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----'],
    ['on one line', PEM.replaceAll('\n', ' ')],
    ['as JSON', JSON.stringify(PEM)],
    ['in a URL', encodeURIComponent(PEM)],
    ['with a phone’s dashes', PEM.replaceAll('--', '—')],
    ['in full width', '－－－ＢＥＧＩＮ　ＰＲＩＶＡＴＥ　ＫＥＹ－－－'],
    ['spaced out', PEM.split('').join(' ')],
    ['with invisible signs', PEM.replaceAll(' ', '\u200B\u00A0')],
    ['its end only', '-----END EC PRIVATE KEY-----'],
    ['in base64', Buffer.from(PEM).toString('base64')],
    ['the body of an OpenSSH one', 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ'],
    ['PuTTY’s private part', 'Private-Lines: 14'],
    ['PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519'],
  ])('%s', (_, key) => {
    expect(parseCommand(`prod-hz deploy i-1 --reason ${key}`)).toEqual(mistake({ code: 'private-key' }));
    expect(parseCommand(key)).toEqual(mistake({ code: 'private-key' }));
    expect(parseCommand(`find ${key}`)).toEqual(mistake({ code: 'private-key' }));
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ed = generateKeyPairSync('ed25519');
  const curves = ['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve }));
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;

  test('is found by its body alone, on one line or many', () => {
    const pems = [
      ...[rsa, weak].map(({ privateKey }) => privateKey.export({ type: 'pkcs1', format: 'pem' })),
      ...curves.map(({ privateKey }) => privateKey.export({ type: 'sec1', format: 'pem' })),
      ...[rsa, ed, ...curves].flatMap(({ privateKey }) => [
        privateKey.export({ type: 'pkcs8', format: 'pem' }),
        privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypted }),
      ]),
    ];
    const bodies = pems.map((pem) => String(pem).replace(/-----[^-]+-----/gu, ''));
    for (const body of bodies) {
      expect([body, holdsPrivateKey(body)]).toEqual([body, true]);
      expect(holdsPrivateKey(`"${body.replaceAll('\n', '')}"`)).toBe(true);
    }
  });

  test('is not what is public, or only spoken of', () => {
    for (const { publicKey } of [rsa, weak, ed, ...curves])
      expect(holdsPrivateKey(String(publicKey.export({ type: 'spki', format: 'pem' })))).toBe(false);
    expect(holdsPrivateKey(String(rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })))).toBe(false);
    for (const text of [
      '-----BEGIN PUBLIC KEY-----',
      '-----BEGIN CERTIFICATE-----',
      Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'),
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA anna@laptop',
      'her private key was stolen; begin with prod',
    ])
      expect(holdsPrivateKey(text)).toBe(false);
  });
});

/** What a person would type for it, and what Slack then sends. */
function format(command: DetachCommand, order: readonly ('restart' | 'reason')[]): string {
  const quote = (text: string) => `"${text.replace(/["\\“”„‟〝〞「」『』«»'‘’‚‛`″′＂＇]/gu, '\\$&')}"`;
  const options = {
    restart: command.restart ? ['--restart'] : [],
    reason: command.reason === '' ? [] : [`--reason ${quote(command.reason)}`],
  };
  const place = command.region === undefined ? command.account : `${command.account}/${command.region}`;
  const ids = command.instances === 'all' ? ['all'] : command.instances;
  const text = [place, typed(command.key), ...ids, ...order.flatMap((option) => options[option])].join(' ');
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

describe('for any command', () => {
  const word = fc
    .stringMatching(/^[a-z][a-z0-9_.-]{0,20}$/)
    .filter((text) => !RESERVED.has(text) && !/\.$/u.test(text));
  const RESERVED = new Set(['help', 'status', 'cancel', 'find', 'undo', 'history', 'all']);
  const SIGNS = [
    '"',
    '“',
    '「',
    "'",
    '’',
    '`',
    '```',
    '\\',
    '-',
    '—',
    '--restart',
    '，',
    '；',
    '。',
    '/',
    '&',
    '<',
    '>',
    '|',
    ' ',
    'Ａ',
    '\u200B',
  ];
  const words = fc
    .string({
      unit: fc.oneof(fc.constantFrom(...SIGNS), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
      maxLength: 40,
    })
    .map((text) => text.replace(/\s+/gu, ' ').trim())
    .filter((text) => text !== '' && !holdsPrivateKey(text));
  const command: fc.Arbitrary<DetachCommand> = fc.record({
    kind: fc.constant('detach' as const),
    account: word,
    region: word,
    key: words,
    instances: fc.oneof(fc.constant('all' as const), fc.uniqueArray(word, { minLength: 1, maxLength: 5 })),
    restart: fc.boolean(),
    reason: fc.oneof(fc.constant(''), words),
  });

  test('what is formatted is parsed as it was, in any order of options', () => {
    fc.assert(
      fc.property(command, fc.boolean(), (given, flipped) => {
        const order = flipped ? (['reason', 'restart'] as const) : (['restart', 'reason'] as const);
        expect(parseCommand(format(given, order))).toEqual(given);
      }),
    );
  });

  const pieces = fc.constantFrom('-', '—', '"', '“', "'", '\\', '/', '<@U1|', '>', '&lt;', '=', ',', '、', ' ', '\n');
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a k i', '--reason', '--restart'), pieces);

  test('it never throws', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), (parts) => {
        expect(parseCommand(parts.join('')).kind).toEqual(expect.any(String));
      }),
      { numRuns: 2_000 },
    );
  });
});
