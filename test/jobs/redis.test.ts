import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { makeGate } from '../../playground/gate.js';
import { type Connections, connectRedis } from '../../src/jobs/redis.js';
import { redisUrl } from './scope.js';
import { openWire, type Wire } from './wire.js';

const QUICK_MS = 300;

let wire: Wire;
let said: string[];
let connections: Connections | undefined;
const open = async (url = wire.url) => {
  connections = await connectRedis(url, {
    onLost: (name, reason) => void said.push(`${name} is lost: ${reason}`),
    onBack: (name) => void said.push(`${name} is back`),
    answerWithinMs: QUICK_MS,
  });
  return connections;
};

/** When the client has said it so many times. */
function times(count: number, client: Redis, word: string): Promise<void> {
  const { promise, open: said } = makeGate();
  let left = count;
  client.on(word, () => {
    left -= 1;
    if (left === 0) said();
  });
  return promise;
}

beforeEach(async () => {
  said = [];
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
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary-password');
    expect(said).toEqual([]);
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

describe('what is told of an outage', () => {
  it('is its begin and its end, for all connections of a name, however often they try', async () => {
    const { producer, worker, isAway } = await open();
    const copies = [worker.duplicate(), worker.duplicate()];
    await Promise.all(copies.map((copy) => copy.connect()));
    expect([isAway(), said]).toEqual([false, []]);
    const all = [producer, worker, ...copies];
    const failed = all.map((client) => times(3, client, 'reconnecting'));
    wire.cut();
    await Promise.all(failed);
    expect(isAway()).toBe(true);
    expect(said.map((line) => line.split(':')[0]).sort()).toEqual(['producer is lost', 'worker is lost']);
    const back = all.map((client) => times(1, client, 'ready'));
    wire.mend();
    await Promise.all(back);
    expect(isAway()).toBe(false);
    expect(said.slice(2).sort()).toEqual(['producer is back', 'worker is back']);
  });

  it('is nothing where a connection was told to go', async () => {
    const { worker, close, isAway } = await open();
    const copy = worker.duplicate();
    await copy.connect();
    const ended = [copy, worker].map((client) => times(1, client, 'end'));
    copy.disconnect();
    await ended[0];
    expect(isAway()).toBe(false);
    await close();
    await Promise.all(ended);
    expect([isAway(), said]).toEqual([true, []]);
  });
});

describe('closing', () => {
  it.each([
    ['while it waits to try again', (client: Redis) => times(1, client, 'reconnecting')],
    ['while it tries', (client: Redis) => times(1, client, 'connecting')],
  ])('ends a connection that is lost, its copies and what waits for their answers: %s', async (_when, until) => {
    const { worker, close } = await open();
    const copy = worker.duplicate();
    await copy.connect();
    const there = [worker, copy].map(until);
    wire.cut();
    await Promise.all(there);
    const answers = [worker, copy].map((client) => client.ping().catch(String));
    const ended = [worker, copy].map((client) => times(1, client, 'end'));
    await close();
    await Promise.all(ended);
    expect(await Promise.all(answers)).toEqual(Array(2).fill('Error: Connection is closed.'));
  });

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
