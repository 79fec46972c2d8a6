import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { makeGate } from '../../../playground/gate.js';
import { startEmbeddedValkey } from '../../../playground/redis/embedded.mjs';

let valkey: Awaited<ReturnType<typeof startEmbeddedValkey>>;
let redis: Redis;

beforeAll(async () => {
  valkey = await startEmbeddedValkey();
  redis = new Redis(valkey.url);
});
afterAll(async () => {
  redis.disconnect();
  await valkey.stop();
});

/** Sends bytes and gives all that came back until the server closed; `last` says that no more will be sent. */
async function exchange(port: number, bytes: string, last = false): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(bytes);
  if (last) socket.end();
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('the embedded Valkey as a Redis', () => {
  test('keeps values of every size', async () => {
    for (const size of [0, 1, 70_000, 16_000_000]) {
      await redis.set('sized', 'x'.repeat(size));
      expect((await redis.get('sized'))?.length).toBe(size);
    }
  });

  test('answers commands sent together in their order', async () => {
    const replies = await Promise.all(Array.from({ length: 5_000 }, (_, index) => redis.echo(String(index))));
    expect(replies).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index)));
  });

  test('answers at once, and not at its next idle step', async () => {
    // At one idle step each, these would outlast the time limit of a test.
    for (let index = 0; index < 3_000; index += 1) await redis.set('counted', index);
    await expect(redis.get('counted')).resolves.toBe('2999');
  });

  test('runs Lua, also when the script fails', async () => {
    await expect(redis.eval('return redis.call("INCRBY", KEYS[1], ARGV[1])', 1, 'lua', 5)).resolves.toBe(5);
    await expect(redis.eval('error({err="OWN refused"})', 0)).rejects.toThrow('OWN refused');
    await expect(redis.eval('return cjson.decode(ARGV[1]).a', 0, '{"a":7}')).resolves.toBe(7);
  });

  test('refuses a stream id that is not larger than the last', async () => {
    await redis.xadd('log', '2-0', 'e', '1');
    await expect(redis.xadd('log', '2-0', 'e', '2')).rejects.toMatchObject({ name: 'ReplyError' });
    await expect(redis.xadd('log', '1-0', 'e', '2')).rejects.toMatchObject({ name: 'ReplyError' });
    await expect(redis.xadd('log', '3-0', 'e', '2')).resolves.toBe('3-0');
    await expect(redis.xrange('log', '-', '+')).resolves.toEqual([
      ['2-0', ['e', '1']],
      ['3-0', ['e', '2']],
    ]);
  });

  test('wakes a blocked client, and lets it go when its time is over', async () => {
    const blocked = redis.duplicate();
    const id = await blocked.client('ID');
    const popped = blocked.blpop('list', 20);
    while (!String(await redis.client('LIST', 'ID', id)).includes('flags=b')) await redis.ping();
    await redis.rpush('list', 'value');
    await expect(popped).resolves.toEqual(['list', 'value']);
    await expect(blocked.blpop('list', 0.05)).resolves.toBeNull();
    blocked.disconnect();
  });

  test('refuses writes above its limit, and goes on answering', async () => {
    await expect(redis.config('GET', 'maxmemory*')).resolves.toEqual(
      expect.arrayContaining(['maxmemory', String(256 * 1024 * 1024), 'maxmemory-policy', 'noeviction']),
    );
    const full = await startEmbeddedValkey();
    const client = new Redis(full.url);
    await client.set('kept', 'value');
    await client.config('SET', 'maxmemory', '1');
    await expect(client.set('more', 'value')).rejects.toMatchObject({ name: 'ReplyError' });
    await expect(client.get('kept')).resolves.toBe('value');
    client.disconnect();
    await full.stop();
  });

  test('works through a BullMQ queue', async () => {
    const connection = { host: '127.0.0.1', port: valkey.port };
    const queue = new Queue('round', { connection });
    const events = new QueueEvents('round', { connection });
    const worker = new Worker('round', async (job) => job.data.number * 2, { connection, concurrency: 5 });
    await events.waitUntilReady();
    const jobs = await queue.addBulk(
      Array.from({ length: 10 }, (_, number) => ({ name: 'double', data: { number }, opts: { delay: number % 3 } })),
    );
    const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 20_000)));
    expect(results).toEqual(Array.from({ length: 10 }, (_, number) => number * 2));
    await Promise.all([worker.close(), events.close(), queue.close()]);
  });
});

