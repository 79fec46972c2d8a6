import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dueAt, type Timed } from '../../src/jobs/awaiting.js';
import { createTimed } from '../../src/jobs/handlers/timed.js';
import { createLog } from '../../src/jobs/log.js';
import type { Policy } from '../../src/jobs/policy.js';
import { createRequestStore, createRequests } from '../../src/jobs/requests.js';
import { termsFor } from '../../src/jobs/terms.js';
import { aHouse, aPolicy, makeClock, member, newRequest, people } from './house.js';
import { aGroup, anInstance } from './samples.js';
import { openScope, type Scope } from './scope.js';

/** What time alone brings, on a clock that the test moves. */

let scope: Scope;
beforeEach(() => {
  scope = openScope('timed');
});
afterEach(() => scope.close());

const MINUTE = 60_000;
const FIRST = people({ users: ['U0ASKER', 'U0LEAD', 'U0SECOND'], userGroups: ['S0ONCALL'] });
const NEXT = people({ users: ['U0BOSS', 'U0ASKER'], userGroups: ['S0BOSSES'] });
const escalating: Partial<Policy> = {
  approvers: FIRST,
  notify: FIRST,
  approvals: 2,
  expiresAfterMs: 30 * MINUTE,
  remindBeforeMs: 10 * MINUTE,
  escalate: { afterMs: 15 * MINUTE, approvers: NEXT },
};

/** A plan over these accounts that waits for approval. */
async function waiting(policies: readonly Policy[] = [aPolicy(escalating)], accounts = ['prod-hz']) {
  const clock = makeClock();
  const house = aHouse({ policies });
  const log = createLog(scope.connect(), scope.prefix);
  const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
  const requests = createRequests(store, { house, now: clock.now });
  const selections = accounts.map((account) => ({
    account,
    region: 'cn-hangzhou',
    key: 'deploy',
    instances: 'all' as const,
  }));
  const made = await requests.create(newRequest({ selections }));
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const { id } = made.request;
  const terms = termsFor(house, made.request, accounts);
  for (const [selection, account] of accounts.entries()) {
    const group = { ...aGroup([anInstance('i-1')]), account };
    await store.transact(id, () => ({ type: 'survey', selection, group, terms }));
  }
  const whoIs = async ({ users, userGroups }: Policy['notify']) => ({ users, userGroups });
  const handlers = createTimed({ store, house, whoIs, now: clock.now });
  const run = (name: Timed) => handlers[name]({ name, request: id } as never, new AbortController().signal);
  const kinds = async () => (await store.readEntries(id)).flatMap(({ events }) => events.map(({ type }) => type));
  const events = async () => (await store.readEntries(id)).flatMap((entry) => entry.events);
  const request = () => store.load(id);
  const approve = async (by: string) => requests.approve(id, member(by), (await request()).plan?.digest ?? '');
  return { id, clock, store, requests, run, kinds, events, request, approve };
}

const lastOf = <T>(items: readonly T[]): T | undefined => items.at(-1);

describe('an expiry', () => {
  it('comes at its time, not before, and once', async () => {
    const { clock, run, kinds } = await waiting([aPolicy()]);
    clock.pass(30 * MINUTE - 1_000);
    expect(await run('expire')).toEqual({ againInMs: 1_000 });
    clock.pass(1_000);
    expect(await run('expire')).toBeUndefined();
    expect(await run('expire')).toBeUndefined();
    expect(await kinds()).toEqual(['requested', 'surveyed', 'planned', 'expired']);
  });
});

describe('word that an approval is needed', () => {
  it('goes at once and once to those whom the policy mentions, but not to whoever asked', async () => {
    const { clock, run, events, request } = await waiting();
    expect(dueAt(await request(), 'notify')).toBe(clock.now());
    expect(await run('notify')).toBeUndefined();
    expect(await run('notify')).toBeUndefined();
    expect((await events()).filter(({ type }) => type === 'notified')).toEqual([
      { type: 'notified', mentions: { users: ['U0LEAD', 'U0SECOND'], userGroups: ['S0ONCALL'] } },
    ]);
  });

  it('goes out once for several accounts', async () => {
    const other = people({ users: ['U0OTHER', 'U0LEAD'] });
    const policies = [aPolicy(escalating), aPolicy({ ...escalating, accounts: ['lone'], notify: other })];
    const { run, events } = await waiting(policies, ['prod-hz', 'lone']);
    await run('notify');
    expect(lastOf(await events())).toMatchObject({ mentions: { users: ['U0LEAD', 'U0SECOND', 'U0OTHER'] } });
  });

  it('goes to nobody where no policy mentions anybody, nor once it is decided', async () => {
    const quiet = await waiting([aPolicy({ ...escalating, notify: people() })]);
    expect(dueAt(await quiet.request(), 'notify')).toBeUndefined();
    const { requests, id, run, kinds } = await waiting();
    await requests.cancel(id, member('U0ASKER'));
    await run('notify');
    expect(await kinds()).not.toContain('notified');
  });
});

