import { describe, expect, test } from '@jest/globals';
import type { Button } from '@slack/types';
import { ACTIONS, decodeDecision } from '../../../src/bot/ids.js';
import { LIMITS } from '../../../src/bot/messages/limits.js';
import type { Message } from '../../../src/bot/messages/render.js';
import { createRefusalReply } from '../../../src/bot/messages/replies.js';
import { rootMessage } from '../../../src/bot/messages/root.js';
import { type After, LANGUAGES, type Language } from '../../../src/jobs/events.js';
import type { GoOnRefusal } from '../../../src/jobs/go-on.js';
import type { Unplannable } from '../../../src/jobs/planning/events.js';
import type { Outcome } from '../../../src/providers/answers.js';
import { check, markupIn, shownText } from './reading.js';
import { BUSY, DIGEST, group, LATER, NOW, planned, type Story, settled, started, target, then } from './requests.js';
import { threadMessages } from './telling.js';

/** What lets people go on from a request that is at its end. */

const NEEDS_STOP: Outcome = { kind: 'skipped', reason: 'needs-stop' };
const ended = (...outcomes: Outcome[]): Story => {
  const targets = outcomes.map((_, index) => target(index, { steps: ['detach', 'verify'] }));
  const told = Object.fromEntries(outcomes.map((outcome, index) => [target(index).id, outcome]));
  return then(settled(started(planned([group(targets)]), 'UBOB'), told), { type: 'finished' });
};
/** Those that change something. */
const buttons = ({ blocks }: Message): Button[] =>
  blocks
    .flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []))
    .filter(({ action_id }) => action_id !== ACTIONS.showInstances);
const shown = (story: Story, language: Language = 'en') => buttons(rootMessage(story.request, { language }));

describe('at the end', () => {
  test.each([
    ['what failed', [BUSY, NOW, BUSY], ['Retry failed (2)']],
    ['what needs a stop', [NEEDS_STOP, NOW], ['Go on with restart (1)']],
    ['what waits for a restart', [LATER, LATER, NOW], ['Go on with restart (2)']],
    ['both', [LATER, BUSY, NEEDS_STOP], ['Retry failed (1)', 'Go on with restart (2)']],
    [
      'nothing that is left',
      [NOW, { kind: 'not-bound' } as const, { kind: 'skipped', reason: 'windows' } as const],
      [],
    ],
  ])('the root message offers to go on with %s', (_what, outcomes, labels) => {
    expect(shown(ended(...outcomes)).map(({ text }) => text.text)).toEqual(labels);
  });

  test('a request that was cancelled halfway offers it too, and one that never ran does not', () => {
    const waiting = planned([group([target(1), target(2)])]);
    const halted = then(settled(started(waiting, 'UBOB'), { 'i-0001': BUSY }), { type: 'halted', by: 'UANNA' });
    expect(shown(halted)).toEqual([]);
    const rest = settled(halted, { 'i-0002': { kind: 'skipped', reason: 'cancelled' } });
    expect(shown(then(rest, { type: 'cancelled', by: 'UANNA' })).map(({ action_id }) => action_id)).toEqual([
      ACTIONS.retryFailed,
    ]);
    expect(shown(then(waiting, { type: 'cancelled', by: 'UANNA' }))).toEqual([]);
  });

  test.each(LANGUAGES)('each button says in %s what it does, and asks once more', (language) => {
    const both = ended(LATER, BUSY, NEEDS_STOP);
    const message = rootMessage(both.request, { language });
    check(message);
    const [retry, restart] = shown(both, language);
    expect([retry?.action_id, restart?.action_id]).toEqual(['retry_failed', 'restart']);
    for (const button of [retry, restart]) {
      expect(decodeDecision(button?.value)).toEqual({ id: 'K7QM', digest: DIGEST });
      expect(button?.accessibility_label).toContain('deploy-2024');
      expect(button?.accessibility_label?.length).toBeLessThanOrEqual(LIMITS.accessibilityLabel);
      const { confirm, deny, title, text } = button?.confirm ?? {};
      for (const words of [confirm, deny, title, text]) expect(words?.text).toMatch(/\p{L}/u);
      expect(text?.text.endsWith('…')).toBe(false);
      expect(text?.text).toMatch(language === 'en' ? /once somebody else approves/ : /经他人审批后/);
    }
    expect(JSON.stringify(retry?.confirm)).not.toBe(JSON.stringify(restart?.confirm));
  });
});

