import type { z } from 'zod';
import { nearest } from '../nearest.js';
import { PROVIDERS } from '../providers/registry.js';
import { keysAt } from './known-keys.js';
import { showPath } from './path.js';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  array: 'a list',
  object: 'a block of keys and values',
  record: 'a block of keys and values',
};

/** Words for what no schema has its own words for. Nothing of the input is in them. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return `must be one of ${Object.keys(PROVIDERS).join(', ')}`;
    case 'too_small':
      return 'must not be empty';
    case 'invalid_format':
      return 'has a form that is not allowed here';
    default:
      return 'is not allowed here';
  }
}

/** All that is wrong with the file, one sentence each; places that have their fault already are left out. */
export function validate<T>(
  schema: z.ZodType<T>,
  root: unknown,
  told: ReadonlySet<string>,
): { value?: T; faults: readonly string[] } {
  const read = schema.safeParse(root, { error: describe });
  if (read.success) return { value: read.data, faults: [] };
  const faults = read.error.issues
    .filter(({ path }) => !told.has(showPath(path)))
    .flatMap((issue) => sentences(issue, schema, root));
  return { faults };
}

function sentences(issue: z.core.$ZodIssue, schema: z.ZodType, root: unknown): string[] {
  const place = showPath(issue.path) || 'The config file';
  if (issue.code === 'invalid_key') return [`${place} ${issue.issues[0]?.message ?? issue.message}.`];
  if (issue.code !== 'unrecognized_keys') return [`${place} ${issue.message}.`];
  const known = keysAt(schema, issue.path, root);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const advice = meant === undefined ? `known here: ${known.join(', ')}.` : `did you mean ${meant}?`;
    return `${showPath([...issue.path, key])} is not known; ${advice}`;
  });
}
