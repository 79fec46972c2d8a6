import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { createChoices } from '../../src/jobs/choices.js';
import type { KeyPair, Provider } from '../../src/providers/contract.js';
import { shown, stage, vendor } from '../providers/guarded-stub.js';
import { makeTimers } from '../timers.js';
import { aPolicy, CHANNEL, makeClock, member, people } from './house.js';

const ALICE = { person: member('U0ALICE'), channel: CHANNEL };
const PLACE = { account: 'prod', region: 'north-1' };
const DEPLOY: KeyPair = { name: 'deploy', id: 'kp-1' };
const LIMITS = { waitMs: 1_500, loadMs: 20_000, freshMs: 30_000, failedMs: 3_000 };

function choicesOf(adapter: Partial<Provider>, more: { cloudFor?: () => Promise<undefined> } = {}) {
  const timers = makeTimers();
  const clock = makeClock();
  const { guarded } = stage(adapter);
  const unbuilt: string[] = [];
  const regions = ['north-1'];
  const choices = createChoices({
    house: {
      accounts: new Map([
        ['prod', { regions }],
        ['closed', { regions }],
        ['elsewhere', { regions }],
      ]),
      policies: [
        aPolicy({ accounts: ['closed'], requesters: people({ users: ['U0BOB'] }) }),
        aPolicy({ accounts: ['elsewhere'], channels: ['C0OTHER'] }),
        aPolicy({ accounts: ['prod'] }),
      ],
    },
    cloudFor: async () => ({ provider: 'reference', guarded }),
    onUnbuilt: (account) => unbuilt.push(account),
    limits: LIMITS,
    startTimer: timers.startTimer,
    now: clock.now,
    ...more,
  });
  return { choices, timers, clock, unbuilt };
}

/** Answers once for each item, and counts how often it was asked. */
function answering(...answers: (() => Promise<KeyPair[]>)[]) {
  let asked = 0;
  const adapter: Partial<Provider> = {
    listKeyPairs: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return { items: (await answer?.()) ?? [] };
    },
  };
  return { adapter, asked: () => asked };
}

describe('what may be chosen', () => {
  it('is what this person may ask for in this channel, and no cloud is asked about anything else', async () => {
    const { adapter, asked } = answering(async () => [DEPLOY]);
    const { choices } = choicesOf(adapter);
    expect(choices.accounts(ALICE)).toEqual([{ account: 'prod', regions: ['north-1'], wanted: [] }]);
    for (const place of [
      { account: 'closed', region: 'north-1' },
      { account: 'elsewhere', region: 'north-1' },
      { account: 'prod', region: 'north-2' },
      { account: 'nowhere', region: 'north-1' },
    ]) {
      expect(await choices.keys(place, ALICE)).toBeUndefined();
      expect(await choices.instances({ ...place, key: 'deploy' }, ALICE)).toBeUndefined();
    }
    expect(asked()).toBe(0);
  });

  it('are key pairs by their id where they have one', async () => {
    const { adapter } = answering(async () => [DEPLOY, { name: 'plain' }]);
    expect(await choicesOf(adapter).choices.keys(PLACE, ALICE)).toEqual({
      items: [
        { key: 'kp-1', name: 'deploy' },
        { key: 'plain', name: 'plain' },
      ],
    });
  });

  it('are instances that have the key pair, and none where there is no such key pair', async () => {
    const adapter: Partial<Provider> = {
      findKeyPair: async ({ nameOrId }) => (nameOrId === 'deploy' ? DEPLOY : undefined),
      listInstances: async () => ({ items: [shown('vm-0001'), shown('vm-0002', { state: 'stopped' })] }),
    };
    const { choices } = choicesOf(adapter);
    expect(await choices.instances({ ...PLACE, key: 'deploy' }, ALICE)).toEqual({
      items: [
        { id: 'vm-0001', name: 'machine vm-0001', state: 'running' },
        { id: 'vm-0002', name: 'machine vm-0002', state: 'stopped' },
      ],
    });
    expect(await choices.instances({ ...PLACE, key: 'other' }, ALICE)).toEqual({ items: [] });
  });
});

describe('a cloud', () => {
  it('is asked again once what it said is old', async () => {
    const { adapter, asked } = answering(async () => [DEPLOY]);
    const { choices, clock } = choicesOf(adapter);
    await choices.keys(PLACE, ALICE);
    clock.pass(29_999);
    await choices.keys(PLACE, ALICE);
    expect(asked()).toBe(1);
    clock.pass(1);
    await choices.keys(PLACE, ALICE);
    expect(asked()).toBe(2);
  });

  it('that is slow is told so, with what was known; its answer serves whoever asks next', async () => {
    const gate = makeGate<KeyPair[]>();
    const { adapter, asked } = answering(
      async () => [DEPLOY],
      () => gate.promise,
    );
    const { choices, clock, timers } = choicesOf(adapter);
    await choices.keys(PLACE, ALICE);
    clock.pass(30_000);
    const [one, two] = [choices.keys(PLACE, ALICE), choices.keys(PLACE, ALICE)];
    timers.runOut(LIMITS.waitMs);
    const late = { items: [{ key: 'kp-1', name: 'deploy' }], trouble: { kind: 'late' } };
    expect([await one, await two]).toEqual([late, late]);
    const next = choices.keys(PLACE, ALICE);
    gate.open([{ name: 'fresh' }]);
    expect(await next).toEqual({ items: [{ key: 'fresh', name: 'fresh' }] });
    expect(asked()).toBe(2);
    expect(timers.left()).toEqual([]);
  });

  it('that fails is asked again soon, and not at every letter', async () => {
    const { adapter, asked } = answering(
      () => Promise.reject(vendor({ code: 'Later' })),
      async () => [DEPLOY],
    );
    const { choices, clock } = choicesOf(adapter);
    const failed = { items: [], trouble: { kind: 'fault', fault: expect.objectContaining({ code: 'Later' }) } };
    expect([await choices.keys(PLACE, ALICE), await choices.keys(PLACE, ALICE)]).toEqual([failed, failed]);
    expect(asked()).toBe(1);
    clock.pass(3_000);
    expect((await choices.keys(PLACE, ALICE))?.trouble).toBeUndefined();
  });

  it('that cannot be loaded is a fault of it', async () => {
    const { choices, unbuilt } = choicesOf({}, { cloudFor: () => Promise.reject(new Error('no such module')) });
    expect(await choices.keys(PLACE, ALICE)).toMatchObject({ items: [], trouble: { fault: { code: 'NotBuilt' } } });
    expect(unbuilt).toEqual(['prod']);
  });
});
