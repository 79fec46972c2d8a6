import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DetachCommand, parseCommand } from '../../../src/bot/typed/command.js';
import { quoteOf, typed } from '../../../src/bot/typed/words.js';

/** What phones, input methods and Slack make of a command, and what was meant. */

const detach = (more: Partial<DetachCommand> = {}): DetachCommand => ({
  kind: 'detach',
  account: 'prod-hz',
  key: 'deploy',
  instances: ['i-1'],
  restart: false,
  reason: '',
  ...more,
});
const status = { kind: 'status', request: 'K7QM2X' };

describe('a request’s id', () => {
  test.each([
    'Status K7QM2X',
    'ｓｔａｔｕｓ　Ｋ７ＱＭ２Ｘ',
    'status\u00A0K7QM2X',
    '\u200Bstatus \u200BK7QM2X\u2060',
    '\uFEFFstatus K7QM2X',
    'status：K7QM2X',
    'status: K7QM2X',
    'status，K7QM2X',
    'status「K7QM2X」',
    'status “K7QM2X”。',
    'status ‘K7QM2X’',
    'status（K7QM2X）',
    'status `K7QM2X`',
    '`status K7QM2X`',
    '```status K7QM2X```',
    '`status` K7QM2X',
    'status #K7QM2X,',
    'status K7QM2X!',
    'status <http://K7QM2X|K7QM2X>',
  ])('%j', (text) => expect(parseCommand(text)).toEqual(status));
});

