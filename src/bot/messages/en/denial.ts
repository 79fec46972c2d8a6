import type { DenialSentences } from '../sentences/sentences.js';
import { number } from './words.js';

export const denial: DenialSentences = {
  title: (id) => `Deny request ${id}`,
  intro: 'The request ends, and nothing is changed. The requester reads your reason in the thread.',
  label: 'Why?',
  hint: 'What is wrong with it, or what to do instead.',
  submit: 'Deny',
  goBack: 'Go back',
  empty: 'Write why: the requester has to know what to do next.',
  tooLong: (length, max) => `It has ${number(length)} characters, and ${number(max)} fit. Shorten it.`,
};
