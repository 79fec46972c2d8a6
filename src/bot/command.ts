import { holdsPrivateKey } from './private-key.js';
import { type ReasonMistake, reasonMistake, tidyReason } from './reason.js';
import type { Quote } from './words.js';
import { editDistance, fold, quoteOf, syntaxWord, unescapeSlack } from './words.js';

/** What `/detach-key …` asks for. Pure; whether accounts and keys exist is asked elsewhere. */

export type DetachCommand = {
  kind: 'detach';
  account: string;
  region?: string;
  key: string;
  instances: 'all' | string[];
  restart: boolean;
  reason: string;
};

export type UndoCommand = { kind: 'undo'; request: string; restart: boolean; reason: string };

export type ParsedCommand =
  | { kind: 'help' }
  /** Nothing typed: the form. */
  | { kind: 'form' }
  | { kind: 'status'; request?: string }
  | { kind: 'cancel'; request: string }
  | { kind: 'find'; words: string }
  | { kind: 'history'; accounts: string[]; users: string[] }
  | DetachCommand
  | UndoCommand
  | { kind: 'mistake'; mistake: Mistake };

export type Mistake =
  | { code: 'private-key' }
  | { code: 'bad-place'; place: string }
  | { code: 'missing-key'; place: string }
  | { code: 'missing-instances'; place: string; key: string }
  | { code: 'all-mixed'; instances: string[] }
  | { code: 'unknown-option'; option: string; nearest?: string }
  | { code: 'unterminated-quote'; words: string }
  | { code: 'empty-reason' }
  | ReasonMistake
  | { code: 'missing-search' }
  | { code: 'missing-request' }
  | { code: 'unknown-person'; words: string }
  | { code: 'extra-words'; word: 'status' | 'cancel' | 'undo'; words: string };

const OPTIONS = ['--restart', '--reason', '--help'] as const;

export function parseCommand(text: string): ParsedCommand {
  const typed = unescapeSlack(text);
  if (holdsPrivateKey(text) || holdsPrivateKey(typed)) return mistake({ code: 'private-key' });
  const [, first = '', rest = ''] = /^[\s,]*([^\s,]*)([\s\S]*)$/u.exec(fold(typed)) ?? [];
  const word = syntaxWord(first).toLowerCase();
  if (word === '') return { kind: 'form' };
  if (word === 'help' || word === '?') return { kind: 'help' };
  if (word === 'status' || word === 'cancel') return aboutRequest(word, syntaxWord(rest));
  if (word === 'undo') return parseUndo(typed, typed.length - rest.length);
  if (word === 'find') return parseFind(typed, typed.length - rest.length);
  if (word === 'history') return parseHistory(text);
  return parseDetach(typed);
}

const mistake = (found: Mistake): ParsedCommand => ({ kind: 'mistake', mistake: found });

function aboutRequest(word: 'status' | 'cancel', rest: string): ParsedCommand {
  const [request, ...more] = rest
    .split(/[\s,]+/u)
    .map(bareWord)
    .filter((part) => part !== '');
  if (more.length > 0) return mistake({ code: 'extra-words', word, words: more.join(' ') });
  if (request !== undefined) return { kind: word, request };
  return word === 'status' ? { kind: 'status' } : mistake({ code: 'missing-request' });
}

