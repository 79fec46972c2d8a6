import { readable, renderMessage } from '../../../playground/slack/render.js';
import { makeUser, makeWorkspace } from '../../../playground/slack/workspace.js';
import type { Message } from '../../../src/bot/messages/render.js';
import { CHAPTERS } from './chapters.js';
import type { Chapter, Rows, Scene } from './scene.js';

/** `docs/messages.md`, made from the functions that make the messages. */

export const REWRITE = 'UPDATE_DOCS=1 npx jest test/docs/messages.test.ts';

const INTRODUCTION = `# Messages

What the bot says, in both languages, as a person sees it in Slack. This page is made from the code;
\`${REWRITE}\` writes it anew. Every sentence of the catalogue is in it:
one that no message here shows fails the tests. What each error code means stands in [errors.md](errors.md).

\`[ Words ]\` is a button. Where it asks once more before it acts, that stands below, behind \`?\`.

本页列出机器人在 Slack 中发送的全部消息（英文与中文），由代码生成。
`;

const workspace = makeWorkspace({
  users: new Map([
    ['UANNA', makeUser('UANNA', 'anna')],
    ['UBOB', makeUser('UBOB', 'bob')],
    ['UCAROL', makeUser('UCAROL', 'carol')],
    ['U0BOT', makeUser('U0BOT', 'detach-key', { isBot: true })],
  ]),
});

export function messagesPage(): string {
  return [INTRODUCTION, ...CHAPTERS.map(chapter)].join('\n');
}

function chapter({ title, about, scenes, tables = [] }: Chapter): string {
  return [`## ${title}`, '', about, '', ...scenes.map(scene), ...tables.map(table)].join('\n');
}

function scene({ title, message }: Scene): string {
  return [`### ${title}`, '', block(message('en')), block(message('zh'))].join('\n');
}

function table({ title, rows }: Rows): string {
  const cell = (text: string) => readable(workspace, text).replaceAll('\n', ' ').replaceAll('|', '\\|');
  const lines = rows.map(({ code, sentence }) => `| \`${code}\` | ${cell(sentence('en'))} | ${cell(sentence('zh'))} |`);
  return [`### ${title}`, '', '| code | English | 中文 |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

/** The longest run of backticks in a message is one: names are shown between single ones. */
const block = (message: Message): string => `\`\`\`text\n${shown(message)}\n\`\`\`\n`;

function shown({ text, blocks }: Message): string {
  const at = 0;
  const message = { channel: 'C0INCIDENT', ts: '1.000000', user: 'U0BOT', text, blocks: blocks as never, versions: [] };
  const [, ...lines] = renderMessage(workspace, { ...message, versions: [{ at, text, blocks: [] }] }).split('\n');
  return [...lines.map((line) => line.replace(/^ {2}/, '')), ...blocks.flatMap(questions)].join('\n');
}

/** What buttons ask before they act. */
function questions(block: Message['blocks'][number]): string[] {
  if (block.type !== 'actions') return [];
  return block.elements.flatMap((element) => {
    const dialog = 'confirm' in element ? element.confirm : undefined;
    if (dialog === undefined) return [];
    const [title, text, yes, no] = [dialog.title, dialog.text, dialog.confirm, dialog.deny].map(
      (one) => one?.text ?? '',
    );
    return [`? ${title} | ${text} | [ ${yes} ] [ ${no} ]`];
  });
}
