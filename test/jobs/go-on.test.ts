import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { awaitsRestart, groupBefore, leftFor, stillLeft } from '../../src/jobs/go-on.js';
import { createLog } from '../../src/jobs/log.js';
import { emptyRequest, type Request, targetKey } from '../../src/jobs/request.js';
import { createRequestStore, createRequests, type RequestStore } from '../../src/jobs/requests.js';
import type { Outcome } from '../../src/providers/answers.js';
import { aHouse, aPolicy, CHANNEL, makeClock, member, people } from './house.js';
import {
  ACCOUNT,
  aGroup,
  anInstance,
  createCommand,
  fold,
  KEY_PAIR,
  START,
  STOPPED_ONLY,
  stages,
  TERMS,
  take,
} from './samples.js';
import { openScope, type Scope } from './scope.js';

const FAILED: Outcome = { kind: 'failed', code: 'X', message: 'x', hint: 'cloud-trouble' };
const NEEDS_STOP: Outcome = { kind: 'skipped', reason: 'needs-stop' };
const LATER: Outcome = { kind: 'detached', effective: 'after-restart' };
const NOW: Outcome = { kind: 'detached', effective: 'now' };
const OUTCOMES: readonly Outcome[] = [
  FAILED,
  NEEDS_STOP,
  LATER,
  NOW,
  { kind: 'not-bound' },
  { kind: 'skipped', reason: 'windows' },
  { ...LATER, restartFailed: { code: 'X', message: 'x' } },
];

const idOf = (index: number) => `i-${index}`;
/** A request at its end, its instances told in this order. */
function ended(outcomes: readonly Outcome[], id = 'K7M2QX'): Request {
  const { running } = stages(aGroup(outcomes.map((_, index) => anInstance(idOf(index)))));
  const told = Object.fromEntries(outcomes.map((outcome, index) => [idOf(index), outcome]));
  const events = [{ type: 'settled', group: 0, outcomes: told }, { type: 'finished' }] as const;
  return { ...fold(running, events, START + 9), id };
}

describe('what a request left', () => {
  const all = ended(OUTCOMES);

  it('is what failed, and what waits for a stop or a restart', () => {
    expect([...leftFor(all, 'retry')]).toEqual(['0/i-0']);
    expect([...leftFor(all, 'restart')]).toEqual(['0/i-1', '0/i-2', '0/i-6']);
  });

  it('is nothing while it is open', () => {
    const { running } = stages(aGroup([anInstance('i-0')]));
    const open = fold(running, [{ type: 'settled', group: 0, outcomes: { 'i-0': FAILED } }], START + 3);
    expect(leftFor(open, 'retry').size).toBe(0);
  });

  it('names the key pair by its id where it has one', () => {
    const selection = { account: ACCOUNT, region: 'cn-hangzhou', key: KEY_PAIR.id, instances: ['i-0'] };
    expect(stillLeft(all, 'retry', [])).toEqual([selection]);
    expect(groupBefore(all, selection)?.keyPair).toEqual(KEY_PAIR);
    expect(groupBefore(all, { ...selection, key: 'other' })).toBeUndefined();
  });

  it.each([
    ['done by a later request', NOW, []],
    ['failed in a later request, which has its own button', FAILED, []],
    ['skipped by a later request', { kind: 'skipped', reason: 'locked' } as const, ['i-0']],
  ])('once it was %s', (_what, outcome, instances) => {
    const left = stillLeft(ended([FAILED]), 'retry', [ended([outcome], 'LATER1')]);
    expect(left.flatMap((selection) => selection.instances)).toEqual(instances);
  });
});

