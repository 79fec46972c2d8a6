import { describe, test } from '@jest/globals';
import { DETACHING } from './cases/detaching.js';
import { FAILING_READS } from './cases/failing-reads.js';
import { FAILING_WRITES } from './cases/failing-writes.js';
import { INPUTS } from './cases/inputs.js';
import { POWERING } from './cases/powering.js';
import { READING } from './cases/reading.js';
import { SECRECY } from './cases/secrecy.js';
import { SHAPE } from './cases/shape.js';
import { type ContractCase, runCase } from './cases/stage.js';
import type { HarnessFactory } from './harness.js';

/** What every provider owes, by topic. Each case runs through the guard, over HTTP, on a world of its own. */
export const CASES: readonly ContractCase[] = [
  ...SHAPE,
  ...READING,
  ...FAILING_READS,
  ...DETACHING,
  ...FAILING_WRITES,
  ...POWERING,
  ...INPUTS,
  ...SECRECY,
];

export function describeProviderContract(id: string, makeHarness: HarnessFactory): void {
  describe(`the provider contract: ${id}`, () => {
    for (const contractCase of CASES) test(contractCase.title, () => runCase(contractCase, makeHarness));
  });
}
