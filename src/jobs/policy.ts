/** Who may ask for what, and who may approve it. Pure: the facts about people come in as parameters. */

export type Group = { users: readonly string[]; userGroups: readonly string[] };

export type Policy = {
  /** Account names; `*` stands for any characters. */
  accounts: readonly string[];
  /** Any channel where it is left out. */
  channels?: readonly string[];
  /** Anyone in the channel where it is left out. */
  requesters?: Group;
  approvers: Group;
  approvals: number;
  expiresAfterMs: number;
  maxInstances: number;
};

/** A person as Slack knows them at this moment. */
export type Person = {
  id: string;
  kind: 'member' | 'guest' | 'outsider' | 'bot' | 'deactivated';
  /** Of the user groups that were asked about, those that this person is in now. */
  userGroups: readonly string[];
};

const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

export function matchesAccount(pattern: string, account: string): boolean {
  return new RegExp(`^${escaped(pattern).replaceAll('*', '.*')}$`).test(account);
}

/** The first policy that covers this account in this channel; without one the account cannot be used there. */
export function policyFor(policies: readonly Policy[], account: string, channel: string): Policy | undefined {
  return policies.find(
    (policy) =>
      policy.accounts.some((pattern) => matchesAccount(pattern, account)) &&
      (policy.channels === undefined || policy.channels.includes(channel)),
  );
}

/** Whether any policy covers the account in some channel: tells a wrong channel from a missing policy. */
export function channelsFor(policies: readonly Policy[], account: string): readonly string[] {
  return policies
    .filter((policy) => policy.accounts.some((pattern) => matchesAccount(pattern, account)))
    .flatMap((policy) => policy.channels ?? []);
}

/** The user groups whose members have to be known to judge a person by these policies. */
export function userGroupsOf(policies: readonly Policy[]): readonly string[] {
  const groups = policies.flatMap(({ approvers, requesters }) => [
    ...approvers.userGroups,
    ...(requesters?.userGroups ?? []),
  ]);
  return [...new Set(groups)];
}

/** Guests and people from outside count only where they are named one by one; bots and deactivated users never. */
function isIn(group: Group, person: Person): boolean {
  if (person.kind === 'bot' || person.kind === 'deactivated') return false;
  if (group.users.includes(person.id)) return true;
  return person.kind === 'member' && group.userGroups.some((id) => person.userGroups.includes(id));
}

export function mayRequest(policy: Policy, person: Person): boolean {
  if (policy.requesters !== undefined) return isIn(policy.requesters, person);
  return person.kind === 'member';
}

export function mayApprove(policy: Policy, person: Person): boolean {
  return isIn(policy.approvers, person);
}