describe('the first word', () => {
  test.each([
    ['Help.', { kind: 'help' }],
    ['help！', { kind: 'help' }],
    ['status。', { kind: 'status' }],
    ['`', { kind: 'form' }],
    ['\u200B', { kind: 'form' }],
    ['find：「deploy key」', { kind: 'find', words: 'deploy key' }],
    ['Find deploy。', { kind: 'find', words: 'deploy' }],
    ['find deploy\u200B', { kind: 'find', words: 'deploy' }],
    ['undo：k7qm2x。', { kind: 'undo', request: 'k7qm2x', restart: false, reason: '' }],
    ['History：Prod-hz', { kind: 'history', accounts: ['prod-hz'], users: [] }],
    ['history <@U0ALICE|alice>，「prod-hz」。', { kind: 'history', accounts: ['prod-hz'], users: ['U0ALICE'] }],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(expected));

  test.each(['find-prod', 'help-desk', 'status—2', 'undo.x'])('%s is an account', (account) => {
    expect(parseCommand(`${account} deploy i-1`)).toEqual(detach({ account: account.replace('—', '-') }));
  });
});

describe('a request', () => {
  test.each([
    ['Prod-hz deploy i-1', detach()],
    ['prod‑hz deploy i‑1', detach()],
    ['prod–hz deploy i−1', detach()],
    ['prod-hz: deploy i-1', detach()],
    ['Prod-hz／Cn-hangzhou deploy i-1', detach({ region: 'cn-hangzhou' })],
    ['prod-hz / cn-hangzhou deploy i-1', detach({ region: 'cn-hangzhou' })],
    ['prod-hz /cn-hangzhou deploy i-1', detach({ region: 'cn-hangzhou' })],
    ['prod-hz，deploy，i-1', detach()],
    ['prod-hz deploy i-1；i-2;i-3。', detach({ instances: ['i-1', 'i-2', 'i-3'] })],
    ['prod-hz deploy i-1, i-2.', detach({ instances: ['i-1', 'i-2'] })],
    ['prod-hz deploy `i-1` `i-2`', detach({ instances: ['i-1', 'i-2'] })],
    ['prod-hz deploy ```i-1\ni-2```', detach({ instances: ['i-1', 'i-2'] })],
    ['prod-hz deploy `i-1', detach()],
    ['prod-hz deploy i\u00AD-1\u2060', detach()],
    ['prod-hz deploy ＡＬＬ。', detach({ instances: 'all' })],
    ['prod-hz ＂my key＂ i-1', detach({ key: 'my key' })],
    ['prod-hz ＇my key＇ i-1', detach({ key: 'my key' })],
    ['prod-hz `my key` i-1', detach({ key: 'my key' })],
    ['prod-hz “key；x。\u200B” i-1', detach({ key: 'key；x。\u200B' })],
    ['prod-hz deploy i-1 ——restart', detach({ restart: true })],
    ['prod-hz deploy i-1 －－ｒｅｓｔａｒｔ', detach({ restart: true })],
    ['prod-hz deploy i-1 ⸺Restart.', detach({ restart: true })],
    ['prod-hz deploy i-1 -- restart', detach({ restart: true })],
    ['prod-hz deploy i-1 – –restart，', detach({ restart: true })],
    ['prod-hz deploy i-1 — reason：笔记本，被盗。', detach({ reason: '笔记本，被盗。' })],
    ['prod-hz deploy i-1 --reason 「笔记本；被盗」', detach({ reason: '笔记本；被盗' })],
    ['<http://i-1.example|i-1.example> deploy i-1', detach({ account: 'i-1.example' })],
  ])('%j', (text, expected) => expect(parseCommand(text)).toEqual(expected));

  test('that allows no restart is not read as one that does', () => {
    for (const text of ['deploy i-1 --reason do not -- restart', 'deploy i-1 --reason “no —restart”']) {
      expect(parseCommand(`prod-hz ${text}`)).toMatchObject({ restart: false });
    }
  });
});

describe('for any command, whatever the keyboard does', () => {
  const wide = (text: string) =>
    text.replace(/[!-~]/gu, (sign) => (sign === '|' ? sign : String.fromCharCode(sign.charCodeAt(0) + 0xfee0)));
  const asIs = (text: string) => text;
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const dashed = (sign: string) => (text: string) => text.replaceAll('-', sign);
  const hidden = (text: string) => `\u200B${text.charAt(0)}\u200B${text.slice(1)}\uFEFF`;

  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter((text) => !RESERVED.test(text));
  const RESERVED = /^(?:help|status|cancel|find|undo|history|all)$/u;
  const separator = fc.constantFrom(' ', '\u3000', '\u00A0', '  ', '，', ' 、', '；', ', ', '\n', ' \u200B');
  const plain = fc.constantFrom(asIs, wide, hidden, dashed('‑'), dashed('–'), dashed('−'));
  const restart = fc.constantFrom('--restart', '—restart', '–restart', '－－restart', '——Restart', '-- restart', '');
  const quotes = fc.constantFrom(
    ['“', '”'],
    ['「', '」'],
    ['『', '』'],
    ['＂', '＂'],
    ['‘', '’'],
    ['`', '`'],
    ['"', '"'],
  );
  const key = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map((text) => text.replace(/[\s\\]+/gu, ' ').trim())
    .filter((text) => text !== '' && ![...text].some((sign) => quoteOf(sign)) && !text.includes('```'))
    .filter((text) => !/[<>&]/u.test(text));

  test('it is read as it was meant, and what is quoted stays as it is', () => {
    fc.assert(
      fc.property(
        fc.record({ account: name, key, ids: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) }),
        fc.array(separator, { minLength: 4, maxLength: 4 }),
        fc.tuple(plain, plain, restart, quotes, fc.boolean()),
        (
          { account, key: quoted, ids },
          [a = ' ', b = ' ', c = ' ', d = ' '],
          [first, other, option, [open, close], starts],
        ) => {
          const place = starts ? capital(first(account)) : first(account);
          const line = [place, a, open, quoted, close, b, ids.map(other).join(c), d, option].join('');
          const expected = detach({ account, key: quoted, instances: ids, restart: option !== '' });
          expect([line, parseCommand(line)]).toEqual([line, expected]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what is shown for typing is read back as it is', () => {
    for (const word of ['/x', 'a;b', '`', 'a```b', 'a\u200Bb', '钥匙。', '；'])
      expect(parseCommand(`prod-hz ${typed(word)} i-1`)).toEqual(detach({ key: word }));
  });
});
