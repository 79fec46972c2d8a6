import { afterEach, describe, expect, it } from '@jest/globals';
import { KEY } from '../../playground/stage/clouds.js';
import { type Simulation, startSimulation } from './simulation.js';

/** A cloud that refuses a whole call for one of its instances, without a word on which one. */

let simulation: Simulation | undefined;
afterEach(async () => {
  await simulation?.stop();
  simulation = undefined;
});

const stopped = Array.from({ length: 9 }, () => 'stopped' as const);

describe('one that the cloud does not take', () => {
  it.each([[0], [4], [8], [1, 2], [0, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8]])(
    'is found among nine at places %j, and the others are done',
    async (...places) => {
      simulation = await startSimulation({ kind: 'tencent', states: stopped, restart: false });
      const { cloud, ids } = simulation.cloud;
      const bad = ids.filter((_, index) => places.includes(index));
      const code = 'InvalidInstance.NotSupported';
      for (const instanceId of bad) {
        cloud.fail('DisassociateInstancesKeyPairs', { kind: 'instance-code', instanceId, code }, Number.POSITIVE_INFINITY);
      }
      const request = await simulation.drive();
      const told = ids.map((id) => request.outcomes.get(`0/${id}`));
      expect(told).toEqual(
        ids.map((id) => (bad.includes(id) ? expect.objectContaining({ kind: 'failed', code }) : { kind: 'detached', effective: 'now' })),
      );
      for (const id of ids) expect(cloud.world.instances.get(id)?.keyPairs).toEqual(bad.includes(id) ? [KEY] : []);
      expect(simulation.vain).toEqual([]);
    },
  );
});
