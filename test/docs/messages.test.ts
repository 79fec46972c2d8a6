import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LANGUAGES } from '../../src/jobs/events.js';
import { check } from '../bot/messages/reading.js';
import { CHAPTERS } from './messages/chapters.js';
import { messagesPage, REWRITE } from './messages/page.js';
import { watchSentences } from './messages/watch.js';

const PAGE = join(__dirname, '../../docs/messages.md');

test('docs/messages.md shows what the bot says', () => {
  const wanted = messagesPage();
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, wanted);
  if (readFileSync(PAGE, 'utf8') !== wanted) {
    throw new Error(`docs/messages.md is not what the bot says now. Read the change, and rewrite it: ${REWRITE}`);
  }
});

test.each(LANGUAGES)('it shows every sentence of the catalogue: %s', (language) => {
  const watched = watchSentences(language);
  messagesPage();
  expect(watched.unread()).toEqual([]);
});

test('a sentence that no message uses is found', () => {
  const watched = watchSentences('en');
  expect(watched.unread()).toEqual(expect.arrayContaining(['root.lockOut', 'mistakes.private-key', 'replies.help']));
});

test.each(CHAPTERS.flatMap(({ scenes, title }) => scenes.map((scene) => [`${title}: ${scene.title}`, scene] as const)))(
  '%s is within Slack’s limits',
  (_, { message }) => {
    for (const language of LANGUAGES) check(message(language));
  },
);
