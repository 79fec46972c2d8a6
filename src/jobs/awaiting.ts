import type { Escalation, Mentions } from './awaiting-events.js';
import type { EventOf } from './events.js';
import { closesAt } from './planning/selections.js';
import type { Request } from './request.js';

/** What time alone brings to a request: the end of its planning, calls to those who may approve, its expiry. Pure. */

/** What the policies ask of a plan. */
export type Terms = {
  quorums: readonly { account: string; approvals: number; escalateAfterMs?: number }[];
  /** Whether anybody is to be told that an approval is wanted. */
  notifies?: true;
  remindBeforeMs?: number;
  expiresAfterMs: number;
  maxInstances: number;
};

/** `calls`: for each account whom the policy of this moment names; who of them is mentioned is decided here. */
export type CallCommand = { type: 'notify' | 'remind' | 'escalate'; calls: readonly Escalation[] };

export const TIMED = ['close-plan', 'notify', 'remind', 'escalate', 'expire'] as const;
export type Timed = (typeof TIMED)[number];

/** When the next of them comes; nothing where none does. */
export function dueAt(request: Request, what: Timed): number | undefined {
  if (what === 'close-plan') return closesAt(request);
  const { state, plan } = request;
  if (state !== 'awaiting-approval' || plan === undefined) return undefined;
  switch (what) {
    case 'notify':
      return request.notified ? undefined : plan.notifyAt;
    case 'remind':
      return request.reminded ? undefined : plan.remindAt;
    case 'escalate': {
      const times = openEscalations(request).map(({ escalateAt }) => escalateAt);
      return times.length === 0 ? undefined : Math.min(...times);
    }
    case 'expire':
      return plan.expiresAt;
  }
}

export const isExpired = ({ plan }: Request, now: number): boolean => plan !== undefined && now >= plan.expiresAt;

/** Accounts whose policy still wants approvals, and how many. */
export function missingApprovals(request: Request): { account: string; missing: number }[] {
  const quorums = request.plan?.quorums ?? [];
  return quorums
    .map(({ account, approvals }) => {
      const given = request.approvals.filter((approval) => approval.accounts.includes(account)).length;
      return { account, missing: Math.max(0, approvals - given) };
    })
    .filter(({ missing }) => missing > 0);
}

/** Of these accounts, those that this person has not approved yet: each counts once for each. */
export function notYetApproved(request: Request, by: string, accounts: readonly string[]): string[] {
  const given = request.approvals.filter((approval) => approval.by === by).flatMap((approval) => approval.accounts);
  return accounts.filter((account) => !given.includes(account));
}

/** An account that has its approvals needs nobody else. */
function openEscalations(request: Request): { account: string; escalateAt: number }[] {
  const missing = new Set(missingApprovals(request).map(({ account }) => account));
  const isOpen = (account: string) => missing.has(account) && !isEscalated(request, account);
  return (request.plan?.quorums ?? []).flatMap(({ account, escalateAt }) =>
    escalateAt !== undefined && isOpen(account) ? [{ account, escalateAt }] : [],
  );
}

/** By the log, and by no clock. */
export const isEscalated = ({ escalations }: Pick<Request, 'escalations'>, account: string): boolean =>
  escalations.some((escalation) => escalation.account === account);

export const isLooking = ({ state, looking }: Request, by: string): boolean =>
  state === 'awaiting-approval' && looking.includes(by);

/** What a call comes to; nothing before its time, nor for what expired meanwhile. */
export function callDue(
  request: Request,
  { type, calls }: CallCommand,
  now: number,
): EventOf<'notified' | 'reminded' | 'escalated'> | undefined {
  const at = dueAt(request, type);
  if (at === undefined || now < at || isExpired(request, now)) return undefined;
  if (type === 'escalate') return escalation(request, calls, now);
  return { type: type === 'notify' ? 'notified' : 'reminded', mentions: callAll(request, calls) };
}

/** Everybody who is named for an account that lacks approvals. */
function callAll(request: Request, calls: readonly Escalation[]): Mentions {
  const missing = missingApprovals(request).map(({ account }) => account);
  const named = calls.filter(({ account }) => missing.includes(account));
  return together(named.map((call) => withoutDeciders(request, call)));
}

/** Of those whom the policies name, the ones for the accounts whose time has come. */
function escalation(request: Request, calls: readonly Escalation[], now: number): EventOf<'escalated'> | undefined {
  const due = openEscalations(request).filter(({ escalateAt }) => now >= escalateAt);
  const escalations = calls
    .filter((call) => due.some(({ account }) => account === call.account))
    .map((call) => ({ account: call.account, ...withoutDeciders(request, call) }));
  return escalations.length === 0 ? undefined : { type: 'escalated', escalations };
}

/** Nobody is called who has approved this account already, nor whoever asked: they cannot approve it. */
const withoutDeciders = (request: Request, { account, users, ...mentions }: Escalation): Mentions => ({
  ...mentions,
  users: users.filter((id) => id !== request.requester && notYetApproved(request, id, [account]).length > 0),
});

/** Each once. */
export function together(all: readonly Mentions[]): Mentions {
  const unknown = once(all.flatMap((mentions) => mentions.unknown ?? []));
  return {
    users: once(all.flatMap(({ users }) => users)),
    userGroups: once(all.flatMap(({ userGroups }) => userGroups)),
    ...(unknown.length > 0 && { unknown }),
  };
}

const once = (names: readonly string[]): string[] => [...new Set(names)];

/** The terms, counted from now; what would come after the expiry never comes. */
export function timesOf(terms: Terms, now: number): Omit<EventOf<'planned'>, 'type' | 'digest'> {
  const { notifies, expiresAfterMs, remindBeforeMs } = terms;
  const expiresAt = now + expiresAfterMs;
  return {
    quorums: terms.quorums.map(({ account, approvals, escalateAfterMs }) => ({
      account,
      approvals,
      ...(escalateAfterMs !== undefined && escalateAfterMs < expiresAfterMs && { escalateAt: now + escalateAfterMs }),
    })),
    ...(notifies && { notifyAt: now }),
    ...(remindBeforeMs !== undefined && remindBeforeMs < expiresAfterMs && { remindAt: expiresAt - remindBeforeMs }),
    expiresAt,
  };
}
