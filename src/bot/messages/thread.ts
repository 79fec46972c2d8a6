import type { EventOf, Language, RequestEvent } from '../../jobs/events.js';
import type { TellableEntry } from '../../jobs/notifier.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { catalogue, sentenceFor } from './catalogue.js';
import { countsLine, countsOf, shortDigest, targetsOf, workOf } from './facts.js';
import { type Alert, alertsOf, haltedWhile } from './holds.js';
import { DENIAL_LENGTH } from './limits.js';
import type { Line } from './line.js';
import { code, quoted, say, user } from './line.js';
import { outcomePieces } from './outcomes.js';
import { paginate } from './pages.js';
import { type Message, render } from './render.js';
import { escalatedLines, remindedLine } from './waiting.js';

/** `broadcast`: the channel sees it too. */
export type ThreadMessage = Message & { broadcast?: true };

/**
 * What these entries say in the thread; nothing for entries that are told elsewhere. Of the request it reads only
 * what these entries have settled, so that the same entries make the same messages at any later time.
 */
export function threadMessages(
  request: Request,
  entries: readonly TellableEntry[],
  language: Language,
): ThreadMessage[] {
  const words = catalogue(language);
  const events = entries.flatMap(({ events, at }) => events.map((event) => ({ event, at })));
  const settled = events.map(({ event }) => event).filter((event) => event.type === 'settled');
  const openings = events.flatMap(({ event }) => opening(request, event, words));
  const endings = events.map(({ event, at }) => ending(request, event, at, words)).filter((lines) => lines.length > 0);
  const pieces = [
    { head: openings, items: [], continued: [] },
    ...outcomePieces(request, settled, words),
    ...endings.map((head) => ({ head, items: [], continued: [] })),
  ];
  const alerts = alertsOf(
    request,
    events.map(({ event }) => event),
    words,
  );
  return [...alerts.map((alert) => loud(alert, language)), ...paginate(pieces, language)];
}

const loud = ({ lines, isLoud }: Alert, language: Language): ThreadMessage => ({
  ...render({ paragraphs: [lines] }, language),
  ...(isLoud && { broadcast: true as const }),
});

/** What comes before outcomes. */
function opening(request: Request, event: RequestEvent, words: Catalogue): Line[] {
  const { thread } = words;
  switch (event.type) {
    case 'approved':
      return [approved(request, event, words)];
    case 'started':
      return [say`${thread.started(workOf(targetsOf(request)).length)}`];
    case 'reminded':
      return [remindedLine(request, event, words)];
    case 'escalated':
      return escalatedLines(request, event, words);
    case 'halted':
      return [thread.halted(user(event.by)), ...haltedWhile(event, words)];
    case 'resumed':
      return [words.holds.resumed(code(event.account, 60))];
    default:
      return [];
  }
}

/** Each may approve once, so how far an approval got the request can be read at any later time. */
function approved(request: Request, { by, accounts, digest }: EventOf<'approved'>, { thread }: Catalogue): Line {
  const place = request.approvals.findIndex((approval) => approval.by === by);
  const soFar = request.approvals.slice(0, place + 1);
  const standing = (request.plan?.quorums ?? [])
    .filter(({ account }) => accounts.includes(account))
    .map(({ account, approvals: wanted }) => {
      const given = soFar.filter((approval) => approval.accounts.includes(account)).length;
      return { account: code(account, 60), given, wanted };
    });
  return thread.approved(user(by), code(shortDigest(digest)), standing.slice(0, ACCOUNTS_SHOWN));
}

const ACCOUNTS_SHOWN = 6;

function ending(request: Request, event: RequestEvent, at: number, words: Catalogue): Line[] {
  const { thread } = words;
  const toRequester = (line: Line | string): Line => say`${user(request.requester)} ${line}`;
  switch (event.type) {
    case 'rejected':
      return [toRequester(thread.rejected(sentenceFor(words.rejections, event.rejection)))];
    case 'denied':
      return [toRequester(thread.denied(user(event.by), quoted(event.reason, DENIAL_LENGTH)))];
    case 'expired':
      return [toRequester(thread.expired)];
    case 'cancelled':
      // A request that never ran has no targets, and never will.
      if (request.targets.size === 0) return [toRequester(thread.cancelledEarly(user(event.by)))];
      return [toRequester(thread.cancelled(user(event.by))), ...summary(request, words)];
    case 'finished':
      return [toRequester(finished(request, at, words)), ...summary(request, words)];
    default:
      return [];
  }
}

function finished(request: Request, at: number, { thread, formats }: Catalogue): string {
  const started = request.approvals.at(-1)?.at;
  const { failed, unrestarted } = countsOf(request);
  return thread.finished(started === undefined ? undefined : formats.duration(at - started), failed + unrestarted > 0);
}

/** At an end every outcome is final. */
function summary(request: Request, words: Catalogue): Line[] {
  const { actions, thread } = words;
  const counts = countsOf(request);
  const needsLook = counts.failed + counts.unrestarted;
  return [
    say`${countsLine(request, words)}`,
    ...(counts.waiting > 0 ? [say`⏰ ${actions[request.action].waiting(counts.waiting)}`] : []),
    ...(needsLook > 0 ? [say`${thread.lookAbove(needsLook)}`] : []),
  ];
}
