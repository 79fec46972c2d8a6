import type { CallCommand } from './awaiting.js';
import { callDue, isExpired, isLooking, missingApprovals, notYetApproved } from './awaiting.js';
import type { EventOf, RequestEvent, StepResult } from './events.js';
import { evolve } from './evolve.js';
import {
  openPauses,
  type PauseCommand,
  pause,
  type ResumeCommand,
  resume,
  type StrandCommand,
  strand,
} from './holds/holds.js';
import { type PlanningCommand, planFurther } from './planning/planning.js';
import type { Doubt } from './policy.js';
import type { Request, RequestState } from './request.js';
import { formBatches, settle } from './steps.js';

/** Which events a command leads to, or why it is refused. Pure: authority over accounts comes in with the command. */

export type Command =
  | { type: 'create'; facts: Omit<EventOf<'requested'>, 'type'> }
  | PlanningCommand
  | ({ type: 'approve'; digest: string } & Approver)
  | ({ type: 'deny'; digest: string; reason: string } & Approver)
  | ({ type: 'look' } & Approver)
  | { type: 'look-away'; by: string }
  | CallCommand
  | { type: 'expire' }
  | { type: 'cancel'; by: string }
  /** `epoch`: the newest that was seen when the instances were read; a newer one in the log refuses this one. */
  | { type: 'begin'; batch: string; epoch: number; instances: readonly string[] }
  | { type: 'record-call'; batch: string; epoch: number; call: CallRecord }
  | { type: 'report'; batch: string; epoch: number; results: Record<string, StepResult> }
  | PauseCommand
  | ResumeCommand
  | StrandCommand;

/** Who decides, as found at the click. `accounts`: those of the plan that this person may approve. */
export type Approver = { by: string; accounts: readonly string[]; doubt?: Doubt };

/** What the cloud said to one call; `refused` are over. */
export type CallRecord = Pick<EventOf<'called'>, 'requestId' | 'operations' | 'faults'> & {
  refused: Record<string, StepResult>;
};

export type Refusal =
  /** `by` and `at`: who brought it to the state that it is in, where a person did, and when. */
  | { code: 'wrong-state'; state: RequestState; halted?: true; by?: string; at: number }
  | { code: 'own-request' }
  | ({ code: 'not-an-approver' } & Doubt)
  | ({ code: 'already-approved' } & Doubt)
  | { code: 'plan-changed' }
  | { code: 'exists' }
  | ({ code: 'unknown-request' } & Doubt)
  | ({ code: 'not-yours' } & Doubt)
  | { code: 'stale' };

export type Decision = { ok: true; events: readonly RequestEvent[] } | { ok: false; refusal: Refusal };

const accept = (...events: RequestEvent[]): Decision => ({ ok: true, events });
const refuse = (refusal: Refusal): Decision => ({ ok: false, refusal });
const wrongState = (request: Request): Decision =>
  refuse({
    code: 'wrong-state',
    state: request.state,
    ...(request.state === 'running' && request.halted && { halted: true }),
    ...decisionOf(request),
  });

/** Who decided, and when; what nobody decided has the time at which it became so. */
function decisionOf({ state, endedBy, approvals, decidedAt, changedAt }: Request): { by?: string; at: number } {
  const by = endedBy ?? approvals.at(-1)?.by;
  const isByPerson = state !== 'expired' && state !== 'rejected' && by !== undefined && decidedAt !== undefined;
  return isByPerson ? { by, at: decidedAt } : { at: changedAt };
}

export function decide(request: Request, command: Command, now: number): Decision {
  switch (command.type) {
    case 'create':
      return request.state === 'none' ? accept({ type: 'requested', ...command.facts }) : refuse({ code: 'exists' });
    case 'survey':
    case 'note-unread':
    case 'leave-out':
    case 'close-plan':
      return request.state === 'planning' ? acceptSome(planFurther(request, command, now)) : wrongState(request);
    case 'approve':
      return approve(request, command, now);
    case 'deny': {
      const refusal = refuseDecision(request, command, now);
      return refusal ?? accept({ type: 'denied', by: command.by, reason: command.reason });
    }
    case 'look':
      return look(request, command, now);
    case 'look-away':
      return ifDue(isLooking(request, command.by) && { type: 'looked-away', by: command.by });
    case 'notify':
    case 'remind':
    case 'escalate':
      return ifDue(callDue(request, command, now));
    case 'expire':
      return request.state === 'awaiting-approval' && isExpired(request, now)
        ? accept({ type: 'expired' })
        : wrongState(request);
    case 'cancel':
      return cancel(request, command.by, now);
    case 'begin':
      return begin(request, command);
    case 'record-call':
      return recordCall(request, command, now);
    case 'report':
      return report(request, command, now);
    case 'pause':
      return acceptSome(pause(request, command));
    case 'resume':
      return acceptSome(resume(request, command));
    case 'strand':
      return acceptSome(strand(request, command));
  }
}

const ifDue = (event: RequestEvent | undefined | false): Decision => acceptSome(event ? [event] : []);

/** What brings nothing new is as if it came too late. */
const acceptSome = (events: readonly RequestEvent[]): Decision =>
  events.length === 0 ? refuse({ code: 'stale' }) : accept(...events);

