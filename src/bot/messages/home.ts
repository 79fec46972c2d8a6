import type { KnownBlock } from '@slack/types';
import type { AccountHealth } from '../../jobs/account-signs.js';
import type { Language } from '../../jobs/events.js';
import { ACTIONS } from '../ids.js';
import { cancelButton } from './buttons.js';
import type { Catalogue } from './catalogue.js';
import { catalogue } from './catalogue.js';
import type { Linked } from './history.js';
import { endedLine, openLine, withLink } from './history.js';
import { LIMITS } from './limits.js';
import type { Line } from './line.js';
import { code, name, say, time } from './line.js';
import type { Message } from './render.js';
import { render } from './render.js';
import { rootMessage } from './root.js';
import { clip } from './text.js';

/** A view of the Home tab. */
export type HomeTab = { type: 'home'; blocks: KnownBlock[] };

/** What one person may see. */
export type HomeFacts = {
  /** On-call schedules that did not say whether this person is on call there. */
  unanswered: readonly string[];
  /** Wait for this person's approval. */
  waiting: readonly Linked[];
  /** Their own, not at an end. */
  own: readonly Linked[];
  /** Others' that are not at an end. */
  others: readonly Linked[];
  ended: readonly Linked[];
  accounts: readonly AccountHealth[];
};

const LINES_SHOWN = 10;
const ACCOUNTS_SHOWN = 30;
const SCHEDULES_SHOWN = 5;

/** The Home tab; `notice` is the answer to what the person has just done on it. */
export function homeView(facts: HomeFacts, language: Language, notice?: Message): HomeTab {
  const words = catalogue(language);
  const { home, replies } = words;
  const lines = (shown: readonly Linked[], line: (one: Linked, words: Catalogue) => Line): Line[] => {
    const more = shown.length - LINES_SHOWN;
    const first = shown.slice(0, LINES_SHOWN).map((one) => line(one, words));
    return more > 0 ? [...first, say`${replies.moreRequests(more)}`] : first;
  };
  const rest = [
    ownBlocks(facts.own, language),
    ...(facts.others.length > 0 ? [section(home.others, lines(facts.others, openLine), '', language)] : []),
    section(home.ended, lines(facts.ended, endedLine), home.noEnded, language),
    section(home.accounts, accountLines(facts.accounts, words), home.noAccounts, language),
  ].flat();
  const above = [...noticeBlocks(notice), ...(facts.accounts.length > 0 ? [askButton(words)] : [])];
  const room = LIMITS.viewBlocks - above.length - rest.length;
  return viewOf([...above, ...waitingBlocks(facts, language, room), ...rest]);
}

/** For whoever has no part in it. */
export const strangerView = (language: Language): HomeTab =>
  viewOf(render({ paragraphs: [[say`${catalogue(language).home.stranger}`]] }, language).blocks);

/** Where nothing but an answer can be shown. */
export const noticeView = (notice: Message): HomeTab => viewOf(noticeBlocks(notice));

const viewOf = (blocks: KnownBlock[]): HomeTab => ({ type: 'home', blocks });

const askButton = ({ home }: Catalogue): KnownBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: ACTIONS.openForm,
      text: { type: 'plain_text', text: clip(home.ask, LIMITS.buttonText), emoji: false },
    },
  ],
});

const NOTICE_BLOCKS = 20;

function noticeBlocks(notice: Message | undefined): KnownBlock[] {
  if (notice === undefined) return [];
  const blocks = notice.blocks.length > NOTICE_BLOCKS ? [] : notice.blocks;
  return [...orText(blocks, notice.text), { type: 'divider' }];
}

/** What did not go into blocks is still said. */
function orText(blocks: KnownBlock[], text: string): KnownBlock[] {
  if (blocks.length > 0) return blocks;
  return [{ type: 'section', text: { type: 'mrkdwn', text: clip(text, LIMITS.sectionText), verbatim: true } }];
}

const header = (text: string): KnownBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: clip(text, LIMITS.header), emoji: false },
});

function section(title: string, lines: readonly Line[], otherwise: string, language: Language): KnownBlock[] {
  const { blocks, text } = render({ paragraphs: [lines.length > 0 ? lines : [say`${otherwise}`]] }, language);
  return [header(title), ...orText(blocks, text)];
}

/** Each with a way to take it back. */
function ownBlocks(own: readonly Linked[], language: Language): KnownBlock[] {
  const words = catalogue(language);
  const { home, replies } = words;
  if (own.length === 0) return section(home.own, [], home.noOwn, language);
  const more = own.length - LINES_SHOWN;
  const each = own.slice(0, LINES_SHOWN).flatMap((one) => {
    const buttons = cancelButton(one.request, language);
    const { blocks, text } = render({ paragraphs: [[openLine(one, words)]], buttons }, language);
    return orText(blocks, text);
  });
  const rest = more > 0 ? render({ paragraphs: [[say`${replies.moreRequests(more)}`]] }, language).blocks : [];
  return [header(home.own), ...each, ...rest];
}

/** Each as its message in the channel shows it, with the same buttons; as many as there is room for. */
function waitingBlocks({ waiting, unanswered }: HomeFacts, language: Language, room: number): KnownBlock[] {
  const words = catalogue(language);
  const { home, replies, formats } = words;
  const silent = formats.list(unanswered.slice(0, SCHEDULES_SHOWN).map((schedule) => say`${name(schedule)}`));
  const doubt = unanswered.length > 0 ? [home.doubt(silent)] : [];
  const blocks = section(home.waiting, [say`${home.waitingCount(waiting.length)}`, ...doubt], '', language);
  let shown = 0;
  for (const one of waiting) {
    const { blocks: root, text } = rootMessage(one.request, { language });
    const way = withLink(say`${code(one.request.id)}`, one.link, words);
    const next = [...orText(root, text), ...render({ paragraphs: [[way]] }, language).blocks];
    // One more block may be needed to say how many there are besides.
    if (blocks.length + next.length + 2 > room) break;
    blocks.push({ type: 'divider' }, ...next);
    shown += 1;
  }
  const more = waiting.length - shown;
  if (more > 0) blocks.push(...render({ paragraphs: [[say`${replies.moreRequests(more)}`]] }, language).blocks);
  return blocks;
}

/** What is not well comes first. */
function accountLines(accounts: readonly AccountHealth[], { home, replies }: Catalogue): Line[] {
  const rank = ({ health }: AccountHealth) => WORST_FIRST.indexOf(health.kind);
  const sorted = [...accounts].sort((a, b) => rank(a) - rank(b) || (a.account < b.account ? -1 : 1));
  const lines = sorted.slice(0, ACCOUNTS_SHOWN).map(({ account, health }) => {
    if (health.kind === 'unknown') return home.accountUnknown(name(account));
    const { kind, at, code: said } = health;
    return home.account(name(account), home.health[kind], time(at), said === undefined ? undefined : code(said, 60));
  });
  const more = sorted.length - lines.length;
  return more > 0 ? [...lines, say`${replies.moreRequests(more)}`] : lines;
}

const WORST_FIRST = ['credentials', 'silent', 'rights', 'slow', 'well', 'unknown'];
