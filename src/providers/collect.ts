import { type Attempt, failed } from './calls.js';
import { guardVerdict } from './classify.js';
import type { Page } from './contract.js';
import { ENDLESS, makeWatch } from './paging.js';

const MOST_PASSES = 5;

type ReadPage<T> = (cursor: string | undefined) => Promise<Attempt<Page<T>>>;

/** All pages or none: a list that lacks a page would let an instance look unbound. */
export async function collectPages<T>(readPage: ReadPage<T>): Promise<Attempt<readonly T[]>> {
  const items: T[] = [];
  const isEndless = makeWatch();
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    if (!page.ok) return page;
    for (const item of page.value.items) items.push(item);
    cursor = page.value.cursor;
    if (cursor !== undefined && isEndless(cursor)) return failed(guardVerdict('Malformed', ENDLESS));
  } while (cursor !== undefined);
  return { ok: true, value: items };
}

/**
 * Reads a list of several pages again until that brings nothing new: what leaves it between two pages may shift others
 * from one that is still to be read to one that was. What has left stays in the answer: it is read again before it is used.
 */
export async function collectSteady<T extends { id: string }>(readPage: ReadPage<T>): Promise<Attempt<readonly T[]>> {
  const known = new Map<string, T>();
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    let pages = 0;
    const all = await collectPages((cursor) => {
      pages += 1;
      return readPage(cursor);
    });
    if (!all.ok) return all;
    const before = known.size;
    for (const item of all.value) known.set(item.id, item);
    const isSteady = pass === 1 ? pages === 1 : known.size === before;
    if (isSteady) return { ok: true, value: [...known.values()] };
  }
  return failed(guardVerdict('Malformed', 'the list does not come to rest'));
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
