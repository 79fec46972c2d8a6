import { describeProviderContract } from './contract.js';
import { CONTRACT_RUNS } from './contract-runs.js';
import { makeReferenceHarness } from './reference/harness.js';

describeProviderContract('reference', makeReferenceHarness);
for (const [id, makeHarness] of Object.entries(CONTRACT_RUNS)) describeProviderContract(id, makeHarness);
