import { describe, expect, it } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import { createFinder, type FinderOptions, type Place, type SearchAnswer } from '../../src/jobs/find.js';
import type { KeyPair, Provider } from '../../src/providers/contract.js';
import { shown, stage, vendor } from '../providers/guarded-stub.js';
import { traits } from '../providers/reference/provider.js';
import { makeTimers } from '../timers.js';
import { aPolicy, CHANNEL, member, people } from './house.js';

const ALICE = member('U0ALICE');
const DEPLOY: KeyPair = { name: 'deploy', id: 'kp-1' };
const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy';
const LIMITS = { placeMs: 8_000, totalMs: 20_000, atOnce: 20 };

const REGIONS = ['north-1', 'north-2', 'south-1'];
const has = (more: Partial<Provider> = {}): Partial<Provider> => ({
  findKeyPair: async ({ nameOrId }) => (nameOrId === DEPLOY.name ? DEPLOY : undefined),
  listInstances: async () => ({ items: [shown('vm-0001'), shown('vm-0002', { state: 'stopped' })] }),
  ...more,
});
const hasNot: Partial<Provider> = { findKeyPair: async () => undefined };
const keyPairs = (...items: KeyPair[]) => has({ listKeyPairs: async () => ({ items }) });

const noList: Partial<Provider> = { listKeyPairs: () => Promise.reject(vendor({ code: 'Group.Quota' })) };

type House = { clouds: Record<string, Partial<Provider>>; regions?: readonly string[] } & Partial<FinderOptions>;

function finderOf({ clouds, regions = ['north-1'], ...more }: House) {
  const timers = makeTimers();
  const broken: (Place & { error: unknown })[] = [];
  const guards = new Map(Object.entries(clouds).map(([name, adapter]) => [name, stage(adapter).guarded]));
  const finder = createFinder({
    house: {
      accounts: new Map(Object.keys(clouds).map((name) => [name, { regions }])),
      policies: [aPolicy({ accounts: ['*'] })],
    },
    cloudFor: async (account) => {
      const guarded = guards.get(account);
      return guarded && { provider: 'reference', guarded };
    },
    limits: LIMITS,
    startTimer: timers.startTimer,
    onBroken: (place, error) => broken.push({ ...place, error }),
    ...more,
  });
  return { timers, broken, search: (words: string) => finder.search(words, { person: ALICE, channel: CHANNEL }) };
}

function searched(answer: SearchAnswer) {
  if (answer.kind !== 'searched') throw new Error(answer.kind);
  return answer;
}

const at = (account: string, region = 'north-1') => ({ account, region });
const FOUND = { name: 'deploy', key: 'deploy', instances: 2, running: 1 };

