import type { Button } from '@slack/types';
import type { Language } from '../../jobs/events.js';
import type { Blind, Found, Place, SearchAnswer, Searched, Unanswered } from '../../jobs/find.js';
import { ACTIONS } from '../ids.js';
import type { Catalogue } from './catalogue.js';
import { catalogue, sentenceFor } from './catalogue.js';
import { placeOf } from './facts.js';
import { LIMITS } from './limits.js';
import type { Line, Paragraph, Part } from './line.js';
import { code, say } from './line.js';
import type { Message } from './render.js';
import { render } from './render.js';
import { saidLine } from './said.js';
import { clip } from './text.js';

const PLACES_SHOWN = 25;
const REASONS_SHOWN = 8;
const PLACES_A_REASON = 6;

/** Where the key is, and where that is not known. Seen by the asker alone. */
export function findReply(answer: SearchAnswer, language: Language): Message {
  const isBound = answer.kind === 'searched' && boundIn(answer).length > 0;
  // No cloud has names as long as that; should one, the command is still there.
  const isCarried = isBound && answer.query.length <= LIMITS.buttonValue;
  const buttons = isCarried ? [requestButton(answer, catalogue(language))] : [];
  return render({ paragraphs: foundParagraphs(answer, language), buttons }, language);
}

export function foundParagraphs(answer: SearchAnswer, language: Language): Paragraph[] {
  const words = catalogue(language);
  if (answer.kind === 'unreadable') return [[sentenceFor(words.find.flaws, answer.flaw)]];
  if (answer.kind === 'no-accounts') return [[say`${words.find.noAccounts}`]];
  return [places(answer, words), ...unsureParagraphs(answer, words)];
}

/** Where nobody knows. */
export const unsureParagraphs = (answer: Searched, words: Catalogue): Paragraph[] =>
  [notKnown(answer, words), notSure(answer, words)].filter((lines) => lines.length > 0);

export function coverLine(answer: Searched, { find }: Catalogue): Line {
  const bound = boundIn(answer);
  return say`${find.covers(sum(bound, 'instances'), placesIn(bound))}`;
}

export const boundIn = ({ found }: Searched): Found[] => found.filter(({ instances }) => instances > 0);

const sum = (found: readonly Found[], what: 'instances' | 'running'): number =>
  found.reduce((total, one) => total + one[what], 0);

function places(answer: Searched, words: Catalogue): Paragraph {
  const { find, root } = words;
  const { found } = answer;
  const key = code(answer.query.split(' MD5:')[0] ?? answer.query);
  const bound = boundIn(answer);
  if (found.length === 0) return nothing(answer, key, words);
  const head =
    bound.length > 0
      ? find.bound(key, sum(bound, 'instances'), placesIn(bound), sum(bound, 'running'))
      : find.unbound(key, placesIn(found));
  const sorted = [...bound, ...found.filter(({ instances }) => instances === 0)];
  const lines = sorted
    .slice(0, PLACES_SHOWN)
    .map((one) => find.place(placeOf(one), nameOf(one, words), one.instances, one.running));
  const more = sorted.length - lines.length;
  return [
    head,
    ...lines,
    ...(more > 0 ? [say`${root.morePlaces(more)}`] : []),
    ...(answer.differ ? [say`⚠️ ${find.differ}`] : []),
  ];
}

/** That no name is like it is no all-clear where a fingerprint may have been meant. */
function nothing({ asked, unanswered, doubt }: Searched, key: Part, { find }: Catalogue): Paragraph {
  const answered = asked - placesIn(unanswered);
  return doubt === undefined
    ? [find.nothing(key, answered)]
    : [find.noSuchName(key, answered), say`⚠️ ${find.lookedForAsName(doubt)}`];
}

/** With its id where others share the name. */
const nameOf = ({ name, key }: Found, { find }: Catalogue): Part =>
  key === name ? code(name) : find.withId(code(name), code(key));

const placesIn = (unanswered: readonly Place[]): number =>
  new Set(unanswered.map(({ account, region }) => `${account}/${region}`)).size;

/** Places with the same reason on one line. */
function notKnown({ unanswered, asked }: Searched, words: Catalogue): Paragraph {
  if (unanswered.length === 0) return [];
  const { find, root } = words;
  const alike = new Map<string, Unanswered[]>();
  for (const one of unanswered) {
    const key = one.why.kind === 'fault' ? `${one.why.hint} ${one.why.code}` : one.why.kind;
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const lines = [...alike.values()].slice(0, REASONS_SHOWN).map((group) => {
    const where = group.map((one) =>
      one.name === undefined ? placeOf(one) : find.withKey(placeOf(one), code(one.name)),
    );
    return find.because(listed(where, words), reason(group[0]?.why ?? { kind: 'broken' }, words));
  });
  const hidden = [...alike.values()].slice(REASONS_SHOWN).reduce((count, group) => count + group.length, 0);
  return [
    say`${find.unanswered(placesIn(unanswered), asked)}`,
    ...lines,
    ...(hidden > 0 ? [say`${root.morePlaces(hidden)}`] : []),
  ];
}

function reason(why: Unanswered['why'], words: Catalogue): Line {
  const { find, formats, hints, readingHints } = words;
  if (why.kind !== 'fault') return say`${find[why.kind]}`;
  return say`${readingHints[why.hint] ?? hints[why.hint]}${formats.space}${saidLine(words, why)}`;
}

function notSure({ blind }: Searched, words: Catalogue): Paragraph {
  const { find } = words;
  const where = (some: readonly Blind[]) => listed(some.map(placeOf), words);
  const dark = blind.filter(({ unknown }) => unknown > 0);
  const hidden = blind.filter((one) => one.hidden && one.unknown === 0);
  const unknown = dark.reduce((total, one) => total + one.unknown, 0);
  return [
    ...(dark.length > 0 ? [find.incomparable(where(dark), unknown)] : []),
    ...(hidden.length > 0 ? [find.hidden(where(hidden))] : []),
  ];
}

function listed(items: readonly Line[], { find, formats }: Catalogue): Line {
  const shown = items.slice(0, PLACES_A_REASON);
  const more = items.length - shown.length;
  return formats.list(more > 0 ? [...shown, say`${find.andMore(more)}`] : shown);
}

/** Its value is what was looked for, and no more: a click looks again, with the rights of whoever clicks. */
function requestButton(answer: Searched, { find }: Catalogue): Button {
  const bound = boundIn(answer);
  const label = find.requestAllLabel(sum(bound, 'instances'), placesIn(bound));
  return {
    type: 'button',
    action_id: ACTIONS.requestAll,
    text: { type: 'plain_text', text: clip(find.requestAll, LIMITS.buttonText), emoji: false },
    accessibility_label: clip(label, LIMITS.accessibilityLabel),
    value: answer.query,
  };
}
