import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../playground/clouds/cloud.js';
import { type Simulation, startSimulation } from './simulation.js';

/** Volcengine takes a token that makes a repeated write the same write: never one for two writes, nor two for one. */

type Write = { operation: string; ids: string; token: string };

function writesOf({ cloud: { cloud, ids } }: Simulation): Write[] {
  return cloud.calls
    .filter(({ operation }) => /^(Detach|Attach|Reboot)/.test(operation))
    .map(({ operation, instanceIds, parameters }) => ({
      operation,
      ids: instanceIds.map((id) => ids.indexOf(id)).join(''),
      token: String((parameters as Record<string, unknown>).ClientToken),
    }));
}

async function play(fault: Fault | undefined, test: (writes: readonly Write[]) => void): Promise<void> {
  const simulation = await startSimulation({ kind: 'volcengine', states: ['running', 'running'], restart: true });
  try {
    if (fault) simulation.cloud.cloud.fail('DetachKeyPair', fault);
    const request = await simulation.drive();
    expect([...request.outcomes.values()]).toMatchObject([{ kind: 'detached' }, { kind: 'detached' }]);
    await simulation.goOn('undo');
    await simulation.drive();
    test(writesOf(simulation));
  } finally {
    await simulation.stop();
  }
}

describe('the token of a write', () => {
  it('is another one for each step, and for each request', async () => {
    await play(undefined, (writes) => {
      expect(writes.map(({ operation }) => operation)).toEqual([
        'DetachKeyPair',
        'RebootInstances',
        'AttachKeyPair',
        'RebootInstances',
      ]);
      const tokens = writes.map(({ token }) => token);
      expect(new Set(tokens).size).toBe(4);
      for (const token of tokens) expect(token).toMatch(/^[\x21-\x7e]{1,64}$/);
    });
  });

  it('is the same where nobody knows whether the write was done', async () => {
    await play({ kind: 'server-error', when: 'before' }, ([first, again, ...others]) => {
      expect(again).toEqual(first);
      expect(others.map(({ token }) => token)).not.toContain(first?.token);
    });
  });

  it('is another one once the cloud has answered: it would give the same answer again', async () => {
    await play({ kind: 'throttle' }, ([first, again]) => {
      expect(again).toEqual({ ...first, token: expect.any(String) });
      expect(again?.token).not.toBe(first?.token);
    });
  });

  it('is the same for a part of a refused call, whatever was answered meanwhile for another', async () => {
    const states = ['stopped', 'stopped', 'stopped', 'stopped'] as const;
    const simulation = await startSimulation({ kind: 'volcengine', states, restart: false });
    try {
      const { cloud } = simulation.cloud;
      cloud.fail('DetachKeyPair', { kind: 'code', code: 'InvalidInstance.NotFound', httpStatus: 404 });
      cloud.fail('DetachKeyPair', { kind: 'server-error', when: 'before' });
      await simulation.drive();
      const writes = writesOf(simulation);
      expect(writes.map(({ ids }) => ids)).toEqual(['0123', '01', '23', '01']);
      expect(writes[3]).toEqual(writes[1]);
      expect(new Set(writes.map(({ token }) => token)).size).toBe(3);
    } finally {
      await simulation.stop();
    }
  });
});
