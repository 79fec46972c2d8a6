import type { Outcome } from '../providers/answers.js';
import type { KeyPair } from '../providers/contract.js';
import type { After, PlanGroup, Selection } from './events.js';
import type { Person } from './policy.js';
import { isAtEnd, type Request, targetKey } from './request.js';
import { isRestartOnly } from './steps.js';
import { type CreateRefusal, checkNew, type House, type NewRequest } from './terms.js';

/** Going on from a request that is at its end: what it left, or did, and what a new request for that is made of. Pure. */

export type GoOnReason = After['why'];
/** Those that go on with instances of the plan. */
type InstanceReason = Exclude<GoOnReason, 'left-out'>;

export type GoOnRefusal =
  | CreateRefusal
  | { code: 'unknown-request' }
  | { code: 'not-ended' }
  /** `last`: the newest request that went on from it. */
  | { code: 'nothing-left'; last?: string }
  | { code: 'goes-on-already'; request: string }
  /** It detached nothing, or `last` was made to undo it. */
  | { code: 'nothing-to-undo'; last?: string }
  /** An attach is not undone: a detach is asked for as any other. */
  | { code: 'is-an-undo'; selection: Selection | undefined };

const LEFT: Readonly<Record<InstanceReason, (outcome: Outcome) => boolean>> = {
  retry: ({ kind }) => kind === 'failed',
  restart: (outcome) =>
    (outcome.kind === 'skipped' && outcome.reason === 'needs-stop') ||
    ((outcome.kind === 'detached' || outcome.kind === 'attached') && outcome.effective === 'after-restart'),
  undo: ({ kind }) => kind === 'detached',
};

/** Its number is part of the origin, so of two that are made at the same moment the log takes one. */
export const goOnOrigin = (id: string, why: GoOnReason, number: number): string => `go-on/${id}/${why}/${number}`;

/** What was typed with it; where left out, all is as it was in the earlier request. */
export type Wanted = Partial<Pick<NewRequest, 'channel' | 'restart' | 'reason'>>;

type GoOn = {
  earlier: Request;
  /** How many went on from it for this reason already. */
  number: number;
  /** Those, and all others that may have taken what is left, oldest first. */
  later: readonly Request[];
  /** Those that were made to undo it. */
  undone?: readonly Request[];
  why: GoOnReason;
  by: Person;
  wanted?: Wanted;
};

/** What the new request is made of, or why there is none. */
export function decideGoOn(
  house: House,
  { earlier, number, later, undone = [], why, by, wanted = {} }: GoOn,
): { ok: true; input: NewRequest } | { ok: false; refusals: readonly GoOnRefusal[] } {
  const refuse = (...refusals: readonly GoOnRefusal[]) => ({ ok: false as const, refusals });
  if (earlier.version === 0) return refuse({ code: 'unknown-request' });
  if (why === 'undo' && earlier.action === 'attach') {
    return refuse({ code: 'is-an-undo', selection: earlier.selections[0] });
  }
  // What was left out of a plan waits for nothing that is in it.
  if (why !== 'left-out' && !isAtEnd(earlier)) return refuse({ code: 'not-ended' });
  const { language } = earlier;
  const { channel = earlier.channel, reason = earlier.reason } = wanted;
  const restart = why === 'restart' || earlier.restart || wanted.restart === true;
  const selections = stillLeft(earlier, why, later, undone);
  const { refusals } = checkNew(house, { selections, channel, requester: by, reason });
  if (refusals.length > 0) return refuse(...refusals);
  const open = later.find((one) => !isAtEnd(one));
  if (open !== undefined) return refuse({ code: 'goes-on-already', request: open.id });
  if (selections.length === 0) {
    const code = why === 'undo' ? 'nothing-to-undo' : 'nothing-left';
    const taker = later.at(-1) ?? undone.at(-1);
    return refuse({ code, ...(taker && { last: taker.id }) });
  }
  const origin = goOnOrigin(earlier.id, why, number);
  const after = { request: earlier.id, why };
  const action = why === 'undo' ? 'attach' : earlier.action;
  const input = { origin, requester: by, channel, language, action, restart, reason, selections, after };
  return { ok: true, input };
}

/** Instances, by `targetKey`, that a new request for this reason would be about; none while the request is open. */
export function leftFor(request: Request, reason: InstanceReason): ReadonlySet<string> {
  const told = request.rejection === undefined ? request.outcomes : foreseen(request);
  const left = isAtEnd(request) ? [...told].filter(([, outcome]) => LEFT[reason](outcome)) : [];
  return new Set(left.map(([key]) => key));
}

/** How much a new request for this reason would be about: instances, or selections that were left out. */
export const countLeft = (request: Request, reason: GoOnReason): number =>
  reason === 'left-out' ? leftOutOf(request).length : leftFor(request, reason).size;

