import { missingApprovals, notYetApproved } from './awaiting.js';
import { mayApprove, mayRequest, type Person, policiesOf, policyFor } from './policy.js';
import type { Request } from './request.js';
import { approvableAccounts, type House } from './terms.js';

/** Who may see what. Pure; a request that somebody may not see does not exist for them. */

/** `channel`: where they ask, so where they are. Left out where that is no channel. */
export type Viewer = { person: Person; channel?: string };

/**
 * One's own requests, those that one may approve, and those that one could have made: of every account in it, in its
 * channel. A policy that lets in whoever is in the channel says nothing of people who are not seen there.
 */
export function maySee(house: House, request: Request, { person, channel }: Viewer): boolean {
  if (person.kind === 'bot' || person.kind === 'deactivated') return false;
  if (request.requester === person.id) return true;
  const accounts = accountsOf(request);
  if (approvableAccounts(house, request, person, accounts).length > 0) return true;
  return accounts.every((account) => {
    const policy = policyFor(house.policies, account, request.channel);
    if (policy === undefined || !mayRequest(policy, person)) return false;
    return policy.requesters !== undefined || channel === request.channel;
  });
}

/** Whoever is where a request's message stands sees its thread, which names every instance: they may see a list too. */
export function mayLook(house: House, request: Request, viewer: Viewer): boolean {
  const { kind } = viewer.person;
  const isThere = viewer.channel === request.channel && (kind === 'member' || kind === 'guest');
  return isThere || (kind !== 'outsider' && maySee(house, request, viewer));
}

/** Whether an approval by this person would bring the request on. */
export function waitsFor(house: House, request: Request, person: Person): boolean {
  if (request.state !== 'awaiting-approval' || request.requester === person.id) return false;
  const approvable = notYetApproved(request, person.id, approvableAccounts(house, request, person));
  return missingApprovals(request).some(({ account }) => approvable.includes(account));
}

/** Accounts that this person may ask for or approve somewhere, be it after an escalation. */
export function usableAccounts({ accounts, policies }: House, person: Person): readonly string[] {
  return [...accounts.keys()].filter((account) =>
    policiesOf(policies, account).some((policy) => mayRequest(policy, person) || mayApprove(policy, person, true)),
  );
}

export const accountsOf = ({ selections }: Pick<Request, 'selections'>): readonly string[] => [
  ...new Set(selections.map(({ account }) => account)),
];
