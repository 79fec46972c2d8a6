import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RequestEvent } from '../../src/jobs/events.js';
import { createLog, EMPTY_HEAD, type Entry, type Head, hashEntry, LogUnreadable } from '../../src/jobs/log.js';
import { createRequestStore } from '../../src/jobs/requests.js';
import { hasRedisServer, startKillableRedis } from './killable-redis.js';
import { createCommand, START } from './samples.js';
import { openScope, type Scope } from './scope.js';
import { openWire, type Wire } from './wire.js';

const ID = 'K7M2QX';
const approved = (by: string): RequestEvent => ({ type: 'approved', by, accounts: ['prod-hz'], digest: 'd' });
const begun: RequestEvent = { type: 'begun', batch: 'b1', epoch: 1, instances: ['i-1'] };

let scope: Scope;
beforeEach(() => {
  scope = openScope('log');
});
afterEach(() => scope.close());

const logOf = (redis = scope.redis) => createLog(redis, scope.prefix);
const key = () => `${scope.prefix}:{${ID}}:log`;

/** Appends one entry after another. */
async function write(...events: RequestEvent[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  let head: Head = EMPTY_HEAD;
  for (const event of events) {
    const entry = await logOf().append(ID, head, START + entries.length, [event]);
    if (entry === undefined) throw new Error('somebody else was first');
    entries.push(entry);
    head = entry;
  }
  return entries;
}

describe('appending', () => {
  it('gives back what was appended, in order, whole and from any version on', async () => {
    const entries = await write(approved('U1'), approved('U2'), begun);
    expect(entries.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(await logOf().read(ID, EMPTY_HEAD)).toEqual(entries);
    expect(await logOf().read(ID, entries[1] ?? EMPTY_HEAD)).toEqual(entries.slice(2));
    expect(await logOf().read(ID, entries[2] ?? EMPTY_HEAD)).toEqual([]);
  });

  it('keeps a transition of several events in one entry', async () => {
    await logOf().append(ID, EMPTY_HEAD, START, [approved('U1'), { type: 'started' }]);
    expect(await scope.redis.xlen(key())).toBe(1);
    expect((await logOf().read(ID, EMPTY_HEAD)).map(({ events }) => events.length)).toEqual([2]);
  });

  it('lets one of many writers win, wherever they are', async () => {
    const [first] = await write(approved('U0'));
    const writers = Array.from({ length: 8 }, () => logOf(scope.connect()));
    const ends = await Promise.all(
      writers.map((log, index) => log.append(ID, first ?? EMPTY_HEAD, START, [approved(`U${index + 1}`)])),
    );
    const winners = ends.filter((end) => end !== undefined);
    expect(winners).toHaveLength(1);
    expect(await logOf().read(ID, EMPTY_HEAD)).toEqual([first, winners[0]]);
  });

  it('lets one of many win also when all say the very same at the same moment', async () => {
    const writers = Array.from({ length: 8 }, () => logOf(scope.connect()));
    const ends = await Promise.all(writers.map((log) => log.append(ID, EMPTY_HEAD, START, [begun])));
    expect(ends.filter((end) => end !== undefined)).toHaveLength(1);
  });

  it('refuses who decided on an old version', async () => {
    const [first] = await write(approved('U1'), approved('U2'));
    expect(await logOf().append(ID, first ?? EMPTY_HEAD, START, [approved('U3')])).toBeUndefined();
    expect(await logOf().append(ID, EMPTY_HEAD, START, [approved('U4')])).toBeUndefined();
    expect(await scope.redis.xlen(key())).toBe(2);
  });

  describe('over a line that breaks', () => {
    let wire: Wire;
    let redis: Redis;
    beforeEach(async () => {
      wire = await openWire();
      redis = new Redis(wire.url, { maxRetriesPerRequest: 1, commandTimeout: 1_000 });
      redis.on('error', () => {});
      await redis.ping();
    });
    afterEach(async () => {
      redis.disconnect();
      await wire.close();
    });

    it('knows its own entry again when the reply got lost', async () => {
      const lost = wire.loseReplyTo('xadd');
      const entry = await logOf(redis).append(ID, EMPTY_HEAD, START, [begun]);
      await lost;
      expect(entry).toMatchObject({ version: 1, events: [begun] });
      expect(await logOf().read(ID, EMPTY_HEAD)).toEqual([entry]);
    });

    it('says so when it does not know whether it was appended', async () => {
      wire.cut();
      await expect(logOf(redis).append(ID, EMPTY_HEAD, START, [begun])).rejects.toThrow();
      expect(await scope.redis.xlen(key())).toBe(0);
    });
  });
});

describe('reading', () => {
  /** Puts an entry in by hand. */
  const put = (version: number, fields: Record<string, string | number>) =>
    scope.redis.xadd(key(), `${version}-0`, ...Object.entries(fields).flat());
  const events = JSON.stringify([begun]);
  const good = { schema: 1, at: START, hash: hashEntry('', 1, START, events), events };
  const read = () => logOf().read(ID, EMPTY_HEAD);

  it('takes an entry that is as it has to be', async () => {
    await put(1, good);
    expect(await read()).toMatchObject([{ version: 1, events: [begun] }]);
  });

  const otherEvents = JSON.stringify([{ ...begun, epoch: 9 }]);
  const unknown = JSON.stringify([{ type: 'exploded' }]);
  const notJson = '[{';
  const { hash: _hash, ...withoutHash } = good;
  it.each([
    ['changed events', 1, { ...good, events: otherEvents }],
    ['a changed time', 1, { ...good, at: START + 1 }],
    ['another hash', 1, { ...good, hash: hashEntry('x', 1, START, events) }],
    ['no hash', 1, withoutHash],
    ['a version missing before it', 2, { ...good, hash: hashEntry('', 2, START, events) }],
    ['a schema that is not known', 1, { ...good, schema: 2 }],
    ['an event that is not known', 1, { ...good, events: unknown, hash: hashEntry('', 1, START, unknown) }],
    ['events that are no JSON', 1, { ...good, events: notJson, hash: hashEntry('', 1, START, notJson) }],
  ])('refuses an entry with %s', async (_what, version, fields) => {
    await put(version, fields);
    await expect(read()).rejects.toThrow(LogUnreadable);
  });

  it('refuses a log in which an entry was taken out or put in another place', async () => {
    const [, second] = await write(approved('U1'), approved('U2'), approved('U3'));
    await scope.redis.xdel(key(), '2-0');
    await expect(read()).rejects.toThrow(LogUnreadable);
    await scope.redis.del(key());
    await put(1, { schema: 1, at: START + 1, hash: second?.hash ?? '', events: JSON.stringify(second?.events) });
    await expect(read()).rejects.toThrow(LogUnreadable);
  });
});

describe('open requests', () => {
  it('are listed oldest first, and keep the time of their first note', async () => {
    const log = logOf();
    await log.noteOpen('B', 20);
    await log.noteOpen('A', 10);
    await log.noteOpen('B', 90);
    expect(await log.listOpen()).toEqual([
      { id: 'A', since: 10 },
      { id: 'B', since: 20 },
    ]);
    await log.noteClosed('A');
    expect(await log.listOpen()).toEqual([{ id: 'B', since: 20 }]);
  });
});

const hasServer = hasRedisServer();
if (!hasServer) process.stdout.write('Not run: a request outlives the death of Redis; install redis-server.\n');
const withServer = hasServer ? it : it.skip;

describe('a redis-server that writes to disk', () => {
  withServer('gives a request back after it was killed and started again', async () => {
    const server = await startKillableRedis();
    const redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => {});
    const log = createLog(redis, 'dk');
    const newStore = () => createRequestStore({ log, now: () => START, onAppended: async () => {} });
    try {
      const made = await newStore().transact(ID, () => createCommand());
      await server.killAndRestart();
      const found = await newStore().load(ID);
      expect(made).toEqual({ ok: true, request: found });
      expect(found.state).toBe('planning');
      expect(await log.listOpen()).toEqual([{ id: ID, since: START }]);
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });
});
