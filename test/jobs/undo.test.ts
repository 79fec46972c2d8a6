import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decideGoOn, leftFor, stillLeft, type Wanted } from '../../src/jobs/go-on.js';
import { readSelection } from '../../src/jobs/read-selection.js';
import type { Request } from '../../src/jobs/request.js';
import type { GuardedProvider, Outcome } from '../../src/providers/answers.js';
import type { Instance, KeyPair, KeyPairAction } from '../../src/providers/contract.js';
import { traits } from '../providers/reference/provider.js';
import { aHouse, aPolicy, CHANNEL, member } from './house.js';
import { ACCOUNT, aGroup, anInstance, fold, KEY_PAIR, START, stages, TRAITS } from './samples.js';

const FAILED: Outcome = { kind: 'failed', code: 'X', message: 'x', hint: 'cloud-trouble' };
const OFF: Outcome = { kind: 'detached', effective: 'now' };
const OFF_LATER: Outcome = { kind: 'detached', effective: 'after-restart' };
const OFF_DOWN: Outcome = { ...OFF_LATER, restartFailed: { code: 'X', message: 'x' } };
const ON: Outcome = { kind: 'attached', effective: 'now' };
const ON_LATER: Outcome = { kind: 'attached', effective: 'after-restart' };
const SKIPPED: Outcome = { kind: 'skipped', reason: 'needs-stop' };

const idOf = (index: number) => `vm-${index}`;
type Shape = { id?: string; action?: KeyPairAction; restart?: boolean };

/** A request at its end, its instances told in this order. */
function ended(
  outcomes: readonly Outcome[],
  { id = 'K7M2QX', action = 'detach', restart = false }: Shape = {},
): Request {
  const keyPairs = action === 'attach' ? [] : [KEY_PAIR];
  const instances = outcomes.map((_, index) => anInstance(idOf(index), { keyPairs }));
  const { running } = stages(aGroup(instances, { action, restart }), restart, action);
  const told = Object.fromEntries(outcomes.map((outcome, index) => [idOf(index), outcome]));
  const events = [{ type: 'settled', group: 0, outcomes: told }, { type: 'finished' }] as const;
  return { ...fold(running, events, START + 9), id };
}

const instancesOf = (selections: readonly { instances: unknown }[]) =>
  selections.flatMap(({ instances }) => instances as string[]);

describe('what can be undone', () => {
  it('is what was detached, in effect or not, back up or not, and nothing else', () => {
    const all = ended([OFF, OFF_LATER, OFF_DOWN, FAILED, SKIPPED, { kind: 'not-bound' }]);
    expect([...leftFor(all, 'undo')]).toEqual(['0/vm-0', '0/vm-1', '0/vm-2']);
  });

  it('is nothing of what an earlier undo came to, and all of what it did not', () => {
    const earlier = ended([OFF, OFF, OFF, OFF]);
    const undone = ended([ON, FAILED, SKIPPED, { kind: 'already-bound' }], { id: 'UND0XX', action: 'attach' });
    expect(instancesOf(stillLeft(earlier, 'undo', [undone]))).toEqual(['vm-2']);
  });

  it('is not left to restart once it was attached again', () => {
    const earlier = ended([OFF_LATER, OFF_LATER, OFF_LATER]);
    const undone = ended([ON_LATER, FAILED, SKIPPED], { id: 'UND0XX', action: 'attach' });
    expect(instancesOf(stillLeft(earlier, 'restart', [], [undone]))).toEqual(['vm-1', 'vm-2']);
    const all = {
      earlier: ended([OFF_LATER]),
      number: 0,
      later: [],
      undone: [undone],
      why: 'restart',
      by: member('U0OTHER'),
    } as const;
    expect(decideGoOn(aHouse(), all)).toMatchObject({ refusals: [{ code: 'nothing-left', last: 'UND0XX' }] });
  });

  it('has no share in what is left to go on with', () => {
    const earlier = ended([OFF_LATER]);
    expect(instancesOf(stillLeft(earlier, 'restart', []))).toEqual(['vm-0']);
    expect(instancesOf(stillLeft(earlier, 'undo', []))).toEqual(['vm-0']);
  });
});

