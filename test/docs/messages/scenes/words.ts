import type { Catalogue } from '../../../../src/bot/messages/catalogue.js';
import { catalogue } from '../../../../src/bot/messages/catalogue.js';
import type { Language } from '../../../../src/jobs/events.js';
import type { Rows } from '../scene.js';

function rows(title: string, table: (words: Catalogue) => Readonly<Record<string, string>>): Rows {
  const codes = Object.keys(table(catalogue('en')));
  return {
    title,
    rows: codes.map((code) => ({ code, sentence: (language: Language) => table(catalogue(language))[code] ?? '' })),
  };
}

const mapped = <T>(table: Readonly<Record<string, T>>, word: (row: T) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(table).map(([code, row]) => [code, word(row)]));

export const wordTables: readonly Rows[] = [
  rows('States of a request', ({ states }) => states),
  rows('States of an instance', ({ instanceStates }) => instanceStates),
  rows('Steps', ({ steps }) => steps),
  rows('What an error means', ({ hints }) => hints),
  rows('Why an instance is skipped', ({ skips }) => mapped(skips, ({ long }) => long)),
  rows('The same, beside a count', ({ skips }) => mapped(skips, ({ short }) => short)),
  rows('What the bot saw itself', ({ own }) =>
    Object.fromEntries(Object.entries(own).flatMap(([code, words]) => (words === undefined ? [] : [[code, words]]))),
  ),
];
