import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { type Connections, connectRedis } from '../../src/jobs/redis.js';
import { redisUrl } from './scope.js';
import { openWire, type Wire } from './wire.js';

const QUICK_MS = 300;

let wire: Wire;
let errors: Error[];
let connections: Connections | undefined;
const open = async (url = wire.url) => {
  connections = await connectRedis(url, { onError: (error) => errors.push(error), answerWithinMs: QUICK_MS });
  return connections;
};

beforeEach(async () => {
  errors = [];
  wire = await openWire();
});
afterEach(async () => {
  await connections?.close();
  connections = undefined;
  await wire.close();
});

describe('connecting', () => {
  it('gives two lines that work', async () => {
    const { producer, worker, probe } = await open();
    expect([await producer.ping(), await worker.ping(), await probe()]).toEqual(['PONG', 'PONG', undefined]);
  });

  it('ends with one sentence that names no address where nobody listens, and tries no longer', async () => {
    const gone = makeGate<number>();
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => gone.open(typeof address === 'object' && address !== null ? address.port : 0));
    });
    const url = `redis://user:canary-password@127.0.0.1:${await gone.promise}`;
    const error: unknown = await open(url).catch((cause: unknown) => cause);
    expect(String(error)).toBe('Error: cannot connect to Redis: check REDIS_URL');
  });

  it('ends where Redis refuses the password', async () => {
    const url = new URL(redisUrl());
    url.username = 'nobody';
    url.password = 'canary-password';
    const error: unknown = await open(url.href).catch((cause: unknown) => cause);
    expect(String(error)).toBe('Error: cannot connect to Redis: check REDIS_URL');
    expect([error, ...errors].map((one) => JSON.stringify(one, Object.getOwnPropertyNames(one))).join()).not.toContain(
      'canary-password',
    );
  });
});

describe('when Redis is away', () => {
  it('the producer says so at once, and the probe too', async () => {
    const { producer, probe } = await open();
    const closed = makeGate();
    producer.once('close', closed.open);
    wire.cut();
    await closed.promise;
    await expect(producer.get('x')).rejects.toThrow();
    expect(await probe()).toBe('Redis does not answer');
  });

  it('a command that was on its way is given up as well', async () => {
    const { producer } = await open();
    wire.cut();
    await expect(producer.get('x')).rejects.toThrow();
  });

  it('a Redis that is there and does not answer is away', async () => {
    const { probe } = await open();
    wire.freeze();
    expect(await probe()).toBe('Redis does not answer');
  });

  it('the worker waits until it is back', async () => {
    const { worker, probe } = await open();
    wire.cut();
    const answer = worker.echo('here again');
    expect(await probe()).toBe('Redis does not answer');
    wire.mend();
    expect(await answer).toBe('here again');
  });
});

describe('closing', () => {
  it('ends both lines, twice is fine', async () => {
    const { producer, worker, close } = await open();
    const ended = [makeGate(), makeGate()];
    producer.once('end', () => ended[0]?.open());
    worker.once('end', () => ended[1]?.open());
    await close();
    await close();
    await Promise.all(ended.map(({ promise }) => promise));
    await expect(producer.ping()).rejects.toThrow();
  });
});
