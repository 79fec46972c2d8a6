import { describe, expect, it } from '@jest/globals';
import type { WorldInstance } from '../../playground/clouds/cloud.js';
import { KEY, KIND_IDS, type KindId, SPARE_KEY } from '../../playground/stage/clouds.js';
import type { Request } from '../../src/jobs/request.js';
import { type Simulation, startSimulation } from './simulation.js';

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
