import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { eventSchema, type RequestEvent, SCHEMA_VERSION } from './events.js';

/**
 * One Redis stream per request, the truth about it. Entry ids are `<version>-0`: Redis refuses one that is not
 * larger than the last, and that refusal is the compare-and-swap. Each entry carries the hash of the one before.
 */
export type RequestLog = {
  /** Entries after a version, oldest first, with their chain checked from `after`'s hash on. */
  read(id: string, after: Head): Promise<readonly Entry[]>;
  /** False when another writer was first: load, decide again. */
  append(id: string, head: Head, at: number, events: readonly RequestEvent[]): Promise<Entry | undefined>;
  /** Requests that are not told to their end; a request is noted here before its first entry. */
  noteOpen(id: string, at: number): Promise<void>;
  noteClosed(id: string): Promise<void>;
  listOpen(): Promise<readonly { id: string; since: number }[]>;
  /** The newest requests, newest first; `after` is the one to go on from. Some may have no entry. */
  listRecent(limit: number, after?: string): Promise<readonly string[]>;
};

export type Head = { version: number; hash: string };
export type Entry = Head & { at: number; events: readonly RequestEvent[] };

export const EMPTY_HEAD: Head = { version: 0, hash: '' };

/** The log cannot be read by this code: a schema it does not know, a broken chain. Never guessed at. */
export class LogUnreadable extends Error {
  override readonly name = 'LogUnreadable';
}

export function hashEntry(previous: string, version: number, at: number, events: string): string {
  return createHash('sha256').update(`${previous}\n${version}\n${at}\n${SCHEMA_VERSION}\n${events}`).digest('hex');
}

const storedEntry = z.object({
  schema: z.coerce.number(),
  at: z.coerce.number(),
  hash: z.string(),
  events: z.string(),
});

/** Requests that can be listed; older ones are still there under their ids. */
export const MOST_LISTED = 10_000;

export function createLog(redis: Redis, prefix: string): RequestLog {
  const key = (id: string) => `${prefix}:{${id}}:log`;
  const open = `${prefix}:open`;
  const all = `${prefix}:all`;
  return {
    async read(id, after) {
      const raw = await redis.xrange(key(id), `(${after.version}-0`, '+');
      let head = after;
      return raw.map(([entryId, fields]) => {
        const entry = parseEntry(entryId, fields, head);
        head = entry;
        return entry;
      });
    },

    async append(id, head, at, events) {
      const version = head.version + 1;
      const json = JSON.stringify(events);
      const hash = hashEntry(head.hash, version, at, json);
      const entry = { version, hash, at, events };
      // Two writers may say the same at the same moment: only this tells whose entry stands there.
      const writer = randomUUID();
      const fields = { schema: SCHEMA_VERSION, at, hash, events: json, writer };
      try {
        await redis.xadd(key(id), `${version}-0`, ...Object.entries(fields).flat());
        return entry;
      } catch (error) {
        // Redis gives this refusal no code of its own, so what stands there decides. After a lost reply it is ours.
        const [found] = await redis.xrange(key(id), `${version}-0`, `${version}-0`);
        if (found === undefined) throw error;
        return found[1].includes(writer) ? entry : undefined;
      }
    },

    async noteOpen(id, at) {
      await redis.zadd(open, 'NX', at, id);
      await redis.zadd(all, 'NX', at, id);
      await redis.zremrangebyrank(all, 0, -MOST_LISTED - 1);
    },
    async noteClosed(id) {
      await redis.zrem(open, id);
    },
    async listOpen() {
      const flat = await redis.zrange(open, '0', '-1', 'WITHSCORES');
      return flat.flatMap((id, index) => (index % 2 === 0 ? [{ id, since: Number(flat[index + 1]) }] : []));
    },
    async listRecent(limit, after) {
      const rank = after === undefined ? -1 : await redis.zrevrank(all, after);
      return rank === null ? [] : redis.zrevrange(all, rank + 1, rank + limit);
    },
  };
}

function parseEntry(entryId: string, fields: readonly string[], head: Head): Entry {
  const version = Number(entryId.split('-')[0]);
  if (version !== head.version + 1) throw new LogUnreadable(`version ${head.version + 1} is missing`);
  const pairs = fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1]] as const] : []));
  const stored = storedEntry.safeParse(Object.fromEntries(pairs));
  if (!stored.success) throw new LogUnreadable(`version ${version} has no proper form`);
  const { schema, at, hash, events } = stored.data;
  if (schema !== SCHEMA_VERSION)
    throw new LogUnreadable(`version ${version} has schema ${schema}, not ${SCHEMA_VERSION}`);
  if (hash !== hashEntry(head.hash, version, at, events)) throw new LogUnreadable(`version ${version} was changed`);
  const parsed = z.array(eventSchema).safeParse(parseJson(events));
  if (!parsed.success) throw new LogUnreadable(`version ${version} holds an event of unknown form`);
  return { version, hash, at, events: parsed.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
