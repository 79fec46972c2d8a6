import type { Language } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import { decisionButtons, goOnButtons, haltButton, showButton } from './buttons.js';
import type { Catalogue } from './catalogue.js';
import { catalogue, sentenceFor } from './catalogue.js';
import { countsLine, countsOf, keyLine, placeOf, shortDigest, targetsOf, warningLines, workOf } from './facts.js';
import { holdTitle, standingHolds } from './holds.js';
import { leftOutParagraphs, unreadParagraphs } from './left-out.js';
import { DENIAL_LENGTH } from './limits.js';
import type { Line, Paragraph } from './line.js';
import { code, drawn, joinLines, quoted, say, time, user } from './line.js';
import { planParagraphs } from './plan.js';
import type { Message, Page } from './render.js';
import { render } from './render.js';
import { waitingLines } from './waiting.js';

/** The message that shows where a request stands; its thread tells the rest. */
export function rootMessage(request: Request, options: { language: Language }): Message {
  return render(
    { ...requestPage(request, options.language), buttons: buttonsOf(request, options.language) },
    options.language,
  );
}

export function requestPage(request: Request, language: Language): Page {
  const words = catalogue(language);
  const { goal, goalOn, result } = words.actions[request.action];
  const key = keyLine(request);
  const counts = countsOf(request);
  const done = counts.now + counts.later + counts.unrestarted;
  const standingTitle = words.root.title(request.state, {
    goal: goal(key),
    goalOn: goalOn(key, workOf(targetsOf(request)).length),
    result: result(key, done, done + counts.failed + counts.skipped),
    halted: request.halted,
    counts,
    hasRun: request.targets.size > 0,
  });
  const title = holdTitle(request, words) ?? standingTitle;
  return { title, paragraphs: [...news(request, words), askedFor(request, words), ...standing(request, words)] };
}

function buttonsOf(request: Request, language: Language) {
  return [...decidingButtons(request, language), ...goOnButtons(request, language), ...showButton(request, language)];
}

function decidingButtons(request: Request, language: Language) {
  if (request.state === 'awaiting-approval') return decisionButtons(request, language);
  return request.state === 'running' && !request.halted ? [haltButton(request, language)] : [];
}

const REASON_SHOWN = 1_000;
const PLACES_SHOWN = 5;
const INSTANCES_SHOWN = 5;

function askedFor(request: Request, { root }: Catalogue): Paragraph {
  const { requester, createdAt, id, reason, after } = request;
  const why = reason.trim() === '' ? say`${root.noReason}` : root.reason(quoted(reason, REASON_SHOWN));
  const goesOn = after === undefined ? [] : [root.goesOn(code(after.request), after.why)];
  return [root.requested(user(requester), time(createdAt), code(id)), ...goesOn, why];
}

/** What has happened since the approval comes before what was asked for: a phone shows the first lines only. */
function news(request: Request, words: Catalogue): Paragraph[] {
  switch (request.state) {
    case 'none':
    case 'planning':
    case 'awaiting-approval':
      return [];
    case 'running':
      return [...standingHolds(request, words), progress(request, words)];
    case 'rejected':
      return [rejected(request, words)];
    case 'denied':
    case 'expired':
    case 'cancelled':
    case 'finished':
      return [ended(request, request.state, words)];
  }
}

function standing(request: Request, words: Catalogue): Paragraph[] {
  const leftOut = leftOutParagraphs(request, words);
  switch (request.state) {
    case 'none':
    case 'planning': {
      const known = [...leftOut, ...unreadParagraphs(request, words)];
      return [wanted(request, words), ...warnings(request, words), ...known, [say`${words.root.planning}`]];
    }
    case 'awaiting-approval':
      return [...leftOut, ...warnings(request, words), ...planParagraphs(request, words), approvals(request, words)];
    default:
      return [...leftOut, request.targets.size === 0 ? wanted(request, words) : approvals(request, words)];
  }
}

