import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Selection } from '../../src/jobs/events.js';
import { createSurvey } from '../../src/jobs/handlers/survey.js';
import { createLog } from '../../src/jobs/log.js';
import type { Cloud, CloudFor } from '../../src/jobs/read-selection.js';
import type { Request } from '../../src/jobs/request.js';
import { createRequestStore } from '../../src/jobs/requests.js';
import type { House } from '../../src/jobs/terms.js';
import type { GuardedProvider } from '../../src/providers/answers.js';
import { type Instance, type KeyPair, type Traits, unseenInstance } from '../../src/providers/contract.js';
import type { Fault } from '../../src/providers/failures.js';
import { traits } from '../providers/reference/provider.js';
import { aHouse, aPolicy, makeClock } from './house.js';
import { anInstance, createCommand } from './samples.js';
import { openScope, type Scope } from './scope.js';

/** A cloud that holds what a test puts in, and answers with a fault where it is told to. */
/** `undefined` among the faults: this one is answered. */
type World = {
  instances: Instance[];
  keyPairs: KeyPair[];
  faults: (Fault | undefined)[];
  traits: Traits;
  asked: string[];
};

const KEY_PAIR = { name: 'deploy', id: 'kp-1' };
const fault = (more: Partial<Fault> = {}): Fault => ({
  kind: 'unavailable',
  code: 'Busy',
  message: 'busy',
  hint: 'cloud-trouble',
  repeat: 'later',
  ...more,
});
const shown = (id: string, more: Partial<Instance> = {}) => anInstance(id, { state: 'stopped', ...more });

let scope: Scope;
let world: World;
let unbuilt: string[];
const clock = makeClock();
beforeEach(() => {
  scope = openScope('survey');
  unbuilt = [];
  world = {
    instances: [shown('vm-0001'), shown('vm-0002'), shown('vm-0003', { keyPairs: [] })],
    keyPairs: [KEY_PAIR],
    faults: [],
    traits,
    asked: [],
  };
});
afterEach(() => scope.close());

function guardedOf(): GuardedProvider {
  const answer = <T>(what: string, value: () => T) => {
    world.asked.push(what);
    const broken = world.faults.shift();
    return Promise.resolve(broken ? { ok: false as const, fault: broken } : { ok: true as const, value: value() });
  };
  const never = () => Promise.reject(new Error('a survey changes nothing'));
  const isOn = (instance: Instance, { name }: KeyPair) => instance.keyPairs.some((bound) => bound.name === name);
  return {
    traits: world.traits,
    readInstances: ({ instanceIds }) =>
      answer('readInstances', () => world.instances.filter(({ id }) => instanceIds.includes(id))),
    listInstances: ({ keyPair }) => answer('listInstances', () => world.instances.filter((one) => isOn(one, keyPair))),
    listKeyPairs: () => answer('listKeyPairs', () => world.keyPairs),
    findKeyPair: ({ nameOrId }) =>
      answer('findKeyPair', () => world.keyPairs.find(({ name, id }) => name === nameOrId || id === nameOrId)),
    detach: never,
    attach: never,
    power: never,
    reserve: () => 0,
    close: async () => {},
  };
}

const house = (more: Partial<House> = {}): House => aHouse({ policies: [aPolicy({ accounts: ['*'] })], ...more });

type Asked = Partial<Selection> & { restart?: boolean };
async function survey(asked: Asked = {}, more: { house?: House; cloud?: Cloud | undefined; cloudFor?: CloudFor } = {}) {
  const store = createRequestStore({
    log: createLog(scope.redis, scope.prefix),
    now: clock.now,
    onAppended: async () => {},
  });
  const { restart = false, ...selection } = asked;
  const { facts } = createCommand(restart);
  const selections = facts.selections.map((one) => ({ ...one, ...selection }));
  await store.transact(facts.id, () => ({ type: 'create', facts: { ...facts, selections } }));
  const cloud = 'cloud' in more ? more.cloud : { provider: 'reference', guarded: guardedOf() };
  const handler = createSurvey({
    store,
    house: more.house ?? house(),
    cloudFor: more.cloudFor ?? (async () => cloud),
    onUnbuilt: (account, error) => void unbuilt.push(`${account}: ${String(error)}`),
    now: clock.now,
    random: () => 0.5,
    patienceMs: 10_000,
  });
  const run = () => handler({ name: 'survey', request: facts.id, selection: 0 }, new AbortController().signal);
  return { store, run, request: () => store.load(facts.id), end: await run() };
}

