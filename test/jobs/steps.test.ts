import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isKeyPairStep, type PlanGroup, type PlannedTarget } from '../../src/jobs/events.js';
import { type Batch, emptyRequest, type Request } from '../../src/jobs/request.js';
import { effectiveOf, finalOutcome, formBatches, nextStep, planTarget } from '../../src/jobs/steps.js';
import { type Instance, isBound, KEY_PAIR_ACTIONS, type Traits } from '../../src/providers/contract.js';
import {
  APPROVER,
  aGroup,
  anInstance,
  createCommand,
  digestOf,
  KEY_PAIR,
  STOPPED_ONLY,
  stages,
  TERMS,
  TRAITS,
  take,
} from './samples.js';

type PlanTraits = Pick<Traits, 'keyPairWritesIn' | 'effectiveWhenRunning'>;
type Plan = typeof planTarget;
type Asked = Parameters<Plan>[3] & { traits: PlanTraits; instance: Instance };
const DETACH = { action: 'detach', restart: false } as const;

const instance: fc.Arbitrary<Instance> = fc.record(
  {
    id: fc.constant('i-1'),
    name: fc.constant('web'),
    state: fc.constantFrom('running', 'stopped', 'changing', 'unusable'),
    vendorState: fc.constant('X'),
    os: fc.constantFrom('linux', 'linux', 'linux', 'windows', 'unknown'),
    keyPairs: fc.constantFrom([KEY_PAIR], [KEY_PAIR], [{ name: 'other' }], []),
    lock: fc.constant('security'),
  },
  { requiredKeys: ['id', 'name', 'state', 'vendorState', 'os', 'keyPairs'] },
);
const traits: fc.Arbitrary<PlanTraits> = fc.record({
  keyPairWritesIn: fc.constantFrom<Traits['keyPairWritesIn']>(['running', 'stopped'], ['stopped'], ['running']),
  effectiveWhenRunning: fc.constantFrom('now', 'after-restart'),
});

function checkPlan(planned: PlannedTarget, asked: Asked): void {
  const { steps, outcome } = planned;
  const { traits: allowed, instance: shown, action, restart } = asked;
  expect(steps.length > 0).toBe(outcome === undefined);
  const isOn = isBound(shown, KEY_PAIR);
  if (outcome !== undefined) expect(['not-bound', 'already-bound', 'skipped']).toContain(outcome.kind);
  expect(outcome?.kind === 'not-bound').toBe(action === 'detach' && !isOn);
  expect(outcome?.kind === 'already-bound').toBe(action === 'attach' && isOn);
  if (steps.length === 0) return;
  // An attach would replace whatever is bound.
  if (action === 'attach') expect(shown.keyPairs).toEqual([]);
  expect(shown.os).not.toBe('windows');
  expect(shown.lock).toBeUndefined();
  expect(steps.filter(isKeyPairStep)).toEqual([action]);
  const power = steps.filter((step) => !isKeyPairStep(step) && step !== 'verify');
  if (!restart) expect(power).toEqual([]);
  const stateAtWrite = steps[0] === 'stop' ? 'stopped' : shown.state;
  expect(allowed.keyPairWritesIn).toContain(stateAtWrite);
  if (shown.state === 'stopped') expect(power).toEqual([]);
  expect([[], ['restart'], ['stop', 'start']]).toContainEqual(power);
  expect(steps[steps.indexOf(action) + 1]).toBe('verify');
  const followsLater = allowed.effectiveWhenRunning === 'after-restart' && shown.state === 'running';
  if (restart && followsLater) expect(power.length).toBeGreaterThan(0);
}

const planProperty = (plan: Plan) =>
  fc.property(
    fc.record({ traits, instance, action: fc.constantFrom(...KEY_PAIR_ACTIONS), restart: fc.boolean() }),
    (asked) => checkPlan(plan(asked.traits, asked.instance, KEY_PAIR, asked), asked),
  );

