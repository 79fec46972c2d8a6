import type { Outcome } from '../providers/answers.js';
import type { Instance, KeyPair, Traits } from '../providers/contract.js';
import { isBound } from '../providers/contract.js';
import type { ActionStep, EventOf, PlanGroup, PlannedTarget, Step } from './events.js';
import type { Request, Target } from './request.js';
import { targetKey } from './request.js';

/** What each instance has to go through, and which of it can be done in one call. Pure. */

type PlanTraits = Pick<Traits, 'keyPairWritesIn' | 'effectiveWhenRunning'>;

/** The steps of one instance, from the cloud's traits, its state and whether the request may restart it. */
export function planTarget(traits: PlanTraits, instance: Instance, keyPair: KeyPair, restart: boolean): PlannedTarget {
  const { id, name, state, os } = instance;
  const plan = planSteps(traits, instance, keyPair, restart);
  return { id, name, state, os, ...(Array.isArray(plan) ? { steps: plan } : { steps: [], outcome: plan }) };
}

function planSteps(traits: PlanTraits, instance: Instance, keyPair: KeyPair, restart: boolean): Step[] | Outcome {
  if (!isBound(instance, keyPair)) return { kind: 'not-bound' };
  if (instance.os === 'windows') return { kind: 'skipped', reason: 'windows' };
  if (instance.lock !== undefined) return { kind: 'skipped', reason: 'locked', detail: instance.lock };
  switch (instance.state) {
    case 'unusable':
    case 'changing':
      return { kind: 'skipped', reason: instance.state, detail: instance.vendorState };
    case 'stopped':
    case 'running':
      if (traits.keyPairWritesIn.includes(instance.state)) {
        const takesRestart = instance.state === 'running' && traits.effectiveWhenRunning === 'after-restart';
        return takesRestart && restart ? ['detach', 'verify', 'restart'] : ['detach', 'verify'];
      }
      if (!restart || instance.state === 'stopped') return { kind: 'skipped', reason: 'needs-stop' };
      return ['stop', 'detach', 'verify', 'start'];
  }
}

/**
 * For an instance that an earlier request told as detached and waiting for a restart: that restart, unless the key
 * pair is bound again.
 */
export function planRestart(traits: PlanTraits, instance: Instance, keyPair: KeyPair): PlannedTarget {
  if (isBound(instance, keyPair)) return planTarget(traits, instance, keyPair, true);
  const { id, name, state, os, vendorState, lock } = instance;
  const facts = { id, name, state, os };
  if (state === 'stopped') return { ...facts, steps: [], outcome: { kind: 'detached', effective: 'now' } };
  if (state === 'running' && lock === undefined) return { ...facts, steps: ['restart'] };
  const restartFailed = { code: 'NotRestarted', message: lock ?? vendorState };
  return { ...facts, steps: [], outcome: { kind: 'detached', effective: 'after-restart', restartFailed } };
}

/** One that an earlier request knew and the cloud does not show now: which is no proof that it is gone. */
export function planUnseen({ id, name, os }: PlannedTarget, awaitsRestart: boolean): PlannedTarget {
  const seen = { code: 'InstanceNotShown', message: 'the cloud does not show this instance' };
  const outcome: Outcome = awaitsRestart
    ? { kind: 'detached', effective: 'after-restart', restartFailed: seen }
    : { kind: 'failed', ...seen, hint: 'not-shown' };
  return { id, name, os, state: 'unusable', steps: [], outcome };
}

/** Its key pair was off before this request. */
export const isRestartOnly = ({ steps }: Pick<PlannedTarget, 'steps'>): boolean => steps[0] === 'restart';

/** What a detached instance is told as: an instance that is off follows when it starts. */
export function detachedOutcome(group: PlanGroup, target: Target): Outcome {
  const restarted = target.steps.includes('restart') || target.steps.includes('stop');
  const waits = group.effectiveWhenRunning === 'after-restart' && target.state === 'running' && !restarted;
  return { kind: 'detached', effective: waits ? 'after-restart' : 'now' };
}

