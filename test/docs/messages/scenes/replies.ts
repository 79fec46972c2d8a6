import { catalogue, sentenceFor } from '../../../../src/bot/messages/catalogue.js';
import { denialFault, denialView } from '../../../../src/bot/messages/denial.js';
import { historyReply } from '../../../../src/bot/messages/history.js';
import type { Message } from '../../../../src/bot/messages/render.js';
import { textLine } from '../../../../src/bot/messages/render.js';
import {
  approvedReply,
  cancelReply,
  createRefusalReply,
  deniedReply,
  helpReply,
  notOpenedReply,
  notStoredReply,
  openRequestsReply,
  outdatedReply,
  placeReply,
  statusReply,
  takenReply,
  troubleReply,
  uncheckedReply,
} from '../../../../src/bot/messages/replies.js';
import type { Sentences, SentenceTable } from '../../../../src/bot/messages/sentences/sentences.js';
import type { Language } from '../../../../src/jobs/events.js';
import {
  CREATE_DOUBTS,
  CREATE_REFUSALS,
  DOUBTS,
  MISTAKES,
  REFUSALS,
  REJECTIONS,
  TOO_LATE,
  UNREAD,
} from '../samples.js';
import type { Rows, Scene } from '../scene.js';
import { cancelled, finished, halted, later, once, running, waiting, warned } from '../stories.js';

const LINK = 'https://acme.slack.example/archives/C0INCIDENT/p1795230000000100';
const NO_FILTER = { accounts: [], users: [] };
const FILTER = { accounts: ['prod-hz'], users: ['UANNA'] };
const OVER = [finished, later, cancelled].map(({ request }) => ({ request, link: LINK }));

const scene = (title: string, message: (language: Language) => Message): Scene => ({ title, message });

export const replyScenes: readonly Scene[] = [
  scene('help', helpReply),
  scene('Taken', (language) => takenReply(waiting.request, true, language)),
  scene('Taken, for an account with a warning', (language) => takenReply(warned.request, true, language)),
  scene('Taken before', (language) => takenReply(waiting.request, false, language)),
  scene('Not taken, for several reasons', (language) =>
    createRefusalReply([CREATE_REFUSALS['unknown-account'], CREATE_REFUSALS['not-a-requester']], language),
  ),
  scene('Approved, one more is needed', (language) => approvedReply(once, language)),
  scene('Approved', (language) => approvedReply(running, language)),
  scene('Approved, and perhaps for more', (language) =>
    approvedReply({ request: once.request, doubt: { unanswered: ['pagerduty:PABC123'] } }, language),
  ),
  scene('Denied', (language) => deniedReply(waiting.request, language)),
  scene('Cancelling', (language) => cancelReply(halted.request, language)),
  scene('Cancelled', (language) => cancelReply(cancelled.request, language)),
  scene('status of one', (language) => statusReply(once.request, language, LINK)),
  scene('status', (language) => openRequestsReply(Array(12).fill(once.request), language)),
  scene('status, nothing open', (language) => openRequestsReply([], language)),
  scene('history', (language) => historyReply({ filter: NO_FILTER, ended: OVER, next: 'K7QM' }, language)),
  scene('history of some accounts and people', (language) =>
    historyReply({ filter: FILTER, ended: OVER.slice(0, 1) }, language),
  ),
  scene('history, nothing found', (language) => historyReply({ filter: NO_FILTER, ended: [] }, language)),
  scene('history, nothing found among the newest', (language) =>
    historyReply({ filter: FILTER, ended: [], next: 'K7QM' }, language),
  ),
  scene('The bot is not in the channel', (language) => placeReply('not-in-channel', language)),
  scene('The channel is archived', (language) => placeReply('archived', language)),
  scene('The channel is private, and not theirs', (language) => placeReply('not-a-member', language)),
  scene('The channel is shared', (language) => placeReply('shared', language)),
  scene('Slack does not say who it is', uncheckedReply),
  scene('Redis does not take it', notStoredReply),
  scene('A fault of the bot', (language) => troubleReply('1a2b3c4d', language)),
  scene('An old button', outdatedReply),
  scene('What a button opens did not open in time', notOpenedReply),
];

function rows<T extends { code: string }>(
  title: string,
  samples: Readonly<Record<string, T>>,
  table: (words: Sentences) => SentenceTable<T>,
): Rows {
  const entries = Object.entries(samples).map(([code, sample]) => ({
    code,
    sentence: (language: Language) => textLine(sentenceFor(table(catalogue(language)), sample), language),
  }));
  return { title, rows: entries };
}

/** Deny opens a form; here are its words, and what it says at its field. */
const denialForm: Rows = {
  title: 'The form behind Deny',
  rows: [
    { code: 'title', sentence: (language) => denialView('K7QM2X', '', language).title.text },
    { code: 'text', sentence: (language) => catalogue(language).denial.intro },
    { code: 'field', sentence: (language) => catalogue(language).denial.label },
    { code: 'hint', sentence: (language) => catalogue(language).denial.hint },
    { code: 'submit', sentence: (language) => denialView('K7QM2X', '', language).submit?.text ?? '' },
    { code: 'close', sentence: (language) => denialView('K7QM2X', '', language).close?.text ?? '' },
    { code: 'empty', sentence: (language) => denialFault('', language) ?? '' },
    { code: 'too long', sentence: (language) => denialFault('x'.repeat(501), language) ?? '' },
    { code: 'outdated', sentence: (language) => catalogue(language).replies.outdatedForm },
  ],
};

export const replyTables: readonly Rows[] = [
  rows('Not understood', MISTAKES, ({ mistakes }) => mistakes),
  rows('Not taken', CREATE_REFUSALS, ({ createRefusals }) => createRefusals),
  rows('Not taken, other words', CREATE_DOUBTS, ({ createRefusals }) => createRefusals),
  rows('Not possible', REJECTIONS, ({ rejections }) => rejections),
  rows('Not possible, as a place could not be read', UNREAD, ({ rejections }) => rejections),
  rows('Not decided', REFUSALS, ({ refusals }) => refusals),
  rows('Not decided, as a schedule did not answer', DOUBTS, ({ refusals }) => refusals),
  rows('Too late or too early', TOO_LATE, ({ refusals }) => refusals),
  denialForm,
];