describe('planTarget', () => {
  it('plans what the cloud allows and the request may, and nothing else', () => {
    fc.assert(planProperty(planTarget), { numRuns: 2_000 });
  });

  it.each<[string, Plan]>([
    ['a restart that nobody allowed', (t, i, k, asked) => planTarget(t, i, k, { ...asked, restart: true })],
    [
      'a key pair write in any state',
      (t, i, k, r) => planTarget({ ...t, keyPairWritesIn: ['running', 'stopped'] }, i, k, r),
    ],
    ['a lock that is not seen', (t, { lock: _lock, ...i }, k, r) => planTarget(t, i, k, r)],
    ['a stop of what is off', (t, i, k, r) => planTarget(t, { ...i, state: 'running' }, k, r)],
    ['a key pair that is not asked for', (t, i, k, r) => planTarget(t, { ...i, keyPairs: [k] }, k, r)],
    ['a restart left out', (t, i, k, asked) => planTarget(t, i, k, { ...asked, restart: false })],
    [
      'another key pair that is replaced',
      (t, i, k, r) => planTarget(t, isBound(i, k) ? i : { ...i, keyPairs: [] }, k, r),
    ],
    ['a detach where an attach is asked for', (t, i, k, asked) => planTarget(t, i, k, { ...asked, action: 'detach' })],
  ])('a planted fault is seen: %s', (_what, plan) => {
    // It ends with the first plan that shows the fault.
    expect(fc.check(planProperty(plan), { numRuns: 50_000, endOnFailure: true }).failed).toBe(true);
  });

  it.each([
    ['running', TRAITS, false, ['detach', 'verify']],
    ['running', TRAITS, true, ['detach', 'verify', 'restart']],
    ['stopped', TRAITS, true, ['detach', 'verify']],
    ['running', STOPPED_ONLY, true, ['stop', 'detach', 'verify', 'start']],
    ['stopped', STOPPED_ONLY, true, ['detach', 'verify']],
    ['running', STOPPED_ONLY, false, []],
  ] as const)('%s, %j, restart %s: %j, and an attach alike', (state, allowed, restart, steps) => {
    const plan = (asked: Pick<Asked, 'action' | 'restart'>, keyPairs: Instance['keyPairs']) =>
      planTarget(allowed, anInstance('i-1', { state, keyPairs }), KEY_PAIR, asked);
    expect(plan({ action: 'detach', restart }, [KEY_PAIR]).steps).toEqual(steps);
    const attach = steps.map((step) => (step === 'detach' ? 'attach' : step));
    expect(plan({ action: 'attach', restart }, []).steps).toEqual(attach);
  });

  it('attaches neither twice nor over another key pair', () => {
    const plan = (keyPairs: Instance['keyPairs']) =>
      planTarget(TRAITS, anInstance('i-1', { keyPairs }), KEY_PAIR, { action: 'attach', restart: true }).outcome;
    const other = { name: 'other', id: 'kp-2' };
    expect(plan([KEY_PAIR])).toEqual({ kind: 'already-bound' });
    expect(plan([other, KEY_PAIR])).toEqual({ kind: 'already-bound' });
    expect(plan([other])).toEqual({ kind: 'skipped', reason: 'other-key-pair' });
  });

  it('knows a key pair by its id where both sides have one, else by its name', () => {
    const plan = (keyPairs: Instance['keyPairs']) =>
      planTarget(TRAITS, anInstance('i-1', { keyPairs }), KEY_PAIR, DETACH).outcome?.kind;
    expect(plan([{ name: 'renamed', id: 'kp-1' }])).toBeUndefined();
    expect(plan([{ name: 'deploy', id: 'kp-2' }])).toBe('not-bound');
    expect(plan([{ name: 'deploy' }])).toBeUndefined();
  });
});

describe('the outcome of what was verified', () => {
  it.each([
    [TRAITS, 'running', false, 'after-restart'],
    [TRAITS, 'running', true, 'now'],
    [TRAITS, 'stopped', false, 'now'],
    [STOPPED_ONLY, 'running', true, 'now'],
  ] as const)('%j, %s, restart %s: effective %s', (allowed, state, restart, effective) => {
    for (const [action, kind] of [
      ['detach', 'detached'],
      ['attach', 'attached'],
    ] as const) {
      const keyPairs = action === 'attach' ? [] : [KEY_PAIR];
      const group = aGroup([anInstance('i-1', { state, keyPairs })], { action, traits: allowed, restart });
      const { running } = stages(group, restart, action);
      const [target] = running.targets.values();
      if (target === undefined) throw new Error('there is none');
      expect(effectiveOf(group, target)).toBe(effective);
      const verified = { ...target, verified: true, done: target.steps.length };
      expect(finalOutcome(running, verified)).toEqual({ kind, effective });
    }
  });
});

