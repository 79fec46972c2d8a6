import { nearest } from '../../nearest.js';
import { tidyReason } from './reason.js';
import type { Quote } from './words.js';
import { quoteOf, syntaxWord } from './words.js';

/** How a line is taken apart: words, options, and the reason at its end. Pure. */

export type LineMistake =
  | { code: 'unknown-option'; option: string; nearest?: string }
  | { code: 'unterminated-quote'; words: string }
  | { code: 'empty-reason' };

const OPTIONS = ['--restart', '--reason', '--help'] as const;

/** What stands on the line, in order. */
export type Line = { words: string[]; restart: boolean; reasons: string[]; help: boolean };
/** `folded` and `typed` are the same text, place by place. */
export type Text = { typed: string; folded: string };

export function readLine(text: Text): Line | LineMistake {
  const line: Line = { words: [], restart: false, reasons: [], help: false };
  const next = /[^\s,\p{Cf}]/gu;
  for (let start = next.exec(text.folded); start !== null; start = next.exec(text.folded)) {
    const end = readNext(text, start.index, line);
    if (typeof end !== 'number') return end;
    next.lastIndex = end;
  }
  return line;
}

/** Dashes that a space parts from their option. */
const OPTION_GAP = /^(?:[-\u2014]+[\s\p{Cf}]+)+(?=[-\u2014]*(?:restart|reason|help)(?![\p{L}\p{N}_-]))/iu;

/** Takes what begins at `from` into the line; gives where it ends. */
function readNext(text: Text, from: number, line: Line): number | LineMistake {
  const quote = quoteOf(text.folded.charAt(from));
  if (quote !== undefined) {
    const quoted = readQuoted(text.typed, from, quote);
    if (quoted === undefined && quote === '`') return from + 1;
    if (quoted === undefined) return { code: 'unterminated-quote', words: text.typed.slice(from) };
    if (quoted.content !== '') line.words.push(quoted.content);
    return quoted.end;
  }
  const [gap = ''] = OPTION_GAP.exec(text.folded.slice(from)) ?? [];
  const begin = from + gap.length;
  const [word = ''] = /^[^\s,]+/u.exec(text.folded.slice(begin)) ?? [];
  const end = begin + word.length;
  if (gap === '' && !/^[-\u2014]/u.test(word)) {
    line.words.push(syntaxWord(word));
    return end;
  }
  const [reason] = /^[-\u2014]*reason(?![a-z0-9_-])[=:]?/iu.exec(word) ?? [];
  if (reason !== undefined) return readReason(text, begin + reason.length, line);
  const option = `--${syntaxWord(word).replace(/^-+|[.!:]+$/gu, '')}`.toLowerCase();
  if (option === '--restart') line.restart = true;
  else if (option === '--help' || option === '--h') line.help = true;
  else return unknownOption(text.typed.slice(from, end), option);
  return end;
}

/** A backslash keeps a quote, or itself, from its meaning. */
export function readQuoted(typed: string, from: number, quote: Quote): { content: string; end: number } | undefined {
  let content = '';
  for (let at = from + 1; at < typed.length; at += 1) {
    const character = typed.charAt(at);
    const following = typed.charAt(at + 1);
    if (character === '\\' && (following === '\\' || quoteOf(following) !== undefined)) {
      content += following;
      at += 1;
    } else if (quoteOf(character) === quote) {
      return { content: content.trim(), end: at + 1 };
    } else content += character;
  }
  return undefined;
}

const RESTART_IN_REASON = /(?:^|\s)(?=(?:-{2,3}|\u2014{1,3})restart(?:\s|$))/iu;

/** The rest of the line, up to a `--restart`; only what is quoted whole, where words are still awaited, ends sooner. */
function readReason({ typed, folded }: Text, from: number, line: Line): number | LineMistake {
  const [rest = ''] = /^[^\r\n]*/u.exec(folded.slice(from)) ?? [];
  const begin = from + (rest.length - rest.trimStart().length);
  const end = from + (RESTART_IN_REASON.exec(rest)?.index ?? rest.length);
  const quote = quoteOf(folded.charAt(begin));
  const quoted = quote && begin < end ? readQuoted(typed.slice(0, from + rest.length), begin, quote) : undefined;
  const after = quoted ? folded.slice(quoted.end, Math.max(end, quoted.end)) : '';
  const isWhole = quoted !== undefined && /^(?:\s|$)/u.test(after) && (line.words.length < 3 || after.trim() === '');
  const words = isWhole ? quoted.content : typed.slice(begin, end);
  const reason = tidyReason(words);
  if (reason === '') return { code: 'empty-reason' };
  line.reasons.push(reason);
  return isWhole ? quoted.end : end;
}

function unknownOption(typed: string, option: string): LineMistake {
  const [name = option] = option.split(/[=:]/u);
  const meant = nearest(name, OPTIONS);
  return { code: 'unknown-option', option: typed, ...(meant !== undefined && { nearest: meant }) };
}
