import { describe, expect, it } from '@jest/globals';
import type { WorldInstance } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS, type KindId, SPARE_KEY } from '../../playground/stage/clouds.js';
import type { Request } from '../../src/jobs/request.js';
import { type Simulation, startSimulation, TIMING } from './simulation.js';

/** What changed after it was verified, and before its restart or start: what is told is so, and nothing stays off. */

type Change = Partial<WorldInstance>;
type Kind = 'detached' | 'attached';

const RESTARTING: readonly KindId[] = ['alibaba', 'volcengine'];
const isRestarting = (kind: KindId): boolean => RESTARTING.includes(kind);
const POWER = /^(Reboot|Start|POST .*(action|os-start))/;

const changedBack = { kind: 'failed', code: 'ChangedBack', hint: 'changed-back' };
const done = (kind: Kind) => ({ kind, effective: 'now' });
const unrestarted = (message: string) => ({
  kind: 'detached',
  effective: 'after-restart',
  restartFailed: { code: 'NotRestarted', message },
});

async function play(kind: KindId, act: (simulation: Simulation) => Promise<void>) {
  const simulation = await startSimulation({ kind, states: ['running', 'running'], restart: true });
  try {
    await act(simulation);
  } finally {
    await simulation.stop();
  }
}

/** Drives on to where both were verified, changes the first, and drives to the end. */
async function changeAfterVerify({ cloud: { cloud, ids }, drive }: Simulation, kind: KindId, change: Change) {
  const next = isRestarting(kind) ? 'restart' : 'start';
  await drive(({ batches }) => [...batches.values()].some(({ step }) => step === next));
  const [changed, other] = ids.map((id) => cloud.world.instances.get(id));
  if (changed === undefined || other === undefined) throw new Error('no instances');
  Object.assign(changed, change);
  const calls = cloud.calls.length;
  const request = await drive();
  const powered = cloud.calls.slice(calls).filter(({ operation }) => POWER.test(operation));
  return { request, changed, other, powered: powered.flatMap(({ instanceIds }) => instanceIds) };
}

const toldOf = ({ outcomes }: Request, { id }: WorldInstance) => outcomes.get(`0/${id}`);

describe.each(KIND_IDS)('on %s', (kind) => {
  it('an instance that has the key pair again is told as that', async () => {
    await play(kind, async (simulation) => {
      const back = { keyPairs: [KEY], opens: [KEY] };
      const { request, changed, other, powered } = await changeAfterVerify(simulation, kind, back);
      expect(request.state).toBe('finished');
      expect(toldOf(request, changed)).toMatchObject(changedBack);
      expect(toldOf(request, other)).toEqual(done('detached'));
      expect(changed).toMatchObject({ state: 'running', ...back });
      expect(powered.includes(changed.id)).toBe(!isRestarting(kind));
      expect(powered).toContain(other.id);
    });
  });

  it('also when the account let nobody in meanwhile', async () => {
    await play(kind, async (simulation) => {
      const { cloud } = simulation.cloud;
      await simulation.drive(
        ({ targets }) => targets.size > 0 && [...targets.values()].every(({ verified }) => verified),
      );
      cloud.hasExpired = true;
      await simulation.drive(({ pauses }) => pauses.size > 0);
      simulation.pass(2 * TIMING.patienceMs);
      for (const one of cloud.world.instances.values()) one.keyPairs = [KEY];
      cloud.hasExpired = false;
      const { outcomes } = await simulation.drive();
      expect([...outcomes.values()]).toMatchObject([changedBack, changedBack]);
      expect([...cloud.world.instances.values()].map(({ state }) => state)).toEqual(['running', 'running']);
    });
  });

  it('an instance that lost the key pair after an undo is told as that', async () => {
    await play(kind, async (simulation) => {
      await simulation.drive();
      expect((await simulation.goOn('undo', { restart: true })).ok).toBe(true);
      const { request, changed, other } = await changeAfterVerify(simulation, kind, { keyPairs: [] });
      expect(toldOf(request, changed)).toMatchObject(changedBack);
      expect(toldOf(request, other)).toEqual(done('attached'));
      expect(changed).toMatchObject({ state: 'running', keyPairs: [] });
    });
  });

  it('an instance that has another key pair is without this one all the same', async () => {
    await play(kind, async (simulation) => {
      const { request, changed, powered } = await changeAfterVerify(simulation, kind, { keyPairs: [SPARE_KEY] });
      expect(toldOf(request, changed)).toEqual(done('detached'));
      expect(changed).toMatchObject({ state: 'running', keyPairs: [SPARE_KEY] });
      expect(changed.opens).not.toContain(KEY);
      expect(powered).toContain(changed.id);
    });
  });
});

