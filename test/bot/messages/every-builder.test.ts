import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ModalView, PlainTextOption } from '@slack/types';
import fc from 'fast-check';
import { checkBlocks } from '../../../playground/slack/block-rules.js';
import { denialView, outdatedView } from '../../../src/bot/messages/denial.js';
import { filesMessage, noFilesMessage } from '../../../src/bot/messages/evidence.js';
import { findReply } from '../../../src/bot/messages/find.js';
import { goneOnView, goOnView } from '../../../src/bot/messages/form/go-on.js';
import { privateKeyErrors, reasonErrors, reasonWantedErrors } from '../../../src/bot/messages/form/mistakes.js';
import { hintOptions } from '../../../src/bot/messages/form/options.js';
import * as pages from '../../../src/bot/messages/form/pages.js';
import { allTakenView, requestAllView } from '../../../src/bot/messages/form/request-all.js';
import { openingInstancesView, wordsView } from '../../../src/bot/messages/instances.js';
import { quoted, say } from '../../../src/bot/messages/line.js';
import type { Message } from '../../../src/bot/messages/render.js';
import * as replies from '../../../src/bot/messages/replies.js';
import { rootMessage } from '../../../src/bot/messages/root.js';
import { LANGUAGES, type Language } from '../../../src/jobs/events.js';
import type { Searched } from '../../../src/jobs/find.js';
import type { Rejection } from '../../../src/jobs/planning/events.js';
import type { ReasonWanted } from '../../../src/jobs/terms.js';
import { CREATE_DOUBTS, CREATE_REFUSALS, DOUBTS, MISTAKES, REFUSALS, REJECTIONS } from '../../docs/messages/samples.js';
import { facts, nasty, PEOPLE, storiesOf } from './any-request.js';
import { check, markupIn } from './reading.js';
import { group, requested, target, then } from './requests.js';
import { threadMessages } from './telling.js';

/** Whatever people, clouds and the config say, in whatever number: everything that is built is within Slack's limits. */

/** What decides between sentences, and comes from nobody. */
const OURS = new Set(['code', 'kind', 'state', 'hint', 'word', 'at', 'halted']);

/** The same fact, with foreign words in each place that holds any, and many of what there may be many of. */
function spoiled<T>(fact: T, words: readonly string[]): T {
  let next = 0;
  const word = () => words[next++ % words.length] ?? '';
  const spoil = (value: unknown): unknown => {
    if (typeof value === 'string') return word();
    if (Array.isArray(value)) return words.map(word);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, OURS.has(key) ? one : spoil(one)]));
  };
  return spoil(fact) as T;
}
const all = <T>(facts: Readonly<Record<string, T>>, words: readonly string[]): T[] =>
  Object.values(facts).map((fact) => spoiled(fact, words));

type Any = { words: readonly string[]; request: ReturnType<typeof storiesOf>[number]['request'] };
type Built = Message | ModalView | PlainTextOption[] | Record<string, string>;

const PLACE_KINDS = ['not-in-channel', 'archived', 'not-a-member', 'shared'] as const;
const HINTS = ['late', 'failed', 'none', 'chooseFirst', 'privateKey', 'unchecked'] as const;

function searchedFor(words: readonly string[]): Searched {
  const fault = { kind: 'fault', hint: 'no-answer', code: 'Timeout', message: 'late' } as const;
  const place = { account: '', region: '' };
  const one = {
    found: [{ ...place, name: '', key: '', instances: 2, running: 1 }],
    unanswered: [{ ...place, why: fault }],
    blind: [{ ...place, unknown: 2, hidden: true }],
  };
  const spoil = <T>(list: readonly T[]): T[] => words.map((_, at) => spoiled(list[0] as T, words.slice(at)));
  const query = words[0] ?? '';
  const [found, unanswered, blind] = [spoil(one.found), spoil(one.unanswered), spoil(one.blind)];
  return { kind: 'searched', query, asked: 99, found, unanswered, blind, differ: true };
}

