import { type Approver, type Command, decide, type Refusal } from './decide.js';
import { evolve } from './evolve.js';
import { decideGoOn, type GoOnReason, type GoOnRefusal, type Wanted } from './go-on.js';
import { EMPTY_HEAD, type Entry, type Head, type RequestLog } from './log.js';
import { hashOrigin, requestId } from './origin.js';
import type { Doubt, Person } from './policy.js';
import { loadRelatives } from './relatives.js';
import { emptyRequest, type Request } from './request.js';
import {
  approvableAccounts,
  approvalDoubt,
  type CreateRefusal,
  checkNew,
  factsOf,
  type House,
  type NewRequest,
} from './terms.js';

export type Created =
  | { ok: true; request: Request; isNew: boolean }
  | { ok: false; refusals: readonly CreateRefusal[] };

export type GoneOn = { ok: true; request: Request } | { ok: false; refusals: readonly GoOnRefusal[] };

export type Decided = { ok: true; request: Request } | { ok: false; refusal: Refusal };
/** `doubt`: about accounts that this was no approval of. */
type Approved = { ok: true; request: Request; doubt: Doubt } | { ok: false; refusal: Refusal };

/** What people can do to requests. */
export type Requests = {
  create(input: NewRequest): Promise<Created>;
  approve(id: string, by: Person, digest: string): Promise<Approved>;
  deny(id: string, by: Person, digest: string, reason: string): Promise<Decided>;
  /** Why this person could not deny it at this moment; undefined where they could. Decides nothing. */
  whyNotDeny(id: string, by: Person, digest: string): Promise<Refusal | undefined>;
  /** Says to the others that somebody who may approve is at it; refused where nobody needs to know. */
  look(id: string, by: Person): Promise<Decided>;
  lookAway(id: string, by: string): Promise<Decided>;
  /** By the requester, or by someone who may approve it. */
  cancel(id: string, by: Person): Promise<Decided>;
  /** Makes a request of what this one left, or undoes it; one at a time for each reason. */
  goOn(id: string, why: GoOnReason, by: Person, wanted?: Wanted): Promise<GoneOn>;
  /** Ids are not case sensitive; undefined where there is no such request. */
  get(id: string): Promise<Request | undefined>;
};

/** What jobs do to requests besides. */
export type RequestStore = {
  load(id: string): Promise<Request>;
  /** Loads, decides, appends; again from the start when another writer was first. */
  transact(id: string, commandFor: (request: Request) => Command | Refusal): Promise<Decided>;
  readEntries(id: string): Promise<readonly Entry[]>;
};

export type RequestsOptions = {
  log: RequestLog;
  house: House;
  now(): number;
  /** Runs after every append, and must not fail: what it leaves undone, the sweep does. */
  onAppended(request: Request): Promise<void>;
};

/** Folded requests that are kept to read on from; entries never change, so they cannot go stale. */
const KEPT = 64;

export function createRequestStore({ log, now, onAppended }: Omit<RequestsOptions, 'house'>): RequestStore {
  const kept = new Map<string, Folded>();

  async function read(id: string): Promise<Folded> {
    const from = kept.get(id) ?? { request: emptyRequest(id), head: EMPTY_HEAD };
    const entries = await log.read(id, from.head);
    const current = entries.reduce(fold, from);
    kept.delete(id);
    kept.set(id, current);
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return current;
  }

  return {
    load: async (id) => (await read(id)).request,
    readEntries: (id) => log.read(id, EMPTY_HEAD),
    async transact(id, commandFor) {
      for (;;) {
        const { request, head } = await read(id);
        const command = commandFor(request);
        if ('code' in command) return { ok: false, refusal: command };
        const at = now();
        const decision = decide(request, command, at);
        if (!decision.ok) return decision;
        if (request.version === 0) await log.noteOpen(id, at);
        const entry = await log.append(id, head, at, decision.events);
        if (entry === undefined) continue;
        const next = fold({ request, head }, entry).request;
        await onAppended(next);
        return { ok: true, request: next };
      }
    },
  };
}

