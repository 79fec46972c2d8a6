import { expect } from '@jest/globals';
import type { Fault as CloudFault } from '../../../playground/clouds/cloud.js';
import { makeGate } from '../../../playground/gate.js';
import type { Answer, GuardedProvider } from '../../../src/providers/answers.js';
import { isBound } from '../../../src/providers/contract.js';
import type { ErrorKind } from '../../../src/providers/failures.js';
import { type ContractCase, IMPATIENCE_MS, linux, region, type Stage } from './stage.js';

const READS: readonly [string, (stage: Stage, provider: GuardedProvider) => Promise<Answer<unknown>>][] = [
  ['readInstances', (stage, provider) => provider.readInstances({ instanceIds: [linux(stage)] }, region(stage))],
  ['listInstances', (stage, provider) => provider.listInstances({ keyPair: stage.harness.keyPair }, region(stage))],
  ['listKeyPairs', (stage, provider) => provider.listKeyPairs(region(stage))],
  ['findKeyPair', (stage, provider) => provider.findKeyPair({ nameOrId: stage.harness.keyPair.name }, region(stage))],
];

const FAILURES: readonly { what: string; fault: CloudFault; kind: ErrorKind }[] = [
  { what: 'throttled', fault: { kind: 'throttle' }, kind: 'rate-limited' },
  { what: 'answered with an internal error', fault: { kind: 'server-error', when: 'before' }, kind: 'unavailable' },
  { what: 'cut off', fault: { kind: 'reply-lost' }, kind: 'unavailable' },
  { what: 'answered with a page of HTML', fault: { kind: 'html' }, kind: 'malformed' },
  { what: 'not answered', fault: { kind: 'hang', when: 'before' }, kind: 'timeout' },
];

const failingReads: readonly ContractCase[] = FAILURES.map(({ what, fault, kind }) => ({
  title: `a read that is ${what} is a fault, never an empty answer`,
  async run(stage) {
    const provider = kind === 'timeout' ? await stage.impatient() : stage.provider;
    stage.harness.cloud.fail(/.*/, fault, Number.POSITIVE_INFINITY);
    const answers = await Promise.all(READS.map(async ([name, ask]) => [name, await ask(stage, provider)]));
    const expected = READS.map(([name]) => [name, { ok: false, fault: expect.objectContaining({ kind }) }]);
    expect(answers).toEqual(expected);
  },
}));

export const FAILING_READS: readonly ContractCase[] = [
  ...failingReads,
  {
    title: 'a read is answered within the time limit',
    async run(stage) {
      const impatient = await stage.impatient();
      stage.harness.cloud.fail(/.*/, { kind: 'hang', when: 'before' }, Number.POSITIVE_INFINITY);
      const began = performance.now();
      await impatient.readInstances({ instanceIds: [linux(stage)] }, region(stage));
      expect(performance.now() - began).toBeLessThan(IMPATIENCE_MS * 4);
    },
  },
  {
    title: 'a wrong credential is a fault of kind auth, never absence',
    async run(stage) {
      const stranger = stage.guarded(await stage.harness.strangerProvider());
      for (const [name, ask] of READS) {
        const answer = await ask(stage, stranger);
        expect({ name, answer }).toMatchObject({ name, answer: { ok: false, fault: { kind: 'auth' } } });
      }
      await stranger.close();
    },
  },
  {
    title: 'without permission no instance is shown unbound and no key pair absent',
    async run(stage) {
      const { harness, provider } = stage;
      harness.cloud.fail(/.*/, { kind: 'forbidden' }, Number.POSITIVE_INFINITY);
      const shown = await provider.readInstances({ instanceIds: harness.linux.slice(0, 2) }, region(stage));
      // Some clouds show an empty list instead of an error; left out is no proof, unbound would be a lie.
      if (shown.ok) expect(shown.value.filter((instance) => !isBound(instance, harness.keyPair))).toEqual([]);
      else expect(shown.fault.kind).toBe('forbidden');
      const found = await provider.findKeyPair({ nameOrId: harness.keyPair.name }, region(stage));
      expect(found).toMatchObject({ ok: false, fault: { kind: 'forbidden' } });
    },
  },
  {
    title: 'a failure on a later page is a fault, never a shorter list',
    async run(stage) {
      const { cloud, operations, keyPair } = stage.harness;
      const pages = countCalls(stage, operations.list);
      await stage.provider.listInstances({ keyPair }, region(stage));
      const wanted = pages();
      expect(wanted).toBeGreaterThan(1);
      const last = await failLast(stage, wanted);
      expect(last).toMatchObject({ ok: false, fault: { kind: 'rate-limited' } });
      expect(cloud.calls.length).toBeGreaterThan(wanted);
    },
  },
  {
    title: 'an abort before a read makes no call',
    async run(stage) {
      const { harness, provider } = stage;
      const answer = await provider.listInstances(
        { keyPair: harness.keyPair },
        { ...region(stage), signal: AbortSignal.abort() },
      );
      expect(answer).toMatchObject({ ok: false, fault: { kind: 'aborted' } });
      expect(harness.cloud.calls).toEqual([]);
    },
  },
  {
    title: 'an abort during a list ends it, without a further call',
    async run(stage) {
      const { harness, provider } = stage;
      const control = new AbortController();
      const hold = harness.cloud.hold(harness.operations.list);
      const listing = provider.listInstances(
        { keyPair: harness.keyPair },
        { ...region(stage), signal: control.signal },
      );
      await hold.arrived;
      control.abort();
      expect(await listing).toMatchObject({ ok: false, fault: { kind: 'aborted' } });
      const before = harness.cloud.calls.length;
      hold.release();
      // An answered call of another kind: what the list would have sent on release has come before it.
      const { list, keyPairs } = harness.operations;
      if (list === keyPairs) await provider.readInstances({ instanceIds: [linux(stage)] }, region(stage));
      else await provider.findKeyPair({ nameOrId: harness.keyPair.name }, region(stage));
      expect(harness.cloud.calls.slice(before).map(({ operation }) => operation)).not.toContain(list);
    },
  },
];

function countCalls({ harness }: Stage, operation: string): () => number {
  const before = harness.cloud.calls.length;
  return () => harness.cloud.calls.slice(before).filter((call) => call.operation === operation).length;
}

/** Lists once more, with the last call of the list parked until it is made to fail. */
async function failLast(stage: Stage, wanted: number): Promise<Answer<unknown>> {
  const { cloud, operations, keyPair } = stage.harness;
  const holds = Array.from({ length: wanted }, () => cloud.hold(operations.list));
  const done = makeGate<Answer<unknown>>();
  void stage.provider.listInstances({ keyPair }, region(stage)).then(done.open);
  for (const [index, hold] of holds.entries()) {
    await hold.arrived;
    if (index === wanted - 1) cloud.fail(operations.list, { kind: 'throttle' });
    hold.release();
  }
  return done.promise;
}
