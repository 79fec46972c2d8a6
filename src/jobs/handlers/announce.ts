import type { Again, Handler } from '../job.js';
import type { Entry, RequestLog } from '../log.js';
import { type MessageRef, type Notifier, NotifierBusy, NotifierRefused } from '../notifier.js';
import { isAtEnd, type Request } from '../request.js';
import type { RequestStore } from '../requests.js';
import type { Told, ToldStore } from '../told.js';

export type AnnounceDependencies = {
  store: RequestStore;
  log: RequestLog;
  told: ToldStore;
  notifier: Notifier;
  now(): number;
  /** How long a plan may take before the channel sees that one is being made. */
  planningMs: number;
  onRefused(request: string, code: string): void;
};

/**
 * Tells what the log holds and the thread does not. Before anything is posted, the intention is noted; whoever
 * finds such a note looks into the thread for what was posted under it, so that a crash tells nothing twice.
 */
export function createAnnounce(dependencies: AnnounceDependencies): Handler<'announce'> {
  return async (job) => {
    const turn = await dependencies.told.alone(job.request, (hold) => tellOrWait(dependencies, job.request, hold));
    return turn.mine ? turn.value : { againInMs: turn.againInMs };
  };
}

/** Where Slack wants a pause, nobody tells this request before it is over. */
async function tellOrWait(
  dependencies: AnnounceDependencies,
  id: string,
  hold: (ms: number) => void,
): Promise<Again | undefined> {
  try {
    await tell(dependencies, id);
    return undefined;
  } catch (error) {
    if (error instanceof NotifierBusy) {
      hold(error.retryAfterMs);
      return { againInMs: error.retryAfterMs };
    }
    if (!(error instanceof NotifierRefused)) throw error;
    dependencies.onRefused(id, error.code);
    await giveUp(dependencies, id);
    return undefined;
  }
}

/** Somebody may mend it (invite the bot, unarchive the channel); the sweep tries again until then. */
const PATIENCE_MS = 24 * 3_600_000;

async function giveUp({ store, log, now }: AnnounceDependencies, id: string): Promise<void> {
  const request = await store.load(id);
  if (isAtEnd(request) && now() > request.changedAt + PATIENCE_MS) await log.noteClosed(id);
}

async function tell(dependencies: AnnounceDependencies, id: string): Promise<void> {
  const { store, told: toldStore, log } = dependencies;
  const request = await store.load(id);
  if (request.version === 0) return;
  let told = await toldStore.load(id);
  if (told.cursor === request.version && told.rootVersion === request.version) {
    if (isAtEnd(request)) await log.noteClosed(id);
    return;
  }
  if (!told.rootTried && isTooEarly(dependencies, request)) return;
  if (!told.rootTried && request.state === 'rejected') return tellRequester(dependencies, request, told);
  const { root, told: rooted } = await ensureRoot(dependencies, request, told);
  told = await tellReplies(dependencies, request, root, rooted);
  if (told.rootVersion < request.version) {
    await dependencies.notifier.updateRoot(request, root);
    await toldStore.save(id, { ...told, rootVersion: request.version });
  }
  if (isAtEnd(request)) await log.noteClosed(id);
}

/** The channel hears only of what may come true: a plan that is still being made is shown when it takes long. */
const isTooEarly = ({ now, planningMs }: AnnounceDependencies, request: Request): boolean =>
  request.state === 'planning' && now() < request.createdAt + planningMs;

/** A plan that was found to be impossible before the channel heard of it is told to whoever asked, alone. */
async function tellRequester(
  { notifier, told: toldStore, log }: AnnounceDependencies,
  request: Request,
  told: Told,
): Promise<void> {
  await notifier.showRequester(request);
  await toldStore.save(request.id, { ...told, cursor: request.version, rootVersion: request.version });
  await log.noteClosed(request.id);
}

async function ensureRoot(
  { notifier, told: toldStore }: AnnounceDependencies,
  request: Request,
  told: Told,
): Promise<{ root: MessageRef; told: Told }> {
  if (told.root !== undefined) return { root: told.root, told };
  const found = told.rootTried ? await notifier.findRoot(request) : undefined;
  if (found !== undefined) {
    const next = { ...told, root: found };
    await toldStore.save(request.id, next);
    return { root: found, told: next };
  }
  await toldStore.save(request.id, { ...told, rootTried: true });
  const root = await notifier.postRoot(request);
  const next: Told = { ...told, rootTried: true, root, rootVersion: request.version };
  await toldStore.save(request.id, next);
  return { root, told: next };
}

async function tellReplies(
  { store, notifier, told: toldStore }: AnnounceDependencies,
  request: Request,
  root: MessageRef,
  told: Told,
): Promise<Told> {
  const entries = await store.readEntries(request.id);
  let current = told;
  if (current.pending !== undefined) {
    const parts = await notifier.findReplies(request, root, current.pending);
    await notifier.postReplies(request, within(entries, current.pending), root, parts);
    current = await advanceTo(toldStore, request.id, current, current.pending.last);
  }
  if (current.cursor >= request.version) return current;
  const pending = { first: current.cursor + 1, last: request.version };
  await toldStore.save(request.id, { ...current, pending });
  await notifier.postReplies(request, within(entries, pending), root, new Set());
  return advanceTo(toldStore, request.id, current, pending.last);
}

async function advanceTo(store: ToldStore, id: string, told: Told, cursor: number): Promise<Told> {
  const { pending: _pending, ...rest } = told;
  const next = { ...rest, cursor };
  await store.save(id, next);
  return next;
}

const within = (entries: readonly Entry[], { first, last }: { first: number; last: number }) =>
  entries.filter(({ version }) => version >= first && version <= last);
