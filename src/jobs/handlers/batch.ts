import { createHash } from 'node:crypto';
import type { GuardedProvider } from '../../providers/answers.js';
import type { Instance } from '../../providers/contract.js';
import { type Fault, isHeldBack } from '../../providers/failures.js';
import { recordOf, unreadBy } from '../call-record.js';
import type { CallRecord } from '../decide.js';
import { isKeyPairStep, type PlanGroup, type StepResult } from '../events.js';
import { hasMore, nextCall } from '../halving.js';
import { isPausing, letsIn, openPauses } from '../holds/holds.js';
import { type Asked, notePause, noteResume, noteStranded } from '../holds/notes.js';
import { startTroubles, unreadTroubles } from '../holds/start-troubles.js';
import type { Again, Handler } from '../job.js';
import { judge } from '../judge.js';
import { type Accounts, NOT_CONFIGURED, reach } from '../reach-account.js';
import { type Batch, type Request, targetKey } from '../request.js';
import type { RequestStore } from '../requests.js';
import { backoffMs, type Timing } from '../retrying.js';
import { spread } from '../spread.js';

export type BatchTiming = Omit<Timing, 'now' | 'quietMs'> & {
  /** Longest a call to the cloud may take; what comes after it is the cloud's own `settleMs`. */
  callMs: number;
  /** Replaces the clouds' own `settleMs` where the clouds are local. */
  settleMs?: number;
  /** First wait between two readings; it grows with the time that has passed. */
  pollMs: number;
};

export type BatchDependencies = Accounts & {
  store: RequestStore;
  now(): number;
  /** From 0 to 1. */
  random(): number;
  timing: BatchTiming;
};

type Work = { request: Request; batch: Batch; group: PlanGroup; account: string };
type Scene = Work & { guarded: GuardedProvider; timing: Timing };

/**
 * Takes one batch as far as it goes now: read, report what is done or over, claim, call, record. The claim
 * (`begin`) comes after the reading and names the epoch that was read under, so the log refuses it when anyone
 * else claimed in between; nothing stands between claim and call, so a turn at the cloud is taken before the claim.
 */
export function createBatch(dependencies: BatchDependencies): Handler<'batch'> {
  const { store } = dependencies;
  return async (job, signal) => {
    const work = findWork(await store.load(job.request), job.batch);
    if (work === undefined) return undefined;
    const asked = { askedAt: dependencies.now(), byCall: false };
    const reached = await reach(dependencies, work.account);
    if (reached.kind === 'unknown') return afterFault(dependencies, work, NOT_CONFIGURED, asked);
    if (reached.kind === 'fault') return afterFault(dependencies, work, reached.fault, asked);
    let scene = openScene(dependencies, work, reached.cloud.guarded);
    const silence = silenceLeft(scene);
    if (silence > 0) return { againInMs: silence };
    const seen = await readAll(scene, signal);
    if (!seen.ok) return afterFault(dependencies, work, seen.fault, asked);
    // Its patience counts anew from here on, so it starts with what the log says now.
    if (await noteResume(store, work, asked)) return { againInMs: 0 };
    await noteStranded(store, work, startTroubles(scene.batch, seen.instances, scene.timing));
    const { reports, due, waits } = sort(scene, seen.instances);
    if (Object.keys(reports).length > 0) {
      const reported = await store.transact(job.request, () => ({
        type: 'report',
        batch: job.batch,
        epoch: scene.batch.epoch,
        results: reports,
      }));
      if (!reported.ok) return { againInMs: 0 };
      scene = { ...scene, batch: reported.request.batches.get(job.batch) ?? scene.batch };
    }
    const isOutOfReach = (id: string) => !['running', 'stopped'].includes(seen.instances.get(id)?.state ?? '');
    const called = nextCall(scene.batch.halving, due, isOutOfReach);
    if (called.length > 0) return callCloud(dependencies, scene, called, signal);
    return waits > 0 || due.length > 0
      ? { againInMs: nextPoll(dependencies, scene.batch, scene.timing.now) }
      : undefined;
  };
}

