import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { MessageRef } from './notifier.js';

/** How far a request's thread is told: the cursor of the outbox that the log is. */
export type Told = {
  root?: MessageRef;
  /** Set before the root is posted: from then on it may exist without being known here. */
  rootTried: boolean;
  /** Version that the root message shows. */
  rootVersion: number;
  /** Last version that the thread tells. */
  cursor: number;
  /** Versions that are being told; some of their parts may be in the thread. */
  pending?: { first: number; last: number };
};

export type ToldStore = {
  load(id: string): Promise<Told>;
  save(id: string, told: Told): Promise<void>;
  /** Runs the work while nobody else tells the same request; undefined when somebody does. */
  alone<T>(id: string, work: () => Promise<T>): Promise<T | undefined>;
};

const NOTHING: Told = { rootTried: false, rootVersion: 0, cursor: 0 };

/** Deletes the lock only where it is still ours. */
const UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/** `lockMs` is longer than one run of telling can take, so that a lock never ends while its holder posts. */
export function createToldStore(redis: Redis, prefix: string, lockMs: number): ToldStore {
  const key = (id: string) => `${prefix}:{${id}}:told`;
  const lock = (id: string) => `${prefix}:{${id}}:telling`;
  return {
    async load(id) {
      const text = await redis.get(key(id));
      return text === null ? NOTHING : (JSON.parse(text) as Told);
    },
    async save(id, told) {
      await redis.set(key(id), JSON.stringify(told));
    },
    async alone(id, work) {
      const owner = randomUUID();
      if ((await redis.set(lock(id), owner, 'PX', lockMs, 'NX')) === null) return undefined;
      try {
        return await work();
      } finally {
        await redis.eval(UNLOCK, 1, lock(id), owner);
      }
    },
  };
}
