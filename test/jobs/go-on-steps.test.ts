import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSurvey } from '../../src/jobs/handlers/survey.js';
import { type Judged, judge } from '../../src/jobs/judge.js';
import { createLog } from '../../src/jobs/log.js';
import type { Request } from '../../src/jobs/request.js';
import { createRequestStore } from '../../src/jobs/requests.js';
import { finalOutcome, nextStep, planRestart, planTarget, planUnseen } from '../../src/jobs/steps.js';
import type { GuardedProvider, Outcome } from '../../src/providers/answers.js';
import type { Instance, KeyPair } from '../../src/providers/contract.js';
import { traits } from '../providers/reference/provider.js';
import { aHouse, makeClock } from './house.js';
import { ACCOUNT, aGroup, anInstance, createCommand, KEY_PAIR, stages, take } from './samples.js';
import { openScope, type Scope } from './scope.js';

const OFF = { keyPairs: [] };
const TRAITS = { keyPairWritesIn: ['running', 'stopped'], effectiveWhenRunning: 'after-restart' } as const;
const waits = (message: string): Outcome => ({
  kind: 'detached',
  effective: 'after-restart',
  restartFailed: { code: 'NotRestarted', message },
});

describe('planRestart', () => {
  it.each([
    ['running', anInstance('i', OFF), { steps: ['restart'] }],
    ['running with another key pair', anInstance('i', { keyPairs: [{ name: 'x' }] }), { steps: ['restart'] }],
    ['bound again', anInstance('i'), { steps: ['detach', 'verify', 'restart'] }],
    [
      'off',
      anInstance('i', { ...OFF, state: 'stopped' }),
      { steps: [], outcome: { kind: 'detached', effective: 'now' } },
    ],
    ['locked', anInstance('i', { ...OFF, lock: 'security' }), { steps: [], outcome: waits('security') }],
    [
      'between states',
      anInstance('i', { ...OFF, state: 'changing', vendorState: 'Stopping' }),
      { steps: [], outcome: waits('Stopping') },
    ],
    [
      'gone',
      anInstance('i', { ...OFF, state: 'unusable', vendorState: 'Released' }),
      { steps: [], outcome: waits('Released') },
    ],
  ])('%s', (_what, instance, plan) => {
    const { id, name, state, os } = instance;
    expect(planRestart(TRAITS, instance, KEY_PAIR, 'detach')).toEqual({ id, name, state, os, ...plan });
  });

  it('says of what is not shown only what is known', () => {
    const target = planTarget(TRAITS, anInstance('i'), KEY_PAIR, { action: 'detach', restart: true });
    expect(planUnseen(target).outcome).toMatchObject({ kind: 'failed', code: 'InstanceNotShown' });
    expect(planUnseen(target, 'detach').outcome).toMatchObject({ kind: 'detached', effective: 'after-restart' });
  });
});

describe('a target that is restarted only', () => {
  const group = { ...aGroup([]), targets: [planRestart(TRAITS, anInstance('i', OFF), KEY_PAIR, 'detach')] };
  const { running } = stages(group, true);
  const one = (request: Request) => {
    const [target] = request.targets.values();
    if (target === undefined) throw new Error('no target');
    return target;
  };
  const report = (request: Request) =>
    take(
      request,
      { type: 'report', batch: 'b1', epoch: 0, results: { i: { kind: 'done', changed: true } } },
      Date.now(),
    );

  it('has no other step, and is told as detached once it restarted', () => {
    expect(nextStep(running, one(running))).toBe('restart');
    expect([...running.batches.values()].map(({ step, instances }) => ({ step, instances }))).toEqual([
      { step: 'restart', instances: ['i'] },
    ]);
    const end = report(running);
    expect([end.state, end.outcomes.get('0/i')]).toEqual(['finished', { kind: 'detached', effective: 'now' }]);
  });

  it('is told as waiting still when it was cancelled before', () => {
    const halted = take(running, { type: 'cancel', by: 'U0LEAD' }, Date.now());
    expect([halted.state, halted.outcomes.get('0/i')]).toEqual([
      'cancelled',
      { kind: 'detached', effective: 'after-restart' },
    ]);
    expect(finalOutcome(halted, one(halted))).toEqual({ kind: 'detached', effective: 'after-restart' });
  });

  it('is not restarted when its key pair is bound again', () => {
    const batch = running.batches.get('b1');
    if (batch === undefined) throw new Error('no batch');
    const timing = {
      now: Date.now(),
      quietMs: 1,
      slowMs: 1,
      restartGraceMs: 1,
      patienceMs: 1,
      pausedMs: 1,
      alarmMs: 1,
      giveUpMs: 1,
    };
    const facts = { action: 'detach', batch, group, traits, instanceId: 'i', isVerified: false, timing } satisfies Omit<
      Judged,
      'instance'
    >;
    expect(judge({ ...facts, instance: anInstance('i', OFF) })).toEqual({ kind: 'call' });
    const failed = { kind: 'over', outcome: { kind: 'failed', code: 'ChangedBack', hint: 'changed-back' } };
    expect(judge({ ...facts, instance: anInstance('i') })).toMatchObject({ kind: 'report', result: failed });
  });
});

