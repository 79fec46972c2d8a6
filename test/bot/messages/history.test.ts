import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeOlder, encodeOlder } from '../../../src/bot/ids.js';
import { historyReply, type Linked } from '../../../src/bot/messages/history.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import { facts, nasty, PEOPLE, storiesOf } from './any-request.js';
import { check, markupIn, shownText } from './reading.js';
import { BUSY, group, LATER, NOW, planned, settled, started, target, then } from './requests.js';

const LINK = 'https://acme.slack.example/archives/C0INCIDENT/p1795230000000100';
const NONE = { accounts: [], users: [] };

const over = then(
  settled(started(planned([group([target(1), target(2), target(3)])]), 'UBOB'), {
    'i-0001': NOW,
    'i-0002': LATER,
    'i-0003': BUSY,
  }),
  { type: 'finished' },
).request;
const page = (more: Partial<Parameters<typeof historyReply>[0]> = {}) => ({ filter: NONE, ended: [], ...more });

describe('history', () => {
  test('tells what became of it, whose it was, when, and where it is', () => {
    const { text } = historyReply(page({ ended: [{ request: over, link: LINK }] }), 'en');
    expect(text.split('\n')[1]).toMatch(
      /^• K7QM: detach key `?deploy-2024`? in prod-hz\/cn-hangzhou, finished <!date.*: ❌ 1 failed, ✅ 1 detached, ⏰ 1 detached but not yet restarted\. By <@UANNA>\. <https:.*\|Thread>$/u,
    );
  });

  test('says of which accounts and people it is', () => {
    const filter = { accounts: ['prod-hz', 'game-gz'], users: ['UBOB'] };
    for (const language of LANGUAGES) {
      const shown = shownText(historyReply(page({ filter }), language));
      for (const named of ['prod-hz', 'game-gz', 'UBOB']) expect(shown).toContain(named);
    }
  });

  test('has a button to older ones only where there may be some', () => {
    const buttons = (next?: string) => {
      const reply = historyReply(page({ ended: [{ request: over }], ...(next && { next }) }), 'en');
      return reply.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    };
    expect(buttons()).toEqual([]);
    const [button] = buttons('K7QM');
    expect(decodeOlder((button as { value?: string }).value)).toEqual({ ...NONE, after: 'K7QM' });
  });

  test('what stands in a button is read as it was, and what does not is nothing', () => {
    const value = { after: 'K7QM', accounts: ['prod-hz'], users: ['U0ALICE'] };
    expect(decodeOlder(encodeOlder(value))).toEqual(value);
    for (const other of [undefined, '', 'x', '%', 'account=prod-hz', 7]) expect(decodeOlder(other)).toBeUndefined();
  });

  test('is within Slack’s limits for whatever people and clouds type, and holds no markup of theirs', () => {
    const names = fc.array(nasty, { maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(facts, { minLength: 1, maxLength: 3 }),
        names,
        fc.constantFrom(...LANGUAGES),
        (given, named, shown) => {
          const ended = given
            .flatMap((one) => storiesOf({ ...one, sizes: [3, 2] }).at(-1)?.request ?? [])
            .flatMap((request): Linked[] => Array.from({ length: 4 }, () => ({ request, link: LINK })))
            .slice(0, 10);
          const message = historyReply({ filter: { accounts: named, users: named }, ended, next: 'K7QM' }, shown);
          check(message);
          const blocks = message.blocks.map((block) =>
            JSON.parse(JSON.stringify(block).replaceAll('"type":"link"', '"type":"ours"')),
          );
          const text = message.text.replaceAll(/<https:\/\/acme[^|>]*\|[^>]*>/gu, '');
          expect(markupIn({ text, blocks }, PEOPLE)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});
