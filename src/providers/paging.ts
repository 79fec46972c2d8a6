import type { Page } from './contract.js';
import { VendorFailure } from './failures.js';

/** What adapters, and the guard around them, know of lists that come in pages. */

/** More than this is a cloud that does not end, not an account that is large. */
const MOST_PAGES = 1000;

/** Takes the cursors of one list: whether they lead to no end, as one that comes again brings the same page again. */
export function makeWatch(): (cursor: string) => boolean {
  const seen = new Set<string>();
  return (cursor) => seen.has(cursor) || seen.add(cursor).size >= MOST_PAGES;
}

export const ENDLESS = 'the pages of the list do not end';
const endless = () => new VendorFailure({ message: ENDLESS, transport: 'malformed' });

/** For an adapter that has to look through a list itself; whoever has found what it wants asks for no further page. */
export async function* readPages<T>(
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<readonly T[], void> {
  const isEndless = makeWatch();
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    yield page.items;
    cursor = page.cursor;
    if (cursor !== undefined && isEndless(cursor)) throw endless();
  } while (cursor !== undefined);
}

/** For an adapter: all of a list that is asked for from an offset on and tells its total, each once. */
export async function readCounted<T>(
  keyOf: (item: T) => string,
  readFrom: (offset: number) => Promise<{ items: readonly T[]; total: number }>,
): Promise<T[]> {
  const all = new Map<string, T>();
  for (let offset = 0; ; ) {
    const { items, total } = await readFrom(offset);
    const before = all.size;
    for (const item of items) all.set(keyOf(item), item);
    offset += items.length;
    // Whoever does not heed the offset gives the same part again.
    if (items.length > 0 && all.size === before) throw endless();
    if (items.length === 0 || offset >= total) return [...all.values()];
  }
}
