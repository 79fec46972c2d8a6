import { Redis } from 'ioredis';

/** The connections to Redis: one that says at once when Redis is away, and one that waits for it. */
export type Connections = {
  /** For people's gestures and the log: fails fast, so that nobody waits for an answer. */
  producer: Redis;
  /** For workers, which wait until Redis is back. */
  worker: Redis;
  probe(): Promise<string | undefined>;
  close(): Promise<void>;
};

/** A command that was on its way when the line broke would otherwise wait for as long as Redis is away. */
const ANSWER_WITHIN_MS = 5_000;

export type RedisOptions = { onError(error: Error): void; answerWithinMs?: number };

export async function connectRedis(
  url: string,
  { onError, answerWithinMs = ANSWER_WITHIN_MS }: RedisOptions,
): Promise<Connections> {
  const failsFast = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: answerWithinMs };
  const producer = new Redis(url, { lazyConnect: true, ...failsFast });
  const worker = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  const all = [producer, worker];
  for (const client of all) client.on('error', onError);
  const close = async () => {
    for (const client of all) client.disconnect();
  };
  try {
    await Promise.all(all.map((client) => client.connect()));
  } catch (cause) {
    await close();
    throw new Error('cannot connect to Redis: check REDIS_URL', { cause });
  }
  return {
    producer,
    worker,
    probe: () =>
      producer.ping().then(
        () => undefined,
        () => 'Redis does not answer',
      ),
    close,
  };
}