/** The step that a target goes to next; undefined when nothing is left to do and only its outcome is missing. */
export function nextStep(request: Request, target: Target): ActionStep | undefined {
  if (target.verdict !== undefined || request.halted) return target.stoppedByUs ? 'start' : undefined;
  const step = target.steps[target.done];
  return step === 'verify' ? undefined : step;
}

/** The outcome of a target that has no step left. */
export function finalOutcome(request: Request, target: Target): Outcome {
  if (target.outcome) return target.outcome;
  if (target.verdict) return target.verdict;
  const group = request.groups[target.group];
  if (group !== undefined && (target.detached || isRestartOnly(target))) {
    const unrestarted = target.steps[target.done] === 'restart';
    return unrestarted ? { kind: 'detached', effective: 'after-restart' } : detachedOutcome(group, target);
  }
  return { kind: 'skipped', reason: 'cancelled' };
}

/** Targets that can be told now: one `settled` for each group that has some. */
export function settle(request: Request): EventOf<'settled'>[] {
  const busy = inBatches(request);
  const byGroup = new Map<number, Record<string, Outcome>>();
  for (const [key, target] of request.targets) {
    if (request.outcomes.has(key) || busy.has(key) || nextStep(request, target) !== undefined) continue;
    const outcomes = byGroup.get(target.group) ?? {};
    outcomes[target.id] = finalOutcome(request, target);
    byGroup.set(target.group, outcomes);
  }
  return [...byGroup].map(([group, outcomes]) => ({ type: 'settled', group, outcomes }));
}

const openBatches = (request: Request) => [...request.batches.values()].filter((batch) => batch.pending.size > 0);

function inBatches(request: Request): Set<string> {
  return new Set(openBatches(request).flatMap((batch) => [...batch.pending].map((id) => targetKey(batch.group, id))));
}

/**
 * Batches for all targets that are ready and in none, as few as the clouds' limits allow. Detaches, and the
 * stops that lead to them, are held to what the account may have under way, so that no instance is stopped
 * long before its turn.
 */
export function formBatches(request: Request): EventOf<'batched'>[] {
  const busy = inBatches(request);
  const ready = new Map<string, { group: number; step: ActionStep; instances: string[] }>();
  for (const [key, target] of request.targets) {
    const step = request.outcomes.has(key) || busy.has(key) ? undefined : nextStep(request, target);
    if (step === undefined) continue;
    const lane = ready.get(`${target.group}/${step}`) ?? { group: target.group, step, instances: [] };
    lane.instances.push(target.id);
    ready.set(`${target.group}/${step}`, lane);
  }
  let number = request.batches.size;
  const taken = new Map<string, number>();
  return [...ready.values()].flatMap(({ group, step, instances }) => {
    const plan = request.groups[group];
    if (plan === undefined) return [];
    const lane = `${plan.account}/${step}`;
    const room = step === 'detach' || step === 'stop' ? roomFor(request, plan, step) : Number.POSITIVE_INFINITY;
    const going = instances.slice(0, Math.max(0, room - (taken.get(lane) ?? 0)));
    taken.set(lane, (taken.get(lane) ?? 0) + going.length);
    return chunk(going, plan.limits[step]).map((part) => ({
      type: 'batched' as const,
      batch: `b${++number}`,
      group,
      step,
      instances: part,
    }));
  });
}

/** How many more instances of this account may be on their way through stop and detach, in all its groups. */
function roomFor(request: Request, { account, parallelDetaches, limits }: PlanGroup, step: 'stop' | 'detach'): number {
  const isOurs = (group: number) => request.groups[group]?.account === account;
  const most = parallelDetaches * limits.detach;
  const open = openBatches(request).filter(({ group }) => isOurs(group));
  const count = (steps: readonly ActionStep[]) =>
    open.filter((batch) => steps.includes(batch.step)).reduce((sum, batch) => sum + batch.pending.size, 0);
  if (step === 'detach') return Math.max(0, most - count(['detach']));
  const waiting = [...request.targets].filter(
    ([key, target]) => isOurs(target.group) && target.stoppedByUs && !request.outcomes.has(key),
  ).length;
  return Math.max(0, most - count(['stop']) - waiting);
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
