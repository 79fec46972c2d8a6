import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { workLeft } from '../../src/jobs/advance.js';
import { createSurvey } from '../../src/jobs/handlers/survey.js';
import { createTimed } from '../../src/jobs/handlers/timed.js';
import { createLog } from '../../src/jobs/log.js';
import { createRequestStore, createRequests } from '../../src/jobs/requests.js';
import type { KeyPair, Provider } from '../../src/providers/contract.js';
import { shown, stage, vendor } from '../providers/guarded-stub.js';
import { aHouse, aPolicy, makeClock, member, newRequest, people } from './house.js';
import { openScope, type Scope } from './scope.js';

/** One request over two accounts, of which one does not let itself be read. */

const DEPLOY: KeyPair = { name: 'deploy', id: 'kp-1' };
const READABLE: Partial<Provider> = {
  findKeyPair: async () => DEPLOY,
  listInstances: async () => ({ items: [shown('vm-0001', { keyPairs: [DEPLOY], state: 'stopped' })] }),
  readInstances: async () => [shown('vm-0001', { keyPairs: [], state: 'stopped' })],
};
const failing = (code: string): Partial<Provider> => ({
  ...READABLE,
  findKeyPair: () => Promise.reject(vendor({ code })),
});
const busy = failing('Maybe');
const [ALICE, BOB, CAROL] = [member('U0ALICE'), member('U0BOB'), member('U0CAROL')];
const ACCOUNTS = ['one', 'two'];

let scope: Scope;
beforeEach(() => {
  scope = openScope('left-out');
});
afterEach(() => scope.close());

function open(clouds: Record<string, Partial<Provider>>) {
  const clock = makeClock();
  const house = aHouse({
    accounts: new Map(ACCOUNTS.map((name) => [name, { regions: ['north-1'] }])),
    policies: [
      aPolicy({ accounts: ['one'], approvals: 1, approvers: people({ users: [BOB.id] }) }),
      aPolicy({ accounts: ['two'], approvals: 1, approvers: people({ users: [CAROL.id] }) }),
    ],
  });
  const log = createLog(scope.redis, scope.prefix);
  const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
  const requests = createRequests(store, { house, now: clock.now });
  const survey = createSurvey({
    store,
    house,
    cloudFor: async (account) => ({ provider: 'reference', guarded: stage(clouds[account] ?? {}).guarded }),
    onUnbuilt: () => {},
    now: clock.now,
    random: () => 0.5,
    patienceMs: 180_000,
  });
  const timed = createTimed({ store, house, whoIs: async () => ({ users: [], userGroups: [] }), now: clock.now });
  const never = new AbortController().signal;
  /** Does all that is to be done at this moment. */
  async function work(id: string) {
    const jobs = workLeft(await store.load(id), clock.now()).filter(({ delayMs = 0 }) => delayMs === 0);
    await Promise.all(
      jobs.flatMap(({ job }): Promise<unknown>[] => {
        if (job.name === 'survey') return [survey(job, never)];
        return job.name === 'close-plan' ? [timed['close-plan'](job, never)] : [];
      }),
    );
    return store.load(id);
  }
  async function ask(): Promise<string> {
    const selections = ACCOUNTS.map((account) => ({ account, key: 'deploy', instances: 'all' as const }));
    const made = await requests.create(newRequest({ requester: ALICE, selections }));
    if (!made.ok) throw new Error(JSON.stringify(made.refusals));
    return made.request.id;
  }
  async function approve(id: string, ...by: (typeof BOB)[]) {
    const digest = (await store.load(id)).plan?.digest ?? '';
    const answers = [];
    for (const person of by) answers.push(await requests.approve(id, person, digest));
    return answers;
  }
  /** As if the clouds had done it. */
  async function run(id: string) {
    for (const batch of (await store.load(id)).batches.values()) {
      const outcome = { kind: batch.step === 'attach' ? 'attached' : 'detached', effective: 'now' } as const;
      const results = Object.fromEntries(batch.instances.map((one) => [one, { kind: 'over', outcome } as const]));
      await store.transact(id, () => ({ type: 'report', batch: batch.id, epoch: 0, results }));
    }
    return store.load(id);
  }
  const kinds = async (id: string) =>
    (await store.readEntries(id)).flatMap(({ events }) => events.map(({ type }) => type));
  return { clock, clouds, requests, store, survey, work, ask, approve, run, kinds };
}
type Open = ReturnType<typeof open>;

