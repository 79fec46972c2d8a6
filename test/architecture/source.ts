import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of this repository, as the rules see it; `path` is relative to the root and parted by `/`. */
export type Source = { path: string; text: string };

/** A breach of a rule: where, and what. */
export type Fault = string;
export type Rule = (sources: readonly Source[]) => Fault[];

export const ROOT = join(__dirname, '../..');
const FOLDERS = ['src', 'playground', 'bin', 'test'];

export function readSources(): Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ path: file.slice(ROOT.length + 1), text: readFileSync(file, 'utf8') })),
  );
}

export const within = (sources: readonly Source[], ...folders: string[]): Source[] =>
  sources.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));

/** Where an expression may begin, so that a `/` begins a regular expression. */
const BEFORE_REGEX = /(?:^|[([{,;=:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|throw|await|yield))\s*$/;

/**
 * The text with comments, and what stands in strings and regular expressions, blanked out place by place: an
 * index means the same in both. What stands in `${ }` is code.
 */
export function codeOf(text: string): string {
  const out: string[] = [];
  /** Depth of braces within each open `${`. */
  const templates: number[] = [];
  const blank = (from: number, to: number) => out.push(text.slice(from, to).replace(/[^\n]/g, ' '));
  let at = 0;
  const literal = (end: number) => {
    out.push(text.charAt(at));
    blank(at + 1, end - 1);
    if (end - 1 > at) out.push(text.charAt(end - 1));
    at = end;
  };
  const template = () => {
    const end = endOfTemplate(text, at + 1);
    const opensCode = text.startsWith('${', end - 2);
    out.push(text.charAt(at));
    blank(at + 1, opensCode ? end - 2 : end - 1);
    out.push(opensCode ? '${' : '`');
    if (opensCode) templates.push(0);
    at = end;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    const inner = templates.length - 1;
    const depth = templates[inner];
    if (text.startsWith('//', at)) {
      const end = (text.indexOf('\n', at) + text.length + 1) % (text.length + 1);
      blank(at, end);
      at = end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at) + 2;
      blank(at, end);
      at = end;
    } else if (character === "'" || character === '"') literal(endOfQuoted(text, at + 1, character));
    else if (character === '/' && BEFORE_REGEX.test(out.slice(-40).join('').slice(-40)))
      literal(endOfRegex(text, at + 1));
    else if (character === '`') template();
    else if (depth === 0 && character === '}') {
      templates.pop();
      template();
    } else {
      if (depth !== undefined && character === '{') templates[inner] = depth + 1;
      if (depth !== undefined && character === '}') templates[inner] = depth - 1;
      out.push(character);
      at += 1;
    }
  }
  return out.join('');
}

function endOfQuoted(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function endOfRegex(text: string, from: number): number {
  let inClass = false;
  let at = from;
  for (; at < text.length && (inClass || text.charAt(at) !== '/'); at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === '[') inClass = true;
    else if (text.charAt(at) === ']') inClass = false;
  }
  return at + 1;
}

/** After the backtick that closes it, or after the `${` that interrupts it. */
function endOfTemplate(text: string, from: number): number {
  let at = from;
  for (; at < text.length && text.charAt(at) !== '`'; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.startsWith('${', at)) return at + 2;
  }
  return at + 1;
}

/** Lines of code, for rules that look at lines; numbered from 1. */
export function linesOf({ path, text }: Source, pattern: RegExp): Fault[] {
  return codeOf(text)
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []));
}