describe('forty accounts in three regions', () => {
  const names = Array.from({ length: 40 }, (_, index) => `cloud-${index}`);
  const refusing: Partial<Provider> = { findKeyPair: () => Promise.reject(vendor({ code: 'Group.Quota' })) };
  const where = (given: readonly Place[]) => given.map(({ account, region }) => `${account}/${region}`);

  it('two fail and one hangs: the rest is told within the time of one place, and what is not known is named', async () => {
    const hanging = makeGate<never>();
    const signals: AbortSignal[] = [];
    const special: Record<string, Partial<Provider>> = {
      'cloud-3': refusing,
      'cloud-17': { findKeyPair: async () => DEPLOY, listInstances: () => Promise.reject(vendor({ code: 'Maybe' })) },
      'cloud-5': {
        findKeyPair: (_input, { signal }) => {
          signals.push(signal);
          return hanging.promise;
        },
      },
    };
    const clouds = Object.fromEntries(
      names.map((name, index) => [name, special[name] ?? (index < 9 ? has() : hasNot)]),
    );
    const { search, timers } = finderOf({ clouds, regions: REGIONS });
    const onlyTheHanging = timers.downTo(REGIONS.length + 1);
    const answer = search('deploy');
    await onlyTheHanging;
    timers.runOut(LIMITS.placeMs);
    const { asked, found, unanswered } = searched(await answer);
    expect(asked).toBe(120);
    const holders = names.slice(0, 9).filter((name) => special[name] === undefined);
    expect(where(found)).toEqual(holders.flatMap((name) => REGIONS.map((region) => `${name}/${region}`)));
    expect(found[0]).toEqual({ ...at('cloud-0'), ...FOUND });
    const fault = { kind: 'fault', hint: 'quota', code: 'Group.Quota', message: 'words' };
    const trouble = { kind: 'fault', hint: 'cloud-trouble', code: 'Maybe', message: 'words' };
    expect(unanswered).toEqual([
      ...REGIONS.map((region) => ({ ...at('cloud-3', region), why: fault })),
      ...REGIONS.map((region) => ({ ...at('cloud-5', region), why: { kind: 'late' } })),
      ...REGIONS.map((region) => ({ ...at('cloud-17', region), name: 'deploy', why: trouble })),
    ]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
    expect(timers.left()).toEqual([]);
  });

  it('all hang: the answer comes when the total time is over, and no place is left out', async () => {
    const begun: string[] = [];
    const full = makeGate();
    const cloudFor: FinderOptions['cloudFor'] = (account) => {
      begun.push(account);
      if (begun.length === LIMITS.atOnce) full.open();
      return makeGate<never>().promise;
    };
    const clouds = Object.fromEntries(names.map((name) => [name, hasNot]));
    const { search, timers } = finderOf({ clouds, regions: REGIONS, cloudFor });
    const answer = search('deploy');
    await full.promise;
    expect(timers.left()).toEqual([...Array.from({ length: LIMITS.atOnce }, () => LIMITS.placeMs), LIMITS.totalMs]);
    timers.runOut(LIMITS.totalMs);
    const { asked, found, unanswered } = searched(await answer);
    expect([asked, found.length, unanswered.length]).toEqual([120, 0, 120]);
    expect(new Set(unanswered.map(({ why }) => why.kind))).toEqual(new Set(['late']));
    expect(begun).toEqual(names.slice(0, LIMITS.atOnce));
    expect(timers.left()).toEqual([]);
  });

  it('never more at once than is allowed', async () => {
    const levels: number[] = [];
    let running = 0;
    const counted = {
      findKeyPair: async () => {
        levels.push(++running);
        await Promise.resolve();
        running -= 1;
        return undefined;
      },
    };
    const clouds = Object.fromEntries(names.map((name) => [name, counted]));
    await finderOf({ clouds, regions: REGIONS }).search('deploy');
    expect(levels).toHaveLength(120);
    expect(Math.max(...levels)).toBeGreaterThan(1);
    expect(Math.max(...levels)).toBeLessThanOrEqual(LIMITS.atOnce);
  });

  it('an account that hangs in all its regions takes one turn before all others had theirs', async () => {
    const order: string[] = [];
    const noting = (name: string) => ({ findKeyPair: async () => void order.push(name) });
    const clouds = { a: noting('a'), b: noting('b'), c: noting('c') };
    await finderOf({ clouds, regions: REGIONS, limits: { ...LIMITS, atOnce: 1 } }).search('deploy');
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });
});

describe('whom it asks', () => {
  it('accounts whose policy covers the channel and lets this person request; of the others, not a word', async () => {
    const clouds = { open: has(), elsewhere: has(), others: has(), none: has(), named: has() };
    const { search } = finderOf({
      clouds,
      house: {
        accounts: new Map(Object.keys(clouds).map((name) => [name, { regions: ['north-1'] }])),
        policies: [
          aPolicy({ accounts: ['open'], channels: [CHANNEL] }),
          aPolicy({ accounts: ['elsewhere'], channels: ['C0OTHER'] }),
          aPolicy({ accounts: ['others'], requesters: people({ users: ['U0BOB'] }) }),
          aPolicy({ accounts: ['named'], requesters: people({ users: ['U0ALICE'] }) }),
        ],
      },
    });
    const answer = searched(await search('deploy'));
    expect(answer.asked).toBe(2);
    expect(answer.found.map(({ account }) => account)).toEqual(['open', 'named']);
    expect(JSON.stringify(answer)).not.toMatch(/elsewhere|others|none/);
  });

  it('nobody, where no account may be used, or where the words are no key', async () => {
    const house = { accounts: new Map([['open', { regions: ['north-1'] }]]), policies: [] };
    expect(await finderOf({ clouds: { open: {} }, house }).search('deploy')).toEqual({ kind: 'no-accounts' });
    expect(await finderOf({ clouds: { open: {} } }).search(LINE.slice(0, 50))).toEqual({
      kind: 'unreadable',
      flaw: { code: 'public-key' },
    });
  });
});

describe('what it finds', () => {
  it('by name: this name alone, also where nothing is bound', async () => {
    const clouds = { full: has(), empty: has({ listInstances: async () => ({ items: [] }) }), none: hasNot };
    expect(await finderOf({ clouds }).search(' deploy ')).toEqual({
      kind: 'searched',
      query: 'deploy',
      asked: 3,
      found: [
        { ...at('full'), ...FOUND },
        { ...at('empty'), ...FOUND, instances: 0, running: 0 },
      ],
      unanswered: [],
      blind: [],
      differ: false,
    });
  });

  it('by public key, under whatever name, and the id where two share a name', async () => {
    const same = { id: 'kp-2', publicKey: `${LINE} of the cloud` };
    const clouds = {
      named: keyPairs({ name: 'spare', id: 'kp-1', publicKey: 'ssh-rsa AAAA' }, { ...same, name: 'renamed' }),
      twins: keyPairs({ name: 'deploy', id: 'kp-1', publicKey: 'ssh-rsa AAAA' }, { ...same, name: 'deploy' }),
      none: keyPairs({ name: 'deploy', id: 'kp-1', publicKey: 'ssh-rsa AAAA' }),
    };
    const { found, blind, differ } = searched(await finderOf({ clouds }).search(`${LINE} anna@laptop`));
    expect(found).toEqual([
      { ...at('named'), ...FOUND, name: 'renamed', key: 'renamed' },
      { ...at('twins'), ...FOUND, key: 'kp-2' },
    ]);
    expect([blind, differ]).toEqual([[], false]);
  });

  it('by a name that several key pairs of a region have: each of them, by its id', async () => {
    const ambiguous = { findKeyPair: () => Promise.reject(vendor({ transport: 'ambiguous' })) };
    const twins = [DEPLOY, { name: 'deploy', id: 'kp-2' }, { name: 'deploy2', id: 'kp-3' }];
    const clouds = { twins: { ...keyPairs(...twins), ...ambiguous }, broken: { ...ambiguous, ...noList } };
    const { found, unanswered } = searched(await finderOf({ clouds }).search('deploy'));
    expect(found).toEqual(['kp-1', 'kp-2'].map((key) => ({ ...at('twins'), ...FOUND, key })));
    expect(unanswered).toMatchObject([{ ...at('broken'), why: { kind: 'fault', code: 'Group.Quota' } }]);
  });

  it('what it asks again finds the same', async () => {
    const clouds = { named: keyPairs({ name: 'renamed', id: 'kp-1', publicKey: LINE }) };
    const { search } = finderOf({ clouds });
    const first = searched(await search(LINE));
    expect(first.query).toMatch(/^SHA256:\S+ MD5:\S+$/);
    expect(await search(first.query)).toEqual(first);
  });

  it('says where a cloud gives too little to compare', async () => {
    const twenty = Array.from({ length: 20 }, () => 'ab').join(':');
    const clouds = {
      dark: keyPairs({ name: 'a', id: 'kp-1', fingerprint: twenty }, { name: 'b', id: 'kp-2', publicKey: LINE }),
      clear: keyPairs({ name: 'a', id: 'kp-1', fingerprint: '0'.repeat(32) }),
    };
    const { found, blind } = searched(await finderOf({ clouds }).search(LINE));
    expect(found.map(({ account }) => account)).toEqual(['dark']);
    expect(blind).toEqual([{ ...at('dark'), unknown: 1, hidden: false }]);
  });

  it('says that one name stands for different keys', async () => {
    const named = (publicKey: string) => has({ findKeyPair: async () => ({ ...DEPLOY, publicKey }) });
    const one = searched(await finderOf({ clouds: { a: named(LINE), b: named(`${LINE} b`) } }).search('deploy'));
    const two = searched(await finderOf({ clouds: { a: named(LINE), b: named('ssh-rsa AAAA') } }).search('deploy'));
    expect([one.differ, two.differ]).toEqual([false, true]);
  });

  it('by name only, where that could be a fingerprint that was copied badly, and says so', async () => {
    const name = '1977460019335038746a6c579f63023';
    const { doubt, query } = searched(await finderOf({ clouds: { none: hasNot } }).search(name));
    expect([query, doubt]).toEqual([name, { code: 'fingerprint', algorithm: 'md5', digits: 31 }]);
  });

  it('a cloud that breaks in itself is named, and its error goes to those who run the bot', async () => {
    const error = new Error('canary of an SDK');
    const cloudFor = () => Promise.reject(error);
    const { search, broken } = finderOf({ clouds: { a: has() }, cloudFor });
    const answer = searched(await search('deploy'));
    expect(answer.unanswered).toEqual([{ ...at('a'), why: { kind: 'broken' } }]);
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(broken).toEqual([{ ...at('a'), error }]);
  });

  it('a cloud that the guard gave up on did not answer in time', async () => {
    const clouds = { a: { findKeyPair: () => Promise.reject(vendor({ transport: 'timeout' })) } };
    expect(searched(await finderOf({ clouds }).search('deploy')).unanswered).toEqual([
      { ...at('a'), why: { kind: 'late' } },
    ]);
  });
});

describe('where a cloud does not list all key pairs, and instances show a name', () => {
  const shy = (adapter: Partial<Provider>): FinderOptions['cloudFor'] => {
    const { guarded } = stage({ ...adapter, traits: { ...traits, keyPairNamedBy: 'instance' } });
    return async () => ({ provider: 'reference', guarded });
  };

  it('a name is looked for on the instances', async () => {
    const instances = shy({ ...hasNot, listInstances: has().listInstances ?? (() => Promise.reject()) });
    const { found } = searched(await finderOf({ clouds: { a: {} }, cloudFor: instances }).search('deploy'));
    expect(found).toEqual([{ ...at('a'), ...FOUND }]);
    const none = shy({ ...hasNot, listInstances: async () => ({ items: [] }) });
    expect(searched(await finderOf({ clouds: { a: {} }, cloudFor: none }).search('deploy')).found).toEqual([]);
  });

  it('a fingerprint that no listed key pair has may still be there', async () => {
    const cloudFor = shy({ listKeyPairs: async () => ({ items: [] }) });
    const { blind } = searched(await finderOf({ clouds: { a: {} }, cloudFor }).search(LINE));
    expect(blind).toEqual([{ ...at('a'), unknown: 0, hidden: true }]);
  });
  it('what is a name and a fingerprint is looked for on the instances, too', async () => {
    const word = '31977460019335038746a6c579f63023';
    const listed = { listKeyPairs: async () => ({ items: [{ name: 'other', fingerprint: '0'.repeat(32) }] }) };
    const bound = shy({ ...listed, listInstances: has().listInstances ?? (() => Promise.reject()) });
    const both = searched(await finderOf({ clouds: { a: {} }, cloudFor: bound }).search(word));
    expect(both.found).toEqual([{ ...at('a'), ...FOUND, name: word, key: word }]);
    const none = shy({ ...listed, listInstances: async () => ({ items: [] }) });
    const { found, blind } = searched(await finderOf({ clouds: { a: {} }, cloudFor: none }).search(word));
    expect([found, blind]).toEqual([[], [{ ...at('a'), unknown: 0, hidden: true }]]);
  });
});
