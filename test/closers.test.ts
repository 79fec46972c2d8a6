import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../playground/gate.js';
import { createClosers } from '../src/closers.js';

/** Closers that note when they are closed. */
function start(names: readonly string[], failing: readonly string[] = []) {
  const closed: string[] = [];
  const closers = createClosers();
  for (const name of names) {
    closers.push(name, async () => {
      closed.push(name);
      if (failing.includes(name)) throw new Error(`${name} is stuck`);
    });
  }
  return { closers, closed };
}

describe('closers', () => {
  it('close in reverse order, each when the one before is closed', async () => {
    const gate = makeGate();
    const closed: string[] = [];
    const closers = createClosers();
    closers.push('first', async () => void closed.push('first'));
    closers.push('second', async () => {
      await gate.promise;
      closed.push('second');
    });
    const all = closers.closeAll();
    await Promise.resolve();
    expect(closed).toEqual([]);
    gate.open();
    await all;
    expect(closed).toEqual(['second', 'first']);
  });

  it('close what was opened when opening stopped half-way', async () => {
    const { closers, closed } = start(['redis', 'queues']);
    await closers.closeAll();
    expect(closed).toEqual(['queues', 'redis']);
  });

  it('go on past failures, and tell them all at the end', async () => {
    const { closers, closed } = start(['a', 'b', 'c', 'd'], ['b', 'd']);
    const error: unknown = await closers.closeAll().catch((cause: unknown) => cause);
    expect(closed).toEqual(['d', 'c', 'b', 'a']);
    if (!(error instanceof AggregateError)) throw error;
    expect(error.errors.map(String)).toEqual(['Error: d did not close', 'Error: b did not close']);
    expect(error.errors.map(({ cause }) => String(cause))).toEqual(['Error: d is stuck', 'Error: b is stuck']);
  });

  it('close once, however often they are asked', async () => {
    const { closers, closed } = start(['a'], ['a']);
    const first = closers.closeAll();
    expect(closers.closeAll()).toBe(first);
    await expect(first).rejects.toThrow('not everything closed');
    await expect(closers.closeAll()).rejects.toThrow('not everything closed');
    expect(closed).toEqual(['a']);
  });

  it('have nothing to do where nothing was opened', async () => {
    await expect(createClosers().closeAll()).resolves.toBeUndefined();
  });
});
