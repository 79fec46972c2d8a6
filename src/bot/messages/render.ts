import type { ActionsBlock, Button, KnownBlock, RichTextBlock, RichTextElement } from '@slack/types';
import type { Language } from '../../jobs/events.js';
import { LIMITS } from './limits.js';
import type { Line, Paragraph, Span } from './line.js';
import { clean, clip, escaped, neutralise } from './text.js';

export type Message = { text: string; blocks: KnownBlock[] };
export type Page = { title?: Line; paragraphs: readonly Paragraph[]; buttons?: readonly Button[] };

/** Longest that anything foreign is shown, tried in turn until the message is within Slack's limits. */
const CUTS = [400, 120, 60, 30, 15, 8];

/** Words are shown by `rich_text` elements, which Slack never reads as markup. */
export function render(page: Page, language: Language): Message {
  const { text, blocks } = cutUntil(
    (message) => hasRoom(message) && message.text.length <= LIMITS.text,
    page,
    language,
  );
  return { text: clip(text, LIMITS.text), blocks };
}

/** For a view, which has no text beside its blocks that could be too long. */
export const renderBlocks = (paragraphs: readonly Paragraph[], language: Language): KnownBlock[] =>
  cutUntil(hasRoom, { paragraphs }, language).blocks;

function cutUntil(fits: (message: Message) => boolean, page: Page, language: Language): Message {
  let message = draft(page, language, Number.POSITIVE_INFINITY);
  for (const cut of CUTS) {
    if (fits(message)) return message;
    message = draft(page, language, cut);
  }
  return hasRoom(message) ? message : { ...message, blocks: [] };
}

const hasRoom = ({ blocks }: Message): boolean => blockBytes(blocks) <= LIMITS.blockBytes;

function draft(page: Page, language: Language, cut: number): Message {
  const title = page.title && clip(plainLine(page.title, language, cut), LIMITS.header);
  const lines = page.paragraphs.map((lines) => lines.map((line) => textLine(line, language, cut)).join('\n'));
  return {
    text: [...(title === undefined ? [] : [escaped(title)]), ...lines].join('\n'),
    blocks: [
      ...(title === undefined
        ? []
        : [{ type: 'header' as const, text: { type: 'plain_text' as const, text: title, emoji: false } }]),
      ...page.paragraphs.map((paragraph) => richText(paragraph, language, cut)),
      ...actions(page.buttons ?? []),
    ],
  };
}

export const blockBytes = (blocks: readonly unknown[]): number => Buffer.byteLength(JSON.stringify(blocks));

const actions = (buttons: readonly Button[]): ActionsBlock[] =>
  buttons.length === 0 ? [] : [{ type: 'actions', elements: [...buttons] }];

const SLACK_ID = /^[A-Z][A-Z0-9]{1,30}$/;

export function richText(paragraph: Paragraph, language: Language, cut = Number.POSITIVE_INFINITY): RichTextBlock {
  const elements = paragraph.flatMap((line, index) => [
    ...(index === 0 ? [] : [{ type: 'text' as const, text: '\n' }]),
    ...line.map((span) => element(span, language, cut)),
  ]);
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: merge(elements) }] };
}

function element(span: Span, language: Language, cut: number): RichTextElement {
  switch (span.kind) {
    case 'drawn':
      return { type: 'text', text: span.text };
    case 'words':
      return { type: 'text', text: span.text, ...(span.strong && { style: { bold: true } }) };
    case 'foreign':
      return { type: 'text', text: foreign(span, cut), ...(span.code && { style: { code: true } }) };
    case 'user':
      return SLACK_ID.test(span.id) ? { type: 'user', user_id: span.id } : { type: 'text', text: unknownId(span.id) };
    case 'group':
      return SLACK_ID.test(span.id)
        ? { type: 'usergroup', usergroup_id: span.id }
        : { type: 'text', text: unknownId(span.id) };
    case 'channel':
      return SLACK_ID.test(span.id)
        ? { type: 'channel', channel_id: span.id }
        : { type: 'text', text: unknownId(span.id) };
    case 'time':
      return { type: 'date', timestamp: seconds(span.at), format: TIME_FORMAT, fallback: plainTime(span.at, language) };
    case 'link':
      return { type: 'link', url: span.url, text: span.text };
  }
}

/** Neighbours of the same looks become one; Slack refuses an element without text. */
function merge(elements: readonly RichTextElement[]): RichTextElement[] {
  const merged: RichTextElement[] = [];
  for (const next of elements) {
    const last = merged.at(-1);
    if (next.type === 'text' && next.text === '') continue;
    if (last?.type === 'text' && next.type === 'text' && last.style === undefined && next.style === undefined) {
      merged[merged.length - 1] = { type: 'text', text: last.text + next.text };
    } else merged.push(next);
  }
  return merged;
}

/** As the message's `text`: what screen readers and notifications say. */
export const textLine = (line: Line, language: Language, cut = Number.POSITIVE_INFINITY): string =>
  line.map((span) => spanText(span, language, cut)).join('');

function spanText(span: Span, language: Language, cut: number): string {
  switch (span.kind) {
    case 'drawn':
      return '';
    case 'words':
      return escaped(span.text);
    case 'foreign':
      return neutralise(foreign(span, cut));
    case 'user':
      return SLACK_ID.test(span.id) ? `<@${span.id}>` : neutralise(unknownId(span.id));
    case 'group':
      return SLACK_ID.test(span.id) ? `<!subteam^${span.id}>` : neutralise(unknownId(span.id));
    case 'channel':
      return SLACK_ID.test(span.id) ? `<#${span.id}>` : neutralise(unknownId(span.id));
    case 'time':
      return `<!date^${seconds(span.at)}^${TIME_FORMAT}|${plainTime(span.at, language)}>`;
    case 'link':
      return `<${span.url}|${escaped(span.text)}>`;
  }
}

/** Without any markup, for `plain_text`. */
export const plainLine = (line: Line, language: Language, cut = Number.POSITIVE_INFINITY): string =>
  line.map((span) => plainSpan(span, language, cut)).join('');

function plainSpan(span: Span, language: Language, cut: number): string {
  if (span.kind === 'words' || span.kind === 'drawn' || span.kind === 'link') return span.text;
  if (span.kind === 'foreign') return foreign(span, cut);
  return span.kind === 'time' ? plainTime(span.at, language) : unknownId(span.id);
}

const foreign = (span: Extract<Span, { kind: 'foreign' }>, cut: number): string =>
  clip(clean(span.text.slice(0, 4 * span.max)), Math.min(span.max, cut)) || '–';
const unknownId = (id: string): string => clip(clean(id), 30) || '–';

/** Each reader sees their own local time. */
const TIME_FORMAT = '{date_short_pretty} {time}';
const seconds = (at: number): number => Math.floor(at / 1_000);

function plainTime(at: number, language: Language): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(at)} UTC`;
}
