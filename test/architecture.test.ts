import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Declared, undeclaredPackages } from './architecture/doors.js';
import { importAll } from './architecture/imported.js';
import { PLANTED } from './architecture/planted.js';
import { RULES } from './architecture/rules.js';
import { ROOT, readSources, within } from './architecture/source.js';

const sources = readSources();

test('every rule has a planted breach', () => {
  expect(Object.keys(PLANTED).sort()).toEqual(Object.keys(RULES).sort());
});

test('the rules see the files of this repository', () => {
  const paths = sources.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'src/service.ts',
      'playground/redis/redis.mjs',
      'bin/detach-key.ts',
      'test/architecture.test.ts',
    ]),
  );
});

describe.each(Object.keys(RULES) as (keyof typeof RULES)[])('%s', (title) => {
  test('holds', () => {
    expect(RULES[title](sources)).toEqual([]);
  });

  test.each(PLANTED[title].good)('is silent on good files %#', (...files) => {
    expect(RULES[title](files)).toEqual([]);
  });

  test.each(PLANTED[title].bad)('speaks up on bad files %#', (...files) => {
    expect(RULES[title](files)).not.toEqual([]);
  });
});

describe('packages', () => {
  test('are declared where they are imported', () => {
    const declared = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Declared;
    expect(undeclaredPackages(sources, declared)).toEqual([]);
  });

  test('that are not declared are found', () => {
    const declared = { dependencies: { '@a/b': '1' }, devDependencies: { c: '1' } };
    const text = "import { b } from '@a/b/deep.js';\nimport { c } from 'c';\nimport { d } from '@a/d';\n";
    expect(undeclaredPackages([{ path: 'src/x.ts', text }], declared)).toEqual([
      'src/x.ts imports c',
      'src/x.ts imports @a/d',
    ]);
    expect(undeclaredPackages([{ path: 'test/x.ts', text }], declared)).toEqual(['test/x.ts imports @a/d']);
  });
});

describe('importing', () => {
  test('every module of src does nothing to the process', async () => {
    const modules = within(sources, 'src');
    const traces = await importAll(modules);
    expect(traces).toEqual({ imported: modules.length, handles: [], variables: [], listeners: [] });
  });

  test('is seen to do something where it does', async () => {
    const text = [
      'setTimeout(() => {}, 1_000);',
      "process.env.PLANTED_VARIABLE = 'x';",
      "process.on('SIGUSR2', () => {});",
      'export const a: number = 1;',
    ].join('\n');
    const traces = await importAll([{ path: 'src/planted.ts', text }]);
    expect(traces).toMatchObject({ handles: ['Timeout'], variables: ['PLANTED_VARIABLE'] });
    expect(traces.listeners).toContain('SIGUSR2');
  });
});
