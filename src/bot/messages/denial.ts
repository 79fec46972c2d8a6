import type { ModalView, PlainTextElement } from '@slack/types';
import type { Language } from '../../jobs/events.js';
import { VIEWS } from '../ids.js';
import { holdsPrivateKey } from '../typed/private-key.js';
import { catalogue, sentenceFor } from './catalogue.js';
import { DENIAL_LENGTH, LIMITS } from './limits.js';
import { say } from './line.js';
import { plainLine, richText } from './render.js';
import { clip } from './text.js';

/** The field, and the block that it stands in. */
export const DENIAL_FIELD = 'reason';

const plain = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: clip(text, max),
  emoji: false,
});

/** Asks why. `metadata` comes back with what was entered. */
export function denialView(request: string, metadata: string, language: Language): ModalView {
  const { denial } = catalogue(language);
  return {
    type: 'modal',
    callback_id: VIEWS.deny,
    private_metadata: metadata,
    title: plain(denial.title(request), LIMITS.viewTitle),
    submit: plain(denial.submit, LIMITS.viewButton),
    close: plain(denial.goBack, LIMITS.viewButton),
    blocks: [
      richText([say`${denial.intro}`], language),
      {
        type: 'input',
        block_id: DENIAL_FIELD,
        label: plain(denial.label, LIMITS.fieldLabel),
        hint: plain(denial.hint, LIMITS.fieldLabel),
        element: { type: 'plain_text_input', action_id: DENIAL_FIELD, multiline: true, max_length: DENIAL_LENGTH },
      },
    ],
  };
}

/** What stands against this reason, said at the field. */
export function denialFault(reason: string, language: Language): string | undefined {
  const { denial, mistakes } = catalogue(language);
  if (holdsPrivateKey(reason)) return plainLine(sentenceFor(mistakes, { code: 'private-key' }), language);
  if (reason === '') return denial.empty;
  const length = [...reason].length;
  return length > DENIAL_LENGTH ? denial.tooLong(length, DENIAL_LENGTH) : undefined;
}

/** In the place of a form that no code knows any more. */
export function outdatedView(language: Language): ModalView {
  const { buttons, replies } = catalogue(language);
  return {
    type: 'modal',
    title: plain('detach-key', LIMITS.viewTitle),
    close: plain(buttons.goBack, LIMITS.viewButton),
    blocks: [richText([say`${replies.outdatedForm}`], language)],
  };
}
