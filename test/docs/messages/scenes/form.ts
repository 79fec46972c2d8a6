import { formView } from '../../../../src/bot/messages/form/form.js';
import { goneOnView, goOnView } from '../../../../src/bot/messages/form/go-on.js';
import {
  draftMistakes,
  type FieldMistake,
  privateKeyErrors,
  refusalMistakes,
  tooMuchMistake,
} from '../../../../src/bot/messages/form/mistakes.js';
import { hintOptions, keyOptions, type OptionHint } from '../../../../src/bot/messages/form/options.js';
import {
  goBackView,
  openingView,
  readingView,
  sendingView,
  takenView,
} from '../../../../src/bot/messages/form/pages.js';
import { previewView } from '../../../../src/bot/messages/form/preview.js';
import { plainLine } from '../../../../src/bot/messages/render.js';
import { formLateReply } from '../../../../src/bot/messages/replies.js';
import { type Draft, emptyDraft, type FilledForm } from '../../../../src/bot/views/draft.js';
import type { Language } from '../../../../src/jobs/events.js';
import type { Preview } from '../../../../src/jobs/preview.js';
import { planned, requested, then } from '../../../bot/messages/requests.js';
import { CREATE_REFUSALS, REJECTIONS } from '../samples.js';
import type { Rows, Scene } from '../scene.js';
import { finished, mixed, restarting, waiting, warned } from '../stories.js';
import { viewScene } from './view.js';

const accounts = [
  { account: 'prod-hz', regions: ['cn-hangzhou', 'cn-beijing'], wanted: [] },
  {
    account: 'game-gz',
    regions: ['ap-guangzhou'],
    wanted: [{ ...CREATE_REFUSALS['reason-wanted'], account: 'game-gz' }],
  },
];
const chosen = (language: Language): Draft => ({
  ...emptyDraft(language, 'C0INCIDENT'),
  account: 'prod-hz',
  region: 'cn-hangzhou',
  key: 'deploy-2024',
});
const filled = (draft: Draft): FilledForm => ({ draft, accounts });

const APPROVERS = {
  users: ['UBOB', 'UCAROL', 'UDAN', 'UEVE', 'UFAY'],
  userGroups: ['S0ONCALL'],
  schedules: ['pagerduty:PABC123'],
};

const unread = (why: Extract<Preview, { kind: 'unread' }>['why']): Extract<Preview, { kind: 'unread' }> => ({
  kind: 'unread',
  place: { account: 'prod-hz', region: 'cn-hangzhou' },
  why,
});
const previewed = (preview: Exclude<Preview, { kind: 'refused' }>) => (language: Language) =>
  previewView(preview, chosen(language), '{}');
const decided = (request: typeof waiting.request): Exclude<Preview, { kind: 'refused' }> => ({
  kind: 'decided',
  request,
  approvers: [{ account: 'prod-hz', people: APPROVERS }],
});
const rejected = then(requested([restarting]), { type: 'rejected', rejection: REJECTIONS['key-pair-not-found'] });

export const formScenes: readonly Scene[] = [
  viewScene('It opens', openingView),
  { title: 'It could not be opened in time', message: formLateReply },
  viewScene('From the shortcut or from Home', (language) => formView({ draft: emptyDraft(language), accounts: [] })),
  viewScene('From a channel', (language) => formView(filled(emptyDraft(language, 'C0INCIDENT')))),
  viewScene('With account, region and key pair', (language) =>
    formView(filled({ ...chosen(language), scope: 'named' })),
  ),
  viewScene('With an account that wants a reason', (language) =>
    formView(filled({ ...emptyDraft(language, 'C0INCIDENT'), account: 'game-gz', region: 'ap-guangzhou' })),
  ),
  viewScene('What can be chosen has changed', (language) =>
    formView({ ...filled(chosen(language)), hasChanged: true }),
  ),
  viewScene('The cloud is being read', readingView),
  viewScene('The preview', previewed(decided(planned([mixed], {}, 1).request))),
  viewScene('The preview, for an account with a warning', previewed(decided(warned.request))),
  viewScene(
    'The preview of one that needs two approvals, without a reason',
    previewed(decided(planned([restarting], { reason: '' }).request)),
  ),
  viewScene('The preview of what is not possible', previewed(decided(rejected.request))),
  viewScene('The preview, when the cloud does not answer', previewed(unread({ kind: 'late' }))),
  viewScene('It is being sent', sendingView),
  viewScene('It is sent', (language) => takenView(waiting.request, true, { language })),
  viewScene('It was sent before', (language) => takenView(waiting.request, false, { language })),
  viewScene('Going on from a request, where a policy wants another reason', (language) =>
    goOnView(finished.request, { why: 'retry', wanted: [CREATE_REFUSALS['reason-wanted']], carries: '{}' }, language),
  ),
  viewScene('It went on, with an account that has a warning', (language) => goneOnView(warned.request, language)),
  viewScene('Mistakes that are found late', (language) => goBackView([tooMuchMistake(chosen(language)).why], language)),
];

const mistake = (code: string, find: (language: Language) => FieldMistake | undefined) => ({
  code,
  sentence: (language: Language) => plainLine(find(language)?.why ?? [], language),
});
const missing = (language: Language, more: Partial<Draft>, ...without: ('account' | 'region' | 'key')[]) => {
  const draft = { ...chosen(language), ...more };
  for (const field of without) delete draft[field];
  return draftMistakes(filled(draft))[0];
};

const hints: readonly OptionHint[] = ['late', 'failed', 'none', 'chooseFirst', 'privateKey', 'unchecked'];
const many = Array.from({ length: 200 }, (_, index) => ({ key: `deploy-${index}`, name: `deploy-${index}` }));
const long = { key: 'x'.repeat(80), name: 'x'.repeat(80) };
const lastOption = (typed: string, language: Language, back: number) =>
  keyOptions({ items: [...many, long] }, typed, language).at(back)?.text.text ?? '';

export const formTables: readonly Rows[] = [
  {
    title: 'Mistakes at the fields',
    rows: [
      mistake('channel', (language) => draftMistakes(filled(emptyDraft(language)))[0]),
      mistake('account', (language) => missing(language, {}, 'account', 'region', 'key')),
      mistake('region', (language) => missing(language, {}, 'region', 'key')),
      mistake('key', (language) => missing(language, {}, 'key')),
      mistake('instances', (language) => missing(language, { scope: 'named' })),
      mistake('too much', (language) => tooMuchMistake(chosen(language))),
      mistake('reason', (language) => refusalMistakes([CREATE_REFUSALS['reason-wanted']], emptyDraft(language))[0]),
      { code: 'private key', sentence: (language) => privateKeyErrors(['b'], { language }).b ?? '' },
    ],
  },
  {
    title: 'Lines among what can be chosen',
    rows: [
      ...hints.map((told) => ({
        code: told,
        sentence: (language: Language) => hintOptions(told, language)[0]?.text.text ?? '',
      })),
      { code: 'asTyped', sentence: (language) => keyOptions({ items: [] }, 'deploy', language)[0]?.text.text ?? '' },
      { code: 'more', sentence: (language) => lastOption('', language, -2) },
      { code: 'tooLong', sentence: (language) => lastOption('', language, -1) },
    ],
  },
];