describe('a reminder', () => {
  it('comes at its time and once, and calls those who are named and have not approved', async () => {
    const { clock, run, events, approve } = await waiting();
    await approve('U0LEAD');
    clock.pass(20 * MINUTE - 1);
    expect(await run('remind')).toEqual({ againInMs: 1 });
    clock.pass(1);
    expect(await run('remind')).toBeUndefined();
    expect(await run('remind')).toBeUndefined();
    const reminders = (await events()).filter(({ type }) => type === 'reminded');
    expect(reminders).toEqual([{ type: 'reminded', mentions: { users: ['U0SECOND'], userGroups: ['S0ONCALL'] } }]);
  });

  it('also calls the next ones, once it has escalated', async () => {
    const { clock, run, events } = await waiting();
    clock.pass(20 * MINUTE);
    await run('escalate');
    await run('remind');
    expect(lastOf(await events())).toMatchObject({ mentions: { users: ['U0LEAD', 'U0SECOND', 'U0BOSS'] } });
  });

  it.each([
    [
      'has expired, though nobody noted it',
      async ({ clock }: Awaited<ReturnType<typeof waiting>>) => clock.pass(10 * MINUTE),
    ],
    [
      'is decided',
      async ({ requests, id }: Awaited<ReturnType<typeof waiting>>) =>
        void (await requests.cancel(id, member('U0ASKER'))),
    ],
  ])('never comes to what %s', async (_what, end) => {
    const at = await waiting();
    at.clock.pass(20 * MINUTE);
    await end(at);
    const before = await at.kinds();
    expect(await at.run('remind')).toBeUndefined();
    expect(await at.kinds()).toEqual(before);
  });

  it('is not wanted where no policy asks for one', async () => {
    const { request, run } = await waiting([aPolicy()]);
    expect(dueAt(await request(), 'remind')).toBeUndefined();
    expect(await run('remind')).toBeUndefined();
  });
});

describe('an escalation', () => {
  it('lets the next ones approve from the moment that stands in the log, and not by the clock', async () => {
    const { clock, run, approve, events } = await waiting();
    const refused = { ok: false, refusal: { code: 'not-an-approver' } };
    clock.pass(15 * MINUTE - 1);
    expect(await run('escalate')).toEqual({ againInMs: 1 });
    clock.pass(1);
    expect(await approve('U0BOSS')).toMatchObject(refused);
    expect(await run('escalate')).toBeUndefined();
    expect(lastOf(await events())).toEqual({
      type: 'escalated',
      escalations: [{ account: 'prod-hz', users: ['U0BOSS'], userGroups: ['S0BOSSES'] }],
    });
    expect(await approve('U0BOSS')).toMatchObject({ ok: true });
    expect(await approve('U0ASKER')).toMatchObject({ ok: false, refusal: { code: 'own-request' } });
    expect(await approve('U0LEAD')).toMatchObject({ ok: true, request: { state: 'running' } });
  });

  it('comes to each account at its own time, and to none that has its approvals', async () => {
    const policies = [
      aPolicy({ ...escalating, accounts: ['prod-hz'], approvals: 1 }),
      aPolicy({ ...escalating, accounts: ['prod-two'], escalate: { afterMs: 20 * MINUTE, approvers: NEXT } }),
      aPolicy({ ...escalating, accounts: ['lone'], approvals: 1, approvers: people({ users: ['U0LONE'] }) }),
    ];
    const { clock, run, approve, request } = await waiting(policies, ['prod-hz', 'prod-two', 'lone']);
    await approve('U0LONE');
    clock.pass(15 * MINUTE);
    expect(await run('escalate')).toEqual({ againInMs: 5 * MINUTE });
    expect((await request()).escalations.map(({ account }) => account)).toEqual(['prod-hz']);
    expect(await approve('U0BOSS')).toMatchObject({ ok: true });
    expect(lastOf((await request()).approvals)?.accounts).toEqual(['prod-hz']);
    clock.pass(5 * MINUTE);
    expect(await run('escalate')).toBeUndefined();
    expect((await request()).escalations.map(({ account }) => account)).toEqual(['prod-hz', 'prod-two']);
  });

  it('does not come after the expiry', async () => {
    const { clock, run, kinds } = await waiting();
    clock.pass(30 * MINUTE);
    expect(await run('escalate')).toBeUndefined();
    expect(await kinds()).not.toContain('escalated');
  });

  it('does not come where the policy of now names nobody', async () => {
    const policies = [aPolicy(escalating)];
    const { clock, run, kinds } = await waiting(policies);
    policies.splice(0, 1, aPolicy());
    clock.pass(15 * MINUTE);
    expect(await run('escalate')).toBeUndefined();
    expect(await kinds()).not.toContain('escalated');
  });
});
