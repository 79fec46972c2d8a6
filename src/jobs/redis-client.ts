import type { Redis, RedisOptions } from 'ioredis';

/** A client of Redis, and what it does not say itself. */
export type Client = {
  redis: Redis;
  /** It was told to go: its end is no loss. */
  isLeaving(): boolean;
};

/**
 * Makes a client end when it is told to, in whatever state it is, and its copies too. ioredis' own, told while it waits
 * to try again, gives that up and never says that it has ended: whoever waits for one of its answers, as BullMQ does,
 * waits for ever. `onMade` hears of the client and of each copy.
 */
export function makeClient(redis: Redis, onMade: (client: Client) => void): Redis {
  const disconnect = redis.disconnect.bind(redis);
  const duplicate = redis.duplicate.bind(redis);
  let isLeaving = false;
  redis.on('connecting', () => {
    isLeaving = false;
  });
  onMade({ redis, isLeaving: () => isLeaving });
  return Object.assign(redis, {
    disconnect(reconnect = false) {
      isLeaving = !reconnect;
      // As one that was never connected: that ends at once.
      if (isLeaving && redis.status === 'reconnecting') redis.status = 'wait';
      disconnect(reconnect);
    },
    duplicate: (more?: RedisOptions): Redis => makeClient(duplicate(more), onMade),
  });
}
