import { describe, expect, it } from '@jest/globals';
import type { ActionStep, CallFault } from '../../src/jobs/events.js';
import { UNPARTED } from '../../src/jobs/halving.js';
import { type Judged, judge, type Verdict } from '../../src/jobs/judge.js';
import type { LastCall } from '../../src/jobs/request.js';
import { backoffMs } from '../../src/jobs/retrying.js';
import type { Instance } from '../../src/providers/contract.js';
import { AGES, ID, TIMES } from './any-reading.js';
import { aGroup, anInstance, START } from './samples.js';

describe('one after the other', () => {
  const fresh = (step: ActionStep): Judged['batch'] => ({
    id: 'b1',
    group: 0,
    step,
    instances: [ID],
    pending: new Set([ID]),
    formedAt: START,
    since: START,
    epoch: 0,
    begunAt: 0,
    stranded: new Set(),
    calls: new Map(),
    halving: UNPARTED,
  });
  const since = (step: ActionStep, last: Partial<LastCall>): Judged['batch'] => ({
    ...fresh(step),
    epoch: 1,
    begunAt: START,
    answeredAt: START,
    calls: new Map([[ID, { begunAt: START, putOffs: 0, answers: 0, mayBeDone: false, ...last }]]),
  });
  const called = (step: ActionStep) => since(step, { at: START });
  const lost = (step: ActionStep) => since(step, {});
  const refused = (step: ActionStep, hint: CallFault['hint'], more: Partial<CallFault> = {}, putOffs = 1) => {
    const fault: CallFault = { kind: 'later', code: 'Refused', message: '', hint, instances: [ID], ...more };
    return since(step, { at: START, fault, putOffs });
  };
  const tried = (step: ActionStep, putOffs: number) => refused(step, 'sold-out', {}, putOffs);
  const at = (
    batch: Judged['batch'],
    after: number,
    change: Partial<Instance>,
    { action = 'detach', isVerified = false }: Partial<Pick<Judged, 'action' | 'isVerified'>> = {},
  ) =>
    judge({
      action,
      isVerified,
      batch,
      group: aGroup([anInstance(ID)]),
      traits: { keyPairWritesIn: ['running', 'stopped'], idempotencyToken: false },
      instance: anInstance(ID, change),
      instanceId: ID,
      timing: { ...TIMES, now: START + after },
    });
  const attach = (batch: Judged['batch'], after: number, change: Partial<Instance>) =>
    at(batch, after, change, { action: 'attach', isVerified: true });
  const over = (outcome: object) => ({
    kind: 'report',
    result: { kind: 'over', outcome: expect.objectContaining(outcome) },
  });
  const OFF = { keyPairs: [] };
  const VERIFIED = { isVerified: true };
  const CHANGED_BACK = { kind: 'failed', code: 'ChangedBack', hint: 'changed-back' };
  const unrestarted = (message: string) => ({
    kind: 'detached',
    effective: 'after-restart',
    restartFailed: { code: 'NotRestarted', message },
  });
  const done = (changed: boolean) => ({ kind: 'report', result: { kind: 'done', changed } });
  const operation = (state: 'running' | 'failed') => ({ operation: { id: 'op', state, code: 'Gone', message: 'no' } });

  it.each<[string, Verdict | object, Verdict]>([
    ['bound, not called', { kind: 'call' }, at(fresh('detach'), 0, {})],
    ['off already, not called', over({ kind: 'not-bound' }), at(fresh('detach'), 0, { keyPairs: [] })],
    [
      'another one, not called',
      over({ kind: 'skipped', reason: 'key-pair-changed' }),
      at(fresh('detach'), 0, { keyPairs: [{ name: 'x' }] }),
    ],
    ['another one, called', done(true), at(called('detach'), 0, { keyPairs: [{ name: 'x' }] })],
    ['accepted, still bound', { kind: 'wait' }, at(called('detach'), TIMES.quietMs - 1, {})],
    [
      'accepted, bound for too long',
      over({ kind: 'failed', code: 'NotVerified' }),
      at(called('detach'), TIMES.quietMs, {}),
    ],
    ['its task runs', { kind: 'wait' }, at(called('detach'), TIMES.slowMs - 1, operation('running'))],
    [
      'its task runs for too long',
      over({ kind: 'failed', code: 'NotVerified' }),
      at(called('detach'), TIMES.slowMs, operation('running')),
    ],
    [
      'its task failed',
      over({ kind: 'failed', code: 'Gone', message: 'no' }),
      at(called('detach'), 0, operation('failed')),
    ],
    ['on its way between two states', { kind: 'wait' }, at(fresh('detach'), 0, { state: 'changing' })],
    [
      'on its way for too long',
      over({ kind: 'skipped', reason: 'state-changed' }),
      at(fresh('detach'), TIMES.slowMs, { state: 'changing' }),
    ],
    ['to be attached, not called', { kind: 'call' }, attach(fresh('attach'), 0, { keyPairs: [] })],
    ['to be attached, and bound', over({ kind: 'already-bound' }), attach(fresh('attach'), 0, {})],
    ['attached', done(true), attach(called('attach'), 0, {})],
    ['attached by a task that still runs', { kind: 'wait' }, attach(called('attach'), 0, operation('running'))],
    ['accepted, not bound', { kind: 'wait' }, attach(called('attach'), TIMES.quietMs - 1, { keyPairs: [] })],
    [
      'accepted, not bound for too long',
      over({ kind: 'failed', code: 'NotVerified' }),
      attach(called('attach'), TIMES.quietMs, { keyPairs: [] }),
    ],
    [
      'to be attached, and another one is bound',
      over({ kind: 'skipped', reason: 'other-key-pair' }),
      attach(fresh('attach'), 0, { keyPairs: [{ name: 'x' }] }),
    ],
    [
      'no answer, and another one is bound meanwhile',
      over({ kind: 'skipped', reason: 'other-key-pair' }),
      attach(lost('attach'), TIMES.quietMs, { keyPairs: [{ name: 'x' }] }),
    ],
    ['no answer, and bound', done(true), attach(lost('attach'), TIMES.quietMs, {})],
    ['to be stopped for an attach', { kind: 'call' }, attach(fresh('stop'), 0, { keyPairs: [] })],
    ['to be stopped for an attach, and bound', over({ kind: 'already-bound' }), attach(fresh('stop'), 0, {})],
    [
      'to be stopped for an attach, and another one is bound',
      over({ kind: 'skipped', reason: 'other-key-pair' }),
      attach(fresh('stop'), 0, { keyPairs: [{ name: 'x' }] }),
    ],
    ['off already', done(false), at(fresh('stop'), 0, { state: 'stopped' })],
    ['stopped by us', done(true), at(called('stop'), 0, { state: 'stopped' })],
    [
      'does not shut down',
      over({ kind: 'failed', code: 'StopTimedOut' }),
      at(called('stop'), TIMES.slowMs, { state: 'changing' }),
    ],
    ['to be stopped, and nothing bound any more', over({ kind: 'not-bound' }), at(fresh('stop'), 0, { keyPairs: [] })],
    ['restarting', { kind: 'wait' }, at(called('restart'), TIMES.restartGraceMs - 1, OFF)],
    ['restarted', done(true), at(called('restart'), TIMES.restartGraceMs, OFF)],
    ['stopped by someone before its restart', done(false), at(fresh('restart'), 0, { ...OFF, state: 'stopped' })],
    ['bound again, a moment after it was read', { kind: 'wait' }, at(fresh('restart'), TIMES.quietMs - 1, {})],
    ['bound again, not restarted yet', over(CHANGED_BACK), at(fresh('restart'), TIMES.quietMs, {})],
    ['bound again, and restarted', over(CHANGED_BACK), at(called('restart'), TIMES.quietMs, {})],
    ['bound again, and stopped by someone', over(CHANGED_BACK), at(fresh('restart'), AGES, { state: 'stopped' })],
    ['bound again, and terminated', over(CHANGED_BACK), at(fresh('restart'), AGES, { state: 'unusable' })],
    ['bound again, and between two states', { kind: 'wait' }, at(fresh('restart'), 0, { state: 'changing' })],
    ['taken off again, not restarted yet', over(CHANGED_BACK), attach(fresh('restart'), TIMES.quietMs, OFF)],
    ['another one is bound by now', { kind: 'call' }, at(fresh('restart'), 0, { keyPairs: [{ name: 'x' }] })],
    ['locked by now', over(unrestarted('security')), at(fresh('restart'), 0, { ...OFF, lock: 'security' })],
    ['Windows by now', over(unrestarted('windows')), at(fresh('restart'), 0, { ...OFF, os: 'windows' })],
    ['locked since its restart', done(true), at(called('restart'), AGES, { ...OFF, lock: 'security' })],
    [
      'locked since its stop',
      { kind: 'call' },
      at(fresh('start'), TIMES.giveUpMs - 1, { ...OFF, state: 'stopped', lock: 'security' }, VERIFIED),
    ],
    [
      'locked since its stop, for a day',
      over({ kind: 'detached', restartFailed: { code: 'NotStarted', message: 'it is locked: security' } }),
      at(fresh('start'), TIMES.giveUpMs, { ...OFF, state: 'stopped', lock: 'security' }, VERIFIED),
    ],
    ['bound again while it is off', { kind: 'call' }, at(fresh('start'), AGES, { state: 'stopped' }, VERIFIED)],
    ['bound again, and started a moment ago', { kind: 'wait' }, at(called('start'), TIMES.quietMs - 1, {}, VERIFIED)],
    ['bound again, and started', over(CHANGED_BACK), at(called('start'), TIMES.quietMs, {}, VERIFIED)],
    ['taken off again, and started', over(CHANGED_BACK), attach(called('start'), TIMES.quietMs, OFF)],
    ['never detached, and started', done(true), at(called('start'), TIMES.quietMs, {})],
    ['detached, and started', done(true), at(called('start'), 0, OFF, VERIFIED)],
    [
      'detached, and not to be started for a day',
      over({ kind: 'detached', restartFailed: { code: 'NotStarted', message: expect.any(String) } }),
      at(fresh('start'), TIMES.giveUpMs, { ...OFF, state: 'unusable' }, VERIFIED),
    ],
    [
      'bound again, and not to be started for a day',
      over({ kind: 'failed', code: 'NotStarted' }),
      at(fresh('start'), TIMES.giveUpMs, { state: 'unusable' }, VERIFIED),
    ],
    ['not to be started', { kind: 'wait' }, at(fresh('start'), TIMES.giveUpMs - 1, { state: 'unusable' })],
    [
      'not to be started for a day',
      over({ kind: 'failed', code: 'NotStarted', hint: 'start-by-hand' }),
      at(fresh('start'), TIMES.giveUpMs, { state: 'unusable' }),
    ],
    ['off, after its account went on', { kind: 'call' }, at({ ...fresh('detach'), since: START + AGES }, AGES, {})],
    [
      'its last call met credentials that had expired, however long ago it was formed',
      { kind: 'call' },
      at(refused('detach', 'renew-credentials'), AGES, {}),
    ],
    [
      'its last call met credentials that had expired, just now',
      { kind: 'wait' },
      at(refused('detach', 'renew-credentials'), TIMES.pausedMs - 1, {}),
    ],
    [
      'its restart met credentials that had expired, however long ago',
      { kind: 'call' },
      at(refused('restart', 'check-credentials'), AGES, OFF),
    ],
    [
      'its last call met a fault, and patience is over',
      over({ kind: 'failed', code: 'Refused' }),
      at(refused('detach', 'rate-limited'), TIMES.patienceMs, {}),
    ],
    [
      'its last call met a fault, and its account went on since',
      { kind: 'call' },
      at({ ...refused('detach', 'rate-limited'), since: START + TIMES.patienceMs }, TIMES.patienceMs, {}),
    ],
    ['not started for a fault', { kind: 'wait' }, at(tried('start', 7), 63_999, { state: 'stopped' })],
    [
      'not started for a fault, and a minute later',
      { kind: 'call' },
      at(tried('start', 7), 64_000, { state: 'stopped' }),
    ],
    [
      'its call was refused for one of many',
      { kind: 'call' },
      at(refused('detach', 'unsupported-instance', { about: 'some', isFinal: true }), AGES, {}),
    ],
    [
      'its call may have been done, and was refused for one of many',
      { kind: 'wait' },
      at(refused('detach', 'quota', { about: 'some-or-all', kind: 'unknown' }), TIMES.quietMs - 1, {}),
    ],
    [
      'its start was refused for one of many',
      { kind: 'call' },
      at(refused('start', 'quota', { about: 'some-or-all', kind: 'unknown' }), 0, { state: 'stopped' }),
    ],
    ['not started for many faults', { kind: 'wait' }, at(tried('start', 99), 299_999, { state: 'stopped' })],
  ])('%s', (_what, expected, verdict) => {
    expect(verdict).toEqual(expected);
  });
});

it('waits longer each time, up to a minute', () => {
  expect([0, 1, 2, 3, 6, 7, 50].map((putOffs) => backoffMs(putOffs))).toEqual([
    1_000, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ]);
});
