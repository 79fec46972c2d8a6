import type { Language } from '../../jobs/events.js';
import { en } from './en/en.js';
import type { Line } from './line.js';
import type { Sentences, SentenceTable } from './sentences/sentences.js';
import { zh } from './zh/zh.js';

export type Catalogue = Sentences;

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, zh };

export const catalogue = (language: Language): Catalogue => CATALOGUES[language];

/** The row of a code takes exactly what comes with that code. */
export function sentenceFor<T extends { code: string }>(table: SentenceTable<T>, told: T): Line {
  const row: unknown = table[told.code as T['code']];
  return (row as (told: T) => Line)(told);
}
