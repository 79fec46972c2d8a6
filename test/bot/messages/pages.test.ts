import { expect, test } from '@jest/globals';
import { quoted, say } from '../../../src/bot/messages/line.js';
import { paginate } from '../../../src/bot/messages/pages.js';
import { check } from './reading.js';

test('lines that belong together and are too much for one message go on in the next', () => {
  const lines = Array.from({ length: 40 }, (_, index) => say`Line ${index}: ${quoted('word '.repeat(80), 400)}`);
  const messages = paginate([{ head: lines, items: [], continued: [] }], 'en');
  for (const message of messages) check(message);
  const told = messages.flatMap(({ text }) => text.match(/Line \d+/g) ?? []);
  expect(messages.map(({ text }) => text).join('')).not.toContain('…');
  expect(told).toEqual(lines.map((_, index) => `Line ${index}`));
});