async function goOn({ requests }: Open, id: string, why: 'left-out' | 'undo' = 'left-out') {
  const gone = await requests.goOn(id, why, ALICE);
  return gone.ok ? gone.request.id : gone.refusals;
}

/** Waits for approval, without the second account. */
async function partly(over: Open): Promise<string> {
  const id = await over.ask();
  await over.work(id);
  over.clock.pass(10_000);
  expect((await over.work(id)).state).toBe('awaiting-approval');
  return id;
}

describe('a fault in one account', () => {
  it('keeps the plan of the others waiting for ten seconds, and no longer', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await over.ask();
    expect((await over.work(id)).state).toBe('planning');
    over.clock.pass(9_999);
    expect((await over.work(id)).state).toBe('planning');
    expect(await over.kinds(id)).toEqual(expect.arrayContaining(['surveyed', 'unread']));
    over.clock.pass(1);
    const planned = await over.work(id);
    expect(planned).toMatchObject({ state: 'awaiting-approval', plan: { quorums: [{ account: 'one' }] } });
    expect(planned.leftOut.get(1)).toMatchObject({ code: 'cloud-failed', account: 'two', cloudCode: 'Maybe' });
  });

  it('that no repeating mends does not keep it waiting at all', async () => {
    const over = open({ one: READABLE, two: failing('Never') });
    const planned = await over.work(await over.ask());
    expect(planned).toMatchObject({ state: 'awaiting-approval', plan: { quorums: [{ account: 'one' }] } });
  });

  it('keeps nothing waiting once it is mended in time', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await over.ask();
    await over.work(id);
    over.clouds.two = READABLE;
    expect(await over.work(id)).toMatchObject({
      state: 'awaiting-approval',
      plan: { quorums: [{ account: 'one' }, { account: 'two' }] },
    });
  });

  it('that shows as silence is waited for until the call is given up', async () => {
    const gate = makeGate();
    const silent = async (): Promise<never> => {
      await gate.promise;
      throw vendor({ transport: 'timeout' });
    };
    const over = open({ one: READABLE, two: { ...READABLE, findKeyPair: silent } });
    const id = await over.ask();
    const never = new AbortController().signal;
    await over.survey({ name: 'survey', request: id, selection: 0 }, never);
    const hanging = over.survey({ name: 'survey', request: id, selection: 1 }, never);
    over.clock.pass(15_000);
    expect(workLeft(await over.store.load(id), over.clock.now()).map(({ job }) => job.name)).toEqual(['survey']);
    gate.open();
    await hanging;
    expect((await over.store.load(id)).state).toBe('awaiting-approval');
  });

  it('in both is tried for minutes, and told of each', async () => {
    const over = open({ one: busy, two: busy });
    const id = await over.ask();
    await over.work(id);
    over.clock.pass(179_999);
    expect((await over.work(id)).state).toBe('planning');
    over.clock.pass(1);
    const ended = await over.work(id);
    expect(ended).toMatchObject({ state: 'rejected', rejection: { code: 'nothing-planned' } });
    expect([...ended.leftOut.values()].map(({ code }) => code)).toEqual(['cloud-failed', 'cloud-failed']);
  });
});

