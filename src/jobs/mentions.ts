import { isEscalated, together } from './awaiting.js';
import type { Escalation } from './awaiting-events.js';
import type { WhoIs } from './notifier.js';
import { type People, type Policy, policyFor } from './policy.js';
import type { Request } from './request.js';
import type { House } from './terms.js';

/** Whom to mention while a request waits, account by account, by the policies of this moment. */

/** Those whom the policy mentions when an approval is wanted. */
export function notifiedBy(house: House, request: Request, whoIs: WhoIs): Promise<Escalation[]> {
  return callsOf(house, request, whoIs, ({ notify }) => [notify]);
}

/** Those who are to be called to mind: those whom the policy mentions, and after an escalation also the next ones. */
export function remindedBy(house: House, request: Request, whoIs: WhoIs): Promise<Escalation[]> {
  return callsOf(house, request, whoIs, (policy, account) => [
    policy.notify,
    ...(policy.escalate && isEscalated(request, account) ? [policy.escalate.approvers] : []),
  ]);
}

/** Those who may approve once the others have let it wait too long. */
export function escalatedTo(house: House, request: Request, whoIs: WhoIs): Promise<Escalation[]> {
  return callsOf(house, request, whoIs, ({ escalate }) => (escalate ? [escalate.approvers] : []));
}

async function callsOf(
  { policies }: House,
  request: Request,
  whoIs: WhoIs,
  peopleIn: (policy: Policy, account: string) => readonly People[],
): Promise<Escalation[]> {
  const accounts = (request.plan?.quorums ?? []).map(({ account }) => account);
  const calls = await Promise.all(
    accounts.map(async (account) => {
      const policy = policyFor(policies, account, request.channel);
      const people = policy === undefined ? [] : peopleIn(policy, account);
      const found = await Promise.all(people.map(whoIs));
      return found.length === 0 ? [] : [{ account, ...together(found) }];
    }),
  );
  return calls.flat();
}
