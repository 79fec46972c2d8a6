import type { ProviderId } from '../../src/providers/registry.js';
import type { HarnessFactory } from './harness.js';

/** The providers that the contract suite runs on; each is loaded by its own run only. */
export const CONTRACT_RUNS: Readonly<Record<ProviderId, HarnessFactory>> = {
  alibaba: async () => (await import('./alibaba/harness.js')).makeAlibabaHarness(),
  tencent: async () => (await import('./tencent/harness.js')).makeTencentHarness(),
  volcengine: async () => (await import('./volcengine/harness.js')).makeVolcengineHarness(),
  huawei: async () => (await import('./huawei/harness.js')).makeHuaweiHarness(),
};
