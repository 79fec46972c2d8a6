import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../../src/bot/messages/catalogue.js';
import type { Message } from '../../../src/bot/messages/render.js';
import * as replies from '../../../src/bot/messages/replies.js';
import type { Mistake } from '../../../src/bot/typed/command.js';
import { parseCommand } from '../../../src/bot/typed/command.js';
import type { Refusal } from '../../../src/jobs/decide.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import type { CreateRefusal } from '../../../src/jobs/terms.js';
import { check, markupIn, shownText } from './reading.js';
import { approved, group, planned, START, started, target, then } from './requests.js';

const MISTAKES: Mistake[] = [
  { code: 'private-key' },
  { code: 'bad-place', place: '<!channel>/' },
  { code: 'missing-key', place: 'prod-hz' },
  { code: 'missing-instances', place: 'prod-hz', key: 'deploy' },
  { code: 'all-mixed', instances: ['i-1', 'i-2'] },
  { code: 'unknown-option', option: '--resart', nearest: '--restart' },
  { code: 'unknown-option', option: '--force' },
  { code: 'unterminated-quote', words: '"deploy i-1' },
  { code: 'empty-reason' },
  { code: 'reason-too-long', length: 1_200, max: 1_000 },
  { code: 'missing-search' },
  { code: 'missing-request' },
  { code: 'extra-words', word: 'cancel', words: 'now' },
];
const REFUSALS: Refusal[] = [
  ...(
    ['planning', 'awaiting-approval', 'running', 'finished', 'denied', 'expired', 'cancelled', 'rejected'] as const
  ).map((state) => ({ code: 'wrong-state' as const, state, by: 'UBOB', at: START })),
  { code: 'wrong-state', state: 'cancelled', at: START },
  { code: 'own-request' },
  { code: 'not-an-approver' },
  { code: 'already-approved' },
  { code: 'plan-changed' },
  { code: 'exists' },
  { code: 'not-yours' },
  { code: 'stale' },
  { code: 'unknown-request' },
];
const CREATE_REFUSALS: CreateRefusal[] = [
  { code: 'unknown-account', account: 'prd', known: ['prod-hz', 'game-gz'] },
  { code: 'unknown-account', account: 'prd', known: [] },
  { code: 'region-needed', account: 'prod-hz', regions: ['cn-hangzhou', 'cn-beijing'] },
  { code: 'unknown-region', account: 'prod-hz', region: 'cn-wuhan', regions: ['cn-hangzhou'] },
  { code: 'wrong-channel', account: 'prod-hz', channels: ['C0INCIDENT'] },
  { code: 'wrong-channel', account: 'prod-hz', channels: [] },
  { code: 'no-policy', account: 'prod-hz' },
  { code: 'not-a-requester', account: 'prod-hz' },
  { code: 'too-many', count: 300, max: 200 },
];

const { request } = planned([group([target(1), target(2)])]);

function everyReply(language: 'en' | 'zh'): Message[] {
  return [
    replies.helpReply(language),
    replies.formLateReply(language),
    ...MISTAKES.map((mistake) => replies.mistakeReply(mistake, language)),
    ...REFUSALS.map((refusal) => replies.refusalReply(refusal, language)),
    ...CREATE_REFUSALS.map((refusal) => replies.createRefusalReply([refusal], language)),
    replies.createRefusalReply(CREATE_REFUSALS, language),
    replies.takenReply(request, true, language),
    replies.takenReply(request, false, language),
    replies.approvedReply(approved(planned([group([target(1)])]), 'UBOB'), language),
    replies.approvedReply(started(planned([group([target(1)])], {}, 1), 'UBOB'), language),
    replies.deniedReply(request, language),
    replies.cancelReply(request, language),
    replies.cancelReply(then(planned([group([target(1)])]), { type: 'cancelled', by: 'UANNA' }).request, language),
    replies.statusReply(request, language),
    replies.openRequestsReply([], language),
    replies.openRequestsReply([request], language),
    replies.placeReply('not-in-channel', language),
    replies.placeReply('archived', language),
    replies.placeReply('not-a-member', language),
    replies.placeReply('shared', language),
    replies.uncheckedReply(language),
    replies.notStoredReply(language),
    replies.troubleReply('a1b2c3d4', language),
    replies.outdatedReply(language),
  ];
}

describe.each(LANGUAGES)('in %s', (language) => {
  test('Slack takes every answer, and none holds markup of others', () => {
    for (const message of everyReply(language)) {
      check(message);
      expect(markupIn(message, ['UANNA', 'UBOB']).filter((found) => found !== '<#C0INCIDENT>')).toEqual([]);
    }
  });

  test('no answer speaks of undefined, and no two are the same', () => {
    const texts = everyReply(language).map(shownText);
    for (const text of texts) expect(text).not.toMatch(/undefined|null|NaN|\[object/u);
    expect(new Set(texts).size).toBe(texts.length);
  });
});

test('English and Chinese speak of the same commands', () => {
  const commands = (message: Message) => shownText(message).match(/\/detach-key [a-z]+|--[a-z]+/gu) ?? [];
  const [english, chinese] = [everyReply('en').map(commands), everyReply('zh').map(commands)];
  expect(chinese).toEqual(english);
});

describe('an answer to a mistake', () => {
  test('says what to type', () => {
    const reply = (text: string) => {
      const parsed = parseCommand(text);
      if (parsed.kind !== 'mistake') throw new Error(`${text} is no mistake`);
      return shownText(replies.mistakeReply(parsed.mistake, 'en'));
    };
    expect(reply('prod-hz')).toBe('Which key? Type: /detach-key prod-hz <key> <instances or all>');
    expect(reply('prod-hz deploy')).toContain('/detach-key prod-hz deploy all');
    expect(reply('prod-hz "my key"')).toContain('/detach-key prod-hz "my key" all');
    expect(reply('prod-hz deploy i-1 —resart')).toBe('There is no option —resart. Did you mean --restart?');
  });

  test('never repeats a private key', () => {
    const parsed = parseCommand('prod-hz deploy i-1 -----BEGIN RSA PRIVATE KEY----- c2VjcmV0LWJ5dGVz');
    expect(JSON.stringify(parsed)).not.toContain('c2VjcmV0');
  });
});

test('a late click hears who decided, and when', () => {
  const { text } = replies.refusalReply({ code: 'wrong-state', state: 'denied', by: 'UBOB', at: START }, 'en');
  expect(text).toMatch(/^Too late: it was denied by <@UBOB> <!date\^1795403045\^/u);
});

test('an approval hears how many are missing', () => {
  const one = replies.approvedReply(approved(planned([group([target(1)])]), 'UBOB'), 'en');
  expect(one.text).toBe('✅ You approved request K7QM. It still waits for 1 approval.');
});

test('open requests are listed, many of them counted', () => {
  const many = Array.from({ length: 12 }, () => request);
  const lines = replies.openRequestsReply(many, 'en').text.split('\n');
  expect(lines[0]).toBe('12 open requests:');
  expect(lines[1]).toContain(
    '• K7QM: detach key deploy-2024 in prod-hz/cn-hangzhou, waiting for approval, by <@UANNA>',
  );
  expect(lines.at(-1)).toBe('… and 2 more');
});

test('both languages have a sentence for every code', () => {
  const keysOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]))
      : typeof value;
  expect(keysOf(catalogue('zh'))).toEqual(keysOf(catalogue('en')));
});
