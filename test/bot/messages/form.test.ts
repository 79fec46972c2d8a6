import { describe, expect, test } from '@jest/globals';
import type { ModalView, PlainTextOption } from '@slack/types';
import fc from 'fast-check';
import { checkBlocks } from '../../../playground/slack/block-rules.js';
import { catalogue } from '../../../src/bot/messages/catalogue.js';
import { formView, isOnScreen } from '../../../src/bot/messages/form/form.js';
import { errorsAt, refusalMistakes } from '../../../src/bot/messages/form/mistakes.js';
import { instanceOptions, keyOptions, nameOptions } from '../../../src/bot/messages/form/options.js';
import { closedView, goBackView, takenView } from '../../../src/bot/messages/form/pages.js';
import { previewView } from '../../../src/bot/messages/form/preview.js';
import { quoted, say } from '../../../src/bot/messages/line.js';
import { CHOSEN, type Draft, emptyDraft } from '../../../src/bot/views/draft.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import type { ReasonWanted } from '../../../src/jobs/terms.js';
import { HINTS } from '../../../src/providers/failures.js';
import { facts, nasty, storiesOf } from './any-request.js';

const language = fc.constantFrom(...LANGUAGES);
const RUNS = { numRuns: 40 };
const most = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength });

/** Throws what Slack would answer. */
function check(view: ModalView): void {
  checkBlocks(view.blocks, 'modal');
  expect(view.blocks.length).toBeGreaterThan(0);
  for (const words of [view.title, view.submit, view.close]) expect(words?.text.length ?? 1).toBeLessThanOrEqual(24);
  expect(view.private_metadata?.length ?? 0).toBeLessThanOrEqual(3_000);
  expect(JSON.stringify(view.blocks)).not.toMatch(/"type":"(?:mrkdwn|broadcast|usergroup|link|emoji)"/u);
  if (view.blocks.some(({ type }) => type === 'input')) expect(view.submit).toBeDefined();
}

function checkOptions(options: readonly PlainTextOption[]): void {
  expect(options.length).toBeGreaterThan(0);
  const element = { type: 'static_select', action_id: 'a', options };
  checkBlocks([{ type: 'actions', elements: [element] }], 'modal');
  const values = options.map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
}

const people = fc.record({ users: most(nasty, 30), userGroups: most(nasty, 30), schedules: most(nasty, 30) });
const wish: fc.Arbitrary<ReasonWanted> = fc.record(
  { code: fc.constant('reason-wanted'), account: nasty, pattern: nasty, example: nasty },
  { requiredKeys: ['code', 'account', 'pattern'] },
);
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const draft: fc.Arbitrary<Draft> = fc.record(
  {
    language,
    channel: fc.constant('C0INCIDENT'),
    account: name,
    region: name,
    key: fc.string({ maxLength: 73 }),
    scope: fc.constantFrom('all' as const, 'named' as const),
    instances: most(name, 50),
    restart: fc.boolean(),
    reason: nasty,
  },
  { requiredKeys: ['language', 'scope', 'instances', 'restart', 'reason'] },
);

