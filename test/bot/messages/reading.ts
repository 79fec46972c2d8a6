import { checkBlocks } from '../../../playground/slack/block-rules.js';
import { LIMITS } from '../../../src/bot/messages/limits.js';
import type { Message } from '../../../src/bot/messages/render.js';

/** How a message arrives: what its blocks show, and whether Slack takes it. */

type Shown = {
  type: string;
  elements?: Shown[];
  text?: string | { text: string };
  user_id?: string;
  fallback?: string;
};

/** All that the blocks show, without looks. */
export function shownText({ blocks }: Message): string {
  const show = (element: Shown): string => {
    const { text, user_id, fallback, elements = [] } = element;
    const own = typeof text === 'object' ? text.text : (text ?? user_id ?? fallback ?? '');
    return own + elements.map(show).join('');
  };
  return (blocks as Shown[]).map(show).join('\n');
}

/** Throws what Slack would answer. */
export function check(message: Message): void {
  checkBlocks(message.blocks, 'message');
  const bytes = Buffer.byteLength(JSON.stringify(message.blocks));
  if (message.blocks.length === 0) throw new Error('it has no blocks');
  if (bytes > LIMITS.blockBytes) throw new Error(`its blocks have ${bytes} bytes`);
  if (message.text.length > LIMITS.text) throw new Error(`its text is ${message.text.length} long`);
  if (message.text.trim() === '') throw new Error('it has no text');
}

/** What Slack would make a mention, a link or a command of; our own mentions of people and times are left out. */
export function markupIn({ text, blocks }: Message, people: readonly string[]): string[] {
  const own = [...people.map((id) => `<@${id}>`)].reduce((rest, mention) => rest.replaceAll(mention, ''), text);
  const inText = own.replace(/<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|]*>/gu, '').match(/<[^>]*>?/gu) ?? [];
  const inBlocks = JSON.stringify(blocks).match(/"type":"(?:mrkdwn|broadcast|usergroup|link|emoji)"/gu) ?? [];
  const mentioned = [...JSON.stringify(blocks).matchAll(/"user_id":"([^"]*)"/gu)].flatMap(([, id]) => id ?? []);
  return [...inText, ...inBlocks, ...mentioned.filter((id) => !people.includes(id))];
}
