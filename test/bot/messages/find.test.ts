import { describe, expect, test } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { checkBlocks } from '../../../playground/slack/block-rules.js';
import { ACTIONS } from '../../../src/bot/ids.js';
import { findReply } from '../../../src/bot/messages/find.js';
import { allTakenView, requestAllView } from '../../../src/bot/messages/form/request-all.js';
import { LIMITS } from '../../../src/bot/messages/limits.js';
import type { Message } from '../../../src/bot/messages/render.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import type { Found, Searched, Unanswered } from '../../../src/jobs/find.js';
import type { KeyFlaw } from '../../../src/jobs/keys/query.js';
import { check, markupIn, shownText } from './reading.js';
import { group, planned, target } from './requests.js';

const found = (account: string, instances: number, running = 0, name = 'deploy'): Found => ({
  account,
  region: 'cn-north',
  name,
  key: name,
  instances,
  running,
});
const late = (account: string): Unanswered => ({ account, region: 'cn-north', why: { kind: 'late' } });
const refused = (account: string): Unanswered => ({
  account,
  region: 'cn-north',
  why: { kind: 'fault', hint: 'grant-permission', code: 'Forbidden.RAM', message: 'User not <!here> authorized' },
});
const searched = (more: Partial<Searched> = {}): Searched => ({
  kind: 'searched',
  query: 'deploy',
  asked: 5,
  found: [],
  unanswered: [],
  blind: [],
  differ: false,
  ...more,
});

const dark = { account: 'dark', region: 'cn-north', unknown: 2, hidden: false };
const shy = { account: 'shy', region: 'cn-north', unknown: 0, hidden: true };
const ANSWERS = {
  nothing: searched(),
  unheard: searched({ asked: 2, unanswered: [late('a'), late('b')] }),
  one: searched({ found: [found('a', 1, 1)] }),
  some: searched({ found: [found('a', 0), found('b', 3, 2), found('c', 1, 0)] }),
  unbound: searched({ found: [found('a', 0)] }),
  differ: searched({ found: [found('a', 2, 2), found('b', 2, 1)], differ: true }),
  unknown: searched({
    found: [found('a', 2, 2)],
    unanswered: [late('b'), refused('c'), late('d'), { ...refused('e'), name: 'deploy' }],
  }),
  blind: searched({ query: 'SHA256:abc MD5:12:34', found: [found('a', 2)], blind: [dark, shy] }),
  broken: searched({ unanswered: [{ account: 'a', region: 'b', why: { kind: 'broken' } }] }),
};
const FLAWS: readonly KeyFlaw[] = [
  { code: 'no-key' },
  { code: 'several-keys' },
  { code: 'public-key' },
  { code: 'fingerprint', algorithm: 'sha256', digits: 42 },
  { code: 'fingerprint', algorithm: 'md5', digits: 32 },
];
/** A page as a message. */
const wordsOf = ({ blocks }: ModalView): Message => ({ text: 'page', blocks: blocks as Message['blocks'] });
const lines = (message: { text: string }) => message.text.replaceAll('`', '').split('\n');

test('it tells place by place, what is bound first', () => {
  expect(lines(findReply(ANSWERS.some, 'en'))).toEqual([
    '🔎 deploy is bound to 4 instances in 2 places, 2 running:',
    '• b/cn-north: key pair deploy, 3 instances, 2 running',
    '• c/cn-north: key pair deploy, 1 instance, none running',
    '• a/cn-north: key pair deploy, 0 instances',
  ]);
  expect(lines(findReply(ANSWERS.unbound, 'en'))[0]).toBe('🔎 deploy exists in 1 place, and is bound to no instance:');
  expect(lines(findReply(ANSWERS.differ, 'en')).at(-1)).toMatch(/^⚠️ These are different keys with the same name\./);
});

test('it names what it does not know, the same reasons together', () => {
  const told = lines(findReply(ANSWERS.unknown, 'en'));
  expect(told.slice(2)).toEqual([
    '⚠️ Not known in 4 of 5 places:',
    '• b/cn-north and d/cn-north: No answer in time. Try again, or look in the console.',
    '• c/cn-north and e/cn-north (it has the key pair deploy): The account’s access key may not do this. Grant it the permission, then try again. The cloud says: Forbidden.RAM: User not &lt;!here&gt; authorized',
  ]);
  expect(lines(findReply(ANSWERS.nothing, 'en'))[0]).toMatch(/no such key pair shows in the 5 places that answered/);
  expect(lines(findReply(ANSWERS.unheard, 'en'))[0]).toMatch(/no place answered, so nothing is known/);
  expect(lines(findReply(ANSWERS.blind, 'en')).slice(2)).toEqual([
    expect.stringMatching(/^⚠️ Not sure in dark\/cn-north: the cloud gives no public key of 2 key pairs/),
    expect.stringMatching(/^⚠️ Not sure in shy\/cn-north: the cloud lists only key pairs that the bot’s own user/),
  ]);
});

