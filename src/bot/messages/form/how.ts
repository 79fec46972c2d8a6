import type { InputBlock } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import type { ReasonWanted } from '../../../jobs/terms.js';
import { blockIds } from '../../views/draft.js';
import { catalogue } from '../catalogue.js';
import { LIMITS } from '../limits.js';
import { plainLine } from '../render.js';
import { input, option, placeholder, plain } from './elements.js';

/** Fields of every form that makes a request: they hang on nothing that is chosen in it. */

const IDS = blockIds({});

export function restartField(language: Language): InputBlock {
  const element = { type: 'checkboxes' as const, options: [option('restart', catalogue(language).form.mayRestart)] };
  return input('restart', { block: IDS.restart, element, optional: true }, language);
}

type Why = {
  /** What policies want of it. */
  wanted?: readonly ReasonWanted[];
  /** What stands in it before anybody types. */
  initial?: string;
};

export function reasonField(language: Language, { wanted = [], initial = '' }: Why = {}): InputBlock {
  const example = wanted.find((one) => one.example !== undefined)?.example;
  // Longer than a reason may be: a private key that is pasted here has to arrive to be recognised.
  const element = {
    type: 'plain_text_input' as const,
    multiline: true,
    ...(example === undefined ? placeholder('reason', language) : { placeholder: plain(example, LIMITS.placeholder) }),
    ...(initial !== '' && { initial_value: initial }),
  };
  if (wanted.length === 0) return input('reason', { block: IDS.reason, element, optional: true }, language);
  return input('reason', { block: IDS.reason, element, hint: wishes(wanted, language) }, language);
}

const WISHES_SHOWN = 5;

/** What is wanted of a reason, each wish once: what will do for one account will for the others that wish the same. */
export function wishes(wanted: readonly ReasonWanted[], language: Language): string {
  const { reasonWanted } = catalogue(language).form;
  const isFirst = ({ pattern }: ReasonWanted, at: number) => wanted.findIndex((one) => one.pattern === pattern) === at;
  return wanted
    .filter(isFirst)
    .slice(0, WISHES_SHOWN)
    .map((one) => plainLine(reasonWanted(one), language))
    .join(' ');
}
