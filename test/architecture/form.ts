import { codeOf, type Fault, linesOf, type Rule, type Source, within } from './source.js';

/** How files look, whatever they do. */

const ours = (sources: readonly Source[]) => within(sources, 'src', 'playground', 'bin');

/** Lines in a file, at most; a longer one needs a decision record. */
const LONGEST = { source: 250, test: 400 };

export const filesAreShort: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > (path.startsWith('test/') ? LONGEST.test : LONGEST.source) ? [`${path} has ${lines} lines`] : [];
  });

const VAGUE = /(^|[/-])(utils?|helpers?|common|misc|shared|manager|stuff|lib)(?=[/.-])/;
const KEBAB = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.(test|d))?\.(ts|mjs)$/;
const DEEPEST = 3;

export const filesAreNamed: Rule = (sources) =>
  sources.flatMap(({ path }) => {
    const depth = path.split('/').length - 2;
    return [
      ...(VAGUE.test(path) ? [`${path} says nothing of what it holds`] : []),
      ...(KEBAB.test(path) ? [] : [`${path} is not in kebab case`]),
      ...(path.startsWith('src/') && depth > DEEPEST ? [`${path} lies ${depth} folders deep`] : []),
    ];
  });

const RE_EXPORT = /^export\s+(type\s+)?[{*][^;]*\bfrom\b/;

/** A file that only hands on what others hold; `export *` anywhere. */
export const noBarrels: Rule = (sources) =>
  ours(sources).flatMap(({ path, text }) => {
    const statements = codeOf(text)
      .split(/;\s*\n/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const isBarrel =
      statements.length > 0 && statements.every((part) => RE_EXPORT.test(part) || part.startsWith('import'));
    const handsOnAll = statements.some((part) => /^export\s+\*/.test(part));
    return isBarrel || handsOnAll ? [`${path} is a barrel`] : [];
  });

export const noDefaultExports: Rule = (sources) =>
  ours(sources).flatMap((source) => linesOf(source, /^export\s+default\b|\bas\s+default\b/));

const MUTABLE =
  /^(export\s+)?(let|var)\b|^(export\s+)?const\s+\w+[^=]*=\s*(new\s+(Weak)?(Map|Set)\b[^(]*\(\s*\)|\[\]|\{\})\s*;/;
export const noModuleState: Rule = (sources) => ours(sources).flatMap((source) => linesOf(source, MUTABLE));

const DECLARES =
  /^(import|export|const|async function|function|class|abstract class|type|interface|declare)\b|^[\s})>\]`'"]|^$/;
/** The command line is a program; everything else only declares. */
const PROGRAMS = /^bin\/detach-key\.ts$|^playground\/redis\/embedded-thread\.mjs$/;
export const modulesOnlyDeclare: Rule = (sources) =>
  ours(sources)
    .filter(({ path }) => !PROGRAMS.test(path))
    .flatMap(({ path, text }) =>
      codeOf(text)
        .split('\n')
        .flatMap((line, index) => (DECLARES.test(line) ? [] : [`${path}:${index + 1} ${line.trim()}`])),
    );

/** Marks of unfinished work and switched-off checks, in the text with its comments. */
export const nothingIsLeftOpen: Rule = (sources) =>
  sources
    .filter(({ path }) => !path.startsWith('test/architecture'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index): Fault[] => (OPEN.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
const OPEN = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/;

const SWITCHED =
  /\.(skip|only|todo|failing)\s*[(.]|\b(xit|xtest|xdescribe|fit|fdescribe)\s*\(|\bjest\.(mock|unstable_mockModule|doMock)\s*\(/;
export const everyTestRuns: Rule = (sources) => within(sources, 'test').flatMap((source) => linesOf(source, SWITCHED));

/** Vendors change their words without a notice; codes and classes are what they promise. */
const BY_WORDS =
  /\bmessage\s*(\?\.|\.)\s*(includes|match|matchAll|startsWith|endsWith|search|indexOf)\s*\(|\.test\([^)]*\bmessage\s*\)|\bmessage\s*[!=]==?\s*['"`]/;
export const nothingIsDecidedByWords: Rule = (sources) =>
  within(sources, 'src').flatMap((source) => linesOf(source, BY_WORDS));

const ANY = /[:<,|&(]\s*any\b(?!\s*[:(])|\bas\s+any\b|\bany\[\]/;
export const noAny: Rule = (sources) => sources.flatMap((source) => linesOf(source, ANY));
