import type { ModalView } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import type { GoOnRefusal } from '../../../jobs/go-on.js';
import type { Request } from '../../../jobs/request.js';
import type { Place } from '../../identity.js';
import type { Draft } from '../../views/draft.js';
import { catalogue, sentenceFor } from '../catalogue.js';
import { channel, code, type Line, type Paragraph, say } from '../line.js';
import { lines, modal } from './elements.js';

/** Pages that only tell something, whatever form they belong to. */

const TITLE = 'detach-key';

/** Shown before anything is known of who asks: a trigger is good for three seconds. */
export function openingView(language: Language): ModalView {
  const { form } = catalogue(language);
  return modal({ title: TITLE, close: form.cancel, blocks: lines([[say`⏳ ${form.opening}`]], language) });
}

/** Nothing can be done here; why. A form that lies under it is kept. */
export function toldView(paragraphs: readonly Paragraph[], language: Language): ModalView {
  const { form } = catalogue(language);
  return modal({ title: TITLE, close: form.close, blocks: lines(paragraphs, language) });
}

export const closedView = (why: Line, language: Language): ModalView => toldView([[why]], language);

export const uncheckedView = (language: Language): ModalView =>
  closedView(say`${catalogue(language).replies.unchecked}`, language);

export const troubleView = (errorId: string, language: Language): ModalView =>
  closedView(catalogue(language).replies.trouble(code(errorId)), language);

/** On top of the form, while the cloud is read. */
export function readingView(language: Language): ModalView {
  const { form } = catalogue(language);
  return modal({ title: form.previewTitle, close: form.back, blocks: lines([[say`⏳ ${form.reading}`]], language) });
}

/** On top of the form: it cannot be asked for like this. */
export function goBackView(why: readonly Line[], language: Language): ModalView {
  const { form } = catalogue(language);
  const paragraphs = [[...why], [say`${form.goBack}`]];
  return modal({ title: form.previewTitle, close: form.back, blocks: lines(paragraphs, language) });
}

type WrongPlace = Exclude<Place['kind'], 'usable'>;

export const wrongPlaceLine = (kind: WrongPlace, language: Language): Line =>
  say`${catalogue(language).replies.places[kind]}`;

export function refusalLines(refusals: readonly GoOnRefusal[], language: Language): Line[] {
  const { createRefusals } = catalogue(language);
  return refusals.map((refusal) => sentenceFor(createRefusals, refusal));
}

export const refusedView = (refusals: readonly GoOnRefusal[], language: Language): ModalView =>
  goBackView(refusalLines(refusals, language), language);

export const wrongPlaceView = (kind: WrongPlace, language: Language): ModalView =>
  goBackView([wrongPlaceLine(kind, language)], language);

export function sendingView(language: Language): ModalView {
  const { form } = catalogue(language);
  const blocks = lines([[say`⏳ ${form.sending}`]], language);
  return modal({ title: TITLE, close: form.close, blocks, isLast: true });
}

/** `more`: what is to be known besides of one that is new. */
export function takenView(
  request: Request,
  isNew: boolean,
  { language }: Pick<Draft, 'language'>,
  more: readonly Paragraph[] = [],
): ModalView {
  const { form, replies } = catalogue(language);
  const id = code(request.id);
  const told = isNew ? [[form.taken(id, channel(request.channel))], ...more] : [[replies.takenBefore(id)]];
  return modal({ title: form.takenTitle, close: form.close, blocks: lines(told, language), isLast: true });
}