const planOf = (request: Request) =>
  request.groups[0]?.targets.map(({ id, steps, outcome }) => [id, outcome?.kind ?? steps.join('+')]);

describe('a survey', () => {
  it('makes a plan of all that the key pair is on', async () => {
    const { request, end } = await survey();
    const planned = await request();
    expect(end).toBeUndefined();
    expect(planned.state).toBe('awaiting-approval');
    expect(planOf(planned)).toEqual([
      ['vm-0001', 'detach+verify'],
      ['vm-0002', 'detach+verify'],
    ]);
    expect(planned.groups[0]).toMatchObject({
      account: 'prod-hz',
      provider: 'reference',
      region: 'cn-hangzhou',
      keyPair: KEY_PAIR,
      parallelKeyPairWrites: traits.parallelKeyPairWrites,
      limits: { detach: traits.limits.detach },
    });
    expect(planned.plan).toMatchObject({
      quorums: [{ account: 'prod-hz', approvals: 3 }],
      expiresAt: clock.now() + 1_800_000,
    });
  });

  it('names one that the key pair is on and that the cloud does not show', async () => {
    world.instances = [shown('vm-0001'), unseenInstance('vm-0002', KEY_PAIR)];
    const { request } = await survey();
    expect(planOf(await request())).toEqual([
      ['vm-0001', 'detach+verify'],
      ['vm-0002', 'failed'],
    ]);
    expect((await request()).groups[0]?.targets[1]?.outcome).toMatchObject({ hint: 'not-shown' });
  });

  it('makes a plan of those that were named, in their order, also of those that the key is not on', async () => {
    const { request } = await survey({ instances: ['vm-0003', 'vm-0001'] });
    expect(planOf(await request())).toEqual([
      ['vm-0003', 'not-bound'],
      ['vm-0001', 'detach+verify'],
    ]);
  });

  it('plans a stop and a start only where the request may restart', async () => {
    world.instances = [shown('vm-0001', { state: 'running' })];
    const { request } = await survey({ restart: true });
    expect(planOf(await request())).toEqual([['vm-0001', 'stop+detach+verify+start']]);
  });

  it('takes a key pair by its id as well', async () => {
    const { request } = await survey({ key: 'kp-1' });
    expect((await request()).groups[0]?.keyPair).toEqual(KEY_PAIR);
  });

  it('done twice changes nothing, and asks the cloud for nothing', async () => {
    const { request, run } = await survey();
    const before = await request();
    const asked = world.asked.length;
    expect(await run()).toBeUndefined();
    expect(await request()).toEqual(before);
    expect(world.asked.length).toBe(asked);
  });

  it('by two at once is taken once', async () => {
    world.faults = [fault()];
    const { request, run, store } = await survey();
    expect(await Promise.all([run(), run()])).toEqual([undefined, undefined]);
    expect((await request()).state).toBe('awaiting-approval');
    const kinds = (await store.readEntries('K7M2QX')).flatMap(({ events }) => events.map(({ type }) => type));
    expect(kinds).toEqual(['requested', 'unread', 'surveyed', 'planned']);
  });
});

describe('a plan that cannot be made', () => {
  const where = { account: 'prod-hz', region: 'cn-hangzhou' };
  it.each<[string, Asked, (at: World) => void, object]>([
    ['no such key pair', { key: 'other' }, () => {}, { code: 'key-pair-not-found', ...where, key: 'other' }],
    [
      'ids of another form',
      { instances: ['vm-0001', 'i-1', "x'; drop"] },
      () => {},
      { code: 'instances-malformed', ...where, instances: ['i-1', "x'; drop"] },
    ],
    [
      'instances that the cloud does not show',
      { instances: ['vm-0001', 'vm-0009'] },
      () => {},
      { code: 'instances-not-shown', ...where, instances: ['vm-0009'] },
    ],
    [
      'a key pair that is on nothing',
      {},
      (at) => {
        at.instances = [];
      },
      { code: 'nothing-bound', ...where, key: 'deploy' },
    ],
    [
      'a key pair that is on nothing that the cloud shows',
      {},
      (at) => {
        at.instances = [unseenInstance('vm-0002', KEY_PAIR)];
      },
      { code: 'instances-not-shown', ...where, instances: ['vm-0002'] },
    ],
    ['only what is done already', { instances: ['vm-0003'] }, () => {}, { code: 'nothing-to-do' }],
  ])('is rejected for %s', async (_what, asked, change, rejection) => {
    change(world);
    const { request, end } = await survey(asked);
    expect(end).toBeUndefined();
    expect(await request()).toMatchObject({ state: 'rejected', rejection });
  });

  it('asks the cloud nothing about ids of another form', async () => {
    await survey({ instances: ['../../etc'] });
    expect(world.asked).toEqual([]);
  });

  it('is rejected where there are more than the policy allows', async () => {
    const { request } = await survey(
      {},
      { house: house({ policies: [aPolicy({ accounts: ['*'], maxInstances: 1 })] }) },
    );
    expect((await request()).rejection).toEqual({ code: 'too-many', count: 2, max: 1 });
  });

  it.each([
    ['its policy is gone', { house: house({ policies: [] }) }],
    ['the account is gone', { cloud: undefined }],
  ])('is rejected where %s since it was asked for', async (_what, more) => {
    const { request } = await survey({}, more);
    expect((await request()).rejection).toEqual({ code: 'account-not-usable', account: 'prod-hz' });
  });

  it('goes by the instances where a call names no key pair, and the list may hide it', async () => {
    world.traits = { ...traits, keyPairNamedBy: 'instance' };
    world.keyPairs = [];
    const { request } = await survey();
    expect(planOf(await request())).toHaveLength(2);
  });
});