describe('for any names and sizes', () => {
  test('the form is within Slack’s limits, and is up to date with itself', () => {
    const choice = fc.record({ account: name, regions: fc.uniqueArray(name, { minLength: 1 }), wanted: most(wish, 2) });
    const accounts = fc.uniqueArray(choice, { maxLength: 150, selector: ({ account }) => account });
    fc.assert(
      fc.property(draft, accounts, fc.boolean(), (filled, offered, isChosen) => {
        const given = { ...filled, ...(isChosen && { account: offered[0]?.account ?? filled.account }) };
        const view = formView({ draft: given, accounts: offered });
        check(view);
        const shown = view.blocks.map(({ block_id }) => block_id ?? '');
        expect(isOnScreen(view, shown)).toBe(true);
        expect(isOnScreen(view, shown.slice(0, -1))).toBe(false);
      }),
      RUNS,
    );
  });

  test('accounts are a menu, or searched where they are more than a menu holds', () => {
    for (const count of [1, 100, 101, 500]) {
      const accounts = Array.from({ length: count }, (_, index) => ({
        account: `a-${index}`,
        regions: ['r'],
        wanted: [],
      }));
      const view = formView({ draft: emptyDraft('en', 'C0INCIDENT'), accounts });
      check(view);
      expect(JSON.stringify(view.blocks)).toContain(count > 100 ? '"external_select"' : '"static_select"');
    }
  });

  test('the preview is within Slack’s limits', () => {
    fc.assert(
      fc.property(facts, draft, people, (given, filled, who) => {
        const approvers = [...new Set(storiesOf(given)[0]?.request.selections.map(({ account }) => account))].map(
          (account) => ({ account, people: who }),
        );
        for (const { request } of storiesOf(given)) {
          check(previewView({ kind: 'decided', request, approvers }, filled, '{}'));
          check(takenView(request, true, filled));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('what a cloud or a person says is within Slack’s limits', () => {
    fc.assert(
      fc.property(nasty, nasty, fc.constantFrom(...HINTS), draft, (code, message, hint, filled) => {
        const fault = { kind: 'unavailable' as const, code, message, hint, repeat: 'later' as const };
        const place = { account: 'prod-hz', region: 'cn-hangzhou' };
        check(previewView({ kind: 'unread', place, why: { kind: 'fault', fault } }, filled, '{}'));
        check(goBackView([say`${message}`], filled.language));
        check(closedView(say`${quoted(message, 5_000)}`, filled.language));
      }),
      RUNS,
    );
  });

  test('what a cloud refuses for good cannot be sent; what it may yet answer can', () => {
    const fault = (repeat: 'never' | 'later') =>
      ({ kind: 'forbidden', code: 'Forbidden.RAM', message: 'no', hint: 'grant-permission', repeat }) as const;
    const shown = (repeat: 'never' | 'later') =>
      previewView(
        { kind: 'unread', place: { account: 'a', region: 'r' }, why: { kind: 'fault', fault: fault(repeat) } },
        emptyDraft('en'),
        '{}',
      );
    expect([shown('never').submit, shown('later').submit?.text]).toEqual([undefined, 'Ask all the same']);
    for (const view of [shown('never'), shown('later')]) expect(JSON.stringify(view.blocks)).toContain('Forbidden.RAM');
  });

  test('what a search offers is within Slack’s limits, and each can be told from the others', () => {
    const keys = fc.uniqueArray(fc.record({ key: nasty, name: nasty }), { maxLength: 150, selector: ({ key }) => key });
    const instances = fc.uniqueArray(
      fc.record({ id: nasty, name: nasty, state: fc.constantFrom('running' as const, 'stopped' as const) }),
      { maxLength: 150, selector: ({ id }) => id },
    );
    const trouble = fc.constantFrom(undefined, { kind: 'late' as const });
    const withTrouble = <T>(items: readonly T[], what: { kind: 'late' } | undefined) => ({
      items,
      ...(what && { trouble: what }),
    });
    fc.assert(
      fc.property(keys, instances, nasty, trouble, language, (k, i, typed, what, shown) => {
        checkOptions(keyOptions(withTrouble(k, what), typed, shown));
        checkOptions(instanceOptions(withTrouble(i, what), typed, shown));
        checkOptions(keyOptions(withTrouble(k, what), '', shown));
      }),
      RUNS,
    );
  });
});

describe('a search', () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ key: `skey-${index}`, name: `web-${index}` }));
  const texts = (options: readonly PlainTextOption[]) => options.map(({ text }) => text.text);

  test('shows what begins with it first, by name or id in any case', () => {
    const items = [
      { key: 'kp-1', name: 'old-deploy' },
      { key: 'kp-2', name: 'Deploy' },
      { key: 'deploy-3', name: 'x' },
      { key: 'kp-4', name: 'other' },
    ];
    expect(texts(keyOptions({ items }, ' DEPLOY', 'en'))).toEqual(['Deploy', 'x', 'old-deploy', 'As typed: DEPLOY']);
    expect(texts(keyOptions({ items }, 'Deploy', 'en'))).not.toContain('As typed: Deploy');
  });

  test('says how many more there are, and never more than a menu holds', () => {
    const options = keyOptions({ items: many, trouble: { kind: 'late' } }, 'web', 'en');
    expect(options.length).toBeLessThanOrEqual(100);
    expect(texts(options).at(-1)).toBe('… and 204 more: type more of the name');
    expect(options.at(-1)?.value).toMatch(new RegExp(`^${CHOSEN.hint}`));
  });

  test('names what a menu cannot hold', () => {
    const long = { key: 'k'.repeat(74), name: 'k'.repeat(74) };
    expect(texts(keyOptions({ items: [long] }, '', 'en'))).toEqual([
      '1 with long names are not here: type the command',
    ]);
  });

  test('of accounts finds parts of names, or says that there are none', () => {
    expect(texts(nameOptions(['prod-hz', 'game-gz'], 'gz', 'en'))).toEqual(['game-gz']);
    expect(texts(nameOptions(['prod-hz'], 'zz', 'en'))).toEqual(['Nothing found']);
  });
});

describe('a mistake', () => {
  const given = emptyDraft('en', 'C0INCIDENT');
  const refusal = { code: 'too-many', count: 9, max: 3 } as const;

  test('stands at its field where that is on the screen, and else where it is seen', () => {
    const found = refusalMistakes([refusal], given);
    const view = formView({
      draft: { ...given, account: 'a', region: 'r', scope: 'named' },
      accounts: [{ account: 'a', regions: ['r'], wanted: [] }],
    });
    const shown = view.blocks.map(({ block_id }) => block_id ?? '');
    const drafted = { ...given, account: 'a', region: 'r' };
    expect(Object.keys(errorsAt(found, drafted, shown))[0]).toMatch(/^instances-/);
    expect(Object.keys(errorsAt(found, given, ['channel']))).toEqual(['channel']);
  });
});

test.each(LANGUAGES)('titles and buttons are not cut: %s', (shown) => {
  const { title, previewTitle, takenTitle, goOnTitle, preview, send, sendUnread, cancel, back, close, options } =
    catalogue(shown).form;
  for (const words of [title, previewTitle, takenTitle, goOnTitle, preview, send, sendUnread, cancel, back, close]) {
    expect(words.length).toBeLessThanOrEqual(24);
  }
  const lines = Object.values(options).map((words) => (typeof words === 'string' ? words : ''));
  for (const words of [...lines, options.more(9_999), options.tooLong(9_999)]) {
    expect(words.length).toBeLessThanOrEqual(73);
  }
});
