import { Redis } from 'ioredis';
import { type Client, makeClient } from './redis-client.js';
import { type ClientWatch, type ClientWatchOptions, watchClients } from './redis-watch.js';

/** The connections to Redis: one that says at once when Redis is away, and one that waits for it. */
export type Connections = {
  /** For people's gestures and the log: fails fast, so that nobody waits for an answer. */
  producer: Redis;
  /** For workers, which wait until Redis is back, and make copies of it. */
  worker: Redis;
  probe(): Promise<string | undefined>;
  /** Lost and not back yet, or closed: a fault then is told already. */
  isAway(): boolean;
  /** Ends them all, whoever made them. */
  close(): Promise<void>;
};

/** A command that was on its way when its connection broke would otherwise wait for as long as Redis is away. */
const ANSWER_WITHIN_MS = 5_000;

export type ConnectOptions = ClientWatchOptions & { answerWithinMs?: number };

export async function connectRedis(url: string, options: ConnectOptions): Promise<Connections> {
  const { answerWithinMs = ANSWER_WITHIN_MS } = options;
  const clients: Client[] = [];
  const watches = { producer: watchClients('producer', options), worker: watchClients('worker', options) };
  const watched = (redis: Redis, watch: ClientWatch) =>
    makeClient(redis, (client) => {
      clients.push(client);
      watch.add(client);
    });
  const failsFast = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: answerWithinMs };
  const producer = watched(new Redis(url, { lazyConnect: true, ...failsFast }), watches.producer);
  const worker = watched(new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null }), watches.worker);
  let isClosed = false;
  const close = async () => {
    isClosed = true;
    for (const { redis } of clients) redis.disconnect();
  };
  try {
    await Promise.all([producer.connect(), worker.connect()]);
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
    isAway: () => isClosed || watches.producer.isAway() || watches.worker.isAway(),
    close,
  };
}
