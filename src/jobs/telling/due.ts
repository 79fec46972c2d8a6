import type { Outcome } from '../../providers/answers.js';
import type { RequestEvent } from '../events.js';
import type { TellableEntry, Telling } from '../notifier.js';
import type { Told } from './told.js';

/** What of a log is to be told now, and what can wait: a thread that tells everything at once is not read. Pure. */

/** `unseen`: nothing that people see changes. `progress`: counts do. `news`: where the request stands does. */
export type Weight = 'unseen' | 'progress' | 'news';

const UNSEEN: ReadonlySet<RequestEvent['type']> = new Set(['surveyed', 'batched', 'begun', 'called', 'stepped']);

export function weightOf(entries: readonly TellableEntry[]): Weight {
  const types = entries.flatMap(({ events }) => events.map(({ type }) => type)).filter((type) => !UNSEEN.has(type));
  if (types.length === 0) return 'unseen';
  return types.every((type) => type === 'settled') ? 'progress' : 'news';
}

export const after = (entries: readonly TellableEntry[], version: number): readonly TellableEntry[] =>
  entries.filter((entry) => entry.version > version);

/** What somebody has to look at is told at once; every other outcome is a result, and waits for others like it. */
export const needsLook = (outcome: Outcome): boolean =>
  outcome.kind === 'failed' || ('restartFailed' in outcome && outcome.restartFailed !== undefined);

/** About as many as one message holds: from here on, waiting longer saves nothing. */
export const PAGE = 75;
/** Nobody waits longer than this to read of a result. */
export const RESULTS_WITHIN_MS = 5 * 60_000;
/** The first failure is told at once; more of them come together. */
export const FAILURES_APART_MS = 20_000;

type Situation = {
  told: Pick<Told, 'cursor' | 'results' | 'failuresAt'>;
  /** All of the log. */
  entries: readonly TellableEntry[];
  isAtEnd: boolean;
  now: number;
};

/** The next thing to say in the thread; nothing where it can wait. */
export function nextTelling({ told, entries, isAtEnd, now }: Situation): Telling | undefined {
  const last = entries.at(-1)?.version ?? 0;
  const fresh = after(entries, told.cursor);
  const all = { news: told.cursor + 1, results: told.results + 1, last };
  if (isAtEnd) return fresh.length > 0 || told.results < last ? all : undefined;
  const results = settledIn(after(entries, told.results), (outcome) => !needsLook(outcome));
  if (isDue(results, now - RESULTS_WITHIN_MS)) return all;
  const failures = settledIn(fresh, needsLook);
  const mayTellFailures =
    failures.count >= PAGE || now >= (told.failuresAt ?? Number.NEGATIVE_INFINITY) + FAILURES_APART_MS;
  if (weightOf(fresh) !== 'news' && !(failures.count > 0 && mayTellFailures)) return undefined;
  return { news: all.news, last };
}

export const hasFailures = (entries: readonly TellableEntry[], { news, last }: Telling): boolean =>
  settledIn(
    entries.filter(({ version }) => version >= news && version <= last),
    needsLook,
  ).count > 0;

type Held = { count: number; since: number };

const isDue = ({ count, since }: Held, before: number): boolean => count >= PAGE || (count > 0 && since <= before);

function settledIn(entries: readonly TellableEntry[], test: (outcome: Outcome) => boolean): Held {
  const held = entries.flatMap(({ at, events }) =>
    events.flatMap((event) =>
      event.type === 'settled'
        ? Object.values(event.outcomes)
            .filter(test)
            .map(() => at)
        : [],
    ),
  );
  return { count: held.length, since: held[0] ?? Number.POSITIVE_INFINITY };
}
