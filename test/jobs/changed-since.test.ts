import { describe, expect, it } from '@jest/globals';
import type { WorldInstance } from '../../playground/clouds/cloud.js';
import { KIND_IDS, type KindId, SPARE_KEY } from '../../playground/stage/clouds.js';
import { startSimulation } from './simulation.js';

/** What changed between the plan and the run is left alone, and told with the reason; the others go on. */

type Change = Partial<WorldInstance>;
type Told = Readonly<Record<string, unknown>>;
const skipped = (reason: string): Told => ({ kind: 'skipped', reason });

/** What each cloud calls a lock; Volcengine shows none. */
const LOCKS: Readonly<Record<KindId, string | undefined>> = {
  alibaba: 'security',
  tencent: 'EXPIRED',
  volcengine: undefined,
  huawei: 'locked',
};
/** What is gone is in the answer with its last state, or not at all: that is no proof, so it is not told as skipped. */
const GONE: Readonly<Record<KindId, Told>> = {
  alibaba: { kind: 'failed', code: 'InstanceNotShown', hint: 'not-shown' },
  tencent: skipped('unusable'),
  volcengine: skipped('unusable'),
  huawei: skipped('unusable'),
};

const changesOn = (kind: KindId): readonly [string, Change, Told][] => {
  const lock = LOCKS[kind];
  const locked: [string, Change, Told][] = lock === undefined ? [] : [['is locked', { lock }, skipped('locked')]];
  return [
    ['has another key pair now', { keyPairs: [SPARE_KEY] }, skipped('key-pair-changed')],
    ['has none now', { keyPairs: [] }, { kind: 'not-bound' }],
    ['runs Windows now', { os: 'windows' }, skipped('windows')],
    ['is on its way to another state', { state: 'restarting' }, skipped('state-changed')],
    ['is gone', { state: 'terminated' }, GONE[kind]],
    ...locked,
  ];
};

const WRITE = /^(Detach|Disassociate|Stop|Start|Reboot|POST )/;

describe.each(KIND_IDS)('on %s', (kind) => {
  it.each(changesOn(kind))('an instance that %s', async (_what, change, told) => {
    const simulation = await startSimulation({ kind, states: ['running', 'running'], restart: true });
    try {
      const { cloud, ids } = simulation.cloud;
      const [changed, other] = ids.map((id) => cloud.world.instances.get(id));
      if (changed === undefined || other === undefined) throw new Error('no instances');
      Object.assign(changed, change);
      const before = structuredClone(changed);
      const calls = cloud.calls.length;
      const request = await simulation.drive();
      expect(request.state).toBe('finished');
      expect(request.outcomes.get(`0/${changed.id}`)).toMatchObject(told);
      expect(request.outcomes.get(`0/${other.id}`)).toEqual({ kind: 'detached', effective: 'now' });
      expect(other).toMatchObject({ keyPairs: [], state: 'running' });
      const written = cloud.calls.slice(calls).filter(({ operation }) => WRITE.test(operation));
      expect(written.flatMap(({ instanceIds }) => instanceIds)).not.toContain(changed.id);
      expect(changed).toEqual(before);
    } finally {
      await simulation.stop();
    }
  });
});