function findWork(request: Request, id: string): Work | undefined {
  const batch = request.batches.get(id);
  const group = request.groups[batch?.group ?? -1];
  if (request.state !== 'running' || batch === undefined || batch.pending.size === 0 || !group) return undefined;
  return { request, batch, group, account: group.account };
}

function openScene({ now, timing }: BatchDependencies, work: Work, guarded: GuardedProvider): Scene {
  const quietMs = timing.callMs + (timing.settleMs ?? guarded.traits.settleMs);
  return { ...work, guarded, timing: { ...timing, now: now(), quietMs } };
}

/** A call that was claimed and has no record may still be on its way: nobody reads or repeats before it is over. */
function silenceLeft({ batch, timing }: Scene): number {
  const isOpen = batch.epoch > 0 && batch.answeredAt === undefined;
  return isOpen ? Math.max(0, batch.begunAt + timing.quietMs - timing.now) : 0;
}

type Shown = ReadonlyMap<string, Instance>;

async function readAll(
  { batch, group, guarded }: Scene,
  signal: AbortSignal,
): Promise<{ ok: true; instances: Shown } | { ok: false; fault: Fault }> {
  const instanceIds = [...batch.pending];
  const operations = Object.fromEntries(
    instanceIds.flatMap((id) => {
      const operation = batch.calls.get(id)?.operation;
      return operation === undefined ? [] : [[id, operation]];
    }),
  );
  const input = { instanceIds, operations };
  const answer = await guarded.readInstances(input, { region: group.region, signal });
  if (!answer.ok) return answer;
  return { ok: true, instances: new Map(answer.value.map((instance) => [instance.id, instance])) };
}

/** A reading that failed says nothing about the instances; only after long patience are they told as not verified. */
async function afterFault(dependencies: BatchDependencies, work: Work, fault: Fault, asked: Asked): Promise<Again> {
  const { store, random, timing } = dependencies;
  const { request, batch } = work;
  const isPaused = (await notePause(store, work, fault, asked)) || openPauses(request).has(work.account);
  if (isPaused) {
    const isOver = letsIn(fault) && (await noteResume(store, work, asked));
    return { againInMs: isOver ? 0 : spread(timing.pausedMs, random) };
  }
  const now = dependencies.now();
  await noteStranded(store, work, unreadTroubles(batch, fault, { ...timing, now }));
  const isPatient = now < batch.since + timing.patienceMs || batch.step === 'start' || isHeldBack(fault);
  if (isPatient) {
    return { againInMs: Math.max(spread(fault.retryAfterMs ?? 0, random), nextPoll(dependencies, batch, now)) };
  }
  const over: StepResult = { kind: 'over', outcome: unreadBy({ action: request.action, batch }, fault) };
  const results = Object.fromEntries([...batch.pending].map((id) => [id, over]));
  await store.transact(request.id, () => ({ type: 'report', batch: batch.id, epoch: batch.epoch, results }));
  return { againInMs: 0 };
}

type Sorted = { reports: Record<string, StepResult>; due: string[]; waits: number };

/**
 * Those that are due are in the order of the last calls for them alone, then of their last calls: what is halved is not
 * always halved to its end, and so everybody comes to be called alone.
 */
function sort(scene: Scene, instances: Shown): Sorted {
  const { request, batch, group, guarded, timing } = scene;
  const { action } = request;
  const reports: Record<string, StepResult> = {};
  const due: string[] = [];
  let waits = 0;
  for (const instanceId of batch.pending) {
    const instance = instances.get(instanceId);
    const isVerified = request.targets.get(targetKey(batch.group, instanceId))?.verified === true;
    const facts = { action, batch, group, traits: guarded.traits, instance, instanceId, isVerified, timing };
    const verdict = judge(facts);
    if (verdict.kind === 'report') reports[instanceId] = verdict.result;
    if (verdict.kind === 'call') due.push(instanceId);
    if (verdict.kind === 'wait') waits += 1;
  }
  const lastAlone = (id: string) => batch.calls.get(id)?.aloneAt ?? 0;
  const lastCalled = (id: string) => batch.calls.get(id)?.begunAt ?? 0;
  return {
    reports,
    due: due.sort((a, b) => lastAlone(a) - lastAlone(b) || lastCalled(a) - lastCalled(b)),
    waits,
  };
}

