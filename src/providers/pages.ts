import { type Attempt, failed } from './calls.js';
import { guardVerdict } from './classify.js';
import type { Page } from './contract.js';

/** More than this is a cloud that does not end, not an account that is large. */
export const MOST_PAGES = 1000;

/** All pages or none: a list that lacks a page would let an instance look unbound. */
export async function collectPages<T>(
  readPage: (cursor: string | undefined) => Promise<Attempt<Page<T>>>,
): Promise<Attempt<readonly T[]>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    if (!page.ok) return page;
    for (const item of page.value.items) items.push(item);
    cursor = page.value.cursor;
    if (cursor !== undefined && (seen.has(cursor) || seen.size + 1 >= MOST_PAGES)) {
      return failed(guardVerdict('Malformed', 'the pages of the list do not end'));
    }
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return { ok: true, value: items };
}

/** In parts of at most `size`, one after the other; all or none. */
export async function collectParts<I, T>(
  inputs: readonly I[],
  size: number,
  readPart: (part: readonly I[]) => Promise<Attempt<readonly T[]>>,
): Promise<Attempt<readonly T[]>> {
  const items: T[] = [];
  for (let start = 0; start < inputs.length; start += size) {
    const part = await readPart(inputs.slice(start, start + size));
    if (!part.ok) return part;
    for (const item of part.value) items.push(item);
  }
  return { ok: true, value: items };
}
