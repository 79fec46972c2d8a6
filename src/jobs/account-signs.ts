import type { Redis } from 'ioredis';
import { z } from 'zod';
import { type CallEnd, type Health, healthOf, SIGNS, type Sign, type Signs, signOf } from './account-health.js';

/**
 * What the calls of all processes told of each account: bots show what workers met. Times and codes only; it may be
 * lost, and is forgotten by itself.
 */
export type AccountSigns = {
  /** Never throws, and nobody waits for it. */
  note(call: CallEnd): void;
  read(accounts: readonly string[]): Promise<readonly AccountHealth[]>;
};

export type AccountHealth = { account: string; health: Health };

export type AccountSignsOptions = { now(): number; onLost(error: unknown): void };

const KEPT_MS = 24 * 60 * 60_000;
/** One process writes the same sign of an account no more often. */
const WRITE_EVERY_MS = 5_000;
const CODE_LENGTH = 120;

const stored = z.object({ at: z.number(), code: z.string().exactOptional() });

export function createAccountSigns(redis: Redis, prefix: string, { now, onLost }: AccountSignsOptions): AccountSigns {
  const key = (account: string) => `${prefix}:signs:${account}`;
  const written = new Map<string, number>();

  async function write(account: string, sign: Sign, value: z.infer<typeof stored>): Promise<void> {
    await redis.hset(key(account), sign, JSON.stringify(value));
    await redis.pexpire(key(account), KEPT_MS);
  }

  return {
    note(call) {
      const sign = signOf(call);
      if (sign === undefined) return;
      const { account, ok, code } = call;
      const at = now();
      const last = written.get(`${account}/${sign}`);
      if (last !== undefined && at - last < WRITE_EVERY_MS) return;
      written.set(`${account}/${sign}`, at);
      write(account, sign, { at, ...(!ok && code !== undefined && { code: code.slice(0, CODE_LENGTH) }) }).catch(
        onLost,
      );
    },

    async read(accounts) {
      return Promise.all(
        accounts.map(async (account) => ({
          account,
          health: healthOf(signsIn(await redis.hgetall(key(account))), now()),
        })),
      );
    },
  };
}

function signsIn(fields: Readonly<Record<string, string>>): Signs {
  const seen = SIGNS.flatMap((sign) => {
    const text = fields[sign];
    const read = text === undefined ? undefined : stored.safeParse(JSON.parse(text));
    return read?.success ? [[sign, read.data] as const] : [];
  });
  return Object.fromEntries(seen);
}
