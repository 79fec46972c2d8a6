import { describe, expect, test } from '@jest/globals';
import { importAll } from './architecture/imported.js';
import { PLANTED } from './architecture/planted.js';
import { RULES } from './architecture/rules.js';
import { readSources, within } from './architecture/source.js';

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

describe('importing', () => {
  test('every module of src does nothing to the process', async () => {
    const modules = within(sources, 'src');
    const traces = await importAll(modules);
    expect(traces).toEqual({ imported: modules.length, handles: [], variables: [], listeners: [] });
  });

  test('is seen to do something where it does', async () => {
    const text = [
      'setTimeout(() => {}, 1);',
      "process.env.PLANTED_VARIABLE = 'x';",
      "process.on('SIGUSR2', () => {});",
      'export const a: number = 1;',
    ].join('\n');
    const traces = await importAll([{ path: 'src/planted.ts', text }]);
    expect(traces).toMatchObject({ handles: ['Timeout'], variables: ['PLANTED_VARIABLE'] });
    expect(traces.listeners).toContain('SIGUSR2');
  });
});
