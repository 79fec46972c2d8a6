import { type GoOnReason, goOnOrigin } from './go-on.js';
import { hashOrigin, requestId } from './origin.js';
import type { Request } from './request.js';

/** Requests that are about the same instances as one that would go on from another. */

export type Relatives = {
  /** How many went on from it for this reason already. */
  number: number;
  /** Those, and all others that may have taken what is left, oldest first. */
  later: readonly Request[];
  /** Those that were made to undo it. */
  undone: readonly Request[];
};

type Store = { load(id: string): Promise<Request> };

export async function loadRelatives(store: Store, earlier: Request, why: GoOnReason): Promise<Relatives> {
  const next = await loadNext(store, earlier.id, why);
  const siblings = why === 'left-out' ? await loadSiblings(store, earlier) : [];
  const undone = why === 'undo' ? [] : await withLeftOut(store, await loadNext(store, earlier.id, 'undo'));
  return { number: next.length, later: [...siblings, ...(await withLeftOut(store, next))], undone };
}

/** The requests that went on from this one for this reason, oldest first. */
async function loadNext(store: Store, id: string, why: GoOnReason): Promise<readonly Request[]> {
  const found: Request[] = [];
  for (;;) {
    const next = await loadByOrigin(store, hashOrigin(goOnOrigin(id, why, found.length)));
    if (next === undefined) return found;
    found.push(next);
  }
}

/** These, and those that went on with what was left out of them. */
async function withLeftOut(store: Store, requests: readonly Request[]): Promise<readonly Request[]> {
  const all = requests.map(async (request) => {
    const rest = request.leftOut.size === 0 ? [] : await loadNext(store, request.id, 'left-out');
    return [request, ...(await withLeftOut(store, rest))];
  });
  return (await Promise.all(all)).flat();
}

/** Whoever went on from the same request in the same way may have taken what was left out of this one. */
async function loadSiblings(store: Store, { id, after }: Request): Promise<readonly Request[]> {
  if (after === undefined) return [];
  const above = after.why === 'left-out' ? await loadSiblings(store, await store.load(after.request)) : [];
  const all = await withLeftOut(store, await loadNext(store, after.request, after.why));
  return [...above, ...all].filter((one) => one.id !== id);
}

async function loadByOrigin(store: Store, origin: string): Promise<Request | undefined> {
  for (let attempt = 0; ; attempt++) {
    const request = await store.load(requestId(origin, attempt));
    if (request.version === 0) return undefined;
    if (request.origin === origin) return request;
  }
}
