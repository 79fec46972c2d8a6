import { type Import, importsOf } from './imports.js';
import { linesOf, type Rule, within } from './source.js';

/** Files that are the same function of their parameters at every hour and on every machine. */
const PURE =
  /^src\/(jobs\/(account-health|advance|awaiting|awaiting-events|call-record|calls|decide|events|evidence\/.+|evolve|go-on|halving|holds\/(events|holds|start-troubles)|job|judge|keys\/.+|notifier|origin|planning\/.+|policy|request|retrying|spread|steps|telling\/due|terms|who-sees)|providers\/(contract|failures|answers|pace|[a-z]+\/(errors|schema))|bot\/(ids|messages\/.+|slack\/permalink|typed\/.+|views\/(carried|draft))|config\/.+|logging\/line-mask|nearest)\.ts$/;

const PACKAGES = /^(zod|yaml|re2js)$/;

const isPureCrypto = ({ to, names }: Import) =>
  to === 'node:crypto' && names.every((name) => name === 'createHash' || name === 'createPublicKey');

/** Types are gone when the program runs, so they may come from anywhere. */
export const pureFilesImportPureFiles: Rule = (sources) =>
  within(sources, 'src')
    .filter(({ path }) => PURE.test(path))
    .flatMap((source) => importsOf(source).filter(({ isTypeOnly }) => !isTypeOnly))
    .filter((found) => {
      if (found.isOurs) return !PURE.test(found.to) && !CONFIG_READS.test(`${found.from} ${found.to}`);
      return !PACKAGES.test(found.to) && !isPureCrypto(found);
    })
    .map(({ from, to }) => `${from} is pure and imports ${to}`);

/** The shape of an account is the providers' own; the registry only joins their schemas. */
const CONFIG_READS = /^src\/config\/\S+ src\/providers\/registry\.ts$/;

const IMPURE =
  /\b(Date\.now|Math\.random|performance|randomUUID|randomBytes|getRandomValues|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|process|globalThis)\b|\bnew Date\(\s*\)|\bDate\(\)/;

export const pureFilesTakeTimeAndChance: Rule = (sources) =>
  within(sources, 'src')
    .filter(({ path }) => PURE.test(path))
    .flatMap((source) => linesOf(source, IMPURE));

/** Where the log's rules live, time and ids are parameters, also beside what is pure. */
const CLOCKLESS = /^src\/(jobs\/(handlers\/.+|account-signs|log|requests|telling\/told)|clouds|providers\/.+)\.ts$/;
const CLOCK = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b/;

export const clocksAreParameters: Rule = (sources) =>
  within(sources, 'src')
    .filter(({ path }) => CLOCKLESS.test(path))
    .flatMap((source) => linesOf(source, CLOCK));
