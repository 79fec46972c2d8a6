import { describe, expect, test } from '@jest/globals';
import type { Outcome } from '../../../src/providers/answers.js';
import { check } from './reading.js';
import type { Story } from './requests.js';
import { approved, BUSY, group, LATER, NOW, planned, requested, settled, started, target, then } from './requests.js';
import { threadMessages } from './telling.js';

const TARGETS = Array.from({ length: 9 }, (_, index) => target(index + 1));
const waiting = planned([group(TARGETS)]);
const running = started(approved(waiting, 'UBOB'), 'UCAROL');

/** What the story's newest entries say, line by line. */
function told({ request, entries }: Story, newest = 1, language: 'en' | 'zh' = 'en'): string[] {
  const messages = threadMessages(request, entries.slice(-newest), language);
  for (const message of messages) check(message);
  return messages.flatMap(({ text }) => text.split('\n'));
}

describe('decisions', () => {
  test('an approval says how many there are', () => {
    expect(told(approved(waiting, 'UBOB'))).toEqual(['✅ <@UBOB> approved plan 5c0f3e9ab27d (prod-hz: 1 of 2).']);
    expect(told(running)).toEqual([
      '✅ <@UCAROL> approved plan 5c0f3e9ab27d (prod-hz: 2 of 2).',
      '⏳ Starting on 9 instances.',
    ]);
  });

  test('an approval told late says what it said then', () => {
    const first = running.entries.slice(0, -1).slice(-1);
    expect(threadMessages(running.request, first, 'en')[0]?.text).toBe(
      '✅ <@UBOB> approved plan 5c0f3e9ab27d (prod-hz: 1 of 2).',
    );
  });

  test.each<[string, Story, string]>([
    [
      'a denial',
      then(waiting, { type: 'denied', by: 'UBOB', reason: 'Wrong key' }),
      '<@UANNA> 🚫 <@UBOB> denied the request. Nothing was changed. Why: Wrong key',
    ],
    [
      'an expiry',
      then(waiting, { type: 'expired' }),
      '<@UANNA> ⌛ Nobody decided in time, so the request expired. Nothing was changed. Ask again if it is still needed.',
    ],
    [
      'a cancel',
      then(waiting, { type: 'cancelled', by: 'UANNA' }),
      '<@UANNA> 🛑 <@UANNA> cancelled the request. Nothing was changed.',
    ],
    [
      'a rejection',
      then(requested([group([])]), {
        type: 'rejected',
        rejection: { code: 'key-pair-not-found', account: 'prod-hz', region: 'cn-hangzhou', key: 'deply' },
      }),
      '<@UANNA> ❌ Not possible: There is no key pair deply in prod-hz/cn-hangzhou. Check the name and the region.',
    ],
  ])('%s', (_, story, expected) => expect(told(story)).toEqual([expected]));

  test('what the root message shows is not told again', () => {
    expect(told(waiting, 2)).toEqual([]);
    expect(
      told(then(running, { type: 'batched', batch: 'b1', group: 0, step: 'detach', instances: ['i-0001'] })),
    ).toEqual([]);
  });
});

const FAILED_RESTART: Outcome = {
  kind: 'detached',
  effective: 'after-restart',
  restartFailed: { code: 'Busy', message: 'Try later.' },
};
const busy = (id: string, requestId: string): Outcome => ({
  kind: 'failed',
  code: 'IncorrectInstanceStatus',
  message: `The resource ${id} is busy.`,
  hint: 'instance-state',
  requestId,
});