describe('the survey of a request that goes on', () => {
  let scope: Scope;
  let world: { instances: Instance[]; keyPairs: KeyPair[] };
  const clock = makeClock();
  beforeEach(() => {
    scope = openScope('go-on-survey');
  });
  afterEach(() => scope.close());

  const guarded = (): GuardedProvider => {
    const never = () => Promise.reject(new Error('a survey changes nothing'));
    const answer = <T>(value: T) => Promise.resolve({ ok: true as const, value });
    return {
      traits: { ...traits, ...TRAITS, instanceIdPattern: 'vm-\\d+' },
      readInstances: ({ instanceIds }) => answer(world.instances.filter(({ id }) => instanceIds.includes(id))),
      listInstances: () => answer(world.instances),
      listKeyPairs: () => answer(world.keyPairs),
      findKeyPair: ({ nameOrId }) =>
        answer(world.keyPairs.find(({ name, id }) => name === nameOrId || id === nameOrId)),
      detach: never,
      attach: never,
      power: never,
      reserve: () => 0,
      close: () => Promise.resolve(),
    };
  };

  /** Detached by the first request without a restart; then the world becomes another. */
  async function surveyed(later: typeof world, restart = true): Promise<Request> {
    world = later;
    const log = createLog(scope.connect(), scope.prefix);
    const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
    const first = createCommand();
    const ids = ['vm-1', 'vm-2'];
    const group = aGroup(
      ids.map((id) => anInstance(id)),
      { traits: TRAITS },
    );
    const terms = { quorums: [{ account: ACCOUNT, approvals: 1 }], expiresAfterMs: 60_000, maxInstances: 9 };
    const { id } = first.facts;
    await store.transact(id, () => first);
    await store.transact(id, () => ({ type: 'survey', selection: 0, group, terms }));
    const digest = (await store.load(id)).plan?.digest ?? '';
    await store.transact(id, () => ({ type: 'approve', by: 'U0LEAD', accounts: [ACCOUNT], digest }));
    const results = Object.fromEntries(ids.map((one) => [one, { kind: 'done' as const, changed: true }]));
    await store.transact(id, () => ({ type: 'report', batch: 'b1', epoch: 0, results }));
    const selection = { account: ACCOUNT, region: 'cn-hangzhou', key: KEY_PAIR.id, instances: ids };
    const after = { request: id, why: restart ? ('restart' as const) : ('retry' as const) };
    const facts = { ...first.facts, id: 'NEXT01', origin: 'next', restart, selections: [selection], after };
    await store.transact('NEXT01', () => ({ type: 'create', facts }));
    const cloudFor = async () => ({ provider: 'alibaba', guarded: guarded() });
    const survey = createSurvey({
      store,
      house: aHouse(),
      cloudFor,
      onUnbuilt() {},
      now: clock.now,
      random: () => 0,
      patienceMs: 1_000,
    });
    await survey({ name: 'survey', request: 'NEXT01', selection: 0 }, new AbortController().signal);
    return store.load('NEXT01');
  }
  const plans = ({ groups }: Request) =>
    groups
      .flatMap((group) => group?.targets ?? [])
      .map(({ id, steps, outcome }) => [id, steps.join(' '), outcome?.kind]);

  it('restarts what is off and detaches what is bound again', async () => {
    const instances = [anInstance('vm-1', OFF), anInstance('vm-2')];
    const request = await surveyed({ instances, keyPairs: [KEY_PAIR] });
    expect(plans(request)).toEqual([
      ['vm-1', 'restart', undefined],
      ['vm-2', 'detach verify restart', undefined],
    ]);
  });

  it('restarts although the key pair was deleted since', async () => {
    const instances = [anInstance('vm-1', OFF), anInstance('vm-2', OFF)];
    const request = await surveyed({ instances, keyPairs: [{ name: KEY_PAIR.name, id: 'kp-new' }] });
    expect([request.state, request.groups[0]?.keyPair]).toEqual(['awaiting-approval', KEY_PAIR]);
  });

  it('goes on with the others where one is not shown any more', async () => {
    const request = await surveyed({ instances: [anInstance('vm-2', OFF)], keyPairs: [KEY_PAIR] });
    expect(plans(request)).toEqual([
      ['vm-2', 'restart', undefined],
      ['vm-1', '', 'detached'],
    ]);
  });

  it('is not possible where none is shown any more', async () => {
    const none = await surveyed({ instances: [], keyPairs: [KEY_PAIR] });
    expect(none.rejection).toMatchObject({ code: 'instances-not-shown', instances: ['vm-1', 'vm-2'] });
  });

  it('restarts nothing where restarts are not allowed', async () => {
    const instances = [anInstance('vm-1', OFF), anInstance('vm-2')];
    const request = await surveyed({ instances, keyPairs: [KEY_PAIR] }, false);
    expect(plans(request)).toEqual([
      ['vm-1', '', 'not-bound'],
      ['vm-2', 'detach verify', undefined],
    ]);
  });
});
