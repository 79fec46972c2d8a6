import { withAnswer, withClaim, withOnlyBegun, withoutReported } from './calls.js';
import { type EventOf, isKeyPairStep, type RequestEvent, type StepResult } from './events.js';
import { UNPARTED } from './halving.js';
import type { Batch, Request, Target, TransitionRow } from './request.js';
import { TRANSITIONS, targetKey } from './request.js';

export class ImpossibleEvent extends Error {
  override readonly name = 'ImpossibleEvent';
}

/** The next request. Throws `ImpossibleEvent` where the table has no row: then the log is not one of ours. */
export function evolve(request: Request, event: RequestEvent, at: number): Request {
  const row: TransitionRow = TRANSITIONS[request.state];
  const state = row[event.type];
  if (state === undefined) throw new ImpossibleEvent(`${event.type} cannot follow in state ${request.state}`);
  return { ...apply(request, event, at), state, changedAt: at };
}

function apply(request: Request, event: RequestEvent, at: number): Request {
  switch (event.type) {
    case 'requested': {
      const { type: _type, ...facts } = event;
      return { ...request, ...facts, createdAt: at };
    }
    case 'surveyed':
      return { ...request, groups: withItem(request.groups, event.selection, event.group) };
    case 'unread': {
      const { type: _type, selection, ...complaint } = event;
      return { ...request, unread: new Map(request.unread).set(selection, complaint) };
    }
    case 'left-out':
      return { ...request, leftOut: new Map(request.leftOut).set(event.selection, event.why) };
    case 'planned': {
      const { type: _type, ...plan } = event;
      return { ...request, plan };
    }
    case 'rejected':
      return { ...request, rejection: event.rejection };
    case 'approved':
      return {
        ...request,
        approvals: [...request.approvals, { by: event.by, accounts: event.accounts, at }],
        decidedAt: at,
      };
    case 'looking':
      return { ...request, looking: [...request.looking, event.by] };
    case 'looked-away':
      return { ...request, looking: request.looking.filter((by) => by !== event.by) };
    case 'notified':
      return { ...request, notified: true };
    case 'reminded':
      return { ...request, reminded: true };
    case 'escalated':
      return { ...request, escalations: [...request.escalations, ...event.escalations] };
    case 'denied':
      return { ...request, endedBy: event.by, decidedAt: at, denial: event.reason };
    case 'cancelled':
      // What was halted was decided then; here it ends.
      return request.halted ? request : { ...request, endedBy: event.by, decidedAt: at };
    case 'halted':
      return {
        ...request,
        endedBy: event.by,
        decidedAt: at,
        halted: true,
        batches: withoutUnbegun(request.batches),
      };
    case 'started':
      return { ...request, targets: targetsOf(request.groups) };
    case 'batched': {
      const { type: _type, batch: id, ...facts } = event;
      const batch = {
        id,
        ...facts,
        pending: new Set(facts.instances),
        formedAt: at,
        since: at,
        epoch: 0,
        begunAt: 0,
        calls: new Map(),
        halving: UNPARTED,
        stranded: new Set<string>(),
      };
      return withBatch(request, batch);
    }
    case 'begun':
      return changeBatch(request, event.batch, (batch) => withClaim(batch, event, at));
    case 'called':
      return changeBatch(request, event.batch, (batch) => withAnswer(batch, event, at));
    case 'stepped':
      return withResults(request, event);
    case 'settled':
      return withOutcomes(request, event);
    case 'paused': {
      const { type: _type, account, ...facts } = event;
      return { ...request, pauses: new Map(request.pauses).set(account, { ...facts, at }) };
    }
    case 'resumed':
      return resumed(request, event.account, at);
    case 'stranded':
      return changeBatch(request, event.batch, (batch) => ({
        ...batch,
        stranded: new Set([...batch.stranded, ...event.instances]),
      }));
    case 'expired':
    case 'finished':
      return request;
  }
}

