import { missingApprovals } from '../../jobs/awaiting.js';
import type { Refusal } from '../../jobs/decide.js';
import type { Language } from '../../jobs/events.js';
import type { GoOnRefusal } from '../../jobs/go-on.js';
import type { Doubt, Person } from '../../jobs/policy.js';
import type { Request } from '../../jobs/request.js';
import type { Place } from '../identity.js';
import type { Mistake } from '../typed/command.js';
import { catalogue, sentenceFor } from './catalogue.js';
import { warningLines } from './facts.js';
import { openLine } from './history.js';
import type { Line } from './line.js';
import { code, link, say } from './line.js';
import type { Message } from './render.js';
import { render } from './render.js';
import { requestPage } from './root.js';

/** Answers that one person alone sees. */

const answer = (lines: readonly Line[], language: Language): Message => render({ paragraphs: [lines] }, language);

export function helpReply(language: Language): Message {
  return answer(catalogue(language).replies.help, language);
}

/** The form's moment has passed; the command still has an answer. */
export function formLateReply(language: Language): Message {
  return answer([catalogue(language).form.openedLate], language);
}

export function mistakeReply(mistake: Mistake, language: Language): Message {
  return answer([sentenceFor(catalogue(language).mistakes, mistake)], language);
}

/** What somebody may not see is not there for them; where it is not certain whether they may, that is said. */
export function unseenReply({ unanswered }: Pick<Person, 'unanswered'>, language: Language): Message {
  return refusalReply({ code: 'unknown-request', ...(unanswered.length > 0 && { unanswered }) }, language);
}

const REFUSALS_SHOWN = 10;

export function createRefusalReply(refusals: readonly GoOnRefusal[], language: Language): Message {
  const { createRefusals, replies } = catalogue(language);
  const lines = refusals.slice(0, REFUSALS_SHOWN).map((refusal) => sentenceFor(createRefusals, refusal));
  return answer(
    lines.length === 1 ? lines : [say`${replies.createRefused}`, ...lines.map((line) => say`• ${line}`)],
    language,
  );
}

export function refusalReply(refusal: Refusal, language: Language): Message {
  return answer([sentenceFor(catalogue(language).refusals, refusal)], language);
}

export function takenReply(request: Request, isNew: boolean, language: Language): Message {
  const words = catalogue(language);
  const { taken, takenBefore } = words.replies;
  const head = (isNew ? taken : takenBefore)(code(request.id));
  return answer([head, ...warningLines(request, words)], language);
}

const SCHEDULES_SHOWN = 5;

/** `doubt`: where it may be an approval of more than it was. */
export function approvedReply(
  { request, doubt = {} }: { request: Request; doubt?: Doubt },
  language: Language,
): Message {
  const { replies, formats } = catalogue(language);
  const missing = missingApprovals(request).reduce((sum, account) => sum + account.missing, 0);
  const silent = (doubt.unanswered ?? []).slice(0, SCHEDULES_SHOWN);
  const more =
    silent.length === 0 ? [] : [replies.approvesMore(formats.list(silent.map((id) => say`${code(id, 80)}`)))];
  return answer([replies.approved(code(request.id), missing), ...more], language);
}

export function deniedReply(request: Request, language: Language): Message {
  return answer([catalogue(language).replies.denied(code(request.id))], language);
}

export function cancelReply(request: Request, language: Language): Message {
  return answer([catalogue(language).replies.cancelling(code(request.id), request.state === 'cancelled')], language);
}

export function statusReply(request: Request, language: Language, address?: string): Message {
  const { title, paragraphs } = requestPage(request, language);
  const { history } = catalogue(language);
  const way = address === undefined ? [] : [[history.whereItIs(link(address, history.thread))]];
  return render({ ...(title && { title }), paragraphs: [...paragraphs, ...way] }, language);
}

const REQUESTS_SHOWN = 10;

export function openRequestsReply(requests: readonly Request[], language: Language): Message {
  const words = catalogue(language);
  const { replies } = words;
  if (requests.length === 0) return answer([say`${replies.noOpenRequests}`], language);
  const lines = requests.slice(0, REQUESTS_SHOWN).map((request) => openLine({ request }, words));
  const more = requests.length - lines.length;
  const head = say`${replies.openRequests(requests.length)}`;
  return answer([head, ...lines, ...(more > 0 ? [say`${replies.moreRequests(more)}`] : [])], language);
}

/** Who asks could not be found out, so nothing was done. */
export function uncheckedReply(language: Language): Message {
  return answer([say`${catalogue(language).replies.unchecked}`], language);
}

export function notStoredReply(language: Language): Message {
  return answer([say`${catalogue(language).replies.notStored}`], language);
}

export function troubleReply(errorId: string, language: Language): Message {
  return answer([catalogue(language).replies.trouble(code(errorId))], language);
}

/** A request cannot be made where the bot cannot speak, or where others listen. */
export function placeReply(kind: Exclude<Place['kind'], 'usable'>, language: Language): Message {
  return answer([say`${catalogue(language).replies.places[kind]}`], language);
}

/** What a button opens did not open. */
export function notOpenedReply(language: Language): Message {
  return answer([say`${catalogue(language).replies.notOpened}`], language);
}

/** For a button that no code knows any more. */
export function outdatedReply(language: Language): Message {
  return answer([outdatedLine(language)], language);
}

export const outdatedLine = (language: Language): Line => say`${catalogue(language).replies.outdated}`;
