import { catalogue } from '../../src/bot/messages/catalogue.js';
import { LANGUAGES, type Language } from '../../src/jobs/events.js';
import { isPausing } from '../../src/jobs/holds/holds.js';
import { NOT_BUILT, NOT_CONFIGURED } from '../../src/jobs/reach-account.js';
import { GUARD_ERRORS, judge } from '../../src/providers/classify.js';
import { type ErrorRow, type ErrorTable, type Hint, VendorFailure } from '../../src/providers/failures.js';
import { PROVIDERS } from '../../src/providers/registry.js';
import { type JudgeCode, judgeCodes } from './judge-codes.js';

/** `docs/errors.md`, made from the tables of the code and the sentences that people are told. */

export const REWRITE = 'UPDATE_DOCS=1 npx jest test/docs/errors.test.ts';

/** Nothing was sent. */
export const ACCOUNT_ROWS: ErrorTable = Object.fromEntries(
  [NOT_BUILT, NOT_CONFIGURED].map((fault) => [fault.code, { ...fault, mayBeDone: 'no' }]),
);

const MAY_BE_DONE: Readonly<Record<ErrorRow['mayBeDone'], string>> = { no: 'no', yes: 'maybe' };
const REPEATED: Readonly<Record<ErrorRow['repeat'], string>> = {
  never: 'no',
  later: 'after a wait',
  settled: 'when it rests',
};

const INTRODUCTION = `# Error codes

Every code that can stand in a thread: what it means, and what to do next. The sentences are the ones that the thread
tells. This page is made from the code; \`${REWRITE}\` writes it anew.

How to read the columns:

- **code**: the cloud's own, as it stands in the thread. One that ends in \`.*\` is for the code itself and all its
  sub-codes that have no row of their own.
- **done?** Whether a call that ended so may have changed something all the same. After \`maybe\` the bot reads the
  instance before it does anything else.
- **again?** Whether the bot makes the same detach again by itself: \`after a wait\`; \`when it rests\`, that is, once the
  instance is not on its way between two states. It gives up after a while; then the code stands in the thread.
  \`when mended\`: the account is paused, and goes on by itself as soon as somebody has mended that.

A code that is on no list is read by the HTTP status of its answer: see [the bot's own](#the-bots-own-codes).

本页列出消息列中可能出现的所有错误码、含义和处理办法。**done?**：以该错误结束的调用是否仍可能已生效（\`maybe\` 表示可能，
机器人会先读取实例再继续）。**again?**：机器人是否会自行重试（\`after a wait\` 稍后重试，\`when it rests\` 等实例状态稳定后重试，\`when mended\` 账号暂停，
修复后自动继续）。
`;

const HEADING = `| code | what it means, and what to do | 含义与处理办法 | done? | again? |
| --- | --- | --- | --- | --- |`;

export function errorsPage(): string {
  return [
    INTRODUCTION,
    ...Object.entries(PROVIDERS).map(([id, { errors }]) => section(id, rowsOf(errors))),
    section(
      "The bot's own codes",
      [...rowsOf(GUARD_ERRORS), ...rowsOf(ACCOUNT_ROWS), ...rowsOf(statusRows())],
      [
        'For what no cloud has a code for: what never left the bot, what got no answer, what came with a status only.',
        '`Http4xx` and `Http5xx` stand for every other status of their sort. Where the readings that follow a call get no',
        'answer either, the thread says:',
        '',
        ...LANGUAGES.map((language) => `> ${catalogue(language).hints.unread}`),
      ].join('\n'),
    ),
    section(
      'Codes of reading back',
      judgeCodes().map(judgeRow),
      'A call counts when a reading shows what it did. These are told when no reading did in time; all are final.',
    ),
  ].join('\n');
}

function section(title: string, rows: readonly string[], note?: string): string {
  return [`## ${title}`, '', ...(note === undefined ? [] : [note, '']), HEADING, ...rows, ''].join('\n');
}

const rowsOf = (errors: ErrorTable): string[] =>
  Object.entries(errors).map(([code, { hint, mayBeDone, repeat }]) =>
    tableRow(code, (language) => catalogue(language).hints[hint], MAY_BE_DONE[mayBeDone], againFor(hint, repeat)),
  );

const againFor = (hint: Hint, repeat: ErrorRow['repeat']): string =>
  isPausing(hint) ? 'when mended' : REPEATED[repeat];

function judgeRow({ code, hint }: JudgeCode): string {
  const sentence = (language: Language) => {
    const { actions, hints } = catalogue(language);
    return hint === 'restart-by-hand' ? actions.detach.outcomes.restartHelp : hints[hint];
  };
  return tableRow(code, sentence, MAY_BE_DONE.yes, REPEATED.never);
}

function tableRow(code: string, sentence: (language: Language) => string, done: string, again: string): string {
  const cells = [`\`${code}\``, sentence('en'), sentence('zh'), done, again];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** What the guard makes of an answer with this status and no code that it knows. */
const STATUSES = { Http401: 401, Http403: 403, Http404: 404, Http409: 409, Http429: 429, Http4xx: 418, Http5xx: 500 };

function statusRows(): ErrorTable {
  return Object.fromEntries(
    Object.entries(STATUSES).map(([name, httpStatus]) => {
      const { fault, mayBeDone } = judge(new VendorFailure({ message: '', httpStatus }), {}, (text) => text);
      const { kind, repeat, hint } = fault;
      return [name, { kind, mayBeDone, repeat, hint }];
    }),
  );
}
