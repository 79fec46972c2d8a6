import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openRequestsReply, statusReply } from '../../../src/bot/messages/replies.js';
import { rootMessage } from '../../../src/bot/messages/root.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import { facts, INSTANCE_ID, NASTY, PEOPLE, storiesOf } from './any-request.js';
import { check, markupIn, shownText } from './reading.js';
import { threadMessages } from './telling.js';

const language = fc.constantFrom(...LANGUAGES);
const RUNS = { numRuns: 25 };

describe('for any request', () => {
  test('its root message and its status are within Slack’s limits, and hold no markup of others', () => {
    fc.assert(
      fc.property(facts, language, (given, shown) => {
        for (const { request } of storiesOf(given)) {
          const messages = [rootMessage(request, { language: shown }), statusReply(request, shown)];
          for (const message of messages) {
            check(message);
            expect(markupIn(message, PEOPLE)).toEqual([]);
          }
        }
      }),
      RUNS,
    );
  });

  test('its thread is within Slack’s limits, holds no markup of others, and names each instance once', () => {
    fc.assert(
      fc.property(facts, language, (given, shown) => {
        const story = storiesOf(given).at(-1);
        const { request, entries } = story ?? { request: undefined, entries: [] };
        if (request === undefined) throw new Error('there is no story');
        const messages = threadMessages(request, entries, shown);
        for (const message of messages) {
          check(message);
          expect(markupIn(message, PEOPLE)).toEqual([]);
        }
        const ids = [...request.targets.values()].map(({ id }) => id).sort();
        for (const read of [shownText, ({ text }: { text: string }) => text]) {
          const named = messages.flatMap((message) => read(message as never).match(INSTANCE_ID) ?? []);
          expect(named.filter((id) => ids.includes(id)).sort()).toEqual(ids);
        }
      }),
      RUNS,
    );
  });

  test('what entries say stays the same when more has happened since', () => {
    fc.assert(
      fc.property(facts, language, (given, shown) => {
        const stories = storiesOf(given);
        const end = stories.at(-1);
        for (const story of stories) {
          const entries = story.entries.slice(-1);
          if (end === undefined) throw new Error('there is no story');
          expect(threadMessages(end.request, entries, shown)).toEqual(threadMessages(story.request, entries, shown));
        }
      }),
      { numRuns: 10 },
    );
  });

  test('a list of open requests is within Slack’s limits', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 4 }), language, (given, shown) => {
        const some = given.map((one) => storiesOf({ ...one, sizes: [1, 1, 1] })[0]?.request);
        const requests = some.flatMap((request) => (request ? Array.from({ length: 10 }, () => request) : []));
        check(openRequestsReply(requests, shown));
      }),
      RUNS,
    );
  });
});

test.each(NASTY.map((word) => [JSON.stringify(word.slice(0, 20)), word]))(
  'where all is %s, every message is within Slack’s limits',
  (_, word = '') => {
    const failed = { kind: 'failed', code: word, message: word, hint: 'no-answer', requestId: word } as const;
    for (const sizes of [[3], Array.from({ length: 12 }, () => 5)]) {
      const stories = storiesOf({ isUndo: false, sizes, words: [word], outcomes: [failed], steps: 0, approvals: 1 });
      const [waiting] = stories;
      if (waiting === undefined) throw new Error('there is no story');
      // Names are cut, lines are not.
      expect(rootMessage(waiting.request, { language: 'en' }).text).toMatch(/Expires .*\.$/u);
      const list = openRequestsReply(Array(12).fill(waiting.request), 'en');
      check(list);
      expect(list.text).toMatch(/… and 2 more$/u);
      for (const { request, entries } of stories) {
        check(rootMessage(request, { language: 'en' }));
        for (const message of threadMessages(request, entries, 'en')) check(message);
      }
    }
  },
);

test('a thousand instances are few messages', () => {
  const [given] = fc.sample(facts, { numRuns: 1, seed: 1 });
  if (given === undefined) throw new Error('there is no sample');
  const names = Array.from({ length: 1_000 }, (_, index) => `prod-web-${index}.cn-hangzhou`);
  const story = storiesOf({
    ...given,
    sizes: [1_000],
    words: names,
    outcomes: [{ kind: 'detached', effective: 'now' }],
  });
  const { request, entries } = story.at(-1) ?? { request: undefined, entries: [] };
  if (request === undefined) throw new Error('there is no story');
  expect(threadMessages(request, entries, 'en').length).toBeLessThanOrEqual(14);
});