const LARGE = fc.record({
  action: fc.constantFrom(...KEY_PAIR_ACTIONS),
  count: fc.integer({ min: 1, max: 40 }),
  limit: fc.integer({ min: 1, max: 9 }),
  parallel: fc.integer({ min: 1, max: 3 }),
  isStoppedOnly: fc.boolean(),
  moves: fc.array(fc.record({ batch: fc.nat({ max: 9 }), part: fc.nat({ max: 4 }), isOver: fc.boolean() }), {
    maxLength: 40,
  }),
});
type Large = typeof LARGE extends fc.Arbitrary<infer T> ? T : never;

function start({ action, count, limit, parallel, isStoppedOnly }: Large): Request {
  const keyPairs = action === 'attach' ? [] : [KEY_PAIR];
  const instances = Array.from({ length: count }, (_, index) => anInstance(`i-${index}`, { keyPairs }));
  const traits = isStoppedOnly ? STOPPED_ONLY : TRAITS;
  const group = aGroup(instances, { action, restart: true, limit, traits });
  return stages({ ...group, parallelKeyPairWrites: parallel }, true, action).running;
}

/** A request over all of these, approved. */
function startOf(groups: readonly PlanGroup[]): Request {
  const create = createCommand(true);
  const selections = groups.map(({ account, region }) => ({
    account,
    region,
    key: 'deploy',
    instances: 'all' as const,
  }));
  const created = take(emptyRequest('K7M2QX'), { ...create, facts: { ...create.facts, selections } }, 1);
  const accounts = [...new Set(groups.map(({ account }) => account))];
  const quorums = accounts.map((account) => ({ account, approvals: 1 }));
  const planned = groups.reduce(
    (request, group, selection) => take(request, { type: 'survey', selection, group, terms: { ...TERMS, quorums } }, 2),
    created,
  );
  return take(planned, { type: 'approve', by: APPROVER, accounts, digest: digestOf(planned) }, 3);
}

const countIn = (batches: readonly Batch[], step: string) =>
  batches.filter((batch) => batch.step === step).reduce((sum, { pending }) => sum + pending.size, 0);

const open = (request: Request) => [...request.batches.values()].filter(({ pending }) => pending.size > 0);
const pendingIn = (request: Request, step: string) => countIn(open(request), step);

/** One report about some of an open batch. */
function move(request: Request, { batch: pick, part, isOver }: Large['moves'][number]): Request {
  const batches = open(request);
  const batch = batches[pick % batches.length];
  if (batch === undefined) return request;
  const claim = { type: 'begin', batch: batch.id, epoch: batch.epoch, instances: [...batch.pending] } as const;
  const begun = batch.epoch === 0 ? take(request, claim, 5) : request;
  const failed = { kind: 'failed', code: 'X', message: 'x', hint: 'cloud-trouble' } as const;
  const result = isOver ? ({ kind: 'over', outcome: failed } as const) : ({ kind: 'done', changed: true } as const);
  const some = [...batch.pending].slice(0, Math.max(1, batch.pending.size - part));
  const results = Object.fromEntries(some.map((id) => [id, result]));
  return take(begun, { type: 'report', batch: batch.id, epoch: begun.batches.get(batch.id)?.epoch ?? 0, results }, 6);
}

function checkBatches(before: Request | undefined, request: Request, { action, limit, parallel }: Large): void {
  const most = parallel * limit;
  for (const batch of open(request)) expect(batch.instances.length).toBeLessThanOrEqual(limit);
  expect(pendingIn(request, action)).toBeLessThanOrEqual(most);
  const off = [...request.targets].filter(([key, target]) => target.stoppedByUs && !request.outcomes.has(key)).length;
  expect(off + pendingIn(request, 'stop')).toBeLessThanOrEqual(most);

  const busy = open(request).flatMap(({ pending }) => [...pending]);
  expect(new Set(busy).size).toBe(busy.length);
  const idle = [...request.targets.values()].filter((target) => !busy.includes(target.id));
  const ready = idle.filter((target) => nextStep(request, target) !== undefined);
  for (const target of ready) {
    const step = nextStep(request, target);
    expect(['stop', action]).toContain(step);
    expect(step === action ? pendingIn(request, action) : off + pendingIn(request, 'stop')).toBe(most);
  }
  expect(formBatches(request)).toEqual([]);

  const fresh = [...request.batches.values()].filter(({ id }) => before?.batches.has(id) !== true);
  for (const step of ['stop', action, 'restart', 'start'] as const) {
    const sizes = fresh.filter((batch) => batch.step === step).map(({ instances }) => instances.length);
    const sum = sizes.reduce((total, size) => total + size, 0);
    expect(sizes.length).toBe(Math.ceil(sum / limit));
  }
}