type Folded = { request: Request; head: Head };

function fold({ request }: Folded, entry: Entry): Folded {
  const next = entry.events.reduce((state, event) => evolve(state, event, entry.at), request);
  return { request: { ...next, version: entry.version }, head: { version: entry.version, hash: entry.hash } };
}

const UNKNOWN_REQUEST = { code: 'unknown-request' } as const;

export function createRequests(store: RequestStore, { house, now }: Pick<RequestsOptions, 'house' | 'now'>): Requests {
  const create = (input: NewRequest) => createRequest(store, house, input);
  /** What somebody says about a request that there is, with the accounts that they may approve at this moment. */
  const byApprover = (by: Person, commandFor: (who: Approver) => Command) => (request: Request) =>
    request.version === 0 ? UNKNOWN_REQUEST : commandFor(approverOf(house, request, by));

  return {
    create,
    async goOn(id, why, by, wanted = {}) {
      const earlier = await store.load(normalId(id));
      for (;;) {
        const relatives = await loadRelatives(store, earlier, why);
        const step = decideGoOn(house, { earlier, ...relatives, why, by, wanted });
        if (!step.ok) return step;
        const created = await create(step.input);
        // Made by somebody else at the same moment: then that is one of the later ones.
        if (!created.ok || created.isNew) return created;
      }
    },
    async approve(id, by, digest) {
      const commandFor = byApprover(by, (who) => ({ type: 'approve', ...who, digest }));
      const decided = await store.transact(normalId(id), commandFor);
      return decided.ok ? { ...decided, doubt: approvalDoubt(house, decided.request, by) } : decided;
    },
    deny: (id, by, digest, reason) =>
      store.transact(
        normalId(id),
        byApprover(by, (who) => ({ type: 'deny', ...who, digest, reason })),
      ),
    look: (id, by) =>
      store.transact(
        normalId(id),
        byApprover(by, (who) => ({ type: 'look', ...who })),
      ),
    lookAway: (id, by) => store.transact(normalId(id), () => ({ type: 'look-away', by })),
    async whyNotDeny(id, by, digest) {
      const request = await store.load(normalId(id));
      const command = byApprover(by, (who) => ({ type: 'deny', ...who, digest, reason: '' }))(request);
      if ('code' in command) return command;
      const decision = decide(request, command, now());
      return decision.ok ? undefined : decision.refusal;
    },
    cancel: (id, by) =>
      store.transact(normalId(id), (request) => {
        if (request.version === 0) return UNKNOWN_REQUEST;
        const { accounts, doubt } = approverOf(house, request, by);
        const may = request.requester === by.id || accounts.length > 0;
        return may && by.kind !== 'deactivated' ? { type: 'cancel', by: by.id } : { code: 'not-yours', ...doubt };
      }),
    async get(id) {
      const request = await store.load(normalId(id));
      return request.version === 0 ? undefined : request;
    },
  };
}

const approverOf = (house: House, request: Request, by: Person): Approver => ({
  by: by.id,
  accounts: approvableAccounts(house, request, by),
  doubt: approvalDoubt(house, request, by),
});

async function createRequest(store: RequestStore, house: House, input: NewRequest): Promise<Created> {
  const { selections, refusals } = checkNew(house, input);
  if (refusals.length > 0) return { ok: false, refusals };
  const origin = hashOrigin(input.origin);
  const facts = { origin, ...factsOf(house, input, selections) };
  for (let attempt = 0; ; attempt++) {
    const id = requestId(origin, attempt);
    const command: Command = { type: 'create', facts: { id, ...facts } };
    const made = await store.transact(id, () => command);
    if (made.ok) return { ok: true, request: made.request, isNew: true };
    const other = await store.load(id);
    if (other.origin === origin) return { ok: true, request: other, isNew: false };
  }
}

/** As it was typed or heard: small letters, groups, and the letters that are not in the alphabet. */
export function normalId(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
}
