import { type Line, type LineMistake, readLine, readQuoted, type Text } from './command-line.js';
import { holdsPrivateKey } from './private-key.js';
import { type ReasonMistake, reasonMistake } from './reason.js';
import { fold, quoteOf, syntaxWord, unescapeSlack } from './words.js';

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
  | LineMistake
  | ReasonMistake
  | { code: 'missing-search' }
  | { code: 'missing-request' }
  | { code: 'unknown-person'; words: string }
  | { code: 'extra-words'; word: 'status' | 'cancel' | 'undo'; words: string };

export function parseCommand(given: string): ParsedCommand {
  const text = unwrapped(given);
  const typed = unescapeSlack(text);
  if (holdsPrivateKey(text) || holdsPrivateKey(typed)) return mistake({ code: 'private-key' });
  const folded = fold(typed);
  if (/^[\s,`\p{Cf}]*$/u.test(folded)) return { kind: 'form' };
  const [head = '', first = ''] = FIRST_WORD.exec(folded) ?? [];
  const word = syntaxWord(first).toLowerCase();
  if (word === 'help' || word === '?') return { kind: 'help' };
  if (word === 'status' || word === 'cancel') return aboutRequest(word, folded.slice(head.length));
  if (word === 'undo') return parseUndo(typed, head.length);
  if (word === 'find') return parseFind(typed, head.length);
  if (word === 'history') return parseHistory(text);
  return parseDetach(typed);
}

/** A line that was copied with the backticks around it. */
const unwrapped = (text: string): string => /^\s*(`{1,3})([^`]*)\1\s*$/u.exec(text)?.[2] ?? text;

/** With the punctuation that keyboards put right behind it; what may go on as a name is another word. */
const FIRST_WORD = /^[\s,`\p{Cf}]*(\?|[a-z\p{Cf}]+)(?![\p{L}\p{N}_/\u2014-]|\.[\p{L}\p{N}])[:.!?`\p{Cf}]*/iu;

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

/** Without what people put around an id or a name. */
const bareWord = (word: string): string => syntaxWord(word).replace(/^[^\p{L}\p{N}@]+|[^\p{L}\p{N}]+$/gu, '');

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
  const line = fold(unescapeSlack(text.replace(MENTION, ' ')));
  const words = line
    .replace(FIRST_WORD, '')
    .split(/[\s,]+/u)
    .map(bareWord)
    .filter((word) => word !== '');
  const person = words.find((word) => word.startsWith('@'));
  if (person !== undefined) return mistake({ code: 'unknown-person', words: person });
  const accounts = [...new Set(words.map((word) => word.toLowerCase()))];
  return { kind: 'history', accounts, users: [...new Set(users)] };
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

function parseDetach(typed: string): ParsedCommand {
  const line = readLine(joinPlace({ typed, folded: fold(typed) }));
  if ('code' in line) return mistake(line);
  if (line.help) return { kind: 'help' };
  const { restart } = line;
  const [place = '', key = '', ...rest] = line.words;
  const ids = rest.map((id) => id.replace(/[.!]+$/u, '')).filter((id) => id !== '');
  // Accounts and regions are in small letters; keyboards begin a line with a capital.
  const [account = '', region, ...more] = place
    .toLowerCase()
    .replace(/[:.]+$/u, '')
    .split('/');
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

/** Spaces around the stroke between account and region are no part of it. */
function joinPlace({ typed, folded }: Text): Text {
  const [whole, account = ''] = /^([\s,`\p{Cf}]*[a-z0-9\u2014-]+)\s+\/\s*(?=[\p{L}\p{N}])/iu.exec(folded) ?? [];
  if (whole === undefined) return { typed, folded };
  const join = (text: string) => `${text.slice(0, account.length)}/${text.slice(whole.length)}`;
  return { typed: join(typed), folded: join(folded) };
}

function reasonOf({ reasons }: Line): string | Mistake {
  const reason = reasons.join(' ');
  return reasonMistake(reason) ?? reason;
}