describe('what was left out', () => {
  it('is approved by nobody, and gives nobody a right over the rest', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await partly(over);
    expect(await over.approve(id, CAROL)).toMatchObject([{ ok: false, refusal: { code: 'not-an-approver' } }]);
    expect(await over.requests.cancel(id, CAROL)).toMatchObject({ ok: false, refusal: { code: 'not-yours' } });
    expect(await over.approve(id, BOB)).toMatchObject([{ ok: true, request: { state: 'running' } }]);
    expect((await over.run(id)).outcomes.size).toBe(1);
  });

  it('is asked for by a request of its own, while the rest waits for its approval', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await partly(over);
    const next = String(await goOn(over, id));
    expect(await goOn(over, id)).toEqual([{ code: 'goes-on-already', request: next }]);
    over.clouds.two = READABLE;
    const planned = await over.work(next);
    expect(planned).toMatchObject({
      state: 'awaiting-approval',
      after: { request: id, why: 'left-out' },
      selections: [{ account: 'two', region: 'north-1', key: 'deploy', instances: 'all' }],
      plan: { quorums: [{ account: 'two' }] },
    });
    expect((await over.store.load(id)).state).toBe('awaiting-approval');
    await over.approve(next, CAROL);
    await over.run(next);
    expect(await goOn(over, id)).toEqual([{ code: 'nothing-left', last: next }]);
  });

  it('can be asked for again where that came to nothing', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await partly(over);
    const next = String(await goOn(over, id));
    await over.requests.cancel(next, ALICE);
    const again = await goOn(over, id);
    expect([typeof again, again === next]).toEqual(['string', false]);
  });

  it('can be asked for again where that was cancelled before anything was done', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await partly(over);
    const next = String(await goOn(over, id));
    over.clouds.two = READABLE;
    await over.work(next);
    await over.approve(next, CAROL);
    await over.requests.cancel(next, ALICE);
    expect((await over.store.load(next)).state).toBe('cancelled');
    expect(typeof (await goOn(over, id))).toBe('string');
  });

  it('can be asked for where all was left out', async () => {
    const over = open({ one: failing('Never'), two: failing('Never') });
    const id = await over.ask();
    expect((await over.work(id)).state).toBe('rejected');
    const next = await over.store.load(String(await goOn(over, id)));
    expect(next.selections.map(({ account }) => account)).toEqual(['one', 'two']);
  });

  it('is turned down with the rest', async () => {
    const over = open({ one: READABLE, two: busy });
    const id = await partly(over);
    const { plan } = await over.store.load(id);
    await over.requests.deny(id, BOB, plan?.digest ?? '', 'no');
    expect(await goOn(over, id)).toEqual([{ code: 'nothing-left' }]);
  });

  it('is not asked for while the plan is being made, nor where no other answer is to be had', async () => {
    const over = open({ one: READABLE, two: { ...READABLE, listInstances: async () => ({ items: [] }) } });
    const id = await over.ask();
    expect(await goOn(over, id)).toEqual([{ code: 'nothing-left' }]);
    expect((await over.work(id)).leftOut.get(1)).toMatchObject({ code: 'nothing-bound' });
    expect(await goOn(over, id)).toEqual([{ code: 'nothing-left' }]);
  });
});

describe('what was left out of an undo', () => {
  async function undone(over: Open) {
    const first = await over.ask();
    await over.work(first);
    await over.approve(first, BOB, CAROL);
    expect((await over.run(first)).state).toBe('finished');
    over.clouds.two = busy;
    const undo = String(await goOn(over, first, 'undo'));
    await over.work(undo);
    over.clock.pass(10_000);
    expect((await over.work(undo)).plan?.quorums.map(({ account }) => account)).toEqual(['one']);
    return { first, undo };
  }

  it('is an undo of the same, and read as it would have been there', async () => {
    const over = open({ one: READABLE, two: READABLE });
    const { undo } = await undone(over);
    const rest = String(await goOn(over, undo));
    over.clouds.two = READABLE;
    expect(await over.work(rest)).toMatchObject({
      state: 'awaiting-approval',
      action: 'attach',
      after: { request: undo, why: 'left-out' },
      groups: [{ account: 'two', targets: [{ id: 'vm-0001', steps: ['attach', 'verify'] }] }],
    });
  });

  it('is not undone twice from both sides', async () => {
    const over = open({ one: READABLE, two: READABLE });
    const { first, undo } = await undone(over);
    await over.approve(undo, BOB);
    await over.run(undo);
    const second = String(await goOn(over, first, 'undo'));
    expect((await over.store.load(second)).selections.map(({ account }) => account)).toEqual(['two']);
    expect(await goOn(over, undo)).toEqual([{ code: 'goes-on-already', request: second }]);
    over.clouds.two = READABLE;
    await over.work(second);
    await over.approve(second, CAROL);
    await over.run(second);
    expect(await goOn(over, undo)).toEqual([{ code: 'nothing-left', last: second }]);
  });

  it('is not undone a second time from where it began', async () => {
    const over = open({ one: READABLE, two: READABLE });
    const { first, undo } = await undone(over);
    await over.approve(undo, BOB);
    await over.run(undo);
    const rest = String(await goOn(over, undo));
    expect(await goOn(over, first, 'undo')).toEqual([{ code: 'goes-on-already', request: rest }]);
    over.clouds.two = READABLE;
    await over.work(rest);
    await over.approve(rest, CAROL);
    expect((await over.run(rest)).state).toBe('finished');
    expect(await goOn(over, first, 'undo')).toEqual([{ code: 'nothing-to-undo', last: rest }]);
  });
});
