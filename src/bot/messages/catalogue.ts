import type { Language } from '../../jobs/events.js';
import { en } from './en/en.js';
import type { Sentences } from './sentences.js';
import { zh } from './zh/zh.js';

export type Catalogue = Sentences;

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, zh };

export const catalogue = (language: Language): Catalogue => CATALOGUES[language];
