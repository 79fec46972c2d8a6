import type { CallRecord } from '../../src/providers/calls.js';
import type { Instance, Provider } from '../../src/providers/contract.js';
import { type ErrorTable, VendorFailure, type VendorFailureFacts } from '../../src/providers/failures.js';
import { guard } from '../../src/providers/guard.js';
import { traits } from './reference/provider.js';

export const REGION = { region: 'north-1' };
export const KEY_PAIR = { name: 'key-one', id: 'kp-000001' };
export const [A, B, C] = ['vm-0001', 'vm-0002', 'vm-0003'] as const;
export const TOKEN = 'request-batch-detach';

export const ERRORS = Object.freeze({
  Never: { kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint: 'check-instance' },
  Later: { kind: 'rate-limited', mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' },
  Settled: { kind: 'conflict', mayBeDone: 'no', repeat: 'settled', hint: 'instance-busy' },
  Maybe: { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' },
  MaybeNever: { kind: 'unsupported', mayBeDone: 'yes', repeat: 'never', hint: 'unsupported-instance' },
  'Group.*': { kind: 'quota', mayBeDone: 'no', repeat: 'never', hint: 'quota' },
  'Group.Part.*': { kind: 'auth', mayBeDone: 'no', repeat: 'never', hint: 'check-clock' },
  'Group.Part.Own': { kind: 'conflict', mayBeDone: 'no', repeat: 'never', hint: 'stop-first' },
} satisfies ErrorTable);

export const shown = (id: string, more: Partial<Instance> = {}): Instance => ({
  id,
  name: `machine ${id}`,
  state: 'running',
  vendorState: 'RUNNING',
  os: 'linux',
  keyPairs: [KEY_PAIR],
  ...more,
});

function notAsked(): never {
  throw new Error('not asked for in this test');
}

/** A guard around an adapter of which a test gives only what it is about. */
export function stage(adapter: Partial<Provider>, options: Partial<Parameters<typeof guard>[1]> = {}) {
  const records: CallRecord[] = [];
  let clock = 0;
  const provider: Provider = {
    traits,
    errors: ERRORS,
    readInstances: notAsked,
    listInstances: notAsked,
    listKeyPairs: notAsked,
    findKeyPair: notAsked,
    detach: notAsked,
    attach: notAsked,
    power: notAsked,
    close: async () => undefined,
    ...adapter,
  };
  const guarded = guard(provider, {
    account: 'prod',
    timeoutMs: 5000,
    secrets: [],
    onCall: (call) => records.push(call),
    now: () => (clock += 7),
    ...options,
  });
  const detach = async (ids: readonly string[] = [A], signal?: AbortSignal) => {
    const call = { ...REGION, ...(signal && { signal }) };
    return guarded.detach({ instanceIds: ids, token: TOKEN, keyPair: KEY_PAIR }, call);
  };
  return { guarded, records, detach };
}

export const failing = (error: unknown) =>
  stage({ detach: () => Promise.reject(error), findKeyPair: () => Promise.reject(error) });
export const vendor = (facts: Partial<VendorFailureFacts>) => new VendorFailure({ message: 'words', ...facts });