describe('a request that had nothing to do', () => {
  const running = (id: string) => anInstance(id);
  const windows = anInstance('i-9', { os: 'windows' });
  const planned = (instances: Parameters<typeof aGroup>[0]) => {
    const { planning } = stages(aGroup([anInstance('i-0')]));
    const group = aGroup(instances, { traits: STOPPED_ONLY });
    return take(planning, { type: 'survey', selection: 0, group, terms: TERMS }, START + 2);
  };

  it('leaves exactly what would have to be stopped', () => {
    const request = planned([running('i-0'), windows, running('i-1')]);
    expect(request.rejection).toEqual({ code: 'nothing-to-do', needStop: 2 });
    expect([...leftFor(request, 'restart')]).toEqual(['0/i-0', '0/i-1']);
    expect(leftFor(request, 'retry').size).toBe(0);
    expect(stillLeft(request, 'restart', [])).toMatchObject([{ instances: ['i-0', 'i-1'] }]);
  });

  it('leaves nothing where nothing would have to be', () => {
    const request = planned([windows]);
    expect(request.rejection).toEqual({ code: 'nothing-to-do' });
    expect(leftFor(request, 'restart').size).toBe(0);
  });

  it('leaves nothing where it was rejected for another reason', () => {
    const request = planned([running('i-0')]);
    expect(leftFor({ ...request, rejection: { code: 'too-many', count: 9, max: 1 } }, 'restart').size).toBe(0);
  });
});

