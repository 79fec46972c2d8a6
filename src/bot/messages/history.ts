import type { Button } from '@slack/types';
import type { Language } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import type { HistoryFilter } from '../../jobs/request-reader.js';
import { ACTIONS, encodeOlder } from '../ids.js';
import type { Catalogue } from './catalogue.js';
import { catalogue } from './catalogue.js';
import { countsLine, goalLine, placeOf } from './facts.js';
import { LIMITS } from './limits.js';
import type { Line } from './line.js';
import { code, link, name, say, time, user } from './line.js';
import type { Message } from './render.js';
import { render } from './render.js';
import { clip } from './text.js';

/** A request, and the address of its message where that is known. */
export type Linked = { request: Request; link?: string };

export type HistoryPage = {
  filter: HistoryFilter;
  ended: readonly Linked[];
  /** Where older ones begin. */
  next?: string;
};

/** Requests at their end, as one person may see them. */
export function historyReply({ filter, ended, next }: HistoryPage, language: Language): Message {
  const words = catalogue(language);
  const { history } = words;
  const about = filterLine(filter, words);
  const older = next === undefined ? [] : olderButton({ ...filter, after: next }, words);
  const first =
    ended.length > 0 ? history.head(about) : next === undefined ? history.nothing(about) : history.notYet(about);
  const lines = [first, ...ended.map((one) => endedLine(one, words))];
  return render({ paragraphs: [lines], buttons: older }, language);
}

export function endedLine({ request, link: address }: Linked, words: Catalogue): Line {
  const outcomes = countsLine(request, words);
  const line = words.history.line({
    ...factsOf(request, words),
    outcomes: outcomes === '' ? undefined : outcomes,
    at: time(request.changedAt),
  });
  return withLink(line, address, words, words.formats.space);
}

export function openLine({ request, link: address }: Linked, words: Catalogue): Line {
  const line = words.replies.requestLine({ ...factsOf(request, words), at: time(request.createdAt) });
  return withLink(line, address, words, words.formats.space);
}

const factsOf = (request: Request, words: Catalogue) => ({
  id: code(request.id),
  goal: goalLine(request, words),
  place: placesLine(request),
  state: words.states[request.state],
  by: user(request.requester),
});

/** The line, and the way to the request's thread. */
export const withLink = (line: Line, address: string | undefined, { history }: Catalogue, space = ' '): Line =>
  address === undefined ? line : say`${line}${space}${link(address, history.thread)}`;

function placesLine({ selections }: Request): Line {
  const [first, ...others] = selections.map(placeOf);
  return say`${first ?? ''}${others.length > 0 ? ', …' : ''}`;
}

const NAMED = 5;

/** Nothing where nothing was named. */
function filterLine({ accounts, users }: HistoryFilter, { formats }: Catalogue): Line | undefined {
  const all = [...accounts.map((account) => say`${name(account)}`), ...users.map((id) => say`${user(id)}`)];
  if (all.length === 0) return undefined;
  const shown = formats.list(all.slice(0, NAMED));
  return all.length > NAMED ? say`${shown}, …` : shown;
}

function olderButton(value: HistoryFilter & { after: string }, { history }: Catalogue): Button[] {
  const encoded = encodeOlder(value);
  if (encoded.length > LIMITS.buttonValue) return [];
  return [
    {
      type: 'button',
      action_id: ACTIONS.historyOlder,
      text: { type: 'plain_text', text: clip(history.older, LIMITS.buttonText), emoji: false },
      value: encoded,
    },
  ];
}
