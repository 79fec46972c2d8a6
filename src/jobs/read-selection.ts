import type { GuardedProvider } from '../providers/answers.js';
import type { Instance, KeyPair, KeyPairAction } from '../providers/contract.js';
import type { Fault } from '../providers/failures.js';
import type { PlanGroup, PlannedTarget, Selection } from './events.js';
import { awaitsRestart, groupBefore } from './go-on.js';
import type { Unplannable } from './planning/events.js';
import type { Request } from './request.js';
import { planRestart, planTarget, planUnseen } from './steps.js';

/** What a selection means, as the cloud shows it now. A survey and a preview read with the same function. */

export type Cloud = { provider: string; guarded: GuardedProvider };
/** Builds the account's provider at its first use; rejects when it cannot be built. */
export type CloudFor = (account: string) => Promise<Cloud | undefined>;

export type Seen =
  | { kind: 'group'; group: PlanGroup }
  | { kind: 'unplannable'; why: Unplannable }
  | { kind: 'fault'; fault: Fault };

/** `earlier`: the request that this one goes on from. */
export type Asked = { action: KeyPairAction; restart: boolean; earlier?: Request };

/** Which key pair, which instances, what each has to go through. Changes nothing. */
export async function readSelection(
  cloud: Cloud,
  selection: Selection,
  asked: Asked,
  signal: AbortSignal,
): Promise<Seen> {
  const { guarded } = cloud;
  const { account, region, key } = selection;
  const before = asked.earlier && groupBefore(asked.earlier, selection);
  const malformed = malformedIds(selection, guarded.traits.instanceIdPattern);
  if (malformed.length > 0) {
    return { kind: 'unplannable', why: { code: 'instances-malformed', account, region, instances: malformed } };
  }
  const found = await guarded.findKeyPair({ nameOrId: key }, { region, signal });
  if (!found.ok) return { kind: 'fault', fault: found.fault };
  const isAttach = asked.action === 'attach';
  // Where a call names no key pair, the list may hide another user's; what the instances show decides.
  const unlisted = guarded.traits.keyPairNamedBy === 'instance' ? { name: key } : undefined;
  const keyPair = found.value ?? before?.keyPair ?? (isAttach ? undefined : unlisted);
  const notFound = { kind: 'unplannable', why: { code: 'key-pair-not-found', account, region, key } } as const;
  if (keyPair === undefined) return notFound;
  if (isAttach && found.value !== undefined && !isStill(keyPair, before?.keyPair)) {
    return { kind: 'unplannable', why: { code: 'key-pair-replaced', account, region, key } };
  }
  const read = await readSelected(guarded, selection, { keyPair, mayMiss: before !== undefined }, signal);
  if (read.kind !== 'instances') return read;
  const targets = planTargets(guarded.traits, { selection, keyPair, instances: read.instances }, asked);
  // What it was attached to before it was deleted may still be restarted.
  const isGone = found.value === undefined && targets.some(({ steps }) => steps.includes('attach'));
  if (isGone) return notFound;
  return { kind: 'group', group: { ...groupFacts(cloud, selection), keyPair, targets } };
}

/** Whether the cloud shows the key pair that was detached: a name alone may have come to stand for another. */
function isStill(found: KeyPair, detached: KeyPair | undefined): boolean {
  if (detached === undefined || found.id !== detached.id) return false;
  if (found.fingerprint === undefined || detached.fingerprint === undefined) return found.name === detached.name;
  return found.fingerprint === detached.fingerprint;
}

function malformedIds({ instances }: Selection, pattern: string): string[] {
  const form = new RegExp(`^(?:${pattern})$`);
  return instances === 'all' ? [] : instances.filter((id) => !form.test(id));
}

async function readSelected(
  guarded: GuardedProvider,
  selection: Selection,
  { keyPair, mayMiss }: { keyPair: KeyPair; mayMiss: boolean },
  signal: AbortSignal,
): Promise<{ kind: 'instances'; instances: readonly Instance[] } | Exclude<Seen, { kind: 'group' }>> {
  const { account, region, key } = selection;
  if (selection.instances === 'all') {
    const all = await guarded.listInstances({ keyPair }, { region, signal });
    if (!all.ok) return { kind: 'fault', fault: all.fault };
    if (all.value.length === 0) return { kind: 'unplannable', why: { code: 'nothing-bound', account, region, key } };
    if (all.value.some(({ unseen }) => !unseen)) return { kind: 'instances', instances: all.value };
    const instances = all.value.map(({ id }) => id);
    return { kind: 'unplannable', why: { code: 'instances-not-shown', account, region, instances } };
  }
  const read = await guarded.readInstances({ instanceIds: selection.instances }, { region, signal });
  if (!read.ok) return { kind: 'fault', fault: read.fault };
  const shown = new Map(read.value.map((instance) => [instance.id, instance]));
  const missing = selection.instances.filter((id) => !shown.has(id));
  // One that is gone does not keep a request that goes on from the others.
  if (missing.length > 0 && !(mayMiss && shown.size > 0)) {
    return { kind: 'unplannable', why: { code: 'instances-not-shown', account, region, instances: missing } };
  }
  return { kind: 'instances', instances: selection.instances.flatMap((id) => shown.get(id) ?? []) };
}

type Read = { selection: Selection; keyPair: KeyPair; instances: readonly Instance[] };

function planTargets(
  traits: GuardedProvider['traits'],
  { selection, keyPair, instances }: Read,
  { action, restart, earlier }: Asked,
): PlannedTarget[] {
  const before = earlier && groupBefore(earlier, selection);
  const { account, region } = selection;
  const isDone = (id: string) =>
    earlier?.action === action && restart && awaitsRestart(earlier, { account, region, keyPair }, id);
  const planned = instances.map((instance) =>
    isDone(instance.id)
      ? planRestart(traits, instance, keyPair, action)
      : planTarget(traits, instance, keyPair, { action, restart }),
  );
  const shown = new Set(instances.map(({ id }) => id));
  const unseen = (before?.targets ?? []).filter(
    ({ id }) => selection.instances !== 'all' && selection.instances.includes(id) && !shown.has(id),
  );
  return [...planned, ...unseen.map((target) => planUnseen(target, isDone(target.id) ? action : undefined))];
}

function groupFacts(
  { provider, guarded }: Cloud,
  { account, region }: Selection,
): Omit<PlanGroup, 'keyPair' | 'targets'> {
  const { limits, parallelKeyPairWrites, effectiveWhenRunning, attachDisablesPassword } = guarded.traits;
  const { stop, detach, attach, restart, start } = limits;
  return {
    account,
    provider,
    region,
    limits: { stop, detach, attach, restart, start },
    parallelKeyPairWrites,
    effectiveWhenRunning,
    attachDisablesPassword,
  };
}
