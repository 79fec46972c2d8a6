import { inspect } from 'node:util';
import { expect, jest } from '@jest/globals';
import type { Fault as CloudFault } from '../../../playground/clouds/cloud.js';
import type { Provider } from '../../../src/providers/contract.js';
import { VendorFailure } from '../../../src/providers/failures.js';
import { type ContractCase, detachOne, IMPATIENCE_MS, linux, region, type Stage, tokenOf } from './stage.js';

const FAULTS: readonly CloudFault[] = [
  { kind: 'throttle' },
  { kind: 'forbidden' },
  { kind: 'server-error', when: 'before' },
  { kind: 'html' },
  { kind: 'reply-lost' },
  { kind: 'hang', when: 'before' },
  { kind: 'code', code: 'Surprise.NotListed', httpStatus: 400 },
];

/** What the four signing schemes call their header and its value. */
const SIGNED = /authorization|x-security-token|x-tc-token|x-acs-security-token|signature=/i;

const inspectAll = (value: unknown) => inspect(value, { depth: 12, showHidden: true, maxStringLength: null });

function expectNoSecret({ harness }: Stage, text: string): void {
  for (const canary of harness.canaries) {
    expect(text.includes(canary)).toBe(false);
    expect(text.includes(encodeURIComponent(canary))).toBe(false);
    expect(text.includes(Buffer.from(canary).toString('base64').replace(/=+$/, ''))).toBe(false);
  }
  expect(text).not.toMatch(SIGNED);
}

/** Every method of the adapter itself, so that a leak is not hidden by the guard's masking. */
async function failuresOf(stage: Stage, provider: Provider): Promise<unknown[]> {
  const { keyPair } = stage.harness;
  const context = () => ({ ...region(stage), signal: AbortSignal.timeout(IMPATIENCE_MS) });
  const write = { instanceIds: [linux(stage)], token: tokenOf('secrecy'), keyPair };
  const settled = await Promise.allSettled([
    provider.readInstances({ instanceIds: [linux(stage)] }, context()),
    provider.listInstances({ keyPair }, context()),
    provider.listKeyPairs({}, context()),
    provider.findKeyPair({ nameOrId: keyPair.name }, context()),
    provider.detach(write, context()),
    provider.power({ ...write, action: 'stop' }, context()),
  ]);
  return settled.map((result) => (result.status === 'rejected' ? result.reason : result.value));
}

export const SECRECY: readonly ContractCase[] = [
  {
    title: 'an adapter throws nothing but vendor failures, and no secret is in them',
    async run(stage) {
      const { harness } = stage;
      for (const fault of FAULTS) {
        harness.cloud.clearFaults();
        harness.cloud.fail(/.*/, fault, Number.POSITIVE_INFINITY);
        const failures = await failuresOf(stage, harness.provider);
        expect(failures.filter((failure) => failure instanceof Error && !(failure instanceof VendorFailure))).toEqual(
          [],
        );
        expect(failures.some((failure) => failure instanceof VendorFailure)).toBe(true);
        expectNoSecret(stage, inspectAll(failures));
      }
      harness.cloud.clearFaults();
      const stranger = await harness.strangerProvider();
      expectNoSecret(stage, inspectAll(await failuresOf(stage, stranger)));
      await stranger.close();
    },
  },
  {
    title: 'no secret is in an answer or in the record of a call',
    async run(stage) {
      const { harness, provider } = stage;
      const impatient = await stage.impatient();
      for (const fault of [undefined, ...FAULTS]) {
        harness.cloud.clearFaults();
        if (fault) harness.cloud.fail(/.*/, fault, Number.POSITIVE_INFINITY);
        const patient = fault?.kind === 'hang' ? impatient : provider;
        const shown = await patient.readInstances({ instanceIds: [linux(stage)] }, region(stage));
        const list = await patient.listKeyPairs(region(stage));
        const detached = await detachOne(stage, linux(stage), { provider: patient, round: fault?.kind ?? 'sound' });
        expectNoSecret(stage, inspectAll([shown, list, detached]));
      }
      expectNoSecret(stage, inspectAll(stage.records));
    },
  },
  {
    title: 'an adapter prints nothing',
    async run(stage) {
      const { harness } = stage;
      const printed: unknown[] = [];
      const keep = (...text: unknown[]) => printed.push(text) > 0;
      const spies = [
        jest.spyOn(process.stdout, 'write').mockImplementation(keep),
        jest.spyOn(process.stderr, 'write').mockImplementation(keep),
        ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
          jest.spyOn(console, level).mockImplementation((...text) => void keep(...text)),
        ),
      ];
      try {
        for (const fault of FAULTS) {
          harness.cloud.clearFaults();
          harness.cloud.fail(/.*/, fault, Number.POSITIVE_INFINITY);
          await failuresOf(stage, harness.provider);
        }
      } finally {
        for (const spy of spies) spy.mockRestore();
      }
      expect(printed).toEqual([]);
    },
  },
];
