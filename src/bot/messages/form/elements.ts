import type { InputBlock, ModalView, PlainTextElement, PlainTextOption } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import { FIELDS, type Field } from '../../ids.js';
import { catalogue } from '../catalogue.js';
import { LIMITS } from '../limits.js';
import type { Paragraph } from '../line.js';
import { render, renderBlocks } from '../render.js';
import { clean, clip } from '../text.js';

/** What views are made of, within Slack's limits for any words. */

export const plain = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: clip(clean(text), max) || '–',
  emoji: false,
});

export function option(value: string, text: string, description = ''): PlainTextOption {
  return {
    text: plain(text, LIMITS.optionText),
    value,
    ...(description !== '' && { description: plain(description, LIMITS.optionDescription) }),
  };
}

/** Lines that nobody enters anything in. */
export function lines(paragraphs: readonly Paragraph[], language: Language): ModalView['blocks'] {
  const blocks = renderBlocks(paragraphs, language);
  if (blocks.length > 0) return blocks;
  const { text } = render({ paragraphs }, language);
  return [{ type: 'section', text: plain(text, LIMITS.sectionText) }];
}

export const placeholder = (field: Field, language: Language): { placeholder?: PlainTextElement } => {
  const { placeholder: words } = catalogue(language).form.fields[field];
  return words === undefined ? {} : { placeholder: plain(words, LIMITS.placeholder) };
};

/** `hint`: in the place of the field's own. */
type Input = { block: string; element: InputBlock['element']; dispatches?: true; optional?: true; hint?: string };

export function input(
  field: Field,
  { block, element, dispatches, optional, hint }: Input,
  language: Language,
): InputBlock {
  const words = catalogue(language).form.fields[field];
  const below = hint ?? words.hint;
  return {
    type: 'input',
    block_id: block,
    label: plain(words.label, LIMITS.fieldLabel),
    ...(below !== undefined && { hint: plain(below, LIMITS.fieldLabel) }),
    ...(dispatches && { dispatch_action: true }),
    ...(optional && { optional: true }),
    element: { ...element, action_id: FIELDS[field] },
  };
}

type Frame = {
  title: string;
  blocks: ModalView['blocks'];
  close: string;
  submit?: { id: string; words: string; carries: string };
  /** What comes back with each gesture, where nothing is sent. */
  carries?: string;
  /** Closing it closes what lies under it too. */
  isLast?: true;
};

export function modal({ title, blocks, close, submit, carries, isLast }: Frame): ModalView {
  return {
    type: 'modal',
    title: plain(title, LIMITS.viewTitle),
    close: plain(close, LIMITS.viewButton),
    ...(submit && {
      callback_id: submit.id,
      submit: plain(submit.words, LIMITS.viewButton),
      private_metadata: submit.carries,
    }),
    ...(carries !== undefined && { private_metadata: carries }),
    ...(isLast && { clear_on_close: true }),
    blocks,
  };
}
