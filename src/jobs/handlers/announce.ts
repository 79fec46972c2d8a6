import type { Again, Handler } from '../job.js';
import type { RequestLog } from '../log.js';
import { type MessageRef, NotifierBusy, NotifierRefused } from '../notifier.js';
import { isAtEnd, type Request } from '../request.js';
import type { RequestStore } from '../requests.js';
import { after, weightOf } from '../telling/due.js';
import { hasEvidence, tellEvidence } from '../telling/evidence.js';
import { type Scene, type Speaking, takeTurn, tellThread } from '../telling/thread.js';
import type { Told } from '../telling/told.js';

export type AnnounceDependencies = Speaking & {
  store: RequestStore;
  log: RequestLog;
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
  const before = await toldStore.load(id);
  if (!before.rootTried && isTooEarly(dependencies, request)) return;
  if (isAllTold(request, before)) return log.noteClosed(id);
  if (!before.rootTried && request.state === 'rejected') return tellRequester(dependencies, request, before);
  const rooted = await ensureRoot(dependencies, request, before);
  const entries = (await store.readEntries(id)).filter(({ version }) => version <= request.version);
  const scene = { request, entries, root: rooted.root };
  const shown = await showRoot(dependencies, scene, rooted.told);
  const told = await tellThread(dependencies, scene, shown.told);
  if (shown.trouble !== undefined) throw shown.trouble;
  if (!isAtEnd(request)) return;
  if (hasEvidence(request)) await tellEvidence(dependencies, scene, told);
  await log.noteClosed(id);
}

const isAllTold = (request: Request, told: Told): boolean =>
  isAtEnd(request) &&
  [told.cursor, told.results, told.rootVersion].every((version) => version === request.version) &&
  told.pending === undefined &&
  (told.evidence === 'done' || !hasEvidence(request));

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
  await toldStore.save(request.id, { ...told, ...upTo(request.version) });
  await log.noteClosed(request.id);
}

const upTo = (version: number) => ({ cursor: version, results: version, rootVersion: version });

async function ensureRoot(
  { notifier, turns, told: toldStore }: AnnounceDependencies,
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
  await takeTurn(turns, { what: 'post', channel: request.channel });
  await toldStore.save(request.id, { ...told, rootTried: true });
  const root = await notifier.postRoot(request);
  const next: Told = { ...told, rootTried: true, root, rootVersion: request.version };
  await toldStore.save(request.id, next);
  return { root, told: next };
}

/**
 * The root comes before the thread: whoever looks sees at once where things stand, and no button that is of no use
 * any more. Where it cannot be changed now, or not at all, the thread is told all the same.
 */
async function showRoot(
  { notifier, turns, told: toldStore }: AnnounceDependencies,
  { request, entries, root }: Scene,
  told: Told,
): Promise<{ told: Told; trouble?: Error }> {
  const weight = weightOf(after(entries, told.rootVersion));
  const next = { ...told, rootVersion: request.version };
  if (weight === 'unseen') return { told: next };
  try {
    if (weight === 'news') await takeTurn(turns, { what: 'update', isUrgent: true });
    // Counts that are a little late mislead nobody, and the next append or the sweep comes here again.
    else if ((await turns.take({ what: 'update', isUrgent: false })) > 0) return { told };
    await notifier.updateRoot(request, root);
  } catch (error) {
    if (error instanceof NotifierRefused) return { told, trouble: error };
    if (error instanceof NotifierBusy && error.isUnsaid) return { told, trouble: error };
    throw error;
  }
  await toldStore.save(request.id, next);
  return { told: next };
}
