import type { PlainTextOption } from '@slack/types';
import type { InstanceChoice, KeyChoice, Offer } from '../../../jobs/choices.js';
import type { Language } from '../../../jobs/events.js';
import { CHOSEN } from '../../views/draft.js';
import { type Catalogue, catalogue } from '../catalogue.js';
import { LIMITS } from '../limits.js';
import type { OptionSentences } from '../sentences/form.js';
import { option } from './elements.js';

/** What a search in the form is answered with. Lines that only tell something cannot be taken for a name. */

type Choice = { name: string; text: string; description?: string };

export function keyOptions(offer: Offer<KeyChoice>, typed: string, language: Language): PlainTextOption[] {
  const choices = offer.items.map(({ key, name }) => ({
    name: key,
    text: name,
    ...(key !== name && { description: key }),
  }));
  return searched(choices, offer.trouble, typed, catalogue(language));
}

export function instanceOptions(offer: Offer<InstanceChoice>, typed: string, language: Language): PlainTextOption[] {
  const words = catalogue(language);
  const choices = offer.items.map(({ id, name, state }) => ({
    name: id,
    text: name.trim() === '' || name === id ? id : `${name} (${id})`,
    description: words.instanceStates[state],
  }));
  return searched(choices, offer.trouble, typed, words);
}

/** Accounts or regions, which no cloud has to be asked about. */
export function nameOptions(names: readonly string[], typed: string, language: Language): PlainTextOption[] {
  const words = catalogue(language);
  const choices = names.map((name) => ({ name, text: name }));
  const { found, hints } = matching(choices, typed, words.form.options);
  return [...found, ...(found.length === 0 ? [hint(words.form.options.none)] : hints)];
}

export type OptionHint = Exclude<keyof OptionSentences, 'asTyped' | 'more' | 'tooLong'>;

export const hintOptions = (told: OptionHint, language: Language): PlainTextOption[] => [
  hint(catalogue(language).form.options[told]),
];

/** Two of them with the same value would be one. */
const hint = (words: string): PlainTextOption => option(clipped(`${CHOSEN.hint}${words}`), words);

const clipped = (value: string): string => value.slice(0, LIMITS.optionValue);

const isShort = (name: string): boolean => `${CHOSEN.name}${name}`.length <= LIMITS.optionValue;

/** Room for what is typed, and for what is to be told. */
const MOST_FOUND = LIMITS.options - 4;

function searched(
  choices: readonly Choice[],
  trouble: Offer<unknown>['trouble'],
  typed: string,
  { form }: Catalogue,
): PlainTextOption[] {
  const { options: words } = form;
  const { found, hints } = matching(choices, typed, words);
  const wanted = typed.trim();
  const isThere = choices.some(({ name, text }) => name === wanted || text === wanted);
  const asTyped =
    wanted === '' || isThere || !isShort(wanted) ? [] : [option(`${CHOSEN.name}${wanted}`, words.asTyped(wanted))];
  const told = trouble === undefined ? [] : [hint(trouble.kind === 'late' ? words.late : words.failed)];
  const all = [...told, ...found, ...asTyped, ...hints];
  return all.length > 0 ? all : [hint(words.none)];
}

/** Those that begin with what is typed come first. */
function matching(
  choices: readonly Choice[],
  typed: string,
  words: OptionSentences,
): { found: PlainTextOption[]; hints: PlainTextOption[] } {
  const wanted = typed.trim().toLowerCase();
  const rank = ({ name, text }: Choice): number => {
    const places = [text.toLowerCase().indexOf(wanted), name.toLowerCase().indexOf(wanted)].filter((at) => at >= 0);
    return places.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...places, 1);
  };
  const all = choices.filter((choice) => rank(choice) < 2);
  const fitting = all.filter(({ name }) => isShort(name)).sort((a, b) => rank(a) - rank(b));
  const found = fitting
    .slice(0, MOST_FOUND)
    .map(({ name, text, description }) => option(`${CHOSEN.name}${name}`, text, description));
  const more = fitting.length - found.length;
  const long = all.length - fitting.length;
  return {
    found,
    hints: [...(more > 0 ? [hint(words.more(more))] : []), ...(long > 0 ? [hint(words.tooLong(long))] : [])],
  };
}