/** Selections that could not be read: by now they may be. What was turned down was turned down with them. */
function leftOutOf({ state, targets, selections, leftOut }: Request): readonly Selection[] {
  const isTurnedDown = targets.size === 0 && ['denied', 'expired', 'cancelled'].includes(state);
  if (state === 'planning' || isTurnedDown) return [];
  return selections.filter((_, place) => leftOut.get(place)?.code === 'cloud-failed');
}

/** Accounts of what a new request for this reason would be about. */
export const leftAccounts = (request: Request, reason: GoOnReason): string[] =>
  stillLeft(request, reason, []).map(({ account }) => account);

/** Where nothing could be done: what the plan says of each. A plan that was rejected for another reason is none. */
function foreseen({ rejection, groups }: Request): ReadonlyMap<string, Outcome> {
  const isWhole = rejection?.code === 'nothing-to-do' || rejection?.code === 'nothing-to-attach';
  const planned = groups.flatMap((group, index) =>
    (group?.targets ?? []).flatMap(({ id, outcome }) =>
      outcome === undefined ? [] : [[targetKey(index, id), outcome] as const],
    ),
  );
  return new Map(isWhole ? planned : []);
}

/**
 * What is still left when these requests went on from it already: what one of them did or failed is its own to go on
 * with, what it skipped or never came to is left here. What was undone is left to nobody.
 */
export function stillLeft(
  request: Request,
  reason: GoOnReason,
  later: readonly Request[],
  undone: readonly Request[] = [],
): readonly Selection[] {
  if (reason === 'left-out')
    return leftOutOf(request).filter((selection) => !later.some((one) => hasRun(one, selection)));
  const took = ({ kind }: Outcome) => kind !== 'skipped';
  const attached = ({ kind }: Outcome) => kind === 'attached';
  const taken = new Set([
    ...later.flatMap((one) => placesIn(one, took)),
    ...undone.flatMap((one) => placesIn(one, attached)),
  ]);
  const left = leftFor(request, reason);
  return request.groups.flatMap((group, index): Selection[] => {
    const ids = (group?.targets ?? []).map(({ id }) => id);
    const instances = ids.filter((id) => left.has(targetKey(index, id)) && !taken.has(placeKey(group, id)));
    if (group === undefined || instances.length === 0) return [];
    const { account, region, keyPair } = group;
    return [{ account, region, key: keyOf(keyPair), instances }];
  });
}

/** Whether something was done there, or failed: then that request has what is left. */
function hasRun({ targets, selections, outcomes }: Request, { account, region, key }: Selection): boolean {
  const isSame = (one: Selection) => one.account === account && one.region === region && one.key === key;
  return [...targets].some(([id, { group }]) => {
    const selection = selections[group];
    return selection !== undefined && isSame(selection) && outcomes.get(id)?.kind !== 'skipped';
  });
}

/** Instances with their key pairs whose outcome is such. */
function placesIn(request: Request, isSuch: (outcome: Outcome) => boolean): string[] {
  return [...request.targets].flatMap(([key, { group, id }]) => {
    const outcome = request.outcomes.get(key);
    return outcome !== undefined && isSuch(outcome) ? [placeKey(request.groups[group], id)] : [];
  });
}

type Bound = Pick<PlanGroup, 'account' | 'region' | 'keyPair'>;

/** A name may come to stand for another key pair; an id does not. */
const keyOf = ({ id, name }: KeyPair): string => id ?? name;

/** An instance and its key pair, the same in every request. */
const placeKey = (group: Bound | undefined, id: string): string =>
  JSON.stringify([group?.account, group?.region, group && keyOf(group.keyPair), id]);

/** The earlier request's part that this selection goes on with: it knows its key pair also once that is deleted. */
export function groupBefore(earlier: Request, { account, region, key }: Selection): PlanGroup | undefined {
  return earlier.groups.find(
    (group) => group?.account === account && group.region === region && keyOf(group.keyPair) === key,
  );
}

/** Whether the earlier request did with this key pair and instance what it was asked to, and a restart had yet to follow. */
export function awaitsRestart(earlier: Request, group: Bound, instanceId: string): boolean {
  const place = placeKey(group, instanceId);
  return [...earlier.targets].some(([key, target]) => {
    const outcome = earlier.outcomes.get(key);
    if (outcome === undefined || placeKey(earlier.groups[target.group], target.id) !== place) return false;
    if (outcome.kind === 'detached' || outcome.kind === 'attached') return outcome.effective === 'after-restart';
    // It was changed back before its restart, and may be as asked by now: then it still waits for that.
    const restarts = target.steps.includes('restart');
    return outcome.kind === 'failed' && restarts && (target.verified || isRestartOnly(target));
  });
}