describe('outcomes', () => {
  test('what needs a look comes first, alike ones stand together, each with what to do', () => {
    const story = settled(running, {
      'i-0001': NOW,
      'i-0002': LATER,
      'i-0003': BUSY,
      'i-0004': NOW,
      'i-0005': { kind: 'skipped', reason: 'locked', detail: 'security' },
      'i-0006': { kind: 'not-bound' },
      'i-0007': FAILED_RESTART,
    });
    expect(told(story)).toEqual([
      'i-0003 (web-3) ❌ Failed',
      'The cloud does not allow this while the instance is in its present state. Look at it in the console, then try again.',
      'The cloud says: IncorrectInstanceStatus: The current status of the resource … does not support this operation. · request id B61C08E5-403A-46A2-96C1-F7B1216DB10C',
      'i-0007 (web-7) ⚠️ Detached, but the restart failed',
      'The key still opens it until a restart. Restart it by hand.',
      'The cloud says: Busy: Try later.',
      'i-0005 (web-5) ⏭️ Skipped',
      'Locked by the cloud. Have the lock lifted, then ask again. (security)',
      '✅ Detached · 2 instances',
      '• i-0001 (web-1)',
      '• i-0004 (web-4)',
      'i-0002 (web-2) ⏰ Detached, takes effect after a restart',
      'The key still opens it until a restart.',
      'i-0006 (web-6) ➖ Nothing to do: the key was not bound',
    ]);
  });

  test('failures that differ in instance and request id only are one', () => {
    const story = settled(running, { 'i-0001': busy('i-0001', 'R1'), 'i-0002': busy('i-0002', 'R2') });
    expect(told(story)).toEqual([
      '❌ Failed · 2 instances',
      expect.stringContaining('in its present state'),
      'The cloud says: IncorrectInstanceStatus: The resource … is busy.',
      '• i-0001 (web-1) · request id R1',
      '• i-0002 (web-2) · request id R2',
    ]);
  });

  test('alike ones stand in the plan’s order, however they came', () => {
    const late = settled(settled(running, { 'i-0009': NOW, 'i-0003': NOW }), { 'i-0001': NOW });
    expect(told(late, 2).slice(1)).toEqual(['• i-0001 (web-1)', '• i-0003 (web-3)', '• i-0009 (web-9)']);
  });

  test('an instance that may be off says so', () => {
    const story = started(
      planned([group([target(1, { steps: ['stop', 'detach', 'verify', 'start'] })])], {}, 1),
      'UBOB',
    );
    expect(told(settled(story, { 'i-0001': { ...FAILED_RESTART, effective: 'now' } }))).toEqual([
      'i-0001 (web-1) ⚠️ Detached, but starting it again failed',
      'It may still be off. Start it by hand now.',
      'The cloud says: Busy: Try later.',
    ]);
  });

  test('the same instance in two places is told by place', () => {
    const other = { account: 'game-gz', region: 'ap-guangzhou', keyPair: { name: 'old' } };
    const story = started(planned([group([target(1)]), group([target(1)], other)], {}, 1), 'UBOB');
    const both = settled(settled(story, { 'i-0001': NOW }), { 'i-0001': NOW }, 1);
    expect(told(both, 2)).toEqual([
      'i-0001 (web-1) ✅ Detached · prod-hz/cn-hangzhou, key deploy-2024',
      'i-0001 (web-1) ✅ Detached · game-gz/ap-guangzhou, key old',
    ]);
  });

  test('in Chinese too', () => {
    expect(told(settled(running, { 'i-0001': NOW, 'i-0002': NOW }), 1, 'zh')).toEqual([
      '✅ 已解绑 · 2 台实例',
      '• i-0001 (web-1)',
      '• i-0002 (web-2)',
    ]);
  });

  test('a long list goes on under its heading', () => {
    const many = Array.from({ length: 300 }, (_, index) => target(index));
    const story = started(planned([group(many)], {}, 1), 'UBOB');
    const { request, entries } = settled(story, Object.fromEntries(many.map(({ id }) => [id, NOW])));
    const messages = threadMessages(request, entries.slice(-1), 'en');
    expect(messages.length).toBeGreaterThan(1);
    expect(messages.map(({ text }) => text.split('\n')[0])).toEqual([
      '✅ Detached · 300 instances',
      ...messages.slice(1).map(() => '✅ Detached (continued)'),
    ]);
  });
});

describe('the end', () => {
  const all = Object.fromEntries(TARGETS.map(({ id }) => [id, NOW]));

  test('all well', () => {
    const story = then(settled(running, all), { type: 'finished' });
    expect(told(story)).toEqual(['<@UANNA> ✅ Finished.', '✅ 9 detached']);
  });

  test('not all well: what is still open, and how many need a look', () => {
    const story = then(settled(running, { ...all, 'i-0001': BUSY, 'i-0002': LATER, 'i-0003': FAILED_RESTART }), {
      type: 'finished',
    });
    expect(told(story)).toEqual([
      '<@UANNA> ⚠️ Finished, 2 to look at.',
      '❌ 1 failed, ⚠️ 1 detached but the restart failed, ✅ 6 detached, ⏰ 1 detached but not yet restarted',
      '⏰ The key still opens 2 instances until they restart.',
      'Look at 2 instances: the replies above say why, and what to do.',
    ]);
  });

  test('a cancel while it ran', () => {
    const halted = then(running, { type: 'halted', by: 'UBOB' });
    const left: Outcome = { kind: 'skipped', reason: 'cancelled' };
    const story = then(settled(halted, { ...all, 'i-0001': left }), { type: 'cancelled', by: 'UBOB' });
    expect(told(story)).toEqual([
      '<@UANNA> 🛑 Cancelled by <@UBOB>. This is how it ended:',
      '✅ 8 detached, ⏭️ 1 skipped',
    ]);
  });
});
