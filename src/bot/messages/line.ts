import { NAME_LENGTH } from './limits.js';

/** What a message says, before it is blocks or text: both are made from the same lines, so both say the same. */

export type Span =
  /** Our own words. */
  | { kind: 'words'; text: string; strong?: true }
  /** What people or clouds typed: shown as it is, never read as markup. */
  | { kind: 'foreign'; text: string; max: number; code?: true }
  | { kind: 'user'; id: string }
  /** A user group: all who are in it are called. Never from what people or clouds typed. */
  | { kind: 'group'; id: string }
  | { kind: 'channel'; id: string }
  | { kind: 'time'; at: number }
  /** To an address that we made ourselves. */
  | { kind: 'link'; url: string; text: string }
  /** Seen, and not spoken. */
  | { kind: 'drawn'; text: string };
export type Line = readonly Span[];
export type Paragraph = readonly Line[];

export type Part = Span | Line | string | number;

const isLine = (part: Part): part is Line => Array.isArray(part);

const spansOf = (part: Part): Line => {
  if (isLine(part)) return part;
  return typeof part === 'object' ? [part] : [{ kind: 'words', text: String(part) }];
};

/** A sentence: ``say`Approved by ${user(id)}` ``. */
export function say(strings: TemplateStringsArray, ...parts: readonly Part[]): Line {
  const spans = strings.flatMap((text, index) => {
    const part = parts[index];
    return [...spansOf(text), ...(part === undefined ? [] : spansOf(part))];
  });
  return spans.filter((span) => span.kind !== 'words' || span.text !== '');
}

export const strong = (text: string): Span => ({ kind: 'words', text, strong: true });
export const user = (id: string): Span => ({ kind: 'user', id });
export const userGroup = (id: string): Span => ({ kind: 'group', id });
export const channel = (id: string): Span => ({ kind: 'channel', id });
export const drawn = (text: string): Span => ({ kind: 'drawn', text });
export const time = (at: number): Span => ({ kind: 'time', at });
export const link = (url: string, text: string): Span => ({ kind: 'link', url, text });
/** A name, id or code. */
export const code = (text: string, max = NAME_LENGTH): Span => ({ kind: 'foreign', text, max, code: true });
/** Sentences that others wrote. */
export const quoted = (text: string, max: number): Span => ({ kind: 'foreign', text, max });
/** A name in a list: too many code boxes are hard to read. */
export const name = (text: string, max = NAME_LENGTH): Span => ({ kind: 'foreign', text, max });

export const joinLines = (lines: readonly Line[], separator: string): Line =>
  lines.flatMap((line, index) => (index === 0 ? line : [...spansOf(separator), ...line]));