describe.each<[KindId, RegExp, string]>([
  ['tencent', /^Disassociate/, 'InvalidInstance.NotSupported'],
  ['huawei', /keypairs.*disassociate/, 'KPS.0006'],
])('on %s, what was not detached and is started again', (kind, detach, code) => {
  const isStopped = ({ batches }: Request) => [...batches.values()].some(({ step }) => step === 'detach');
  const statesOf = ({ cloud: { cloud } }: Simulation) => [...cloud.world.instances.values()].map(({ state }) => state);

  it('keeps the failure of its detach', async () => {
    await play(kind, async (simulation) => {
      simulation.cloud.cloud.fail(detach, { kind: 'code', code }, Number.POSITIVE_INFINITY);
      const { outcomes } = await simulation.drive();
      const failed = { kind: 'failed', code };
      expect([...outcomes.values()]).toMatchObject([failed, failed]);
      expect(statesOf(simulation)).toEqual(['running', 'running']);
    });
  });

  it('is told as cancelled after a cancel', async () => {
    await play(kind, async (simulation) => {
      await simulation.drive(isStopped);
      await simulation.transact({ type: 'cancel', by: 'U0BOB' });
      const { outcomes } = await simulation.drive();
      const cancelled = { kind: 'skipped', reason: 'cancelled' };
      expect([...outcomes.values()]).toEqual([cancelled, cancelled]);
      expect(statesOf(simulation)).toEqual(['running', 'running']);
    });
  });
});

describe.each(RESTARTING)('on %s, after a verified detach', (kind) => {
  const toRestart = ({ drive }: Simulation) =>
    drive(({ batches }) => [...batches.values()].some(({ step }) => step === 'restart'));

  it('readings that fail leave only the restart undone', async () => {
    await play(kind, async (simulation) => {
      await toRestart(simulation);
      const fault = { kind: 'server-error', when: 'before' } as const;
      simulation.cloud.cloud.fail('DescribeInstances', fault, Number.POSITIVE_INFINITY);
      const { outcomes } = await simulation.drive();
      const told = { kind: 'detached', effective: 'after-restart', restartFailed: { message: expect.any(String) } };
      expect([...outcomes.values()]).toMatchObject([told, told]);
    });
  });

  it('one that is gone leaves only its restart undone', async () => {
    await play(kind, async (simulation) => {
      await toRestart(simulation);
      const [gone = '', other = ''] = simulation.cloud.ids;
      simulation.cloud.cloud.world.instances.delete(gone);
      const { outcomes } = await simulation.drive();
      const restartFailed = { code: 'InstanceNotShown' };
      expect(outcomes.get(`0/${gone}`)).toMatchObject({ kind: 'detached', effective: 'after-restart', restartFailed });
      expect(outcomes.get(`0/${other}`)).toEqual(done('detached'));
    });
  });
});

describe.each<[KindId, string, Change, string]>([
  ['alibaba', 'is locked', { lock: 'security' }, 'security'],
  ['alibaba', 'runs Windows', { os: 'windows' }, 'windows'],
  ['volcengine', 'runs Windows', { os: 'windows' }, 'windows'],
])('on %s, an instance that %s by then', (kind, _what, change, message) => {
  it('is not restarted', async () => {
    await play(kind, async (simulation) => {
      const { request, changed, other, powered } = await changeAfterVerify(simulation, kind, change);
      expect(toldOf(request, changed)).toEqual(unrestarted(message));
      expect(toldOf(request, other)).toEqual(done('detached'));
      expect(powered).toEqual([other.id]);
    });
  });
});