describe('what is not in a plan', () => {
  const LOST = [1, 2].map((place) => group([], { account: `lost-${place}`, keyPair: { name: `key-${place}` } }));
  const here = group([target(1, { steps: ['detach', 'verify'] })]);
  const unread = { hint: 'cloud-trouble', cloudCode: 'Busy', message: 'busy' } as const;
  const without = (...whys: Unplannable['code'][]): Story => {
    const leftOut = whys.map((code, index) => {
      const where = { account: `lost-${index + 1}`, region: 'cn-hangzhou' };
      const why =
        code === 'cloud-failed' ? { code, ...where, ...unread } : ({ code, ...where, key: 'k' } as Unplannable);
      return { type: 'left-out', selection: index + 1, why } as const;
    });
    return planned([here], {}, 1, { among: [here, ...LOST.slice(0, whys.length)], leftOut });
  };
  const labelOf = (story: Story) => shown(story).find(({ action_id }) => action_id === ACTIONS.requestLeftOut);

  test('has a button for as much of it as may be read by now, before, while and after the rest runs', () => {
    const waiting = without('cloud-failed', 'cloud-failed');
    const running = started(waiting, 'UBOB');
    const over = then(settled(running, { 'i-0001': NOW }), { type: 'finished' });
    for (const story of [waiting, running, over]) {
      expect(labelOf(story)?.text.text).toBe('Request what is missing (2)');
      expect(labelOf(story)?.accessibility_label).toBe('Request what is not in the plan: key key-1, key-2, 2 places');
    }
    expect(labelOf(without('nothing-bound', 'cloud-failed'))?.text.text).toBe('Request what is missing (1)');
    expect(labelOf(without('nothing-bound', 'key-pair-not-found'))).toBeUndefined();
    expect(labelOf(then(waiting, { type: 'expired' }))).toBeUndefined();
  });

  test('is named whole in the thread, with every reason, and in short on top', () => {
    const lost = Array.from({ length: 30 }, (_, place) => group([], { account: `lost-${place + 1}` }));
    const leftOut = lost.map(({ account }, index) => {
      const why = { code: 'cloud-failed', account, region: 'cn-hangzhou', ...unread } as const;
      return { type: 'left-out', selection: index + 1, why } as const;
    });
    const { request, entries } = planned([here], {}, 1, { among: [here, ...lost], leftOut });
    for (const language of LANGUAGES) {
      const thread = threadMessages(request, entries, language).map(shownText).join('\n');
      const root = shownText(rootMessage(request, { language }));
      for (const place of [...lost.keys()]) expect(thread).toContain(`lost-${place + 1}/cn-hangzhou`);
      for (const place of [0, 2, 3, 14]) expect(root).toContain(`lost-${place + 1}/cn-hangzhou`);
      expect(root).toContain(language === 'en' ? '… and 15 more places' : '…… 另有 15 处');
    }
  });

  test('is no name in the title, and spoils it unless nothing was bound there', () => {
    const title = (story: Story) =>
      rootMessage(then(settled(started(story, 'UBOB'), { 'i-0001': NOW }), { type: 'finished' }).request, {
        language: 'en',
      }).text.split('\n')[0];
    const result = 'key deploy-2024 detached from 1 of 1 instance';
    expect(title(without('cloud-failed'))).toBe(`⚠️ Finished, but 1 place was not in the plan: ${result}`);
    expect(title(without('nothing-bound'))).toBe(`✅ Finished: ${result}`);
  });
});