function withItem<T>(items: readonly (T | undefined)[], index: number, item: T): readonly (T | undefined)[] {
  const next = [...items];
  next[index] = item;
  return next;
}

function targetsOf(groups: Request['groups']): ReadonlyMap<string, Target> {
  const all = groups.flatMap((group, index) =>
    (group?.targets ?? []).map((target) => ({ ...target, group: index, done: 0, stoppedByUs: false, verified: false })),
  );
  return new Map(all.map((target) => [targetKey(target.group, target.id), target]));
}

const withBatch = (request: Request, batch: Batch): Request => ({
  ...request,
  batches: new Map(request.batches).set(batch.id, batch),
});

function changeBatch(request: Request, id: string, change: (batch: Batch) => Batch): Request {
  const batch = request.batches.get(id);
  if (batch === undefined) throw new ImpossibleEvent(`no batch ${id}`);
  return withBatch(request, change(batch));
}

/** Its waiting was the account's, so none of it counts against the account's batches. */
function resumed(request: Request, account: string, at: number): Request {
  const pause = request.pauses.get(account);
  if (pause === undefined) throw new ImpossibleEvent(`account ${account} was not paused`);
  const isOurs = ({ group, pending }: Batch) => pending.size > 0 && request.groups[group]?.account === account;
  const batches = [...request.batches].map(
    ([id, batch]) => [id, isOurs(batch) ? { ...batch, since: at } : batch] as const,
  );
  return {
    ...request,
    pauses: new Map(request.pauses).set(account, { ...pause, overAt: at }),
    batches: new Map(batches),
  };
}

/** A halt takes back the instances that nothing was begun of; those that are to be brought back stay. */
const withoutUnbegun = (batches: Request['batches']): Request['batches'] =>
  new Map([...batches].map(([id, batch]) => [id, batch.step === 'start' ? batch : withOnlyBegun(batch)]));

function withResults(request: Request, event: EventOf<'stepped'>): Request {
  const batch = request.batches.get(event.batch);
  if (batch === undefined) throw new ImpossibleEvent(`no batch ${event.batch}`);
  const targets = new Map(request.targets);
  for (const [id, result] of Object.entries(event.results)) {
    const key = targetKey(batch.group, id);
    const target = targets.get(key);
    if (target === undefined || !batch.pending.has(id)) throw new ImpossibleEvent(`${key} has no part in ${batch.id}`);
    targets.set(key, withResult(target, batch, result));
  }
  return { ...request, targets, batches: new Map(request.batches).set(batch.id, withoutReported(batch, event)) };
}

function withResult(target: Target, batch: Batch, result: StepResult): Target {
  if (result.kind === 'over') {
    // A stop that was asked for may still come, also when it was given up: such an instance is started as well.
    const mayStop = batch.step === 'stop' && batch.calls.has(target.id);
    const stoppedByUs = (target.stoppedByUs || mayStop) && batch.step !== 'start';
    return { ...target, verdict: result.outcome, stoppedByUs };
  }
  const last = isKeyPairStep(batch.step) ? 'verify' : batch.step;
  const done = Math.max(target.done, target.steps.indexOf(last) + 1);
  const stopped = batch.step === 'stop' && result.changed;
  return {
    ...target,
    done,
    stoppedByUs: (target.stoppedByUs || stopped) && batch.step !== 'start',
    verified: target.verified || isKeyPairStep(batch.step),
  };
}

function withOutcomes(request: Request, event: EventOf<'settled'>): Request {
  const outcomes = new Map(request.outcomes);
  for (const [id, outcome] of Object.entries(event.outcomes)) {
    const key = targetKey(event.group, id);
    if (outcomes.has(key)) throw new ImpossibleEvent(`${key} has its outcome already`);
    if (!request.targets.has(key)) throw new ImpossibleEvent(`no target ${key}`);
    outcomes.set(key, outcome);
  }
  return { ...request, outcomes };
}
