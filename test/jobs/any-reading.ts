import fc from 'fast-check';
import { type ActionStep, type CallFault, isKeyPairStep } from '../../src/jobs/events.js';
import { UNPARTED } from '../../src/jobs/halving.js';
import type { Judged } from '../../src/jobs/judge.js';
import type { Batch, LastCall } from '../../src/jobs/request.js';
import type { Timing } from '../../src/jobs/retrying.js';
import { type Instance, KEY_PAIR_ACTIONS, type Operation, type Traits } from '../../src/providers/contract.js';
import { aGroup, anInstance, KEY_PAIR, START } from './samples.js';

/** Any reading of one instance of a batch, at any moment of what came before. */

export const ID = 'i-1';
export const TIMES: Omit<Timing, 'now'> = {
  quietMs: 10_000,
  slowMs: 60_000,
  restartGraceMs: 2_000,
  patienceMs: 40_000,
  pausedMs: 30_000,
  alarmMs: 20_000,
  giveUpMs: 1_000_000,
};
/** Later than anything that is waited for. */
export const AGES = 10_000_000;

const fault: fc.Arbitrary<CallFault> = fc.record(
  {
    kind: fc.constantFrom<CallFault['kind']>('later', 'unknown'),
    code: fc.constant('Busy'),
    message: fc.constant('busy'),
    hint: fc.constant('rate-limited' as const),
    instances: fc.constantFrom([ID], [ID, 'i-2'], ['i-2']),
    retryAfterMs: fc.constantFrom(3_000, 30_000),
  },
  { requiredKeys: ['kind', 'code', 'message', 'hint', 'instances'] },
);

type Past = 'fresh' | 'begun' | 'called' | 'left' | 'not-in-it';
const past = fc.constantFrom<Past>('fresh', 'begun', 'begun', 'called', 'called', 'called', 'left', 'not-in-it');

const batch: fc.Arbitrary<Batch> = fc
  .record({
    step: fc.constantFrom<ActionStep>('stop', 'detach', 'detach', 'attach', 'attach', 'restart', 'restart', 'start'),
    past,
    epoch: fc.integer({ min: 1, max: 4 }),
    putOffs: fc.integer({ min: 0, max: 4 }),
    waited: fc.nat({ max: 5_000 }),
    took: fc.nat({ max: 2_000 }),
    fault: fc.option(fault, { nil: undefined }),
  })
  .map(({ step, past: what, epoch, putOffs, waited, took, fault: drawn }) => {
    const begunAt = START + waited;
    const isBegun = what !== 'fresh';
    const isAnswered = isBegun && what !== 'begun';
    const said = drawn?.instances.includes(ID) ? drawn : undefined;
    const left = drawn && { ...drawn, about: 'some' as const };
    const own: LastCall = {
      begunAt,
      putOffs,
      answers: 0,
      mayBeDone: false,
      ...(isAnswered && { at: begunAt + took }),
      ...(what === 'called' && said && { fault: said }),
      ...(what === 'left' && left && { fault: left }),
    };
    const calls = isBegun && what !== 'not-in-it' ? [[ID, own] as const] : [];
    return {
      id: 'b1',
      group: 0,
      step,
      instances: [ID, 'i-2'],
      pending: new Set([ID, 'i-2']),
      formedAt: START,
      since: START,
      epoch: isBegun ? epoch : 0,
      begunAt: isBegun ? begunAt : 0,
      stranded: new Set<string>(),
      calls: new Map(calls),
      halving: UNPARTED,
      ...(isAnswered && { answeredAt: begunAt + took }),
    };
  });

const operation: fc.Arbitrary<Operation> = fc
  .constantFrom<Operation['state']>('running', 'succeeded', 'failed')
  .map((state) => ({ id: 'op', state }));

const instance: fc.Arbitrary<Instance> = fc
  .record(
    {
      state: fc.constantFrom<Instance['state']>('running', 'running', 'stopped', 'stopped', 'changing', 'unusable'),
      os: fc.constantFrom<Instance['os']>('linux', 'linux', 'linux', 'windows'),
      keyPairs: fc.constantFrom<Instance['keyPairs']>([KEY_PAIR], [KEY_PAIR], [], [{ name: 'other', id: 'kp-2' }]),
      lock: fc.constant('security'),
      operation,
    },
    { requiredKeys: ['state', 'os', 'keyPairs'] },
  )
  .map((facts) => anInstance(ID, facts));

export const judged: fc.Arbitrary<Judged> = fc
  .record({
    batch,
    anyAction: fc.constantFrom(...KEY_PAIR_ACTIONS),
    instance: fc.option(instance, { nil: undefined, freq: 6 }),
    keyPairWritesIn: fc.constantFrom<Traits['keyPairWritesIn']>(['running', 'stopped'], ['stopped']),
    idempotencyToken: fc.boolean(),
    isVerified: fc.boolean(),
    age: fc.oneof(fc.nat({ max: 20_000 }), fc.nat({ max: 120_000 }), fc.constant(AGES)),
  })
  .map(({ batch: at, anyAction, instance: shown, keyPairWritesIn, idempotencyToken, isVerified, age }) => {
    const action = isKeyPairStep(at.step) ? at.step : anyAction;
    return {
      action,
      batch: at,
      group: aGroup([anInstance(ID, { keyPairs: action === 'attach' ? [] : [KEY_PAIR] })], { action }),
      traits: { keyPairWritesIn, idempotencyToken },
      instance: shown,
      instanceId: ID,
      isVerified,
      timing: { ...TIMES, now: Math.max(at.answeredAt ?? at.begunAt, START) + age },
    };
  });
