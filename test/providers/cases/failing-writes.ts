import { expect } from '@jest/globals';
import type { Fault as CloudFault } from '../../../playground/clouds/cloud.js';
import type { ErrorKind, ErrorRow } from '../../../src/providers/failures.js';
import {
  answerFor,
  type ContractCase,
  detachOne,
  IMPATIENCE_MS,
  inWorld,
  isBoundInWorld,
  linux,
  power,
  readOne,
  readsAsBound,
  region,
  tokenOf,
  worldWithout,
} from './stage.js';

const LOST: readonly { what: string; fault: CloudFault; done: boolean; kind: ErrorKind }[] = [
  {
    what: 'an internal error before the effect',
    fault: { kind: 'server-error', when: 'before' },
    done: false,
    kind: 'unavailable',
  },
  {
    what: 'an internal error after the effect',
    fault: { kind: 'server-error', when: 'after' },
    done: true,
    kind: 'unavailable',
  },
  { what: 'a reply lost after the effect', fault: { kind: 'reply-lost' }, done: true, kind: 'unavailable' },
  { what: 'no answer before the effect', fault: { kind: 'hang', when: 'before' }, done: false, kind: 'timeout' },
  { what: 'no answer after the effect', fault: { kind: 'hang', when: 'after' }, done: true, kind: 'timeout' },
  { what: 'a page of HTML', fault: { kind: 'html' }, done: false, kind: 'malformed' },
];

/** Whatever became of the write: it is said not to be known, the read shows it, and repeating brings it to its end once. */
const lostWrites: readonly ContractCase[] = LOST.map(({ what, fault, done, kind }) => ({
  title: `after ${what} a detach is unknown, the read shows the truth, repeating does not double`,
  async run(stage) {
    const { harness } = stage;
    const others = worldWithout(stage, [linux(stage)]);
    const provider = kind === 'timeout' ? await stage.impatient() : stage.provider;
    harness.cloud.fail(harness.operations.detach, fault);
    expect(await detachOne(stage, linux(stage), { provider })).toMatchObject({ kind: 'unknown', fault: { kind } });
    harness.cloud.clearFaults();
    harness.settle();
    expect(isBoundInWorld(stage, linux(stage))).toBe(!done);
    expect(await readsAsBound(stage, linux(stage))).toBe(!done);
    await detachOne(stage, linux(stage));
    harness.settle();
    expect(await readsAsBound(stage, linux(stage))).toBe(false);
    expect(worldWithout(stage, [linux(stage)])).toBe(others);
  },
}));

