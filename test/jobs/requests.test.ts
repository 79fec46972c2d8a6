import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { createLog, type RequestLog } from '../../src/jobs/log.js';
import type { Request } from '../../src/jobs/request.js';
import { createRequestStore, createRequests, type RequestStore, type Requests } from '../../src/jobs/requests.js';
import { APPROVERS, aHouse, aPolicy, makeClock, member, newRequest, people } from './house.js';
import { aGroup, anInstance, createCommand } from './samples.js';
import { openScope, type Scope } from './scope.js';

type Process = { requests: Requests; store: RequestStore; log: RequestLog; appended: Request[] };

let scope: Scope;
const clock = makeClock();
beforeEach(() => {
  scope = openScope('requests');
});
afterEach(() => scope.close());

/** What one process holds: its own connection, its own memory. */
function aProcess(wrap: (log: RequestLog) => RequestLog = (log) => log, house = aHouse()): Process {
  const log = wrap(createLog(scope.connect(), scope.prefix));
  const appended: Request[] = [];
  const onAppended = async (request: Request) => void appended.push(request);
  const store = createRequestStore({ log, now: clock.now, onAppended });
  return { requests: createRequests(store, { house, now: clock.now }), store, log, appended };
}

async function create({ requests }: Process, more: Parameters<typeof newRequest>[0] = {}) {
  const created = await requests.create(newRequest(more));
  if (!created.ok) throw new Error(JSON.stringify(created.refusals));
  return created;
}

const TERMS = { quorums: [{ account: 'prod-hz', approvals: 3 }], expiresAfterMs: 60_000, maxInstances: 9 };

/** A request that waits for three approvals. */
async function waiting(at: Process): Promise<Request> {
  const { request } = await create(at);
  const group = aGroup([anInstance('i-1')]);
  const surveyed = await at.store.transact(request.id, () => ({ type: 'survey', selection: 0, group, terms: TERMS }));
  if (!surveyed.ok) throw new Error(surveyed.refusal.code);
  return surveyed.request;
}

describe('creating', () => {
  it('makes one request of one origin, however often and wherever it is asked', async () => {
    const processes = Array.from({ length: 6 }, () => aProcess());
    const all = await Promise.all(processes.map((at) => create(at)));
    expect(new Set(all.map(({ request }) => request.id)).size).toBe(1);
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await createLog(scope.redis, scope.prefix).listOpen()).toHaveLength(1);
    expect((await aProcess().store.readEntries(all[0]?.request.id ?? '')).length).toBe(1);
  });

  it('makes another of another origin', async () => {
    const at = aProcess();
    const one = await create(at);
    const two = await create(at, { origin: 'C0INCIDENT/U0ASKER/trigger-2' });
    expect(two.request.id).not.toBe(one.request.id);
    expect((await at.log.listOpen()).map(({ id }) => id).sort()).toEqual([one.request.id, two.request.id].sort());
  });

  it('takes the next id where another origin has the same', async () => {
    const { id, origin } = (await create(aProcess())).request;
    await scope.redis.del(`${scope.prefix}:{${id}}:log`);
    const at = aProcess();
    const taken = { ...createCommand(), facts: { ...createCommand().facts, id, origin: 'another origin' } };
    await at.store.transact(id, () => taken);
    const made = await create(at);
    expect(made.request.id).not.toBe(id);
    expect(made).toMatchObject({ isNew: true, request: { origin } });
    expect(await create(aProcess())).toMatchObject({ isNew: false, request: { id: made.request.id } });
    expect((await at.store.load(id)).origin).toBe('another origin');
  });

  it('has ids of six signs that survive being read aloud', async () => {
    const at = aProcess();
    for (let index = 0; index < 50; index += 1) {
      const { request } = await create(at, { origin: `origin ${index}` });
      expect(request.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
    }
  });

  it('writes nothing when it is refused', async () => {
    const at = aProcess();
    const refused = await at.requests.create(
      newRequest({ selections: [{ account: 'x', key: 'k', instances: 'all' }] }),
    );
    expect(refused).toEqual({
      ok: false,
      refusals: [{ code: 'unknown-account', account: 'x', known: ['prod-hz', 'prod-two'] }],
    });
    expect(await scope.keys(`${scope.prefix}:*`)).toEqual([]);
    expect(at.appended).toEqual([]);
  });

  it('keeps nothing of the origin but its hash', async () => {
    const { request } = await create(aProcess(), { origin: 'canary-trigger' });
    const stored = await scope.redis.xrange(`${scope.prefix}:{${request.id}}:log`, '-', '+');
    expect(JSON.stringify(stored)).not.toContain('canary-trigger');
  });
});

