import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { MessageRef, Telling } from '../notifier.js';

/** How far a request's thread is told: the cursor of the outbox that the log is. */
export type Told = {
  root?: MessageRef;
  /** Set before the root is posted: from then on it may exist without being known here. */
  rootTried: boolean;
  /** Version that the root message shows. */
  rootVersion: number;
  /** Last version whose news the thread tells. */
  cursor: number;
  /** Last version whose results the thread tells. */
  results: number;
  /** When the thread last told of a failure. */
  failuresAt?: number;
  /**
   * What is being told; some of its messages may be in the thread. `said`: so many are, for certain, and no other
   * was tried.
   */
  pending?: Telling & { said?: number };
  /** `tried`: the evidence may be in the thread. `done`: it is, or the word that it could not be. */
  evidence?: 'tried' | 'done';
};

export type ToldStore = {
  load(id: string): Promise<Told>;
  save(id: string, told: Told): Promise<void>;
  /**
   * Runs the work while nobody else tells the same request, or says how long somebody else has the turn. The work
   * may ask that nobody has it for some milliseconds more.
   */
  alone<T>(id: string, work: (hold: (ms: number) => void) => Promise<T>): Promise<Turn<T>>;
};

export type Turn<T> = { mine: true; value: T } | { mine: false; againInMs: number };

const NOTHING: Told = { rootTried: false, rootVersion: 0, cursor: 0, results: 0 };

/** Sets the end of a turn, only where it is still ours; one that ends now is over. */
const EXTEND =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";

/** A turn lasts `leaseMs` and is renewed while its holder works, so that a dead one's is soon over. */
export function createToldStore(redis: Redis, prefix: string, leaseMs: number): ToldStore {
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
      if ((await redis.set(lock(id), owner, 'PX', leaseMs, 'NX')) === null) {
        return { mine: false, againInMs: Math.max(SOON_MS, await redis.pttl(lock(id))) };
      }
      const extend = (ms: number) => redis.eval(EXTEND, 1, lock(id), owner, ms);
      // A renewal that fails leaves the lease as it is; the work itself will meet the same Redis.
      const renewal = setInterval(() => void extend(leaseMs).catch(() => undefined), leaseMs / 3);
      let heldMs = 0;
      try {
        const value = await work((ms) => {
          heldMs = ms;
        });
        return { mine: true, value };
      } finally {
        clearInterval(renewal);
        await extend(heldMs);
      }
    },
  };
}

/** Whoever waits for a turn asks no more often than this. */
const SOON_MS = 100;
