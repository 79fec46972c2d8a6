import type { ModalView } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import type { Request } from '../../../jobs/request.js';
import type { ReasonWanted } from '../../../jobs/terms.js';
import { VIEWS } from '../../ids.js';
import { type ButtonReason, goOnWords } from '../buttons.js';
import { catalogue } from '../catalogue.js';
import { warningLines } from '../facts.js';
import { code, say } from '../line.js';
import { lines, modal } from './elements.js';
import { reasonField } from './how.js';
import { takenView } from './pages.js';

type Facts = { why: ButtonReason; wanted: readonly ReasonWanted[]; carries: string };

/** Asks for a reason where the earlier request's will not do; it is there to be changed. */
export function goOnView(earlier: Request, { why, wanted, carries }: Facts, language: Language): ModalView {
  const { form } = catalogue(language);
  const { label, text } = goOnWords(earlier, why, language);
  const paragraphs = [[say`${label}`, say`${text}`], [form.otherReason(code(earlier.id))]];
  return modal({
    title: form.goOnTitle,
    close: form.cancel,
    submit: { id: VIEWS.goOn, words: form.send, carries },
    blocks: [...lines(paragraphs, language), reasonField(language, { wanted, initial: earlier.reason })],
  });
}

export function goneOnView(request: Request, language: Language): ModalView {
  const warnings = warningLines(request, catalogue(language));
  return takenView(request, true, { language }, warnings.length > 0 ? [warnings] : []);
}
