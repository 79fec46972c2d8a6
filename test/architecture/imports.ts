import { posix } from 'node:path';
import { codeOf, type Source } from './source.js';

export type Import = {
  from: string;
  /** A path in this repository, or a package. */
  to: string;
  isOurs: boolean;
  isTypeOnly: boolean;
  isDynamic: boolean;
  /** What is taken, where it is named. */
  names: string[];
};

const STATIC = /(?<![\w.$])(?:import|export)\s+(type\s+)?(?:([\w$*{][\w$*{},\s]*?)\s*from\s*)?(['"])(\s*)\3/g;
const DYNAMIC = /(?<![\w.$])import\s*\(\s*(['"])(\s*)\1/g;

/** Every `import … from`, `export … from`, `import '…'` and `import('…')`. */
export function importsOf({ path, text }: Source): Import[] {
  const code = codeOf(text);
  // Specifiers are blanked in `code`, and stand in `text` at the same place.
  const specifier = (index: number, match: string, blanks: string) => {
    const end = index + match.length - 1;
    return text.slice(end - blanks.length, end);
  };
  const made = (to: string, rest: Pick<Import, 'isTypeOnly' | 'isDynamic' | 'names'>): Import => ({
    from: path,
    ...resolve(path, to),
    ...rest,
  });
  const statics = [...code.matchAll(STATIC)].map(({ index, 0: match, 1: type, 2: clause = '', 4: blanks = '' }) => {
    const names = clause
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const isTypeOnly = type !== undefined || (names.length > 0 && names.every((name) => name.startsWith('type ')));
    return made(specifier(index, match, blanks), { isTypeOnly, isDynamic: false, names });
  });
  const dynamics = [...code.matchAll(DYNAMIC)].map(({ index, 0: match, 2: blanks = '' }) =>
    made(specifier(index, match, blanks), { isTypeOnly: false, isDynamic: true, names: [] }),
  );
  return [...statics, ...dynamics];
}

function resolve(from: string, to: string): { to: string; isOurs: boolean } {
  if (!to.startsWith('.')) return { to, isOurs: false };
  return { to: posix.join(posix.dirname(from), to).replace(/\.js$/, '.ts'), isOurs: true };
}

/** Rings of files that import each other, each once; type imports count. */
export function cyclesIn(sources: readonly Source[]): string[][] {
  const graph = new Map(
    sources.map((source) => [source.path, importsOf(source).flatMap(({ isOurs, to }) => (isOurs ? [to] : []))]),
  );
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}
