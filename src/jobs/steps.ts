import type { Effective, Outcome, RestartFailure } from '../providers/answers.js';
import type { Instance, KeyPair, KeyPairAction, Traits } from '../providers/contract.js';
import { isBound } from '../providers/contract.js';
import type { ActionStep, EventOf, PlanGroup, PlannedTarget, Step } from './events.js';
import { isKeyPairStep } from './events.js';
import type { Request, Target } from './request.js';
import { targetKey } from './request.js';

/** What each instance has to go through, and which of it can be done in one call. Pure. */

type PlanTraits = Pick<Traits, 'keyPairWritesIn' | 'effectiveWhenRunning'>;
/** What is to be done, and whether instances may be restarted for it. */
type Asked = Pick<Request, 'action' | 'restart'>;

/** The steps of one instance, from the cloud's traits, its state and what is asked for. */
export function planTarget(traits: PlanTraits, instance: Instance, keyPair: KeyPair, asked: Asked): PlannedTarget {
  if (instance.unseen) return planUnseen(instance);
  const { id, name, state, os } = instance;
  const plan = planSteps(traits, instance, keyPair, asked);
  return { id, name, state, os, ...(Array.isArray(plan) ? { steps: plan } : { steps: [], outcome: plan }) };
}

/** Why this instance needs no attach, or may get none. */
export function attachNeedless(instance: Pick<Instance, 'keyPairs'>, keyPair: KeyPair): Outcome | undefined {
  if (isBound(instance, keyPair)) return { kind: 'already-bound' };
  return instance.keyPairs.length > 0 ? { kind: 'skipped', reason: 'other-key-pair' } : undefined;
}

function planSteps(traits: PlanTraits, instance: Instance, keyPair: KeyPair, asked: Asked): Step[] | Outcome {
  const { action, restart } = asked;
  const needless = action === 'attach' ? attachNeedless(instance, keyPair) : undefined;
  if (needless !== undefined) return needless;
  if (action === 'detach' && !isBound(instance, keyPair)) return { kind: 'not-bound' };
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
        return takesRestart && restart ? [action, 'verify', 'restart'] : [action, 'verify'];
      }
      if (!restart || instance.state === 'stopped') return { kind: 'skipped', reason: 'needs-stop' };
      return ['stop', action, 'verify', 'start'];
  }
}

/** The outcome of what was asked for. */
export function doneOutcome(action: KeyPairAction, effective: Effective, restartFailed?: RestartFailure): Outcome {
  const kind = action === 'attach' ? 'attached' : 'detached';
  return { kind, effective, ...(restartFailed && { restartFailed }) };
}

/** Whether the instance shows the key pair as it is to be in the end. */
export const isAsAsked = (action: KeyPairAction, instance: Pick<Instance, 'keyPairs'>, keyPair: KeyPair): boolean =>
  isBound(instance, keyPair) === (action === 'attach');

/**
 * For an instance that an earlier request told as done and waiting for a restart: that restart, unless somebody has
 * bound the key pair, or taken it off, since.
 */
export function planRestart(
  traits: PlanTraits,
  instance: Instance,
  keyPair: KeyPair,
  action: KeyPairAction,
): PlannedTarget {
  if (!isAsAsked(action, instance, keyPair)) return planTarget(traits, instance, keyPair, { action, restart: true });
  const { id, name, state, os, vendorState, lock } = instance;
  const facts = { id, name, state, os };
  if (state === 'stopped') return { ...facts, steps: [], outcome: doneOutcome(action, 'now') };
  if (state === 'running' && lock === undefined) return { ...facts, steps: ['restart'] };
  const restartFailed = { code: 'NotRestarted', message: lock ?? vendorState };
  return { ...facts, steps: [], outcome: doneOutcome(action, 'after-restart', restartFailed) };
}

/**
 * One that an earlier request or a list of the cloud names, and the cloud does not show now: which is no proof that it is
 * gone. `awaitsRestart`:
 * what was done there, where it waits for a restart.
 */
export function planUnseen(
  { id, name, os }: Pick<Instance, 'id' | 'name' | 'os'>,
  awaitsRestart?: KeyPairAction,
): PlannedTarget {
  const seen = { code: 'InstanceNotShown', message: 'the cloud does not show this instance' };
  const outcome: Outcome = awaitsRestart
    ? doneOutcome(awaitsRestart, 'after-restart', seen)
    : { kind: 'failed', ...seen, hint: 'not-shown' };
  return { id, name, os, state: 'unusable', steps: [], outcome };
}

/** Its key pair was as asked before this request. */
export const isRestartOnly = ({ steps }: Pick<PlannedTarget, 'steps'>): boolean => steps[0] === 'restart';

/** When the guest of a verified instance follows: one that is off does when it starts. */
export function effectiveOf(group: PlanGroup, target: Target): Effective {
  const restarted = target.steps.includes('restart') || target.steps.includes('stop');
  const waits = group.effectiveWhenRunning === 'after-restart' && target.state === 'running' && !restarted;
  return waits ? 'after-restart' : 'now';
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
  if (group !== undefined && (target.verified || isRestartOnly(target))) {
    const unrestarted = target.steps[target.done] === 'restart';
    return doneOutcome(request.action, unrestarted ? 'after-restart' : effectiveOf(group, target));
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
 * Batches for all targets that are ready and in none, as few as the clouds' limits allow. Key pair writes, and the
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
    const room = isKeyPairStep(step) || step === 'stop' ? roomFor(request, plan, step) : Number.POSITIVE_INFINITY;
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

/** How many more instances of this account may be on their way through stop and key pair write, in all its groups. */
function roomFor(
  request: Request,
  { account, parallelKeyPairWrites, limits }: PlanGroup,
  step: 'stop' | KeyPairAction,
): number {
  const isOurs = (group: number) => request.groups[group]?.account === account;
  const most = parallelKeyPairWrites * limits[request.action];
  const open = openBatches(request).filter(({ group }) => isOurs(group));
  const count = open.filter((batch) => batch.step === step).reduce((sum, batch) => sum + batch.pending.size, 0);
  if (step !== 'stop') return Math.max(0, most - count);
  const waiting = [...request.targets].filter(
    ([key, target]) => isOurs(target.group) && target.stoppedByUs && !request.outcomes.has(key),
  ).length;
  return Math.max(0, most - count - waiting);
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