describe('a request that goes on from another', () => {
  const RESTART = target(1, { steps: ['restart'] });
  const story = (targets: Parameters<typeof group>[0], why: After['why'] = 'restart') =>
    planned([group(targets)], { after: { request: 'K1ST', why } });

  test.each([
    ['en', 'retry', 'Tries again what failed in request K1ST.'],
    ['en', 'restart', 'Goes on with what waits for a stop or a restart in request K1ST.'],
    ['en', 'left-out', 'Goes on with what was not in the plan of request K1ST.'],
    ['zh', 'left-out', '接续请求 K1ST：处理其中未列入计划的部分。'],
    ['en', 'undo', 'Undoes request K1ST: attaches again what was detached there.'],
    ['zh', 'retry', '接续请求 K1ST：重试其中失败的实例。'],
    ['zh', 'restart', '接续请求 K1ST：处理其中等待关机或重启的实例。'],
    ['zh', 'undo', '撤销请求 K1ST：重新绑定其中已解绑的实例。'],
  ] as const)('says so in %s (%s)', (language, why, words) => {
    const message = rootMessage(story([RESTART], why).request, { language });
    check(message);
    expect(shownText(message)).toContain(words);
    expect(message.text).toContain('K1ST');
  });

  test('speaks of a restart where the key is off already', () => {
    const { request } = story([RESTART, target(2, { steps: ['restart'] })]);
    expect(rootMessage(request, { language: 'en' }).text).toContain(
      '🔄 2 of these only restart: the key is off already.',
    );
    const [approve] = shown(story([RESTART]));
    expect(approve?.confirm).toMatchObject({
      title: { text: 'Restart 1 instance?' },
      confirm: { text: 'Restart 1' },
      text: { text: expect.stringContaining('is off 1 instance in prod-hz/cn-hangzhou already; a restart makes') },
    });
    expect(shown(story([RESTART]), 'zh')[0]?.confirm).toMatchObject({
      title: { text: '重启 1 台实例？' },
      text: { text: expect.stringContaining('已解绑密钥对 deploy-2024，重启后生效') },
    });
  });

  test('and of both where both are done', () => {
    const [approve] = shown(story([RESTART, target(2), target(3)]));
    expect(approve?.confirm).toMatchObject({
      title: { text: 'Detach the key from 3 instances?' },
      text: {
        text: expect.stringContaining('comes off 2 instances in prod-hz/cn-hangzhou, and is off 1 more already'),
      },
    });
  });
});

describe.each(LANGUAGES)('a click that is not taken is answered in %s', (language) => {
  const REFUSALS: GoOnRefusal[] = [
    { code: 'unknown-request' },
    { code: 'not-ended' },
    { code: 'nothing-left' },
    { code: 'nothing-left', last: 'K2ND' },
    { code: 'goes-on-already', request: 'K2ND' },
    { code: 'nothing-to-undo' },
    { code: 'nothing-to-undo', last: 'K2ND' },
    { code: 'is-an-undo', selection: { account: 'prod-hz', region: 'r', key: 'my key', instances: ['i-1'] } },
  ];
  const replies = REFUSALS.map((refusal) => createRefusalReply([refusal], language));

  test('with a sentence of its own, which names the other request', () => {
    for (const reply of replies) {
      check(reply);
      expect(markupIn(reply, [])).toEqual([]);
      expect(shownText(reply)).not.toMatch(/undefined|null/u);
    }
    expect(new Set(replies.map(shownText)).size).toBe(REFUSALS.length);
    expect(replies.map((reply) => shownText(reply).includes('K2ND'))).toEqual([
      ...[false, false, false, true, true],
      ...[false, true, false],
    ]);
    expect(replies.at(-1)?.text).toContain('prod-hz/r "my key"');
  });
});