describe('finding', () => {
  it('takes an id as it is typed or heard', async () => {
    const at = aProcess();
    const id = 'K01DA0';
    await at.store.transact(id, () => ({ ...createCommand(), facts: { ...createCommand().facts, id } }));
    for (const typed of ['K01DA0', 'k01da0', ' kOIdao ', 'KoLDAO']) {
      expect([typed, (await at.requests.get(typed))?.id]).toEqual([typed, id]);
    }
    const cancelled = await at.requests.cancel('koLda0', member('U0ASKER'));
    expect(cancelled).toMatchObject({ ok: true, request: { id, state: 'cancelled' } });
  });

  it('finds nothing where there is nothing, and leaves nothing behind', async () => {
    const at = aProcess();
    const [first = ''] = APPROVERS;
    expect(await at.requests.get('ZZZZZZ')).toBeUndefined();
    for (const end of [
      await at.requests.approve('ZZZZZZ', member(first), 'd'),
      await at.requests.deny('ZZZZZZ', member(first), 'd', 'no'),
      await at.requests.cancel('ZZZZZZ', member(first)),
    ]) {
      expect(end).toEqual({ ok: false, refusal: { code: 'unknown-request' } });
    }
    expect(await scope.keys(`${scope.prefix}:*`)).toEqual([]);
  });
});

describe('deciding', () => {
  it('loads and decides again when another writer was first', async () => {
    const parked = makeGate();
    const arrived = makeGate();
    let held = 1;
    const slow = aProcess((log) => ({
      ...log,
      async append(...entry) {
        if (held-- === 1) {
          arrived.open();
          await parked.promise;
        }
        return log.append(...entry);
      },
    }));
    const quick = aProcess();
    const request = await waiting(quick);
    const digest = request.plan?.digest ?? '';
    const [one = '', two = ''] = APPROVERS;
    const seen: number[] = [];
    const late = slow.store.transact(request.id, (now) => {
      seen.push(now.version);
      return { type: 'approve', by: one, accounts: ['prod-hz'], digest };
    });
    await arrived.promise;
    await quick.requests.approve(request.id, member(two), digest);
    parked.open();
    expect((await late).ok).toBe(true);
    expect(seen).toEqual([2, 3]);
    const found = await aProcess().store.load(request.id);
    expect(found.approvals.map(({ by }) => by)).toEqual([two, one]);
  });

  it('refuses what the other writer made wrong', async () => {
    const [a, b] = [aProcess(), aProcess()];
    const request = await waiting(a);
    const digest = request.plan?.digest ?? '';
    await b.store.load(request.id);
    await a.requests.cancel(request.id, member('U0ASKER'));
    expect(await b.requests.approve(request.id, member(APPROVERS[0] ?? ''), digest)).toMatchObject({
      ok: false,
      refusal: { code: 'wrong-state', state: 'cancelled', by: 'U0ASKER' },
    });
  });

  it('counts sixty clicks of twelve people at once as three approvals and one start', async () => {
    const processes = Array.from({ length: 10 }, () => aProcess());
    const [first] = processes;
    if (first === undefined) throw new Error('there is none');
    for (let round = 0; round < 5; round += 1) {
      const origin = `round ${round}`;
      const { id } = (await create(first, { origin })).request;
      const group = aGroup([anInstance('i-1')]);
      await first.store.transact(id, () => ({ type: 'survey', selection: 0, group, terms: TERMS }));
      const digest = (await first.store.load(id)).plan?.digest ?? '';
      const clicks = Array.from({ length: 60 }, (_, click) => {
        const at = processes[click % processes.length] ?? first;
        const by = click % 13 === 12 ? 'U0ASKER' : (APPROVERS[click % 12] ?? '');
        return at.requests.approve(id, member(by, { userGroups: ['S0ONCALL'] }), digest).then(({ ok }) => ({ ok, by }));
      });
      const taken = (await Promise.all(clicks)).filter(({ ok }) => ok);
      const events = (await aProcess().store.readEntries(id)).flatMap((entry) => entry.events);
      const approvals = events.flatMap((event) => (event.type === 'approved' ? [event.by] : []));
      expect(taken.map(({ by }) => by).sort()).toEqual([...approvals].sort());
      expect(new Set(approvals).size).toBe(3);
      expect(approvals).not.toContain('U0ASKER');
      expect(events.filter(({ type }) => type === 'started')).toHaveLength(1);
    }
  });

  it('lets one of many claims of a batch win', async () => {
    const processes = Array.from({ length: 8 }, () => aProcess());
    const [first] = processes;
    if (first === undefined) throw new Error('there is none');
    const request = await waiting(first);
    const digest = request.plan?.digest ?? '';
    for (const by of APPROVERS.slice(0, 3)) await first.requests.approve(request.id, member(by), digest);
    await Promise.all(processes.map(({ store }) => store.load(request.id)));
    const claim = { type: 'begin', batch: 'b1', epoch: 0, instances: ['i-1'] } as const;
    const claims = await Promise.all(processes.map(({ store }) => store.transact(request.id, () => claim)));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await aProcess().store.load(request.id)).batches.get('b1')?.epoch).toBe(1);
  });

  it('tells of every append, with the request as it is then', async () => {
    const at = aProcess();
    const { id } = await waiting(at);
    expect(at.appended.map(({ version, state }) => ({ version, state }))).toEqual([
      { version: 1, state: 'planning' },
      { version: 2, state: 'awaiting-approval' },
    ]);
    expect(at.appended.at(-1)).toEqual(await aProcess().store.load(id));
  });

  it('notes a request as open before its first entry', async () => {
    const at = aProcess((log) => ({ ...log, append: () => Promise.reject(new Error('the process died')) }));
    await expect(create(at)).rejects.toThrow('the process died');
    expect(await at.log.listOpen()).toHaveLength(1);
    expect(at.appended).toEqual([]);
  });
});

