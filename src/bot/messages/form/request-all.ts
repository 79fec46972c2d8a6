import type { ModalView } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import type { Searched } from '../../../jobs/find.js';
import type { Request } from '../../../jobs/request.js';
import type { ReasonWanted } from '../../../jobs/terms.js';
import { VIEWS } from '../../ids.js';
import { catalogue } from '../catalogue.js';
import { warningLines } from '../facts.js';
import { coverLine, foundParagraphs, unsureParagraphs } from '../find.js';
import { say } from '../line.js';
import { lines, modal } from './elements.js';
import { reasonField, restartField } from './how.js';
import { takenView } from './pages.js';

/** The form behind "Request for all of it": what was found, and how and why it is to be done. */
export function requestAllView(
  answer: Searched,
  wanted: readonly ReasonWanted[],
  carries: string,
  language: Language,
): ModalView {
  const { form, find } = catalogue(language);
  const about = [say`${find.requestAllAbout}`, say`${form.intro}`];
  return modal({
    title: form.title,
    close: form.cancel,
    submit: { id: VIEWS.requestAll, words: form.send, carries },
    blocks: [
      ...lines([...foundParagraphs(answer, language), about], language),
      restartField(language),
      reasonField(language, { wanted }),
    ],
  });
}

/** What was taken, and what is not in it because nobody knows. */
export function allTakenView(request: Request, isNew: boolean, answer: Searched, language: Language): ModalView {
  const words = catalogue(language);
  const about = [coverLine(answer, words), ...warningLines(request, words)];
  return takenView(request, isNew, { language }, [about, ...unsureParagraphs(answer, words)]);
}
