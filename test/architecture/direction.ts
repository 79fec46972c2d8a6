import { cyclesIn, type Import, importsOf } from './imports.js';
import { type Rule, within } from './source.js';

/** Who may import whom: `bot -> jobs -> providers`, one way, and each folder only what stands here. */

type Allowance = { files: RegExp; values: RegExp; types?: RegExp };

const NOTHING = /^$/;

/** The first row that fits a file counts. What is allowed as a value is allowed as a type. */
const ALLOWED: readonly Allowance[] = [
  {
    files: /^src\/providers\/registry\.ts$/,
    values: /^src\/providers\/([a-z]+\/(errors|schema|provider)|contract|failures|input)\.ts$/,
  },
  { files: /^src\/providers\/current\.ts$/, values: /^src\/fresh\.ts$/ },
  { files: /^src\/providers\/[^/]+\.ts$/, values: /^src\/providers\/[^/]+\.ts$/ },
  { files: /^src\/jobs\//, values: /^src\/(jobs\/.+|providers\/(contract|failures|answers)|fresh|within)\.ts$/ },
  {
    files: /^src\/providers\/[^/]+\//,
    values: /^src\/providers\/(abort|connection|contract|current|failures|paging|under-way)\.ts$/,
  },
  {
    files: /^src\/bot\//,
    values:
      /^src\/(bot\/.+|jobs\/(awaiting|decide|go-on|holds\/holds|keys\/(public-key|words)|notifier|planning\/selections|request|steps|telling\/due)|fresh|nearest|within)\.ts$/,
    types:
      /^src\/(jobs\/(account-health|account-signs|choices|awaiting-events|events|find|holds\/events|keys\/(fingerprints|query)|planning\/events|policy|preview|request-reader|requests|terms|who-sees)|providers\/(contract|failures|answers)|health|logger)\.ts$/,
  },
  {
    files: /^src\/config(\.ts$|\/)/,
    values: /^src\/(config\/.+|jobs\/policy|nearest|providers\/registry|secret)\.ts$/,
  },
  { files: /^src\/(logger\.ts$|logging\/)/, values: /^src\/logging\/.+\.ts$/ },
  { files: /^src\/(secret|metrics|health|closers|fresh|nearest|within)\.ts$/, values: NOTHING },
  {
    files: /^src\/clouds\.ts$/,
    values: /^src\/(config|providers\/(deadline|guard|pacer|registry))\.ts$/,
    types: /^src\/(jobs\/read-selection|providers\/(calls|pace))\.ts$/,
  },
  { files: /^src\/on-call\.ts$/, values: /^src\/bot\/on-call\/.+\.ts$/, types: /^src\/(config|logger)\.ts$/ },
  { files: /^src\/tuning\.ts$/, values: NOTHING, types: /^src\/(jobs\/.+|providers\/pace)\.ts$/ },
  { files: /^src\/service(\.ts$|\/)/, values: /^src\/(?!main\.ts$|providers\/).+\.ts$/ },
  { files: /^src\/ending\.ts$/, values: NOTHING, types: /^src\/(logger|within)\.ts$/ },
  { files: /^src\/main\.ts$/, values: /^src\/(config|ending|logger|service|tuning|within)\.ts$/ },
  { files: /^playground\/clouds\//, values: /^playground\/(clouds\/(cloud|rate|read-request|sessions)|gate)\.ts$/ },
  { files: /^playground\/slack\//, values: /^playground\/(slack\/.+|gate)\.ts$/ },
  { files: /^playground\/redis\//, values: /^playground\/redis\/.+$/ },
  { files: /^playground\/gate\.ts$/, values: NOTHING },
  {
    files: /^playground\//,
    values: /^(playground\/.+|src\/(config|logger|service|tuning|providers\/registry)\.ts)$/,
  },
  { files: /^bin\//, values: /^(src\/(config|main)|playground\/demo|bin\/.+)\.ts$/ },
  { files: /^test\//, values: /^(src|playground|bin|test)\// },
];

/** `src/providers/x/client.ts` and `playground/clouds/x/reads.ts` may use what stands beside them. */
const isBeside = ({ from, to }: Import): boolean => {
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  return /^(src\/providers|playground\/clouds)\/[^/]+\/$/.test(folder) && to.startsWith(folder);
};

export const oneWay: Rule = (sources) =>
  sources
    .flatMap((source) => importsOf(source).filter(({ isOurs }) => isOurs))
    .filter((found) => {
      const row = ALLOWED.find(({ files }) => files.test(found.from));
      if (row === undefined) return true;
      const isAllowed = row.values.test(found.to) || (found.isTypeOnly && row.types?.test(found.to));
      return !isAllowed && !isBeside(found);
    })
    .map(({ from, to, isTypeOnly }) => `${from} imports ${isTypeOnly ? 'a type of ' : ''}${to}`);

/** An adapter is loaded only when an account uses it, so the registry reaches it by `import()` alone. */
export const adaptersAreLazy: Rule = (sources) =>
  within(sources, 'src')
    .flatMap(importsOf)
    .filter(
      ({ from, to, isDynamic }) =>
        /^src\/providers\/[^/]+\/provider\.ts$/.test(to) && !isDynamic && !from.startsWith(to.replace(/[^/]+$/, '')),
    )
    .map(({ from, to }) => `${from} imports ${to} at once`);

export const noCycles: Rule = (sources) =>
  cyclesIn(within(sources, 'src', 'playground', 'bin')).map((cycle) => cycle.join(' -> '));