describe('who may', () => {
  it.each([
    ['its requester', member('U0ASKER'), true],
    ['someone who may approve it', member('U0NEW', { userGroups: ['S0ONCALL'] }), true],
    ['anyone else', member('U0OTHER'), false],
    ['its requester once deactivated', member('U0ASKER', { kind: 'deactivated' }), false],
  ])('cancel it: %s', async (_who, person, may) => {
    const at = aProcess();
    const { request } = await create(at);
    const end = await at.requests.cancel(request.id, person);
    expect(end.ok).toBe(may);
    if (!end.ok) expect(end.refusal).toEqual({ code: 'not-yours' });
  });

  it('tells whoever is refused what could not be found out about them', async () => {
    const house = aHouse({ policies: [aPolicy({ approvers: people({ schedules: ['pagerduty:P1'] }) })] });
    const at = aProcess(undefined, house);
    const request = await waiting(at);
    const digest = request.plan?.digest ?? '';
    const unknown = member('U0LEAD', { unanswered: ['pagerduty:P1'] });
    const unanswered = ['pagerduty:P1'];
    expect(await at.requests.approve(request.id, unknown, digest)).toEqual({
      ok: false,
      refusal: { code: 'not-an-approver', unanswered },
    });
    expect(await at.requests.cancel(request.id, unknown)).toEqual({
      ok: false,
      refusal: { code: 'not-yours', unanswered },
    });
    const known = member('U0LEAD', { schedules: ['pagerduty:P1'] });
    expect((await at.requests.approve(request.id, known, digest)).ok).toBe(true);
  });

  it('judges an approver by the policies of now', async () => {
    const request = await waiting(aProcess());
    const digest = request.plan?.digest ?? '';
    const without = aProcess(undefined, aHouse({ policies: [] }));
    const [lead = ''] = APPROVERS;
    expect(await without.requests.approve(request.id, member(lead), digest)).toEqual({
      ok: false,
      refusal: { code: 'not-an-approver' },
    });
  });
});

it('reads on from what it knows, and forgets the oldest of many', async () => {
  const reads: number[] = [];
  const at = aProcess((log) => ({
    ...log,
    read(id, after) {
      reads.push(after.version);
      return log.read(id, after);
    },
  }));
  const ids = Array.from({ length: 66 }, (_, index) => `R${index}`);
  for (const id of ids)
    await at.store.transact(id, () => ({ ...createCommand(), facts: { ...createCommand().facts, id } }));
  for (const id of ids) await at.store.load(id);
  reads.length = 0;
  for (const id of ['R65', 'R2', 'R0']) await at.store.load(id);
  expect(reads).toEqual([1, 1, 0]);
});