describe('an instance awaits its restart', () => {
  const group = { account: ACCOUNT, region: 'cn-hangzhou', keyPair: KEY_PAIR };

  it('where the earlier request told it so, with this key pair and in this place', () => {
    const earlier = ended([LATER, NOW, NEEDS_STOP, FAILED]);
    expect([0, 1, 2, 3, 4].map((index) => awaitsRestart(earlier, group, idOf(index)))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    for (const other of [{ account: 'x' }, { region: 'x' }, { keyPair: { name: 'deploy', id: 'kp-2' } }]) {
      expect(awaitsRestart(earlier, { ...group, ...other }, idOf(0))).toBe(false);
    }
  });

  it.each([
    ['the detach was verified, and the restart could not be seen', ['detach', 'verify', 'restart'], true, true],
    ['the detach failed', ['detach', 'verify', 'restart'], false, false],
    ['it was off before, and the restart could not be seen', ['restart'], false, true],
    ['the stop failed', ['stop', 'detach', 'verify', 'start'], false, false],
  ] as const)('after a failure: %s', (_what, steps, verified, awaits) => {
    const request = ended([FAILED]);
    const key = targetKey(0, idOf(0));
    const target = request.targets.get(key);
    if (target === undefined) throw new Error('no target');
    const earlier = { ...request, targets: new Map([[key, { ...target, steps: [...steps], verified }]]) };
    expect(awaitsRestart(earlier, group, idOf(0))).toBe(awaits);
  });
});

describe('making it', () => {
  let scope: Scope;
  const clock = makeClock();
  beforeEach(() => {
    scope = openScope('go-on');
  });
  afterEach(() => scope.close());

  function aProcess(house = aHouse()) {
    const log = createLog(scope.connect(), scope.prefix);
    const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
    return { store, log, requests: createRequests(store, { house, now: clock.now }) };
  }
  const lead = member('U0LEAD0');

  /** Played through the log, up to its end: the first instance failed, the second one waits for its restart. */
  async function played(store: RequestStore): Promise<string> {
    const { facts } = createCommand();
    const { id } = facts;
    const { waiting, events } = story();
    await store.transact(id, () => ({ type: 'create', facts }));
    const { quorums, group } = waiting;
    const terms = { quorums, expiresAfterMs: 60_000, maxInstances: 9 };
    await store.transact(id, () => ({ type: 'survey', selection: 0, group, terms }));
    const digest = (await store.load(id)).plan?.digest ?? '';
    await store.transact(id, () => ({ type: 'approve', by: lead.id, accounts: [ACCOUNT], digest }));
    for (const results of events) {
      await store.transact(id, () => ({ type: 'report', batch: 'b1', epoch: 0, results }));
    }
    expect((await store.load(id)).state).toBe('finished');
    return id;
  }
  const story = () => ({
    waiting: { quorums: [{ account: ACCOUNT, approvals: 1 }], group: aGroup([anInstance('i-0'), anInstance('i-1')]) },
    events: [{ 'i-0': { kind: 'over' as const, outcome: FAILED }, 'i-1': { kind: 'done' as const, changed: true } }],
  });

  it('carries on the reason, the channel and the flag, and says what it goes on from', async () => {
    const { store, requests } = aProcess();
    const id = await played(store);
    const retry = await requests.goOn(id.toLowerCase(), 'retry', member('U0OTHER'));
    const restart = await requests.goOn(id, 'restart', member('U0OTHER'));
    const same = { state: 'planning', requester: 'U0OTHER', channel: CHANNEL, reason: 'key leaked' };
    const selection = { account: ACCOUNT, region: 'cn-hangzhou', key: KEY_PAIR.id };
    expect(retry).toMatchObject({
      ok: true,
      request: {
        ...same,
        restart: false,
        selections: [{ ...selection, instances: ['i-0'] }],
        after: { request: id, why: 'retry' },
      },
    });
    expect(restart).toMatchObject({
      ok: true,
      request: {
        ...same,
        restart: true,
        selections: [{ ...selection, instances: ['i-1'] }],
        after: { request: id, why: 'restart' },
      },
    });
    const read = retry.ok ? await aProcess().store.load(retry.request.id) : emptyRequest('');
    expect(read.after).toEqual({ request: id, why: 'retry' });
  });

  it('makes one of many clicks, and tells the others which it is', async () => {
    const id = await played(aProcess().store);
    const clicks = await Promise.all(
      Array.from({ length: 6 }, (_, index) => aProcess().requests.goOn(id, 'retry', member(`U0CLICK${index}`))),
    );
    const made = clicks.flatMap((click) => (click.ok ? [click.request.id] : []));
    expect(made).toHaveLength(1);
    const others = clicks.flatMap((click) => (click.ok ? [] : click.refusals));
    expect(others).toEqual(Array(5).fill({ code: 'goes-on-already', request: made[0] }));
    expect((await aProcess().log.listOpen()).map(({ id }) => id)).toEqual(expect.arrayContaining(made));
  });

  it('makes another once the first is over and did nothing', async () => {
    const { store, requests } = aProcess();
    const id = await played(store);
    const one = await requests.goOn(id, 'retry', lead);
    if (!one.ok) throw new Error('refused');
    await requests.cancel(one.request.id, lead);
    const two = await requests.goOn(id, 'retry', lead);
    expect(two).toMatchObject({ ok: true, request: { state: 'planning', after: { request: id } } });
    expect(two.ok && two.request.id).not.toBe(one.request.id);
  });

  it.each([
    ['nobody made', 'ZZZZZZ', aHouse(), [{ code: 'unknown-request' }]],
    ['whose account has no policy now', 'K7M2QX', aHouse({ policies: [] }), [{ code: 'no-policy', account: ACCOUNT }]],
    [
      'whose account others may ask for',
      'K7M2QX',
      aHouse({ policies: [aPolicy({ requesters: people({ users: ['U0X'] }) })] }),
      [{ code: 'not-a-requester', account: ACCOUNT }],
    ],
  ] as const)('refuses a request that %s', async (_what, id, house, refusals) => {
    await played(aProcess().store);
    const before = await scope.keys(`${scope.prefix}:*`);
    expect(await aProcess(house).requests.goOn(id, 'retry', lead)).toEqual({ ok: false, refusals });
    expect(await scope.keys(`${scope.prefix}:*`)).toEqual(before);
  });

  it('refuses a request that is not over', async () => {
    const { store, requests } = aProcess();
    const { facts } = createCommand();
    await store.transact(facts.id, () => ({ type: 'create', facts }));
    expect(await requests.goOn(facts.id, 'retry', lead)).toEqual({ ok: false, refusals: [{ code: 'not-ended' }] });
    await requests.cancel(facts.id, member(facts.requester));
    expect(await requests.goOn(facts.id, 'retry', lead)).toEqual({ ok: false, refusals: [{ code: 'nothing-left' }] });
  });
});