function refuseApprover(request: Request, command: Approver, now: number): Decision | undefined {
  if (request.state !== 'awaiting-approval' || request.plan === undefined) return wrongState(request);
  // An expiry that no job has noted yet counts all the same: a slow sweep lets no late approval in.
  if (isExpired(request, now)) return refuse({ code: 'wrong-state', state: 'expired', at: request.plan.expiresAt });
  if (command.by === request.requester) return refuse({ code: 'own-request' });
  if (command.accounts.length === 0) return refuse({ code: 'not-an-approver', ...command.doubt });
  return undefined;
}

function refuseDecision(request: Request, command: Approver & { digest: string }, now: number): Decision | undefined {
  const refusal = refuseApprover(request, command, now);
  if (refusal) return refusal;
  return command.digest === request.plan?.digest ? undefined : refuse({ code: 'plan-changed' });
}

function look(request: Request, command: Extract<Command, { type: 'look' }>, now: number): Decision {
  const refusal = refuseApprover(request, command, now);
  if (refusal) return refusal;
  return request.looking.includes(command.by) ? refuse({ code: 'stale' }) : accept({ type: 'looking', by: command.by });
}

function approve(request: Request, command: Extract<Command, { type: 'approve' }>, now: number): Decision {
  const refusal = refuseDecision(request, command, now);
  if (refusal) return refusal;
  const { by, digest, doubt } = command;
  // Since an earlier approval an account may have been escalated, or a schedule handed over.
  const accounts = notYetApproved(request, by, command.accounts);
  if (accounts.length === 0) return refuse({ code: 'already-approved', ...doubt });
  const approved: RequestEvent = { type: 'approved', by, accounts, digest };
  const next = evolve(request, approved, now);
  if (missingApprovals(next).length > 0) return accept(approved);
  return goOn(request, [approved, { type: 'started' }], now);
}

function cancel(request: Request, by: string, now: number): Decision {
  switch (request.state) {
    case 'planning':
    case 'awaiting-approval':
      return accept({ type: 'cancelled', by });
    case 'running':
      return request.halted ? wrongState(request) : goOn(request, [haltedBy(request, by)], now);
    default:
      return wrongState(request);
  }
}

function haltedBy(request: Request, by: string): RequestEvent {
  const paused = [...openPauses(request).keys()];
  return { type: 'halted', by, ...(paused.length > 0 && { paused }) };
}

type BatchCommand<T extends Command['type']> = Extract<Command, { type: T }>;

function begin(request: Request, { batch, epoch, instances }: BatchCommand<'begin'>): Decision {
  if (isStale(request, batch, epoch)) return refuse({ code: 'stale' });
  // A cancel may have taken back some of them since they were read.
  const pending = request.batches.get(batch)?.pending;
  if (!instances.every((id) => pending?.has(id))) return refuse({ code: 'stale' });
  return accept({ type: 'begun', batch, epoch: epoch + 1, instances: [...instances] });
}

function recordCall(request: Request, command: BatchCommand<'record-call'>, now: number): Decision {
  const { batch, epoch, call } = command;
  const isRecorded = request.batches.get(batch)?.answeredAt !== undefined;
  if (epoch === 0 || isRecorded || isStale(request, batch, epoch)) return refuse({ code: 'stale' });
  const { refused, ...facts } = call;
  const results = ofPending(request, batch, refused);
  const over = Object.keys(refused);
  const called: RequestEvent = { type: 'called', batch, epoch, ...facts, ...(over.length > 0 && { refused: over }) };
  if (Object.keys(results).length === 0) return accept(called);
  return goOn(request, [called, { type: 'stepped', batch, epoch, results }], now);
}

/** Results that two readers of the same epoch bring are taken once. */
function report(request: Request, command: BatchCommand<'report'>, now: number): Decision {
  const { batch, epoch } = command;
  if (isStale(request, batch, epoch)) return refuse({ code: 'stale' });
  const results = ofPending(request, batch, command.results);
  if (Object.keys(results).length === 0) return refuse({ code: 'stale' });
  return goOn(request, [{ type: 'stepped', batch, epoch, results }], now);
}

/** Without those that another reader has reported, or that a cancel has taken back. */
function ofPending(request: Request, id: string, results: Record<string, StepResult>): Record<string, StepResult> {
  const pending = request.batches.get(id)?.pending;
  return Object.fromEntries(Object.entries(results).filter(([one]) => pending?.has(one)));
}

function isStale(request: Request, id: string, epoch: number): boolean {
  const batch = request.batches.get(id);
  return request.state !== 'running' || batch === undefined || batch.pending.size === 0 || batch.epoch !== epoch;
}

/** Adds what follows by itself: outcomes that are known now, batches that can be formed, the end. */
function goOn(request: Request, events: RequestEvent[], now: number): Decision {
  const fold = (from: Request, added: readonly RequestEvent[]) =>
    added.reduce((state, event) => evolve(state, event, now), from);
  const settled = settle(fold(request, events));
  const next = fold(request, [...events, ...settled]);
  const isOver = next.outcomes.size === next.targets.size;
  const rest: RequestEvent[] = isOver ? [endOf(next)] : formBatches(next);
  return accept(...events, ...settled, ...rest);
}

function endOf(request: Request): RequestEvent {
  return request.halted ? { type: 'cancelled', by: request.endedBy ?? '' } : { type: 'finished' };
}
