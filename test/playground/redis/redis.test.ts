import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRedis } from '../../../playground/redis/redis.mjs';
import { startRedisServer } from '../../../playground/redis/server.mjs';

const absent = '/nowhere/redis-server';
const withServer = spawnSync('redis-server', ['--version']).status === 0 ? test : test.skip;
const temporary = mkdtempSync(join(tmpdir(), 'detach-key-test-'));
afterAll(() => rmSync(temporary, { recursive: true }));

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  try {
    return await question(redis);
  } finally {
    if (redis.status !== 'end') redis.disconnect();
  }
}
const ping = (url: string) => ask(url, (redis) => redis.ping());

describe('which Redis is started', () => {
  test('none, when one is given', async () => {
    const given = await startRedis({ given: 'redis://cache.example:6379', program: absent });
    expect(given).toMatchObject({ url: 'redis://cache.example:6379', kind: 'given' });
    await given.stop();
  });

  test('the embedded one when it is asked for, also when another is given', async () => {
    const redis = await startRedis({ prefer: 'embedded', given: 'redis://cache.example:6379' });
    expect(redis.kind).toBe('embedded');
    await expect(ping(redis.url)).resolves.toBe('PONG');
    await redis.stop();
    await expect(ping(redis.url)).rejects.toThrow();
  });

  test('the embedded one when there is no redis-server, with the reason', async () => {
    const redis = await startRedis({ program: absent });
    expect(redis).toMatchObject({ kind: 'embedded', reason: `${absent} could not be started` });
    await redis.stop();
  });

  test('the embedded one when the redis-server ends at once', async () => {
    const redis = await startRedis({ program: 'false', temporary });
    expect(redis).toMatchObject({ kind: 'embedded', reason: 'false ended at its start, 5 times' });
    expect(readdirSync(temporary)).toEqual([]);
    await redis.stop();
  });

  test('none, when a server is demanded and there is none', async () => {
    await expect(startRedis({ prefer: 'server', program: absent })).rejects.toMatchObject({
      name: 'ServerUnavailable',
    });
  });
});

describe('a redis-server of its own', () => {
  withServer('writes every command to disk, evicts nothing, listens on loopback, and leaves nothing', async () => {
    const server = await startRedisServer({ temporary });
    const settings = await ask(server.url, async (redis) => {
      const names = ['appendonly', 'appendfsync', 'save', 'maxmemory-policy', 'bind'];
      const pairs = await Promise.all(names.map((name) => redis.config('GET', name)));
      return Object.fromEntries(pairs as [string, string][]);
    });
    expect(settings).toEqual({
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      'maxmemory-policy': 'noeviction',
      bind: '127.0.0.1',
    });
    expect(readdirSync(temporary)).toHaveLength(1);
    await server.stop();
    await server.stop();
    expect(readdirSync(temporary)).toEqual([]);
    expect(() => process.kill(server.pid, 0)).toThrow();
  });

  withServer('two do not disturb each other', async () => {
    const [first, second] = await Promise.all([startRedisServer(), startRedisServer()]);
    await first.stop();
    await expect(ping(second.url)).resolves.toBe('PONG');
    await second.stop();
  });
});