export const FAILING_WRITES: readonly ContractCase[] = [
  ...lostWrites,
  {
    title: 'a write is answered within the time limit',
    async run(stage) {
      const { harness } = stage;
      const impatient = await stage.impatient();
      harness.cloud.fail(harness.operations.detach, { kind: 'hang', when: 'after' });
      const began = performance.now();
      await detachOne(stage, linux(stage), { provider: impatient });
      expect(performance.now() - began).toBeLessThan(IMPATIENCE_MS * 4);
    },
  },
  {
    title: 'a write makes one attempt',
    async run(stage) {
      const { cloud, operations } = stage.harness;
      for (const fault of [
        { kind: 'throttle' },
        { kind: 'server-error', when: 'before' },
        { kind: 'reply-lost' },
      ] as const) {
        cloud.fail(operations.detach, fault);
        const before = cloud.calls.length;
        await detachOne(stage, linux(stage), { round: fault.kind });
        const made = cloud.calls.slice(before).filter(({ operation }) => operation === operations.detach);
        expect({ fault, made: made.length }).toEqual({ fault, made: 1 });
        stage.harness.settle();
      }
    },
  },
  {
    title: 'a throttled write says so, changes nothing and may be repeated',
    async run(stage) {
      const { harness } = stage;
      const before = worldWithout(stage, []);
      harness.cloud.fail(harness.operations.detach, { kind: 'throttle' });
      const throttled = await detachOne(stage, linux(stage));
      expect(throttled).toMatchObject({ kind: 'later', fault: { kind: 'rate-limited', repeat: 'later' } });
      expect(worldWithout(stage, [])).toBe(before);
      expect(await detachOne(stage, linux(stage), { round: 'second' })).toMatchObject({ kind: 'accepted' });
      harness.settle();
      expect(isBoundInWorld(stage, linux(stage))).toBe(false);
    },
  },
  {
    title: 'a write without permission is refused as forbidden',
    async run(stage) {
      const { harness } = stage;
      harness.cloud.fail(harness.operations.detach, { kind: 'forbidden' });
      expect(await detachOne(stage, linux(stage))).toMatchObject({ kind: 'refused', fault: { kind: 'forbidden' } });
      expect(isBoundInWorld(stage, linux(stage))).toBe(true);
    },
  },
  {
    title: 'a write with a wrong credential is refused as auth and changes nothing',
    async run(stage) {
      const before = worldWithout(stage, []);
      const stranger = stage.guarded(await stage.harness.strangerProvider());
      const answer = await detachOne(stage, linux(stage), { provider: stranger });
      await stranger.close();
      expect(answer).toMatchObject({ kind: 'refused', fault: { kind: 'auth' } });
      expect(worldWithout(stage, [])).toBe(before);
    },
  },
  {
    title: 'every listed code reaches the answer as its row says',
    async run(stage) {
      const { cloud, operations, provider } = stage.harness;
      for (const [n, [key, row]] of Object.entries(provider.errors).entries()) {
        const code = key.replace(/\.\*$/, '.Detail');
        cloud.fail(operations.detach, { kind: 'code', code });
        const answer = await detachOne(stage, linux(stage), { round: `code-${n}` });
        cloud.clearFaults();
        const { kind, repeat, hint } = row;
        expect(answer).toMatchObject({ kind: expectedAnswer(row), fault: { code, kind, repeat, hint } });
      }
      expect(isBoundInWorld(stage, linux(stage))).toBe(true);
    },
  },
  {
    title: 'a code that is not listed leaves a write unknown',
    async run(stage) {
      const { cloud, operations } = stage.harness;
      cloud.fail(operations.detach, { kind: 'code', code: 'Surprise.NotListed' });
      const answer = await detachOne(stage, linux(stage));
      expect(answer).toMatchObject({ kind: 'unknown', fault: { code: 'Surprise.NotListed' } });
    },
  },
  {
    title: 'an abort before a write makes no call and says that nothing was done',
    async run(stage) {
      const { harness, provider } = stage;
      const input = { instanceIds: [linux(stage)], token: tokenOf('abort'), keyPair: harness.keyPair };
      const { instances } = await provider.detach(input, { ...region(stage), signal: AbortSignal.abort() });
      expect(answerFor(instances, linux(stage))).toMatchObject({ kind: 'later', fault: { kind: 'aborted' } });
      expect(harness.cloud.calls).toEqual([]);
    },
  },
  {
    title: 'an abort during a write returns at once as unknown, without a further call',
    async run(stage) {
      const { harness, provider } = stage;
      const control = new AbortController();
      const hold = harness.cloud.hold(harness.operations.detach);
      const input = { instanceIds: [linux(stage)], token: tokenOf('abort'), keyPair: harness.keyPair };
      const detaching = provider.detach(input, { ...region(stage), signal: control.signal });
      await hold.arrived;
      control.abort();
      expect(answerFor((await detaching).instances, linux(stage))).toMatchObject({
        kind: 'unknown',
        fault: { kind: 'aborted' },
      });
      const before = harness.cloud.calls.length;
      hold.release();
      await readOne(stage, linux(stage, 1));
      const after = harness.cloud.calls.slice(before).map(({ operation }) => operation);
      expect(after).not.toContain(harness.operations.detach);
    },
  },
  {
    title: 'a stop that was not answered is unknown, and the read shows the truth',
    async run(stage) {
      const { harness } = stage;
      const impatient = await stage.impatient();
      harness.setState(linux(stage), 'running');
      harness.cloud.fail(harness.operations.stop, { kind: 'hang', when: 'after' });
      const answer = await power(stage, 'stop', linux(stage), impatient);
      expect(answer).toMatchObject({ kind: 'unknown', fault: { kind: 'timeout' } });
      harness.settle();
      expect(await readOne(stage, linux(stage))).toMatchObject({ state: 'stopped' });
      expect(inWorld(stage, linux(stage)).power.stops).toBe(1);
    },
  },
];

function expectedAnswer({ mayBeDone, repeat }: ErrorRow): string {
  if (mayBeDone === 'yes') return 'unknown';
  return repeat === 'never' ? 'refused' : 'later';
}
