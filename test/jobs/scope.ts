import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

/** A part of the Redis under test that nobody else uses; its keys go with it. */
export type Scope = {
  redis: Redis;
  /** Nothing of it needs escaping in a key or a pattern. */
  prefix: string;
  /** One more connection, as another process has. */
  connect(): Redis;
  /** Keys that match, whatever holds the place of the star. */
  keys(pattern: string): Promise<readonly string[]>;
  close(): Promise<void>;
};

export const redisUrl = (): string => process.env.REDIS_URL ?? '';

export function openScope(name: string): Scope {
  const prefix = `${name}-${randomUUID().slice(0, 8)}`;
  const clients: Redis[] = [];
  const connect = () => {
    const client = new Redis(redisUrl(), { maxRetriesPerRequest: null });
    client.on('error', () => {});
    clients.push(client);
    return client;
  };
  const redis = connect();
  const keys = async (pattern: string) => {
    const found: string[] = [];
    for await (const page of redis.scanStream({ match: pattern, count: 1000 })) found.push(...(page as string[]));
    return found;
  };
  return {
    redis,
    prefix,
    connect,
    keys,
    async close() {
      const left = [...(await keys(`${prefix}:*`)), ...(await keys(`{${prefix}}:*`))];
      if (left.length > 0) await redis.del(...left);
      for (const client of clients) client.disconnect();
    },
  };
}