/** Without what people put around an id. */
const bareWord = (word: string): string => syntaxWord(word).replace(/^[#"'`]+|["'`.]+$/gu, '');

/** What is looked for begins at `from`; it is one thing, with or without quotes. */
function parseFind(typed: string, from: number): ParsedCommand {
  const folded = fold(typed);
  const begin = from + folded.slice(from).search(/[^\s,]|$/u);
  const quote = quoteOf(folded.charAt(begin));
  const quoted = quote && readQuoted(typed, begin, quote);
  if (quote && quoted === undefined) return mistake({ code: 'unterminated-quote', words: typed.slice(begin) });
  const isWhole = quoted !== undefined && /^[\s,]*$/u.test(folded.slice(quoted.end));
  const plain = syntaxWord(folded.slice(begin)).replace(/^[`\s]+|[`\s,]+$/gu, '');
  const words = isWhole ? quoted.content : plain;
  if (words === '') return mistake({ code: 'missing-search' });
  return /^--?h(?:elp)?$/iu.test(words) ? { kind: 'help' } : { kind: 'find', words };
}

const MENTION = /<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>/gu;

/** Accounts, and people as Slack mentions them; from the escaped text, where a mention still has its id. */
function parseHistory(text: string): ParsedCommand {
  const users = [...text.matchAll(MENTION)].flatMap(([, id = '']) => id);
  const [, ...words] = fold(unescapeSlack(text.replace(MENTION, ' ')))
    .split(/[\s,]+/u)
    .map(bareWord)
    .filter((word) => word !== '');
  const person = words.find((word) => word.startsWith('@'));
  if (person !== undefined) return mistake({ code: 'unknown-person', words: person });
  return { kind: 'history', accounts: [...new Set(words)], users: [...new Set(users)] };
}

/** What is undone begins at `from`. */
function parseUndo(typed: string, from: number): ParsedCommand {
  const line = readLine({ typed: typed.slice(from), folded: fold(typed).slice(from) });
  if ('code' in line) return mistake(line);
  if (line.help) return { kind: 'help' };
  const [request, ...more] = line.words.map(bareWord).filter((word) => word !== '');
  if (request === undefined) return mistake({ code: 'missing-request' });
  if (more.length > 0) return mistake({ code: 'extra-words', word: 'undo', words: more.join(' ') });
  const reason = reasonOf(line);
  return typeof reason === 'string' ? { kind: 'undo', request, restart: line.restart, reason } : mistake(reason);
}

type Line = { words: string[]; restart: boolean; reasons: string[]; help: boolean };
/** `folded` and `typed` are the same text, place by place. */
type Text = { typed: string; folded: string };

function parseDetach(typed: string): ParsedCommand {
  const line = readLine({ typed, folded: fold(typed) });
  if ('code' in line) return mistake(line);
  if (line.help) return { kind: 'help' };
  const { restart } = line;
  const [place = '', key = '', ...ids] = line.words;
  const [account = '', region, ...more] = place.split('/');
  if (account === '' || region === '' || more.length > 0) return mistake({ code: 'bad-place', place });
  if (key === '') return mistake({ code: 'missing-key', place });
  if (ids.length === 0) return mistake({ code: 'missing-instances', place, key });
  const named = [...new Set(ids.filter((id) => id.toLowerCase() !== 'all'))];
  if (named.length > 0 && named.length < new Set(ids).size) return mistake({ code: 'all-mixed', instances: named });
  const reason = reasonOf(line);
  if (typeof reason !== 'string') return mistake(reason);
  const instances = named.length > 0 ? named : 'all';
  return { kind: 'detach', account, ...(region !== undefined && { region }), key, instances, restart, reason };
}

function reasonOf({ reasons }: Line): string | Mistake {
  const reason = reasons.join(' ');
  return reasonMistake(reason) ?? reason;
}

function readLine(text: Text): Line | Mistake {
  const line: Line = { words: [], restart: false, reasons: [], help: false };
  const next = /[^\s,]/gu;
  for (let start = next.exec(text.folded); start !== null; start = next.exec(text.folded)) {
    const end = readNext(text, start.index, line);
    if (typeof end !== 'number') return end;
    next.lastIndex = end;
  }
  return line;
}

/** Takes what begins at `from` into the line; gives where it ends. */
function readNext(text: Text, from: number, line: Line): number | Mistake {
  const quote = quoteOf(text.folded.charAt(from));
  if (quote !== undefined) {
    const quoted = readQuoted(text.typed, from, quote);
    if (quoted === undefined) return { code: 'unterminated-quote', words: text.typed.slice(from) };
    if (quoted.content !== '') line.words.push(quoted.content);
    return quoted.end;
  }
  const [word = ''] = /^[^\s,]+/u.exec(text.folded.slice(from)) ?? [];
  if (!/^[-\u2014]/u.test(word)) {
    line.words.push(syntaxWord(word));
    return from + word.length;
  }
  const [reason] = /^[-\u2014]+reason(?![a-z0-9_-])[=:]?/iu.exec(word) ?? [];
  if (reason !== undefined) return readReason(text, from + reason.length, line);
  const option = `--${syntaxWord(word).replace(/^-+/u, '')}`.toLowerCase();
  if (option === '--restart') line.restart = true;
  else if (option === '--help' || option === '--h') line.help = true;
  else return unknownOption(text.typed.slice(from, from + word.length), option);
  return from + word.length;
}

/** A backslash keeps a quote, or itself, from its meaning. */
function readQuoted(typed: string, from: number, quote: Quote): { content: string; end: number } | undefined {
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
function readReason({ typed, folded }: Text, from: number, line: Line): number | Mistake {
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

function unknownOption(typed: string, option: string): Mistake {
  const [name = option] = option.split(/[=:]/u);
  const nearest = OPTIONS.map((known) => ({ known, distance: editDistance(name, known) }))
    .filter(({ distance }) => distance <= 3)
    .sort((a, b) => a.distance - b.distance)[0]?.known;
  return { code: 'unknown-option', option: typed, ...(nearest !== undefined && { nearest }) };
}
