import { adaptersAreLazy, noCycles, oneWay } from './direction.js';
import { globalsHaveDoors, noConsoleInTests, packagesHaveDoors, providersAreNotNamed } from './doors.js';
import {
  everyTestRuns,
  filesAreNamed,
  filesAreShort,
  modulesOnlyDeclare,
  noAny,
  noBarrels,
  noDefaultExports,
  noModuleState,
  nothingIsDecidedByWords,
  nothingIsLeftOpen,
} from './form.js';
import { clocksAreParameters, pureFilesImportPureFiles, pureFilesTakeTimeAndChance } from './purity.js';
import type { Rule } from './source.js';

/** What holds for the whole repository. */
export const RULES = {
  'imports go one way': oneWay,
  'adapters are loaded when they are used': adaptersAreLazy,
  'no file imports itself in a ring': noCycles,
  'packages come in by their doors': packagesHaveDoors,
  'the process is touched at its doors': globalsHaveDoors,
  'tests write no console': noConsoleInTests,
  'providers are named at home only': providersAreNotNamed,
  'pure files import pure files': pureFilesImportPureFiles,
  'pure files take time and chance as parameters': pureFilesTakeTimeAndChance,
  'jobs and providers are given their clock': clocksAreParameters,
  'files are short': filesAreShort,
  'files are named for what they hold': filesAreNamed,
  'there are no barrels': noBarrels,
  'there are no default exports': noDefaultExports,
  'modules hold no state': noModuleState,
  'modules only declare': modulesOnlyDeclare,
  'nothing is left open': nothingIsLeftOpen,
  'every test runs, and mocks no module': everyTestRuns,
  'nothing is decided by the words of a message': nothingIsDecidedByWords,
  'nothing is any': noAny,
} as const satisfies Record<string, Rule>;