const wantedOf = (words: readonly string[]): ReasonWanted[] =>
  words.flatMap(() => [spoiled(CREATE_REFUSALS['reason-wanted'], words)]);

function rejectedMessages(rejection: Rejection, language: Language): Message[] {
  const story = then(requested([group([target(1)])]), { type: 'rejected', rejection });
  return [rootMessage(story.request, { language }), ...threadMessages(story.request, story.entries, language)];
}

/** What a build is made of is any words, or any request. */
const BUILDERS: Readonly<Record<string, (any: Any, language: Language) => readonly Built[]>> = {
  helpReply: (_, shown) => [replies.helpReply(shown)],
  formLateReply: (_, shown) => [replies.formLateReply(shown)],
  mistakeReply: ({ words }, shown) => all(MISTAKES, words).map((one) => replies.mistakeReply(one, shown)),
  unseenReply: ({ words }, shown) => [replies.unseenReply({ unanswered: words }, shown)],
  createRefusalReply: ({ words }, shown) => {
    const refusals = [...all(CREATE_REFUSALS, words), ...all(CREATE_DOUBTS, words)];
    return [refusals, ...refusals.map((one) => [one])].map((some) => replies.createRefusalReply(some, shown));
  },
  refusalReply: ({ words }, shown) =>
    [...all(REFUSALS, words), ...all(DOUBTS, words)].map((one) => replies.refusalReply(one, shown)),
  takenReply: ({ request }, shown) => [true, false].map((isNew) => replies.takenReply(request, isNew, shown)),
  approvedReply: ({ request, words }, shown) => [
    replies.approvedReply({ request, doubt: { unanswered: words } }, shown),
  ],
  deniedReply: ({ request }, shown) => [replies.deniedReply(request, shown)],
  cancelReply: ({ request }, shown) => [replies.cancelReply(request, shown)],
  uncheckedReply: (_, shown) => [replies.uncheckedReply(shown)],
  notStoredReply: (_, shown) => [replies.notStoredReply(shown)],
  notOpenedReply: (_, shown) => [replies.notOpenedReply(shown)],
  outdatedReply: (_, shown) => [replies.outdatedReply(shown)],
  troubleReply: ({ words }, shown) => words.map((word) => replies.troubleReply(word, shown)),
  placeReply: (_, shown) => PLACE_KINDS.map((kind) => replies.placeReply(kind, shown)),
  findReply: ({ words }, shown) => [findReply(searchedFor(words), shown)],
  filesMessage: (_, language) => [filesMessage({ language })],
  noFilesMessage: ({ words }, language) => words.map((word) => noFilesMessage({ language }, word)),
  threadReplies: ({ words }, shown) => all(REJECTIONS, words).flatMap((one) => rejectedMessages(one, shown)),
  openingView: (_, shown) => [pages.openingView(shown)],
  toldView: ({ words }, shown) => [pages.toldView([words.map((word) => say`${quoted(word, 300)}`)], shown)],
  uncheckedView: (_, shown) => [pages.uncheckedView(shown)],
  troubleView: ({ words }, shown) => words.map((word) => pages.troubleView(word, shown)),
  readingView: (_, shown) => [pages.readingView(shown)],
  refusedView: ({ words }, shown) => [pages.refusedView(all(CREATE_REFUSALS, words), shown)],
  wrongPlaceView: (_, shown) => PLACE_KINDS.map((kind) => pages.wrongPlaceView(kind, shown)),
  sendingView: (_, shown) => [pages.sendingView(shown)],
  goOnView: ({ request, words }, shown) =>
    (['retry', 'restart'] as const).map((why) =>
      goOnView(request, { why, wanted: wantedOf(words), carries: '{}' }, shown),
    ),
  goneOnView: ({ request }, shown) => [goneOnView(request, shown)],
  requestAllView: ({ words }, shown) => [requestAllView(searchedFor(words), wantedOf(words), '{}', shown)],
  allTakenView: ({ words, request }, shown) =>
    [true, false].map((isNew) => allTakenView(request, isNew, searchedFor(words), shown)),
  denialView: ({ request }, shown) => [denialView(request.id, '{}', shown)],
  outdatedView: (_, shown) => [outdatedView(shown)],
  openingInstancesView: (_, shown) => [openingInstancesView(shown)],
  wordsView: ({ words }, shown) => [wordsView(replies.unseenReply({ unanswered: words }, shown), shown)],
  hintOptions: (_, shown) => HINTS.map((hint) => hintOptions(hint, shown)),
  reasonErrors: ({ words }, shown) => words.map((word) => reasonErrors(word, shown) ?? {}),
  reasonWantedErrors: ({ words }, shown) => [reasonWantedErrors(wantedOf(words), shown)],
  privateKeyErrors: (_, shown) => [privateKeyErrors(['reason'], { language: shown })],
};

