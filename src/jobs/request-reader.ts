import { ImpossibleEvent } from './evolve.js';
import { LogUnreadable, type RequestLog } from './log.js';
import type { Person } from './policy.js';
import { isAtEnd, type Request } from './request.js';
import { normalId, type RequestStore } from './requests.js';
import type { House } from './terms.js';
import { mayLook, maySee, usableAccounts, type Viewer, waitsFor } from './who-sees.js';

/** What people can see of requests. */
export type Reader = {
  /** Ids are not case sensitive; undefined where there is no such request for them. */
  see(id: string, viewer: Viewer): Promise<Request | undefined>;
  /** The same for whoever has the request's message before them. */
  lookAt(id: string, viewer: Viewer): Promise<Request | undefined>;
  /** Whether an approval by this person would bring it on. */
  waitsFor(request: Request, person: Person): boolean;
  /** Accounts that this person may ask for or approve somewhere. */
  usableAccounts(person: Person): readonly string[];
  /** Requests that are not at an end, newest first. */
  listOpen(viewer: Viewer): Promise<readonly Request[]>;
  /** Requests that are at their end, newest first. */
  listEnded(viewer: Viewer, options: { filter: HistoryFilter; limit: number; after?: string }): Promise<Ended>;
};

/** Nothing named: no filter. */
export type HistoryFilter = {
  /** Accounts, or accounts with a region: `prod-hz/cn-hangzhou`. */
  accounts: readonly string[];
  /** Who asked, approved, denied or cancelled. */
  users: readonly string[];
};

export type Ended = {
  requests: readonly Request[];
  /** Where to look on, as `after`; nothing where no older one is known. */
  next?: string;
};

/** One look reads no more logs than this, whatever it finds. */
const MOST_READ = 200;
const READ_AT_ONCE = 25;

export function createReader(
  store: Pick<RequestStore, 'load'>,
  { log, house }: { log: Pick<RequestLog, 'listOpen' | 'listRecent'>; house: House },
): Reader {
  const loadFor = async (may: typeof maySee, id: string, viewer: Viewer) => {
    const request = await store.load(normalId(id));
    return request.version > 0 && may(house, request, viewer) ? request : undefined;
  };

  return {
    see: (id, viewer) => loadFor(maySee, id, viewer),
    lookAt: (id, viewer) => loadFor(mayLook, id, viewer),
    waitsFor: (request, person) => waitsFor(house, request, person),
    usableAccounts: (person) => usableAccounts(house, person),

    async listOpen(viewer) {
      const open = await log.listOpen();
      const requests = await loadAll(
        store,
        open.map(({ id }) => id),
      );
      return requests.filter((request) => !isAtEnd(request) && maySee(house, request, viewer)).reverse();
    },

    async listEnded(viewer, { filter, limit, after }) {
      const found: Request[] = [];
      let last = after;
      for (let read = 0; read < MOST_READ; read += READ_AT_ONCE) {
        const ids = await log.listRecent(READ_AT_ONCE, last);
        for (const request of await loadAll(store, ids)) {
          if (!isAtEnd(request) || !matches(filter, request) || !maySee(house, request, viewer)) continue;
          found.push(request);
          if (found.length === limit) return { requests: found, next: request.id };
        }
        if (ids.length < READ_AT_ONCE) return { requests: found };
        last = ids.at(-1);
      }
      return { requests: found, ...(last !== undefined && { next: last }) };
    },
  };
}

/** A log that this version cannot read hides none of the others. */
async function loadAll(store: Pick<RequestStore, 'load'>, ids: readonly string[]): Promise<Request[]> {
  const requests = await Promise.all(
    ids.map((id) =>
      store.load(id).catch((error: unknown) => {
        if (error instanceof LogUnreadable || error instanceof ImpossibleEvent) return undefined;
        throw error;
      }),
    ),
  );
  return requests.flatMap((request) => (request !== undefined && request.version > 0 ? [request] : []));
}

function matches({ accounts, users }: HistoryFilter, request: Request): boolean {
  const places = request.selections.flatMap(({ account, region }) => [account, `${account}/${region}`]);
  const hands = [request.requester, ...request.approvals.map(({ by }) => by), request.endedBy];
  return (
    (accounts.length === 0 || accounts.some((wanted) => places.includes(wanted))) &&
    (users.length === 0 || users.some((wanted) => hands.includes(wanted)))
  );
}