describe('a cloud that does not answer', () => {
  it('is asked again, and nothing is read as absent', async () => {
    world.faults = [fault(), fault({ kind: 'rate-limited' })];
    const { request, run, end } = await survey();
    expect(end).toEqual({ againInMs: 1_125 });
    clock.pass(4_000);
    expect(await run()).toEqual({ againInMs: 4_500 });
    expect((await request()).state).toBe('planning');
    expect(await run()).toBeUndefined();
    expect((await request()).state).toBe('awaiting-approval');
  });

  it.each([
    ['the key pair', 0, {}],
    ['all instances', 1, {}],
    ['named instances', 1, { instances: ['vm-0001'] }],
  ])('about %s fails the plan once patience is over', async (_what, answered, asked) => {
    world.faults = [fault()];
    const { run, request } = await survey(asked);
    clock.pass(10_000);
    world.faults = [...Array.from({ length: answered }, () => undefined), fault({ message: 'still busy' })];
    expect(await run()).toBeUndefined();
    expect((await request()).rejection).toMatchObject({
      code: 'cloud-failed',
      cloudCode: 'Busy',
      message: 'still busy',
    });
  });

  it('to keys that are over is asked again: they may be renewed', async () => {
    world.faults = [fault({ kind: 'auth', hint: 'renew-credentials', repeat: 'never' })];
    const { request, run, end } = await survey();
    expect(end).toEqual({ againInMs: 1_125 });
    expect(await run()).toBeUndefined();
    expect((await request()).state).toBe('awaiting-approval');
  });

  it('for good fails the plan at once, with the cloud’s own code', async () => {
    world.faults = [fault({ kind: 'forbidden', code: 'Forbidden.RAM', hint: 'grant-permission', repeat: 'never' })];
    const { request, end } = await survey();
    expect(end).toBeUndefined();
    expect((await request()).rejection).toEqual({
      code: 'cloud-failed',
      account: 'prod-hz',
      region: 'cn-hangzhou',
      cloudCode: 'Forbidden.RAM',
      message: 'busy',
      hint: 'grant-permission',
    });
  });
});

describe('an account that cannot be loaded', () => {
  it('is tried again, noted each time, and rejected once patience is over', async () => {
    const cloudFor: CloudFor = () => Promise.reject(new Error('no such module'));
    const { request, run, end } = await survey({}, { cloudFor });
    expect(end).toEqual({ againInMs: 1_125 });
    clock.pass(10_000);
    expect(await run()).toBeUndefined();
    const where = { account: 'prod-hz', region: 'cn-hangzhou' };
    const why = { cloudCode: 'NotBuilt', message: 'the account could not be loaded', hint: 'account-not-built' };
    expect((await request()).rejection).toEqual({ code: 'cloud-failed', ...where, ...why });
    expect(unbuilt).toEqual(['prod-hz: Error: no such module', 'prod-hz: Error: no such module']);
  });

  it('is read as soon as it can be', async () => {
    let tries = 0;
    const cloudFor: CloudFor = async () => {
      tries += 1;
      if (tries === 1) throw new Error('no such module');
      return { provider: 'reference', guarded: guardedOf() };
    };
    const { request, run } = await survey({}, { cloudFor });
    await run();
    expect((await request()).state).toBe('awaiting-approval');
  });
});
