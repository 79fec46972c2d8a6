import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../src/bot/messages/catalogue.js';
import { isPausing } from '../../src/jobs/holds/holds.js';
import { GUARD_ERRORS } from '../../src/providers/classify.js';
import type { ErrorTable } from '../../src/providers/failures.js';
import { PROVIDERS } from '../../src/providers/registry.js';
import { ACCOUNT_ROWS, errorsPage, REWRITE } from './errors-page.js';
import { judgeCodes } from './judge-codes.js';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/errors.md');
const mayRewrite = process.env.UPDATE_DOCS === '1';

test('docs/errors.md says what the tables say', () => {
  const wanted = errorsPage();
  if (mayRewrite) writeFileSync(PAGE, wanted);
  if (readFileSync(PAGE, 'utf8') !== wanted) {
    throw new Error(`docs/errors.md is not what the tables and sentences make of it. Rewrite it: ${REWRITE}`);
  }
});

type Row = { code: string; en: string; zh: string; done: string; again: string };

/** The table under this heading, read as a person reads it. */
function tableOf(title: string): Row[] {
  const [, part = ''] = readFileSync(PAGE, 'utf8').split(`\n## ${title}\n`);
  const lines = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => {
    const [code = '', en = '', zh = '', done = '', again = ''] = line.slice(2, -2).split(' | ');
    return { code: code.replaceAll('`', ''), en, zh, done, again };
  });
}

const tables: [string, ErrorTable][] = Object.entries(PROVIDERS).map(([id, { errors }]) => [id, errors]);

describe.each(tables)('the table of %s', (id, errors) => {
  test('has each code once', () => {
    const rows = tableOf(id);
    expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(errors).sort());
  });

  test('tells of each what the thread tells, and what the bot does', () => {
    for (const { code, en, zh, done, again } of tableOf(id)) {
      const row = errors[code];
      expect({ code, row }).toEqual({ code, row: expect.anything() });
      if (row === undefined) continue;
      expect([en, zh]).toEqual([catalogue('en').hints[row.hint], catalogue('zh').hints[row.hint]]);
      const words = {
        never: 'no',
        later: 'after a wait',
        settled: 'when it rests',
      };
      const wanted = {
        code,
        done: row.mayBeDone === 'yes' ? 'maybe' : 'no',
        again: isPausing(row.hint) ? 'when mended' : words[row.repeat],
      };
      expect({ code, done, again }).toEqual(wanted);
    }
  });
});

test('every code of the guard, and every status that it reads, is in the table of the bot’s own', () => {
  const source = readFileSync(join(ROOT, 'src/providers/classify.ts'), 'utf8');
  const statuses = [...source.matchAll(/^ {2}'?([45](?:\d\d|xx))'?: \{ kind:/gm)].map(([, status]) => `Http${status}`);
  expect(statuses.length).toBeGreaterThan(0);
  const codes = tableOf("The bot's own codes").map(({ code }) => code);
  expect(codes.sort()).toEqual([...Object.keys(GUARD_ERRORS), ...Object.keys(ACCOUNT_ROWS), ...statuses].sort());
});

test('every code that a reading can end with is in its table', () => {
  const source = readFileSync(join(ROOT, 'src/jobs/judge.ts'), 'utf8');
  const named = new Set([...source.matchAll(/'([A-Z][A-Za-z]+)'/g)].map(([, code = '']) => code));
  const codes = tableOf('Codes of reading back').map(({ code }) => code);
  expect(codes.sort()).toEqual([...named].sort());
  expect(judgeCodes().map(({ code }) => code)).toHaveLength(codes.length);
});

test('no code comes from two tables of the bot itself', () => {
  const own = [...tableOf("The bot's own codes"), ...tableOf('Codes of reading back')].map(({ code }) => code);
  expect(new Set(own).size).toBe(own.length);
});