describe('its connections', () => {
  test('serves 50 clients at once', async () => {
    const clients = Array.from({ length: 50 }, () => new Redis(valkey.url));
    const counts = await Promise.all(clients.map((client) => client.incr('clients')));
    expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    for (const client of clients) client.disconnect();
  });

  test('gives a place again once its client has left, and sends away who finds none', async () => {
    const small = await startEmbeddedValkey({ mostConnections: 2 });
    const staying = new Redis(small.url);
    for (let round = 0; round < 10; round += 1) {
      const guest = new Redis(small.url, { retryStrategy: (times) => times });
      await expect(guest.ping()).resolves.toBe('PONG');
      await expect(exchange(small.port, 'PING\r\n').catch((cause) => cause.code)).resolves.toMatch(
        /^(ECONNRESET|EPIPE|)$/,
      );
      await guest.quit();
    }
    await expect(staying.ping()).resolves.toBe('PONG');
    staying.disconnect();
    await small.stop();
  });

  test('answers a client that has closed its sending side', async () => {
    await expect(exchange(valkey.port, 'PING\r\nECHO last\r\n', true)).resolves.toBe('+PONG\r\n$4\r\nlast\r\n');
  });

  test('sends all of a reply before it closes', async () => {
    await redis.set('large', 'y'.repeat(8_000_000));
    const replies = await exchange(valkey.port, 'GET large\r\nQUIT\r\n');
    expect(replies.length).toBe('$8000000\r\n'.length + 8_000_000 + '\r\n+OK\r\n'.length);
  });

  test('is not disturbed by a client that reads nothing, or breaks off', async () => {
    const deaf = connect(valkey.port, '127.0.0.1');
    deaf.on('error', () => {});
    deaf.pause();
    await redis.set('large', 'y'.repeat(8_000_000));
    deaf.write('GET large\r\n'.repeat(10));
    await expect(redis.ping()).resolves.toBe('PONG');
    deaf.resetAndDestroy();
    await expect(redis.ping()).resolves.toBe('PONG');
  });
});

describe('its start and end', () => {
  test('refuses a port that is taken', async () => {
    const reports: string[] = [];
    const second = startEmbeddedValkey({ port: valkey.port, onDead: (reason) => reports.push(reason) });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(redis.ping()).resolves.toBe('PONG');
    expect(reports).toEqual([]);
  });

  test('takes the port it is told once that is free again', async () => {
    const first = await startEmbeddedValkey();
    await first.stop();
    const second = await startEmbeddedValkey({ port: first.port });
    expect(second.port).toBe(first.port);
    await second.stop();
  });

  test('tells when it ends by itself, and closes its sockets', async () => {
    const dead = makeGate<string>();
    const mortal = await startEmbeddedValkey({ onDead: (reason) => dead.open(reason) });
    const client = connect(mortal.port, '127.0.0.1');
    client.on('error', () => {});
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.write('SHUTDOWN NOSAVE\r\n');
    await expect(dead.promise).resolves.toBe('The server exited');
    await closed;
    await expect(exchange(mortal.port, 'PING\r\n')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await mortal.stop();
  });

  test('stops twice, in the middle of a script that never ends, and reports no death', async () => {
    const reports: string[] = [];
    const busy = await startEmbeddedValkey({ onDead: (reason) => reports.push(reason) });
    const client = new Redis(busy.url, { retryStrategy: () => null });
    client.on('error', () => {});
    await client.ping();
    const script = client.eval('while true do end', 0);
    await Promise.all([busy.stop(), expect(script).rejects.toThrow()]);
    await busy.stop();
    expect(reports).toEqual([]);
    await expect(exchange(busy.port, 'PING\r\n')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
