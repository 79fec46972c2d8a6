import { describe, expect, test } from '@jest/globals';
import { threadReplies } from '../../../src/bot/messages/thread.js';
import type { ThreadSetting } from '../../../src/jobs/events.js';
import type { Outcome } from '../../../src/providers/answers.js';
import { check, shownText } from './reading.js';
import { approved, BUSY, group, NOW, planned, type Story, settled, started, target, then } from './requests.js';
import { tellingOf } from './telling.js';

const TARGETS = [1, 2, 3].map((index) => target(index));
const SKIPPED: Outcome = { kind: 'skipped', reason: 'needs-stop' };

function ended(outcomes: readonly Outcome[], thread?: ThreadSetting): Story {
  const waiting = planned([group(TARGETS)], { ...(thread && { thread }) });
  const running = started(approved(waiting, 'UBOB'), 'UCAROL');
  const all = Object.fromEntries(outcomes.map((outcome, index) => [TARGETS[index]?.id ?? '', outcome]));
  return then(settled(running, all), { type: 'finished' });
}

/** All that is told at the end, and what the channel sees of it. */
function told({ request, entries }: Story, language: 'en' | 'zh' = 'en') {
  const replies = threadReplies(request, entries, tellingOf(entries), language);
  for (const reply of replies) check(reply);
  const spoken = (text: string) => text.replace(/<!date\^[^|]*\|([^>]*)>/gu, '$1').split('\n');
  return {
    lines: replies.flatMap(({ text }) => spoken(text)),
    broadcast: replies.filter(({ broadcast }) => broadcast).flatMap(({ text }) => spoken(text)),
    shown: replies.map(shownText).join('\n'),
  };
}

describe('the closing summary', () => {
  test('tells when each part was and how long it took, and calls nobody but who asked', () => {
    expect(told(ended([NOW, NOW, NOW])).lines.slice(-5)).toEqual([
      '<@UANNA> ✅ Finished.',
      '✅ 3 detached',
      'Asked Nov 23, 2026, 3:04 AM UTC. The plan took 1 min.',
      'Approved Nov 23, 2026, 3:07 AM UTC, after 2 min.',
      'Ended Nov 23, 2026, 3:09 AM UTC. The work took 2 min.',
    ]);
  });

  test('in Chinese too', () => {
    expect(told(ended([NOW, NOW, NOW]), 'zh').lines.slice(-3)).toEqual([
      '发起：2026年11月23日 03:04 UTC，制定计划用时 1 分钟。',
      '批准：2026年11月23日 03:07 UTC，等待 2 分钟。',
      '结束：2026年11月23日 03:09 UTC，执行用时 2 分钟。',
    ]);
  });
});

describe('the channel', () => {
  test('sees the closing summary where something failed, and nothing else', () => {
    const { broadcast, lines } = told(ended([NOW, BUSY, NOW]));
    expect(broadcast[0]).toBe('<@UANNA> ⚠️ Finished, 1 to look at.');
    expect(broadcast.join()).not.toContain('i-0002');
    expect(lines.join()).toContain('i-0002');
  });

  test.each([[[NOW, NOW, NOW]], [[NOW, SKIPPED, NOW]]])('sees nothing of it where nothing failed', (outcomes) => {
    expect(told(ended(outcomes)).broadcast).toEqual([]);
  });

  test('sees nothing of a request that never ran', () => {
    const story = then(planned([group(TARGETS)]), { type: 'denied', by: 'UBOB', reason: 'Not now' });
    expect(told(story).broadcast).toEqual([]);
  });
});

describe('a thread that is to name only what failed or was skipped', () => {
  const story = ended([NOW, BUSY, SKIPPED], 'failures');

  test('names those, and counts the others', () => {
    const { lines, shown } = told(story);
    for (const text of [lines.join('\n'), shown]) {
      expect(text).toContain('i-0002');
      expect(text).toContain('i-0003');
      expect(text).not.toContain('i-0001');
      expect(text).toContain('✅ 1 detached');
      expect(text).toContain('The other instance is in the file below');
    }
  });

  test('that left none out says nothing of others', () => {
    expect(told(ended([BUSY, BUSY, SKIPPED], 'failures')).shown).not.toContain('in the file below');
  });

  test('is not what is told where it is not set', () => {
    expect(told(ended([NOW, BUSY, SKIPPED])).shown).toContain('i-0001');
  });
});
