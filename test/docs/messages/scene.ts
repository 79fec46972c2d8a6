import type { Message } from '../../../src/bot/messages/render.js';
import type { Language } from '../../../src/jobs/events.js';

/** A message in one situation, as it is shown on the page. */
export type Scene = { title: string; message(language: Language): Message };

/** Sentences that differ only by a code: a row each. */
export type Rows = { title: string; rows: readonly { code: string; sentence(language: Language): string }[] };

export type Chapter = { title: string; about: string; scenes: readonly Scene[]; tables?: readonly Rows[] };
