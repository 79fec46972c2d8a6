import { z } from 'zod';
import type { Language } from '../../jobs/events.js';

/** What a view carries in its `private_metadata`, and brings back with each gesture. Pure. */

export const carriedLanguage = z.enum(['en', 'zh']) satisfies z.ZodType<Language>;

/** Undefined where it is none of ours. */
export function readCarried<T>(schema: z.ZodType<T>, metadata: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}
