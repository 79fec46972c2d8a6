import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkBlocks } from '../../../playground/slack/block-rules.js';
import type { Linked } from '../../../src/bot/messages/history.js';
import { type HomeFacts, type HomeTab, homeView, noticeView, strangerView } from '../../../src/bot/messages/home.js';
import { LIMITS } from '../../../src/bot/messages/limits.js';
import { render } from '../../../src/bot/messages/render.js';
import { approvedReply, outdatedReply } from '../../../src/bot/messages/replies.js';
import { SIGNS } from '../../../src/jobs/account-health.js';
import type { AccountHealth } from '../../../src/jobs/account-signs.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import { facts, nasty, storiesOf } from './any-request.js';
import { shownText } from './reading.js';
import { group, planned, START, started, target, then } from './requests.js';

const LINK = 'https://acme.slack.example/archives/C0INCIDENT/p1795230000000100';
const NOTHING: HomeFacts = { unanswered: [], waiting: [], own: [], others: [], ended: [], accounts: [] };

const one = planned([group([target(1), target(2)])]);
const waiting: Linked = { request: one.request, link: LINK };
const running: Linked = { request: started(one, 'UBOB').request };
const over: Linked = { request: then(one, { type: 'denied', by: 'UBOB', reason: '' } as never).request, link: LINK };

const shown = ({ blocks }: HomeTab): string => shownText({ text: '', blocks });

/** Throws what Slack would answer. */
function check(view: HomeTab): void {
  checkBlocks(view.blocks, 'home');
  if (view.blocks.length === 0) throw new Error('it is empty');
  if (Buffer.byteLength(JSON.stringify(view)) > 250_000) throw new Error('it is too large');
}

const actionsOf = ({ blocks }: HomeTab) =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])).map((element) => element.action_id);

describe('Home', () => {
  test('says of each part that there is nothing, where there is nothing', () => {
    for (const language of LANGUAGES) {
      const view = homeView(NOTHING, language);
      check(view);
      expect(view).not.toEqual(strangerView(language));
      expect(actionsOf(view)).toEqual([]);
    }
    expect(shown(homeView(NOTHING, 'en'))).toContain('Nothing waits for you.');
  });

  test('shows what waits as the channel shows it, with its buttons and the way there', () => {
    const view = homeView({ ...NOTHING, waiting: [waiting] }, 'en');
    expect(actionsOf(view)).toEqual(['approve', 'deny', 'cancel', 'show_instances']);
    expect(shown(view)).toContain('Approval needed: detach key deploy-2024 from 2 instances');
    expect(JSON.stringify(view)).toContain(LINK);
  });

  test('opens the form for whoever has an account to use', () => {
    const accounts: AccountHealth[] = [{ account: 'prod-hz', health: { kind: 'unknown' } }];
    expect(actionsOf(homeView({ ...NOTHING, accounts }, 'en'))).toEqual(['open_form']);
  });

  test('says where it is not known whether more waits', () => {
    const text = shown(homeView({ ...NOTHING, unanswered: ['pagerduty:PABC123'] }, 'en'));
    expect(text).toMatch(/Nothing waits for you\.\n⚠️ More may wait for you: pagerduty:PABC123 did not say/u);
  });

  test('lets one take back what is one’s own, and has no buttons for what does not wait for this person', () => {
    const view = homeView({ ...NOTHING, own: [waiting], others: [running], ended: [over] }, 'en');
    expect(actionsOf(view)).toEqual(['cancel']);
    expect(actionsOf(homeView({ ...NOTHING, others: [waiting, running], ended: [over] }, 'en'))).toEqual([]);
    expect(shown(view)).toMatch(
      /You asked for\n• K7QM: detach key deploy-2024 in prod-hz\/cn-hangzhou, waiting for approval/,
    );
    expect(shown(view)).toMatch(/asked for by others\n• K7QM: .*, running/);
    expect(shown(view)).toMatch(/Ended\n• K7QM: .*, denied /);
  });

  test('names accounts that are not well first, each with a sign and words', () => {
    const accounts: AccountHealth[] = [
      { account: 'a-well', health: { kind: 'well', at: START } },
      { account: 'b-unknown', health: { kind: 'unknown' } },
      { account: 'c-broken', health: { kind: 'credentials', at: START, code: 'InvalidAccessKeyId' } },
      { account: 'd-slow', health: { kind: 'slow', at: START } },
    ];
    const text = shown(homeView({ ...NOTHING, accounts }, 'en'));
    const places = ['❌ c-broken', '🐢 d-slow', '✅ a-well', '❔ b-unknown'].map((words) => text.indexOf(words));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain('InvalidAccessKeyId');
  });

  test('has the answer to a click above all', () => {
    const notice = approvedReply(one, 'en');
    const view = homeView({ ...NOTHING, waiting: [waiting] }, 'en', notice);
    expect(shown(view).startsWith(shownText(notice))).toBe(true);
    expect(shown(noticeView(notice)).startsWith(shownText(notice))).toBe(true);
  });

  test('is within Slack’s limits for any requests, any accounts and any answer', () => {
    const health = fc.oneof(
      fc.constant({ kind: 'unknown' as const }),
      fc.record({ kind: fc.constantFrom(...SIGNS), at: fc.constant(START), code: nasty }),
    );
    const accounts = fc.array(fc.record({ account: nasty, health }), { maxLength: 60 });
    const counts = fc.record({ each: fc.integer({ min: 1, max: 40 }), paragraphs: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(
        facts,
        counts,
        accounts,
        fc.constantFrom(...LANGUAGES),
        (given, { each, paragraphs }, some, language) => {
          const stories = storiesOf(given);
          const many = (request = one.request): Linked[] =>
            Array.from({ length: each }, () => ({ request, link: LINK }));
          const notice =
            paragraphs === 0
              ? outdatedReply(language)
              : render(
                  { paragraphs: Array.from({ length: paragraphs }, () => [[{ kind: 'words', text: 'x' }]]) },
                  language,
                );
          const all: HomeFacts = {
            unanswered: given.words,
            waiting: many(stories[0]?.request),
            own: many(stories[1]?.request),
            others: many(stories[1]?.request),
            ended: many(stories.at(-1)?.request),
            accounts: some,
          };
          check(homeView(all, language, notice));
          check(homeView(all, language));
        },
      ),
      { numRuns: 20 },
    );
    expect(LIMITS.viewBlocks).toBe(100);
  });

  test('shows as many that wait as there is room for, and counts the others', () => {
    const view = homeView({ ...NOTHING, waiting: Array.from({ length: 40 }, () => waiting) }, 'en');
    const buttons = actionsOf(view).filter((id) => id === 'approve').length;
    expect(buttons).toBeGreaterThan(5);
    expect(shown(view)).toContain(`… and ${40 - buttons} more`);
    expect(shown(view)).toContain('40 requests wait for you.');
  });
});