describe('the request that undoes', () => {
  const by = member('U0OTHER');
  const undo = (earlier: Request, wanted: Wanted = {}, later: readonly Request[] = []) =>
    decideGoOn(aHouse(), { earlier, number: later.length, later, why: 'undo', by, wanted });

  it('attaches, for whoever asked, and does not carry the reason over', () => {
    expect(undo(ended([OFF, FAILED]), { channel: CHANNEL, reason: '' })).toMatchObject({
      ok: true,
      input: {
        action: 'attach',
        requester: by,
        channel: CHANNEL,
        reason: '',
        restart: false,
        selections: [{ account: ACCOUNT, key: KEY_PAIR.id, instances: ['vm-0'] }],
        after: { request: 'K7M2QX', why: 'undo' },
      },
    });
  });

  it.each([
    ['neither', false, false, false],
    ['typed', false, true, true],
    ['the earlier one', true, false, true],
  ])('may restart where %s allows it', (_what, earlier, typed, restart) => {
    expect(undo(ended([OFF], { restart: earlier }), { restart: typed })).toMatchObject({ input: { restart } });
  });

  it.each([
    ['is not over', stages(aGroup([anInstance('vm-0')])).running, [], { code: 'not-ended' }],
    ['detached nothing', ended([FAILED, SKIPPED]), [], { code: 'nothing-to-undo' }],
    [
      'is undone already',
      ended([OFF]),
      [ended([ON], { id: 'UND0XX', action: 'attach' })],
      { code: 'nothing-to-undo', last: 'UND0XX' },
    ],
    [
      'is being undone',
      ended([OFF]),
      [{ ...stages(aGroup([anInstance('vm-0')])).planning, id: 'UND0XX' }],
      { code: 'goes-on-already', request: 'UND0XX' },
    ],
    ['is an undo', ended([ON], { action: 'attach' }), [], { code: 'is-an-undo' }],
    [
      'is an undo that runs',
      { ...stages(aGroup([anInstance('vm-0')])).planning, action: 'attach' as const },
      [],
      { code: 'is-an-undo' },
    ],
  ] as const)('is refused for one that %s', (_what, earlier, later, refusal) => {
    expect(undo(earlier, {}, later)).toMatchObject({ ok: false, refusals: [refusal] });
  });

  it('is held to the policies of the channel that it is typed in', () => {
    const house = aHouse({ policies: [aPolicy({ channels: [CHANNEL] })] });
    const asked = {
      earlier: ended([OFF]),
      number: 0,
      later: [],
      why: 'undo',
      by,
      wanted: { channel: 'C0OTHER' },
    } as const;
    expect(decideGoOn(house, asked)).toMatchObject({ ok: false, refusals: [{ code: 'wrong-channel' }] });
  });

  it.each(['retry', 'restart'] as const)('is gone on from as an attach: %s', (why) => {
    const earlier = ended([FAILED, ON_LATER], { id: 'UND0XX', action: 'attach' });
    const gone = decideGoOn(aHouse(), { earlier, number: 0, later: [], why, by });
    expect(gone).toMatchObject({
      ok: true,
      input: { action: 'attach', selections: [{ instances: [why === 'retry' ? 'vm-0' : 'vm-1'] }] },
    });
  });
});

