import { createHash } from 'node:crypto';
import { type Terms, timesOf } from '../awaiting.js';
import type { PlanGroup, RequestEvent } from '../events.js';
import { evolve } from '../evolve.js';
import type { Request } from '../request.js';
import type { Unplannable, Unread } from './events.js';
import { flawOf } from './flaw.js';
import { accountsSurveyed, closesAt, openSelections, unreadable } from './selections.js';

/**
 * How the selections of a request become its plan. Pure. What cannot be planned is left out and named, so that one
 * account keeps no other from being planned; a request of which nothing can be planned is rejected.
 */

/** `terms`: of the accounts that the plan would be of if it were made now; one that is not usable has no quorum. */
export type PlanningCommand = { terms: Terms } & (
  | { type: 'survey'; selection: number; group: PlanGroup }
  /** It could not be read, and is tried again. */
  | { type: 'note-unread'; unread: Unread }
  | { type: 'leave-out'; selection: number; why: Unplannable }
  /** The rest has waited long enough for what could not be read. */
  | { type: 'close-plan' }
);

/** Nothing where the command brings nothing new. */
export function planFurther(request: Request, command: PlanningCommand, now: number): RequestEvent[] {
  const facts = factsOf(request, command);
  const next = fold(request, facts, now);
  return next.state === 'planning' ? [...facts, ...conclude(next, command.terms, now)] : facts;
}

const fold = (request: Request, events: readonly RequestEvent[], now: number): Request =>
  events.reduce((state, event) => evolve(state, event, now), request);

function factsOf(request: Request, command: PlanningCommand): RequestEvent[] {
  const isOpen = (selection: number) => openSelections(request).includes(selection);
  switch (command.type) {
    case 'survey': {
      const { selection, group } = command;
      return isOpen(selection) ? [{ type: 'surveyed', selection, group }] : [];
    }
    case 'note-unread': {
      const { selection, cloudCode } = command.unread;
      const isNew = isOpen(selection) && request.unread.get(selection)?.cloudCode !== cloudCode;
      return isNew ? [{ type: 'unread', ...command.unread }] : [];
    }
    case 'leave-out': {
      const { selection, why } = command;
      if (!isOpen(selection)) return [];
      const isAll = request.selections.length === 1;
      return [isAll ? { type: 'rejected', rejection: why } : { type: 'left-out', selection, why }];
    }
    case 'close-plan':
      return [];
  }
}

/** What follows by itself. */
function conclude(request: Request, terms: Terms, now: number): RequestEvent[] {
  const at = closesAt(request);
  const late = at !== undefined && now >= at ? openSelections(request) : [];
  const leftOut = late.flatMap((selection) => leaveOut(request, selection));
  const next = fold(request, leftOut, now);
  return openSelections(next).length > 0 ? [] : [...leftOut, verdict(next, terms, now)];
}

function leaveOut({ selections, unread }: Request, selection: number): RequestEvent[] {
  const asked = selections[selection];
  const complaint = unread.get(selection);
  if (asked === undefined || complaint === undefined) return [];
  return [{ type: 'left-out', selection, why: unreadable(asked, complaint) }];
}

function verdict(request: Request, terms: Terms, now: number): RequestEvent {
  const accounts = accountsSurveyed(request);
  if (accounts.length === 0) return { type: 'rejected', rejection: { code: 'nothing-planned' } };
  const quorums = terms.quorums.filter(({ account }) => accounts.includes(account));
  const unusable = accounts.find((account) => !quorums.some((quorum) => quorum.account === account));
  if (unusable !== undefined) return { type: 'rejected', rejection: { code: 'account-not-usable', account: unusable } };
  const flaw = flawOf(request, terms.maxInstances);
  if (flaw !== undefined) return { type: 'rejected', rejection: flaw };
  return { type: 'planned', digest: digestOf(request), ...timesOf({ ...terms, quorums }, now) };
}

/** What is approved: every target with its steps, and whether instances may be restarted. */
export function digestOf(request: Pick<Request, 'id' | 'groups' | 'restart'>): string {
  return createHash('sha256')
    .update(JSON.stringify([request.id, request.restart, request.groups]))
    .digest('hex');
}