function wanted(request: Request, { root, formats }: Catalogue): Paragraph {
  const lines = request.selections.slice(0, PLACES_SHOWN).map((selection): Line => {
    const { instances, key } = selection;
    const shown =
      instances === 'all' ? say`${root.allOfKey}` : instanceList(instances, formats.list, root.moreInstances);
    return root.wanted(code(key), placeOf(selection), shown);
  });
  const more = request.selections.length - lines.length;
  return more > 0 ? [...lines, say`${root.morePlaces(more)}`] : lines;
}

function warnings(request: Request, words: Catalogue): Paragraph[] {
  const lines = warningLines(request, words);
  return lines.length > 0 ? [lines] : [];
}

function instanceList(
  ids: readonly string[],
  list: Catalogue['formats']['list'],
  moreInstances: (count: number) => string,
): Line {
  const shown = ids.slice(0, INSTANCES_SHOWN).map((id) => say`${quoted(id, 60)}`);
  const more = ids.length - shown.length;
  return more > 0 ? say`${list(shown)} ${moreInstances(more)}` : list(shown);
}

function rejected(request: Request, words: Catalogue): Paragraph {
  const { rejection } = request;
  return [...(rejection ? [sentenceFor(words.rejections, rejection)] : []), say`${words.root.nothingTouched}`];
}

const ACCOUNTS_SHOWN = 6;
const APPROVERS_SHOWN = 5;

function approvals(request: Request, words: Catalogue): Paragraph {
  const { root, formats } = words;
  const quorums = request.plan?.quorums ?? [];
  const lines = quorums.slice(0, ACCOUNTS_SHOWN).map(({ account, approvals: needed }) => {
    const by = request.approvals.filter(({ accounts }) => accounts.includes(account));
    const names = by.slice(0, APPROVERS_SHOWN).map((approval) => say`${user(approval.by)}`);
    return root.approvals(code(account, 60), by.length, needed, formats.list(names));
  });
  const more = quorums.length - lines.length;
  return [...lines, ...(more > 0 ? [say`${root.morePlaces(more)}`] : []), ...terms(request, words)];
}

/** Which plan it is about, and until when. */
function terms(request: Request, words: Catalogue): Line[] {
  const { plan, state } = request;
  if (plan === undefined) return [];
  const { root, formats, waiting } = words;
  const which = waiting.plan(code(shortDigest(plan.digest)));
  if (state !== 'awaiting-approval') return [which];
  const rules = joinLines([say`${root.approvalRule}`, root.expires(time(plan.expiresAt)), which], formats.space);
  return [...waitingLines(request, words), rules];
}

const BAR = 10;

function progress(request: Request, words: Catalogue): Paragraph {
  const { root } = words;
  const counts = countsOf(request);
  const filled = counts.work === 0 ? 0 : Math.floor((counts.done / counts.work) * BAR);
  const bar = drawn(`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} `);
  const told = countsLine(request, words);
  return [
    root.progress(bar, counts.done, counts.work),
    ...(told === '' ? [] : [say`${told}`]),
    ...(request.halted ? [root.halted(user(request.endedBy ?? ''))] : []),
    say`${root.seeThread}`,
  ];
}

function ended(request: Request, state: 'denied' | 'expired' | 'cancelled' | 'finished', words: Catalogue): Paragraph {
  const { root, formats } = words;
  const by = request.endedBy === undefined ? undefined : user(request.endedBy);
  const end = root.ended(state, by, time(request.changedAt));
  const why = request.denial === undefined ? [] : [root.denial(quoted(request.denial, DENIAL_LENGTH))];
  if (request.targets.size === 0) return [end, ...why, say`${root.nothingTouched}`];
  const counts = say`${countsLine(request, words)}`;
  return [counts, ...waiting(request, words), say`${end}${formats.space}${root.seeThread}`];
}

/** After a detach, whoever holds the key can still get in there: the one thing not to be missed. */
function waiting(request: Request, { actions }: Catalogue): Line[] {
  const { waiting: count } = countsOf(request);
  return count > 0 ? [say`⏰ ${actions[request.action].waiting(count)}`] : [];
}
