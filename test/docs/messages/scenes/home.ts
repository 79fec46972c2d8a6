import { type HomeFacts, type HomeTab, homeView, strangerView } from '../../../../src/bot/messages/home.js';
import { approvedReply } from '../../../../src/bot/messages/replies.js';
import { SIGNS } from '../../../../src/jobs/account-health.js';
import type { AccountHealth } from '../../../../src/jobs/account-signs.js';
import type { Language } from '../../../../src/jobs/events.js';
import { START } from '../../../bot/messages/requests.js';
import type { Scene } from '../scene.js';
import { cancelled, finished, once, running, waiting } from '../stories.js';

const scene = (title: string, view: (language: Language) => HomeTab): Scene => ({
  title,
  // A view has no text of its own.
  message: (language) => ({ text: title, blocks: view(language).blocks }),
});

const LINK = 'https://acme.slack.example/archives/C0INCIDENT/p1795230000000100';
const NOTHING: HomeFacts = { unanswered: [], waiting: [], own: [], others: [], ended: [], accounts: [] };
const codes = { silent: 'Timeout', credentials: 'InvalidAccessKeyId.NotFound', rights: 'Forbidden.RAM' };
const accounts: AccountHealth[] = [
  ...SIGNS.map((kind, index) => ({
    account: `account-${index + 1}`,
    health: { kind, at: START, ...(kind in codes && { code: codes[kind as keyof typeof codes] }) },
  })),
  { account: 'account-6', health: { kind: 'unknown' } },
];

const all: HomeFacts = {
  unanswered: [],
  waiting: [{ request: waiting.request, link: LINK }],
  own: [{ request: once.request, link: LINK }],
  others: [{ request: running.request, link: LINK }],
  ended: [finished, cancelled].map(({ request }) => ({ request, link: LINK })),
  accounts,
};
const two: HomeFacts = { ...NOTHING, waiting: [waiting, waiting] };

export const homeScenes: readonly Scene[] = [
  scene('What an approver sees', (language) => homeView(all, language)),
  scene('After a click on it', (language) => homeView(NOTHING, language, approvedReply(once, language))),
  scene('It is not known whether they are on call', (language) =>
    homeView({ ...NOTHING, unanswered: ['pagerduty:PABC123'] }, language),
  ),
  scene('Two wait', (language) => homeView(two, language)),
  scene('Somebody who may do nothing here', strangerView),
];