test('the button carries what was looked for, and is there when there is something to request', () => {
  const buttons = (answer: Searched) =>
    findReply(answer, 'en').blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  expect(buttons(ANSWERS.blind)).toEqual([
    {
      type: 'button',
      action_id: ACTIONS.requestAll,
      text: { type: 'plain_text', text: 'Ask to detach all of these', emoji: false },
      accessibility_label: 'Request to detach the key from 2 instances in 1 place',
      value: 'SHA256:abc MD5:12:34',
    },
  ]);
  for (const answer of [ANSWERS.nothing, ANSWERS.unbound, ANSWERS.unheard]) expect(buttons(answer)).toEqual([]);
});

test('no name like it is no all-clear where a fingerprint may have been meant', () => {
  const doubt = { code: 'fingerprint', algorithm: 'md5', digits: 30 } as const;
  const told = lines(findReply({ ...ANSWERS.nothing, doubt }, 'en')).join('\n');
  expect(told).not.toMatch(/no such key pair/);
  expect(told).toMatch(/no key pair of this name shows in the 5 places that answered/);
  expect(told).toMatch(/^⚠️ It looks like a fingerprint, and is none, .*come 32 characters .*, and here are 30\./mu);
  expect(findReply({ ...ANSWERS.one, doubt }, 'en')).toEqual(findReply(ANSWERS.one, 'en'));
});

const { request } = planned([group([target(1)])]);

test('the form behind the button shows the same, and the page after it what is not known', () => {
  const form = requestAllView(ANSWERS.unknown, [], '{}', 'en');
  const [first] = findReply(ANSWERS.unknown, 'en').blocks;
  expect(form.blocks[0]).toEqual(first);
  const told = shownText(wordsOf(allTakenView(request, true, ANSWERS.unknown, 'en')));
  expect(told).toMatch(
    /Request K7QM is made\.[\s\S]*It covers 2 instances in 1 place\.[\s\S]*Not known in 4 of 5 places:/,
  );
  expect(shownText(wordsOf(allTakenView(request, false, ANSWERS.unknown, 'en')))).toBe(
    'Request K7QM was made already.',
  );
});

describe.each(LANGUAGES)('in %s', (language) => {
  const all = [
    ...Object.values(ANSWERS).map((answer) => findReply(answer, language)),
    ...Object.values(ANSWERS).map((answer) => wordsOf(allTakenView(request, true, answer, language))),
    ...FLAWS.map((flaw) => findReply({ kind: 'unreadable', flaw }, language)),
    findReply({ kind: 'no-accounts' }, language),
  ];

  test('Slack takes every answer, and none holds markup of others', () => {
    for (const message of all) {
      check(message);
      expect(markupIn(message, [])).toEqual([]);
      expect(shownText(message)).not.toMatch(/undefined|null|NaN|\[object/u);
    }
  });

  test('as many places as there may be, with names as long as they may be, fit and keep their button', () => {
    const long = (sign: string) => sign.repeat(120);
    const answer = searched({
      query: 'ß'.repeat(255),
      asked: 400,
      found: Array.from({ length: 120 }, (_, index) => found(`${index}${long('账')}`, 2, 1, long('"&<>'))),
      unanswered: Array.from({ length: 120 }, (_, index) => ({
        ...refused(`${index}${long('户')}`),
        why: { kind: 'fault', hint: 'check-clock', code: `E${index}`, message: long('<&>') },
      })),
      blind: Array.from({ length: 60 }, (_, index) => ({ ...dark, account: `${index}${long('域')}`, hidden: true })),
    });
    const message = findReply(answer, language);
    check(message);
    expect(message.blocks.at(-1)?.type).toBe('actions');
    expect(answer.query.length).toBeLessThanOrEqual(LIMITS.buttonValue);
    check(wordsOf(allTakenView(request, true, answer, language)));
    const wanted = { code: 'reason-wanted', account: long('账'), pattern: long('(') } as const;
    const wishes = [wanted, ...Array(50).fill({ ...wanted, example: long('"&<>') })];
    checkBlocks(requestAllView(answer, wishes, '{}', language).blocks, 'modal');
  });
});
