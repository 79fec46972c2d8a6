import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../playground/gate.js';
import { createEnding } from '../src/ending.js';
import { createLogger } from '../src/logger.js';
import { makeTimers } from './timers.js';

const WITHIN_MS = 40_000;

function start(stop: () => Promise<void>) {
  const said: string[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      said.push(JSON.parse(String(line)).msg);
      done();
    },
  });
  const timers = makeTimers();
  const codes: number[] = [];
  const exited = makeGate();
  const ending = createEnding({
    stop,
    exit(code) {
      codes.push(code);
      exited.open();
    },
    logger: createLogger({ level: 'info', secrets: [], destination }),
    startTimer: timers.startTimer,
    withinMs: WITHIN_MS,
  });
  return { ending, codes, exited: exited.promise, said, timers };
}

const never = () => new Promise<void>(() => {});

describe('the process ends', () => {
  it('with 0 once everything has stopped', async () => {
    const gate = makeGate();
    const at = start(() => gate.promise);
    at.ending.onSignal('SIGTERM');
    expect([at.codes, at.timers.left()]).toEqual([[], [WITHIN_MS]]);
    gate.open();
    await at.exited;
    expect([at.codes, at.timers.left(), at.said]).toEqual([[0], [], ['stopping']]);
  });

  it('with 1 where something did not stop well', async () => {
    const at = start(() => Promise.reject(new Error('stuck')));
    at.ending.onSignal('SIGTERM');
    await at.exited;
    expect([at.codes, at.said]).toEqual([[1], ['stopping', 'did not stop cleanly']]);
  });

  it('with 1, and says so, where the stop does not end at all', () => {
    const at = start(never);
    at.ending.onSignal('SIGTERM');
    at.timers.runOut(WITHIN_MS);
    expect([at.codes, at.said]).toEqual([[1], ['stopping', 'did not stop in time, and ends as it is']]);
  });

  it('with 1 and at once on a second signal', () => {
    const at = start(never);
    at.ending.onSignal('SIGTERM');
    at.ending.onSignal('SIGINT');
    expect([at.codes, at.said]).toEqual([[1], ['stopping']]);
  });

  it('with 1 after a failure that nobody handled, which is no second signal', async () => {
    const gate = makeGate();
    const at = start(() => gate.promise);
    at.ending.onFault(new Error('unexpected'));
    at.ending.onFault(new Error('one more, of the stop'));
    expect(at.codes).toEqual([]);
    gate.open();
    await at.exited;
    const fault = 'a failure that nobody handled';
    expect([at.codes, at.said]).toEqual([[1], [fault, 'stopping', fault]]);
  });
});