describe('formBatches', () => {
  it('puts all that is ready into as few batches as the limits and the room allow', () => {
    const property = fc.property(LARGE, (large) => {
      let request = start(large);
      checkBatches(undefined, request, large);
      for (const one of large.moves) {
        const next = move(request, one);
        checkBatches(request, next, large);
        request = next;
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('holds all regions and key pairs of one account to what the account may have under way', () => {
    const property = fc.property(LARGE, fc.integer({ min: 1, max: 3 }), (large, places) => {
      const [account, other] = ['prod-hz', 'game-gz'];
      const groupAt = (place: number) => {
        const ids = Array.from({ length: large.count }, (_, index) => anInstance(`i-${place}-${index}`));
        const traits = large.isStoppedOnly ? STOPPED_ONLY : TRAITS;
        return { ...aGroup(ids, { restart: true, limit: large.limit, traits }), parallelKeyPairWrites: large.parallel };
      };
      const groups = Array.from({ length: places + 1 }, (_, place) => ({
        ...groupAt(place),
        account: place < places ? account : other,
      }));
      const most = large.parallel * large.limit;
      let request = startOf(groups);
      const underWay = (name: string) => {
        const isOurs = (group: number) => groups[group]?.account === name;
        const ours = open(request).filter(({ group }) => isOurs(group));
        const off = [...request.targets].filter(
          ([key, target]) => isOurs(target.group) && target.stoppedByUs && !request.outcomes.has(key),
        ).length;
        const stopping = countIn(ours, 'stop');
        return { detaching: countIn(ours, 'detach'), stopping: stopping + off };
      };
      const first = large.isStoppedOnly ? 'stopping' : 'detaching';
      expect(underWay(account)[first]).toBe(Math.min(most, places * large.count));
      expect(underWay(other)[first]).toBe(Math.min(most, large.count));
      for (const one of large.moves) {
        request = move(request, one);
        for (const name of [account, other]) {
          expect(underWay(name).detaching).toBeLessThanOrEqual(most);
          expect(underWay(name).stopping).toBeLessThanOrEqual(most);
        }
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it.each<[string, (request: Request) => Request]>([
    ['one batch too large', (request) => changeBatches(request, (ids) => [...ids, 'i-more'])],
    ['a target in two batches', (request) => addBatch(request)],
    ['a target in none', (request) => changeBatches(request, (ids) => ids.slice(1))],
  ])('a planted fault is seen: %s', (_what, spoil) => {
    const property = fc.property(LARGE, (large) => checkBatches(undefined, spoil(start(large)), large));
    expect(fc.check(property, { numRuns: 20_000, endOnFailure: true }).failed).toBe(true);
  });

  it('names its batches one after the other, and never one name twice', () => {
    const large = { action: 'detach' as const, count: 20, limit: 3, parallel: 2, isStoppedOnly: true, moves: [] };
    let request = start(large);
    for (let turn = 0; turn < 60 && open(request).length > 0; turn += 1) {
      request = move(request, { batch: turn, part: turn % 2, isOver: false });
    }
    expect(request.state).toBe('finished');
    expect([...request.batches.keys()]).toEqual(Array.from(request.batches.keys(), (_, index) => `b${index + 1}`));
  });
});

function changeBatches(request: Request, change: (ids: readonly string[]) => readonly string[]): Request {
  const changed = [...request.batches].map(([id, batch]): [string, typeof batch] => {
    const instances = change(batch.instances);
    return [id, { ...batch, instances, pending: new Set(instances) }];
  });
  return { ...request, batches: new Map(changed) };
}

function addBatch(request: Request): Request {
  const [first] = request.batches.values();
  return first === undefined
    ? request
    : { ...request, batches: new Map(request.batches).set('b99', { ...first, id: 'b99' }) };
}