const POLL_MOST_MS = 30_000;

function nextPoll(
  { random, timing: { pollMs } }: BatchDependencies,
  { answeredAt, since }: Batch,
  now: number,
): number {
  const waited = now - Math.max(answeredAt ?? 0, since);
  return spread(Math.min(POLL_MOST_MS, Math.max(pollMs, waited / 4)), random);
}

async function callCloud(
  { store, now, timing, random }: BatchDependencies,
  scene: Scene,
  instanceIds: readonly string[],
  signal: AbortSignal,
): Promise<Again | undefined> {
  const { request, batch, group, guarded } = scene;
  if (signal.aborted) return { againInMs: 0 };
  const turnInMs = guarded.reserve(batch.step, { region: group.region });
  if (turnInMs > 0) return { againInMs: turnInMs };
  const claim = { type: 'begin', batch: batch.id, epoch: batch.epoch, instances: instanceIds } as const;
  const claimed = await store.transact(request.id, () => claim);
  if (!claimed.ok) return { againInMs: 0 };
  const asked = { askedAt: now(), byCall: true };
  const answer = await write(scene, instanceIds, signal);
  const epoch = batch.epoch + 1;
  const call = recordOf({ action: request.action, batch }, answer);
  const recorded = await store.transact(request.id, () => ({ type: 'record-call', batch: batch.id, epoch, call }));
  const refusal = call.faults.find(({ hint }) => isPausing(hint));
  if (refusal !== undefined) {
    await notePause(store, scene, refusal, asked);
    return { againInMs: spread(timing.pausedMs, random) };
  }
  await noteResume(store, scene, asked);
  const after = recorded.ok ? recorded.request.batches.get(batch.id) : undefined;
  return { againInMs: after === undefined ? 0 : spread(nextLook(after, instanceIds, call, timing), random) };
}

/** Parts that are left wait for nobody, nor does what was taken; but a cloud that asks us to come later means all. */
function nextLook(batch: Batch, called: readonly string[], { faults }: CallRecord, { pollMs }: BatchTiming): number {
  const isPutOff = faults.length > 0 && faults.every(({ kind }) => kind === 'later');
  const isForAll = isPutOff && faults.some(({ about }) => about === 'call');
  if (!isForAll && hasMore(batch.halving, called)) return 0;
  const isAlone = [...batch.pending].every((id) => called.includes(id));
  if (!isForAll && !(isPutOff && isAlone)) return pollMs;
  return backoffMs(Math.max(...called.map((id) => batch.calls.get(id)?.putOffs ?? 0)));
}

function write({ request, batch, group, guarded }: Scene, ids: readonly string[], signal: AbortSignal) {
  const input = { instanceIds: ids, token: tokenFor(request.id, batch, ids) };
  const where = { region: group.region, signal };
  return isKeyPairStep(batch.step)
    ? guarded[batch.step]({ ...input, keyPair: group.keyPair }, where)
    : guarded.power({ ...input, action: batch.step }, where);
}

/**
 * The same for the same write, however often it is sent until the cloud answers; a cloud repeats its recorded
 * answer for the same token, so a write that follows an answer gets another. 64 ASCII characters.
 */
function tokenFor(request: string, batch: Batch, ids: readonly string[]): string {
  const timesAnswered = (id: string) => `${id} ${batch.calls.get(id)?.answers ?? 0}`;
  return createHash('sha256')
    .update([request, batch.id, batch.step, ...[...ids].sort().map(timesAnswered)].join('\n'))
    .digest('hex');
}
