import { RE2JS } from 're2js';
import { z } from 'zod';
import type { ReasonPattern } from '../jobs/policy.js';

const LONGEST = 200;

/**
 * A pattern for reasons. Anybody can type a reason, so it is matched by RE2, whose time grows with the text's length
 * and not with what the pattern makes of it.
 */
export const reasonPatternSchema = z
  .string()
  .min(1)
  .max(LONGEST, `must have at most ${LONGEST} characters`)
  .transform((source, context): ReasonPattern => {
    const pattern = compile(source);
    if (pattern !== undefined) return { source, matches: (reason) => pattern.test(reason) };
    context.addIssue('is no pattern that can be used; RE2 reads it, which knows no look-around and no back-references');
    return z.NEVER;
  });

function compile(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}