describe('its plan', () => {
  let world: { instances: Instance[]; keyPairs: KeyPair[] };
  let isNameless = false;
  beforeEach(() => {
    world = { instances: [anInstance('vm-0', { keyPairs: [] }), anInstance('vm-1', { keyPairs: [] })], keyPairs: [] };
  });
  afterEach(() => {
    isNameless = false;
  });

  const guarded = (): GuardedProvider => {
    const never = () => Promise.reject(new Error('a reading changes nothing'));
    const answer = <T>(value: T) => Promise.resolve({ ok: true as const, value });
    return {
      traits: {
        ...traits,
        ...TRAITS,
        keyPairNamedBy: isNameless ? 'instance' : traits.keyPairNamedBy,
        instanceIdPattern: 'vm-\\d+',
      },
      reserve: () => 0,
      readInstances: ({ instanceIds }) => answer(world.instances.filter(({ id }) => instanceIds.includes(id))),
      listInstances: () => answer(world.instances),
      listKeyPairs: () => answer(world.keyPairs),
      findKeyPair: ({ nameOrId }) => answer(world.keyPairs.find(({ name, id }) => (id ?? name) === nameOrId)),
      detach: never,
      attach: never,
      power: never,
      close: () => Promise.resolve(),
    };
  };

  async function plan(earlier: Request, { restart = true } = {}) {
    const [group] = earlier.groups;
    const key = group?.keyPair.id ?? group?.keyPair.name ?? '';
    const selection = { account: ACCOUNT, region: 'cn-hangzhou', key, instances: ['vm-0', 'vm-1'] };
    const asked = { action: 'attach', restart, earlier } as const;
    const { signal } = new AbortController();
    const seen = await readSelection({ provider: 'alibaba', guarded: guarded() }, selection, asked, signal);
    if (seen.kind === 'unplannable') return seen.why.code;
    if (seen.kind === 'fault') throw new Error(seen.fault.code);
    return seen.group.targets.map(({ id, steps, outcome }) => [id, steps.join(' '), outcome?.kind]);
  }
  /** Told of a key pair as this cloud shows it. */
  const of = (keyPair: KeyPair): Request => {
    const request = ended([OFF, OFF]);
    const [group] = request.groups;
    return { ...request, groups: group ? [{ ...group, keyPair }] : [] };
  };

  it('attaches and restarts, what waits for the restart of its detach too', async () => {
    world.keyPairs = [KEY_PAIR];
    expect(await plan(ended([OFF, OFF_LATER]))).toEqual([
      ['vm-0', 'attach verify restart', undefined],
      ['vm-1', 'attach verify restart', undefined],
    ]);
  });

  it('only restarts what its own attach left waiting', async () => {
    world = { instances: [anInstance('vm-0'), anInstance('vm-1', { keyPairs: [] })], keyPairs: [KEY_PAIR] };
    expect(await plan(ended([ON_LATER, ON_LATER], { action: 'attach' }))).toEqual([
      ['vm-0', 'restart', undefined],
      ['vm-1', 'attach verify restart', undefined],
    ]);
  });

  it('restarts also where the key pair is deleted by now, as long as nothing else is left', async () => {
    const earlier = ended([ON_LATER, ON_LATER], { action: 'attach' });
    world = { instances: [anInstance('vm-0'), anInstance('vm-1')], keyPairs: [] };
    expect(await plan(earlier)).toEqual([
      ['vm-0', 'restart', undefined],
      ['vm-1', 'restart', undefined],
    ]);
    world.instances = [anInstance('vm-0'), anInstance('vm-1', { keyPairs: [] })];
    expect(await plan(earlier)).toBe('key-pair-not-found');
  });

  it('leaves alone what has the key pair or another one', async () => {
    world = {
      instances: [anInstance('vm-0'), anInstance('vm-1', { keyPairs: [{ name: 'x', id: 'kp-2' }] })],
      keyPairs: [KEY_PAIR],
    };
    expect(await plan(ended([OFF, OFF]))).toEqual([
      ['vm-0', '', 'already-bound'],
      ['vm-1', '', 'skipped'],
    ]);
  });

  it.each<[string, KeyPair, KeyPair[], unknown]>([
    ['gone', { name: 'a', id: 'kp-1' }, [], 'key-pair-not-found'],
    [
      'another of the same name',
      { name: 'a', fingerprint: 'f1' },
      [{ name: 'a', fingerprint: 'f2' }],
      'key-pair-replaced',
    ],
  ])('is not possible where the key pair is %s', async (_what, detached, now, code) => {
    world.keyPairs = now;
    expect(await plan(of(detached))).toBe(code);
    isNameless = true;
    expect(await plan(of(detached))).toBe(code);
  });

  it.each<[string, KeyPair]>([
    ['its fingerprint', { name: 'a', fingerprint: 'f1' }],
    ['its name, where the cloud shows no more', { name: 'a' }],
    ['its id', { name: 'a', id: 'kp-1', fingerprint: 'f1' }],
  ])('knows the key pair by %s', async (_what, keyPair) => {
    world.keyPairs = [keyPair];
    expect(await plan(of(keyPair), { restart: false })).toEqual([
      ['vm-0', 'attach verify', undefined],
      ['vm-1', 'attach verify', undefined],
    ]);
  });
});
