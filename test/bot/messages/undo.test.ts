import { describe, expect, test } from '@jest/globals';
import type { Button } from '@slack/types';
import type { Message } from '../../../src/bot/messages/render.js';
import { rootMessage } from '../../../src/bot/messages/root.js';
import { LANGUAGES, type Language } from '../../../src/jobs/events.js';
import type { Outcome } from '../../../src/providers/answers.js';
import { BUSY, group, planned, type Story, settled, started, target, then } from './requests.js';
import { threadMessages } from './telling.js';

/** A request that attaches says nothing of what a detach would mean. */

const ASKED = { action: 'attach', after: { request: 'K1ST', why: 'undo' }, reason: 'wrong key' } as const;
const ATTACH = target(1, { steps: ['stop', 'attach', 'verify', 'start'] });
const LATER: Outcome = { kind: 'attached', effective: 'after-restart' };
const NOW: Outcome = { kind: 'attached', effective: 'now' };

const waiting = planned([group([ATTACH, target(2, { steps: ['attach', 'verify'] })])], ASKED, 1);
const running = started(waiting, 'UBOB');
const end = (...outcomes: Outcome[]): Story => {
  const told = Object.fromEntries(outcomes.map((outcome, index) => [target(index + 1).id, outcome]));
  return then(settled(running, told), { type: 'finished' });
};
const STORIES = [waiting, running, end(NOW, NOW), end(LATER, BUSY), end({ kind: 'already-bound' }, NOW)];

const buttons = ({ blocks }: Message): Button[] =>
  blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));
/** All that a person can read of it, its buttons and their questions too. */
function allWords({ request, entries }: Story, language: Language): string {
  const root = rootMessage(request, { language });
  const thread = threadMessages(request, entries, language);
  return [root, ...thread].map(({ text }) => text).join('\n') + JSON.stringify(buttons(root));
}

test.each(LANGUAGES)('speaks of attaching only, in %s', (language) => {
  const detaching =
    language === 'en' ? /detach(?!ed there)|still opens|cannot be reached/i : /(?<!已)解绑|仍能登录|无法用/;
  const attaching = language === 'en' ? /attach/i : /绑定/;
  for (const story of STORIES) {
    const words = allWords(story, language);
    expect(words).not.toMatch(detaching);
    expect(words).toMatch(attaching);
  }
});

test.each([
  ['en', 'Approval needed: attach key deploy-2024 to 2 instances', 'password login off in prod-hz/cn-hangzhou'],
  ['zh', '等待审批：为 2 台实例绑定密钥对 deploy-2024', '在 prod-hz/cn-hangzhou 重新绑定会关闭密码登录'],
] as const)('says in %s what an approver says yes to', (language, title, warning) => {
  const message = rootMessage(waiting.request, { language });
  expect(message.text).toContain(title);
  expect(message.text).toContain(warning);
  const [approve] = buttons(message);
  expect(approve?.confirm?.text.text).toMatch(language === 'en' ? /Password login is turned off/ : /密码登录会被关闭/);
});

test('does not speak of passwords where none is lost', () => {
  const keeps = planned([group([ATTACH], { attachDisablesPassword: false })], ASKED, 1);
  const words = allWords(keeps, 'en');
  expect(words).not.toMatch(/password/i);
  expect(words).toContain('Not an exact undo');
});

describe('at its end', () => {
  const textOf = (story: Story) => rootMessage(story.request, { language: 'en' }).text;

  test.each([
    ['all well', end(NOW, NOW), '✅ Finished: key deploy-2024 attached to 2 of 2 instances'],
    ['bound before', end({ kind: 'already-bound' }, NOW), '✅ Finished: key deploy-2024 attached to 1 of 1 instance'],
    ['waiting', end(LATER, NOW), '⏰ Finished, but 1 waits for a restart: key deploy-2024 attached to 2 of 2'],
    ['failed', end(BUSY, NOW), '⚠️ Finished, 1 to look at: key deploy-2024 attached to 1 of 2'],
  ])('%s', (_what, story, title) => {
    expect(textOf(story)).toContain(title);
  });

  test('offers to go on with what waits and what failed', () => {
    const labels = buttons(rootMessage(end(LATER, BUSY).request, { language: 'en' })).map(({ text }) => text.text);
    expect(labels).toEqual(['Retry failed (1)', 'Go on with restart (1)', 'Show all instances']);
  });
});
