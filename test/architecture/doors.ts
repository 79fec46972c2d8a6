import { PROVIDERS } from '../../src/providers/registry.js';
import { importsOf } from './imports.js';
import { codeOf, type Fault, linesOf, type Rule, type Source, within } from './source.js';

/** The one place for each package and for each way out of the process. A package without a door is not used in `src`. */

const anywhere = /^src\/(jobs|providers|config|bot)\b/;
const DOORS: readonly { packages: RegExp; files: RegExp }[] = [
  { packages: /^@alicloud\//, files: /^src\/providers\/alibaba\/client\.ts$/ },
  { packages: /^tencentcloud-sdk-nodejs\//, files: /^src\/providers\/tencent\/client\.ts$/ },
  { packages: /^@volcengine\//, files: /^src\/providers\/volcengine\/client\.ts$/ },
  { packages: /^@huaweicloud\//, files: /^src\/providers\/huawei\/client\.ts$/ },
  { packages: /^bullmq$/, files: /^src\/jobs\/(queues|worker)\.ts$/ },
  {
    packages: /^ioredis$/,
    files: /^src\/jobs\/(redis|redis-client|queues|worker|log|telling\/(told|turns)|account-signs)\.ts$/,
  },
  { packages: /^@slack\/(bolt|types|web-api)$/, files: /^src\/bot\// },
  { packages: /^pino$/, files: /^src\/logger\.ts$/ },
  { packages: /^prom-client$/, files: /^src\/metrics\.ts$/ },
  { packages: /^re2js$/, files: /^src\/config\/reason-pattern\.ts$/ },
  { packages: /^yaml$/, files: /^src\/config\/yaml\.ts$/ },
  { packages: /^zod$/, files: anywhere },
  { packages: /^node:(crypto|util)$/, files: /^src\// },
  { packages: /^node:fs$/, files: /^src\/config\.ts$/ },
  {
    packages: /^node:(http|https|net|tls)$/,
    files: /^src\/(health|bot\/transport|providers\/(connection|[a-z]+\/client))\.ts$/,
  },
];

/** Local clouds check signatures with code of their own, so that an SDK's mistake is not checked by itself. */
const PLAYGROUND = /^(ws|yaml|zod|node:.+)$/;

export const packagesHaveDoors: Rule = (sources) =>
  within(sources, 'src', 'playground')
    .flatMap((source) => importsOf(source).filter(({ isOurs }) => !isOurs))
    .filter(({ from, to }) =>
      from.startsWith('playground/')
        ? !PLAYGROUND.test(to)
        : !DOORS.some(({ packages, files }) => packages.test(to) && files.test(from)),
    )
    .map(({ from, to }) => `${from} imports ${to}`);

const GLOBALS: readonly { code: RegExp; files: RegExp }[] = [
  { code: /\bprocess\s*\.\s*env\b/, files: /^(src\/config\.ts|playground\/demo\.ts)$/ },
  {
    code: /\bprocess\s*\.\s*(on|once|exit|exitCode|kill|abort)\b/,
    files: /^(src\/main\.ts|bin\/.+|playground\/(demo\.ts|redis\/server\.mjs))$/,
  },
  { code: /\bprocess\s*\.\s*(stdout|stderr)\b/, files: /^(src\/(main|logger)\.ts|bin\/.+|playground\/demo\.ts)$/ },
  { code: /\bconsole\b/, files: /^$/ },
  { code: /(?<![.\w])(require|eval)\s*\(/, files: /^$/ },
];

export const globalsHaveDoors: Rule = (sources) =>
  within(sources, 'src', 'playground', 'bin').flatMap((source) =>
    GLOBALS.filter(({ files }) => !files.test(source.path)).flatMap(({ code }) => linesOf(source, code)),
  );

export const noConsoleInTests: Rule = (sources) =>
  within(sources, 'test').flatMap((source) => linesOf(source, /\bconsole\s*\./));

const IDS = Object.keys(PROVIDERS).join('|');
const NAMES = new RegExp(`(['"\`])(${IDS})\\1`, 'g');
const AT_HOME = new RegExp(`^src/providers/(registry\\.ts$|(${IDS})/)`);

/** What differs between clouds is said by traits and tables; nothing else asks for a name. */
export const providersAreNotNamed: Rule = (sources) =>
  within(sources, 'src')
    .filter(({ path }) => !AT_HOME.test(path))
    .flatMap(({ path, text }) => {
      const code = codeOf(text);
      // A quote that is blanked in the code stands in a comment.
      return [...text.matchAll(NAMES)].flatMap(({ 0: name, 1: quote, index }) =>
        code.charAt(index) === quote ? [`${path} names ${name}`] : [],
      );
    });

export type Declared = { dependencies: Record<string, string>; devDependencies: Record<string, string> };

/** What is imported stands in package.json: what `src` needs, under `dependencies`. */
export function undeclaredPackages(sources: readonly Source[], { dependencies, devDependencies }: Declared): Fault[] {
  const all = { ...dependencies, ...devDependencies };
  return sources
    .flatMap((source) => importsOf(source).filter(({ isOurs, to }) => !isOurs && !to.startsWith('node:')))
    .filter(({ from, to }) => {
      const [scope = '', name = ''] = to.split('/');
      return !Object.hasOwn(
        from.startsWith('src/') ? dependencies : all,
        to.startsWith('@') ? `${scope}/${name}` : scope,
      );
    })
    .map(({ from, to }) => `${from} imports ${to}`);
}