/** Those that have properties of their own, with what they alone can be asked. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'any-size.test.ts': ['rootMessage', 'statusReply', 'openRequestsReply'],
  'form.test.ts': 'formView previewView takenView closedView goBackView keyOptions instanceOptions nameOptions'.split(
    ' ',
  ),
  'history.test.ts': ['historyReply'],
  'home.test.ts': ['homeView', 'strangerView', 'noticeView'],
  'instances.test.ts': ['instancesView', 'asTextView'],
};

function checkView({ blocks, title, submit, close, private_metadata = '' }: ModalView): void {
  checkBlocks(blocks, 'modal');
  expect(blocks.length).toBeGreaterThan(0);
  for (const words of [title, submit, close]) expect(words?.text.length ?? 1).toBeLessThanOrEqual(24);
  expect(private_metadata.length).toBeLessThanOrEqual(3_000);
}

/** Our own: whom a message is about, and where. */
const OWN = [...PEOPLE, 'UBOB'];
const isOurs = (found: string) => found === '<#C0INCIDENT>';

function checkBuilt(built: Built): void {
  if (Array.isArray(built)) {
    const element = { type: 'static_select', action_id: 'a', options: built };
    checkBlocks([{ type: 'actions', elements: [element] }], 'modal');
  } else if (isView(built)) {
    checkView(built);
    expect(markupIn({ text: '', blocks: built.blocks as never }, OWN)).toEqual([]);
  } else if (isMessage(built)) {
    check(built);
    expect(markupIn(built, OWN).filter((found) => !isOurs(found))).toEqual([]);
  } else {
    for (const error of Object.values(built)) {
      expect(error.trim()).not.toBe('');
      expect(error.length).toBeLessThanOrEqual(600);
    }
  }
}

const isView = (built: Built): built is ModalView => 'title' in built;
const isMessage = (built: Built): built is Message => 'blocks' in built;

const RUNS = { numRuns: 25 };
const words = fc.array(nasty, { minLength: 1, maxLength: 40 });

describe('for any words, and any request', () => {
  test.each(Object.entries(BUILDERS))('%s builds what Slack takes', (_, build) => {
    fc.assert(
      fc.property(words, facts, fc.nat(), fc.constantFrom(...LANGUAGES), (said, given, at, language) => {
        const stories = storiesOf({ ...given, sizes: given.sizes.slice(0, 3).map((size) => Math.min(size, 12)) });
        const { request } = stories[at % stories.length] ?? requested([group([target(1)])]);
        for (const built of build({ words: said, request }, language)) checkBuilt(built);
      }),
      RUNS,
    );
  });
});

test('every function that builds something for Slack is asked for it', () => {
  const folder = join(__dirname, '../../../src/bot/messages');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const exported = files.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(
      /^export (?:function|const) (\w+(?:Reply|Replies|Message|View|Options|Errors))\b/gmu,
    ),
  ]);
  const known = [...Object.keys(BUILDERS), ...Object.values(ELSEWHERE).flat()];
  expect(exported.map(([, name = '']) => name).sort()).toEqual(known.sort());
  for (const [file, names] of Object.entries(ELSEWHERE)) {
    const source = readFileSync(join(__dirname, file), 'utf8');
    for (const one of ['fc.property', ...names]) expect([file, source.includes(one)]).toEqual([file, true]);
  }
});
