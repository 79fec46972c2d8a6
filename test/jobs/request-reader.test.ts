import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog, MOST_LISTED } from '../../src/jobs/log.js';
import { createReader, type HistoryFilter, type Reader } from '../../src/jobs/request-reader.js';
import { createRequestStore, createRequests } from '../../src/jobs/requests.js';
import type { Viewer } from '../../src/jobs/who-sees.js';
import { aHouse, CHANNEL, makeClock, member, newRequest } from './house.js';
import { ACCOUNT, START } from './samples.js';
import { openScope, type Scope } from './scope.js';

const ASKER = member('U0ASKER');
const HERE: Viewer = { person: ASKER, channel: CHANNEL };
const ALL: HistoryFilter = { accounts: [], users: [] };

let scope: Scope;
beforeEach(() => {
  scope = openScope('reader');
});
afterEach(() => scope.close());

function aProcess() {
  const clock = makeClock();
  const log = createLog(scope.connect(), scope.prefix);
  const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
  const house = aHouse();
  const requests = createRequests(store, { house, now: clock.now });
  const reader = createReader(store, { log, house });

  /** Asks so often, a second apart; gives the ids, oldest first. */
  async function make(count: number, more: Parameters<typeof newRequest>[0] = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      clock.pass(1_000);
      const made = await requests.create(newRequest({ origin: `o${clock.now()}`, ...more }));
      if (!made.ok) throw new Error(JSON.stringify(made.refusals));
      ids.push(made.request.id);
    }
    return ids;
  }
  const end = async (ids: readonly string[], by = ASKER) => {
    for (const id of ids) await requests.cancel(id, by);
    return ids;
  };
  return { log, store, reader, make, end };
}

const idsOf = (requests: readonly { id: string }[]) => requests.map(({ id }) => id);

/** Every page, until there is no next. */
async function pages(reader: Reader, limit: number, filter = ALL, viewer = HERE): Promise<string[][]> {
  const all: string[][] = [];
  let after: string | undefined;
  do {
    const { requests, next } = await reader.listEnded(viewer, { filter, limit, ...(after !== undefined && { after }) });
    all.push(idsOf(requests));
    after = next;
  } while (after !== undefined);
  return all;
}

describe('one', () => {
  it('is seen in any writing, and is not there for who may not see it', async () => {
    const { reader, make } = aProcess();
    const [id = ''] = await make(1);
    expect((await reader.see(` ${id.toLowerCase()}`, HERE))?.id).toBe(id);
    expect(await reader.see(id, { person: member('U0OTHER'), channel: 'C0OTHER' })).toBeUndefined();
    expect(await reader.see('ZZZZZZ', HERE)).toBeUndefined();
  });
});

describe('the open ones', () => {
  it('are listed newest first, without those at an end and those of others', async () => {
    const { reader, make, end } = aProcess();
    const [first = '', second = '', third = ''] = await make(3);
    await end([second]);
    expect(idsOf(await reader.listOpen(HERE))).toEqual([third, first]);
    expect(await reader.listOpen({ person: member('U0OTHER') })).toEqual([]);
  });

  it('are listed beside one that this version cannot read', async () => {
    const { reader, make } = aProcess();
    const [broken = '', whole = ''] = await make(2);
    await scope.redis.xadd(`${scope.prefix}:{${broken}}:log`, '2-0', 'schema', '99');
    expect(idsOf(await aProcess().reader.listOpen(HERE))).toEqual([whole]);
    expect(idsOf(await reader.listOpen(HERE))).toEqual([whole]);
  });
});

describe('those at their end', () => {
  it('come newest first, page by page, each once, and no open one', async () => {
    const { reader, make, end } = aProcess();
    const ids = await make(7);
    const ended = await end(ids.filter((_, index) => index !== 3));
    expect(await pages(reader, 3)).toEqual([[...ended].reverse().slice(0, 3), [...ended].reverse().slice(3), []]);
  });

  it('stay in order when new ones come between two pages', async () => {
    const { reader, make, end } = aProcess();
    const ids = await end(await make(4));
    const { next = '' } = await reader.listEnded(HERE, { filter: ALL, limit: 2 });
    await end(await make(3));
    const older = await reader.listEnded(HERE, { filter: ALL, limit: 9, after: next });
    expect(idsOf(older.requests)).toEqual([ids[1], ids[0]]);
    expect(older.next).toBeUndefined();
  });

  it('can be of one account or region, and of whoever had a hand in it', async () => {
    const { reader, make, end } = aProcess();
    const selections = [{ account: 'prod-two', region: 'cn-beijing', key: 'deploy', instances: 'all' as const }];
    const [one = ''] = await end(await make(1));
    const [two = ''] = await end(await make(1, { selections, requester: member('U0DEV') }), member('U0LEAD0'));
    const of = async (filter: Partial<HistoryFilter>) => (await pages(reader, 9, { ...ALL, ...filter })).flat();
    expect(await of({})).toEqual([two, one]);
    expect(await of({ accounts: [ACCOUNT] })).toEqual([one]);
    expect(await of({ accounts: ['prod-two/cn-beijing'] })).toEqual([two]);
    expect(await of({ accounts: ['prod-two/cn-hangzhou', 'prod'] })).toEqual([]);
    expect(await of({ accounts: [ACCOUNT, 'prod-two'], users: ['U0DEV'] })).toEqual([two]);
    expect(await of({ users: ['U0LEAD0'] })).toEqual([two]);
    expect(await of({ users: ['U0LEAD0', 'U0ASKER'] })).toEqual([two, one]);
    expect(await of({ accounts: [ACCOUNT], users: ['U0DEV'] })).toEqual([]);
  });

  it('are looked for among the newest two hundred, and the next look goes on there', async () => {
    const { log, reader, make, end } = aProcess();
    const [old = ''] = await end(await make(1));
    for (let turn = 0; turn < 300; turn += 1) await log.noteOpen(`GONE${turn}`, START + 10_000 + turn);
    expect(await pages(reader, 9)).toEqual([[], [old]]);
  });

  it('are forgotten by the list after ten thousand, and are still there', async () => {
    const { log, reader, make, end } = aProcess();
    const [old = ''] = await end(await make(1));
    const later = Array.from({ length: MOST_LISTED - 1 }, (_, index) => [START + 10_000 + index, `GONE${index}`]);
    await scope.redis.zadd(`${scope.prefix}:all`, ...later.flat());
    expect(await log.listRecent(1, 'GONE0')).toEqual([old]);
    await log.noteOpen('ONEMORE', START + 100_000);
    expect(await log.listRecent(1, 'GONE0')).toEqual([]);
    expect(await reader.listEnded(HERE, { filter: ALL, limit: 1, after: old })).toEqual({ requests: [] });
    expect((await reader.see(old, HERE))?.id).toBe(old);
  });
});
