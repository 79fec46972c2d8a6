import { LineCounter, parseDocument } from 'yaml';
import { showPath } from './path.js';

export type YamlResult = { value: unknown; faults: readonly string[] };

/** What to do about the mistakes that are made most; keys are the parser's codes. */
const ADVICE: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the lines of one block must be indented equally, and brackets closed',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  DUPLICATE_KEY: 'this key stands here twice; keep one',
  MISSING_CHAR: `a quote, bracket or comma is missing; inside { } and [ ] a \${NAME} needs quotes`,
  UNEXPECTED_TOKEN: `something does not belong here; inside { } and [ ] a \${NAME} needs quotes`,
  BLOCK_IN_FLOW: `inside { } and [ ] a \${NAME} needs quotes`,
  MULTIPLE_DOCS: 'keep everything in one document, without --- in between',
};

/** The parser's own sentences quote the file, which may hold secrets: only its codes and places are used. */
export function parseYaml(text: string, file: string): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // Of one line, the first: the others mostly follow from it.
  const byLine = new Map<number, string>();
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(pos[0]);
    if (byLine.has(line)) continue;
    byLine.set(line, `${file}, line ${line}, column ${col}: ${ADVICE[code] ?? 'this is not YAML'} (${code}).`);
  }
  const faults = [...byLine.values()];
  if (faults.length > 0) return { value: undefined, faults };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), faults };
  } catch {
    return {
      value: undefined,
      faults: [`${file}: an alias (*name) has no anchor, or aliases multiply; write it out.`],
    };
  }
}

export type Substituted = { value: unknown; faults: readonly string[]; places: ReadonlySet<string> };

/** Puts environment variables in for `${NAME}`, in texts only and once: what a variable holds is taken as it is. */
export function substitute(root: unknown, env: Readonly<Record<string, string | undefined>>): Substituted {
  const faults: string[] = [];
  const places = new Set<string>();
  const fault = (path: readonly PropertyKey[], sentence: string) => {
    places.add(showPath(path));
    faults.push(`${showPath(path)} ${sentence}`);
    return '';
  };
  const inText = (text: string, path: readonly PropertyKey[]) =>
    text.replace(/\$\{([^}]*)(\}?)/g, (_, name: string, end: string) => {
      if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        return fault(path, `has a \${ that is not followed by the name of an environment variable and a }.`);
      }
      return env[name] || fault(path, `needs the environment variable ${name}, which is not set or empty; set it.`);
    });
  const walk = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string') return inText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return { value: walk(root, []), faults, places };
}
