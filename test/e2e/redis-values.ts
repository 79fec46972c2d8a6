import type { Redis } from 'ioredis';

/** Everything that is kept under a prefix, keys among it, whatever its type. */
export async function everythingIn(redis: Redis, prefix: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const found of redis.scanStream({ match: `*${prefix}*`, count: 1000 })) {
    for (const key of found as string[]) texts.push(key, JSON.stringify((await readValue(redis, key)) ?? null));
  }
  return texts;
}

async function readValue(redis: Redis, key: string): Promise<unknown> {
  const kind = await redis.type(key);
  switch (kind) {
    // Gone since the scan, as jobs are.
    case 'none':
      return undefined;
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      throw new Error(`${key} is a ${kind}, which nobody reads here`);
  }
}
