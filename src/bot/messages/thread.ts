import type { EventOf, Language, RequestEvent } from '../../jobs/events.js';
import type { TellableEntry, Telling } from '../../jobs/notifier.js';
import type { Request } from '../../jobs/request.js';
import { needsLook } from '../../jobs/telling/due.js';
import type { Outcome } from '../../providers/answers.js';
import type { Catalogue } from './catalogue.js';
import { catalogue, sentenceFor } from './catalogue.js';
import { closingLines, needLook } from './closing.js';
import { countsOf, shortDigest, targetsOf, workOf } from './facts.js';
import { type Alert, alertsOf, haltedWhile } from './holds.js';
import { DENIAL_LENGTH } from './limits.js';
import type { Line } from './line.js';
import { code, quoted, say, user } from './line.js';
import { outcomePieces } from './outcomes.js';
import type { Piece } from './pages.js';
import { paginate } from './pages.js';
import { type Message, render } from './render.js';
import { escalatedLines, notifiedLines, remindedLines } from './waiting.js';

/** `broadcast`: the channel sees it too. */
export type ThreadMessage = Message & { broadcast?: true };

/**
 * What a telling says; nothing for what is told elsewhere. `entries` are all of the log. Of the request it reads only
 * what the told entries have settled, so that the same telling makes the same messages at any later time.
 */
export function threadReplies(
  request: Request,
  entries: readonly TellableEntry[],
  { news, results, last }: Telling,
  language: Language,
): ThreadMessage[] {
  const words = catalogue(language);
  const from = (first: number) => entries.filter(({ version }) => version >= first && version <= last);
  const told = from(news).flatMap(({ events, at }) => events.map((event) => ({ event, at })));
  const opening = told.flatMap(({ event }) => openingOf(request, event, words));
  const ending = told.flatMap(({ event, at }) => endingOf(request, { event, at, entries }, words));
  const named = settledIn(results === undefined ? [] : from(results), (outcome) => isNamed(request, outcome));
  const failures = outcomePieces(request, settledIn(from(news), needsLook), words);
  const alerts = alertsOf(
    request,
    told.map(({ event }) => event),
    words,
  ).map((alert) => loud(alert, language));
  const broadcast = ending.length > 0 && needLook(request) > 0;
  const pages = (pieces: readonly Piece[]) => paginate(pieces, language);
  const head = [pieceOf(opening), ...failures];
  const tail = [...outcomePieces(request, named, words), ...(broadcast ? [] : [pieceOf(ending)])];
  const isApart = failures.length > 0 && countIn(named) > BESIDE_FAILURES;
  const replies = isApart ? [...pages(head), ...pages(tail)] : pages([...head, ...tail]);
  const [call, ...more] = broadcast ? pages([pieceOf(ending)]) : [];
  const calls = call === undefined ? [] : [{ ...call, broadcast }];
  return [...alerts, ...replies, ...calls, ...more];
}

/** As many results as a screen shows with failures above them; with more, failures are a message of their own. */
const BESIDE_FAILURES = 10;

const countIn = (settled: readonly EventOf<'settled'>[]): number =>
  settled.reduce((sum, { outcomes }) => sum + Object.keys(outcomes).length, 0);

const pieceOf = (head: readonly Line[]): Piece => ({ head, items: [], continued: [] });

/** A result that is named, where the thread is not to count it only. */
const isNamed = ({ thread }: Request, outcome: Outcome): boolean =>
  !needsLook(outcome) && (thread !== 'failures' || outcome.kind === 'skipped');

function settledIn(entries: readonly TellableEntry[], test: (outcome: Outcome) => boolean): EventOf<'settled'>[] {
  return entries
    .flatMap(({ events }) => events.filter((event) => event.type === 'settled'))
    .map(({ outcomes, ...event }) => ({
      ...event,
      outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, outcome]) => test(outcome))),
    }));
}

const loud = ({ lines, isLoud }: Alert, language: Language): ThreadMessage => ({
  ...render({ paragraphs: [lines] }, language),
  ...(isLoud && { broadcast: true as const }),
});

/** What comes before outcomes. */
function openingOf(request: Request, event: RequestEvent, words: Catalogue): Line[] {
  const { thread } = words;
  switch (event.type) {
    case 'approved':
      return [approved(request, event, words)];
    case 'started':
      return [say`${thread.started(workOf(targetsOf(request)).length)}`];
    case 'notified':
      return notifiedLines(request, event, words);
    case 'reminded':
      return remindedLines(request, event, words);
    case 'escalated':
      return escalatedLines(request, event, words);
    case 'halted':
      return [thread.halted(user(event.by)), ...haltedWhile(event, words)];
    case 'left-out':
      return [words.leftOut.left(sentenceFor(words.rejections, event.why))];
    case 'resumed':
      return [words.holds.resumed(code(event.account, 60))];
    default:
      return [];
  }
}

/** Each may approve an account once, so how far an approval got the request can be read at any later time. */
function approved(request: Request, { by, accounts, digest }: EventOf<'approved'>, { thread }: Catalogue): Line {
  const place = request.approvals.findIndex((one) => one.by === by && one.accounts.join() === accounts.join());
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

type Ending = { event: RequestEvent; at: number; entries: readonly TellableEntry[] };

function endingOf(request: Request, { event, at, entries }: Ending, words: Catalogue): Line[] {
  const { thread } = words;
  const toRequester = (line: Line | string): Line => say`${user(request.requester)} ${line}`;
  const story = { entries, at };
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
      return [toRequester(thread.cancelled(user(event.by))), ...closingLines(request, story, words)];
    case 'finished':
      return [
        toRequester(thread.finished(words.root.finished(countsOf(request)))),
        ...closingLines(request, story, words),
      ];
    default:
      return [];
  }
}
