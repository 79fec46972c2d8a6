/** Who may ask for what, and who may approve it. Pure: the facts about people come in as parameters. */

/** People by name, by Slack user group, and by on-call schedule (`pagerduty:PABC123`): whoever is on call there now. */
export type People = { users: readonly string[]; userGroups: readonly string[]; schedules: readonly string[] };

/** What a reason has to be like. `example` matches, and tells a person more than a pattern does. */
export type ReasonPattern = { source: string; example?: string; matches(reason: string): boolean };

export type Policy = {
  /** Account names; `*` stands for any characters. */
  accounts: readonly string[];
  /** Any channel where it is left out. */
  channels?: readonly string[];
  /** Anyone in the channel where it is left out. */
  requesters?: People;
  approvers: People;
  /** Who is mentioned when an approval is wanted; may be nobody. Gives no right to approve. */
  notify: People;
  approvals: number;
  expiresAfterMs: number;
  /** How long before it expires a request is called to mind. */
  remindBeforeMs?: number;
  /** Once a plan has waited this long, these may approve it too. */
  escalate?: { afterMs: number; approvers: People };
  reason?: ReasonPattern;
  maxInstances: number;
};

/** A person as Slack knows them at this moment. */
export type Person = {
  id: string;
  kind: 'member' | 'guest' | 'outsider' | 'bot' | 'deactivated';
  /** Of the user groups that were asked about, those that this person is in now. */
  userGroups: readonly string[];
  /** Of the on-call schedules that were asked about, those that this person is on call on now. */
  schedules: readonly string[];
  /** Schedules that could not be asked about a member: nobody counts as on call there, and that is told. */
  unanswered: readonly string[];
  /** User groups that a member was to be looked for in, and that Slack has no more: nobody is in them, and that is told. */
  goneGroups: readonly string[];
};

const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

export function matchesAccount(pattern: string, account: string): boolean {
  return new RegExp(`^${escaped(pattern).replaceAll('*', '.*')}$`).test(account);
}

/** Those that cover this account, in whatever channel. */
export const policiesOf = (policies: readonly Policy[], account: string): readonly Policy[] =>
  policies.filter(({ accounts }) => accounts.some((pattern) => matchesAccount(pattern, account)));

/** The first policy that covers this account in this channel; without one the account cannot be used there. */
export const policyFor = (policies: readonly Policy[], account: string, channel: string): Policy | undefined =>
  policiesOf(policies, account).find(({ channels }) => channels === undefined || channels.includes(channel));

/** The user groups and on-call schedules that have to be asked to judge a person by these policies. */
export function judgesOf(policies: readonly Policy[]): Pick<People, 'userGroups' | 'schedules'> {
  const all = policies.flatMap(({ approvers, requesters, escalate }) => [
    approvers,
    ...(requesters ? [requesters] : []),
    ...(escalate ? [escalate.approvers] : []),
  ]);
  return {
    userGroups: [...new Set(all.flatMap(({ userGroups }) => userGroups))],
    schedules: [...new Set(all.flatMap(({ schedules }) => schedules))],
  };
}

export const namesAnybody = ({ users, userGroups, schedules }: People): boolean =>
  users.length + userGroups.length + schedules.length > 0;

/** Guests and people from outside count only where they are named one by one; bots and deactivated users never. */
function isIn(people: People, person: Person): boolean {
  if (person.kind === 'bot' || person.kind === 'deactivated') return false;
  if (people.users.includes(person.id)) return true;
  if (person.kind !== 'member') return false;
  return (
    people.userGroups.some((id) => person.userGroups.includes(id)) ||
    people.schedules.some((id) => person.schedules.includes(id))
  );
}

/** On-call schedules and user groups without an answer; with one somebody might be allowed what they are refused. */
export type Doubt = { unanswered?: readonly string[]; goneGroups?: readonly string[] };

/** What is not known about whether this person is one of these. */
export function doubtAbout(people: readonly (People | undefined)[], person: Person): Doubt {
  const among = (ids: readonly string[], list: 'schedules' | 'userGroups') => [
    ...new Set(people.flatMap((each) => each?.[list] ?? []).filter((id) => ids.includes(id))),
  ];
  const unanswered = among(person.unanswered, 'schedules');
  const goneGroups = among(person.goneGroups, 'userGroups');
  return { ...(unanswered.length > 0 && { unanswered }), ...(goneGroups.length > 0 && { goneGroups }) };
}

export function mayRequest(policy: Policy, person: Person): boolean {
  if (policy.requesters !== undefined) return isIn(policy.requesters, person);
  return person.kind === 'member';
}

/** `isEscalated`: the request has waited so long that the next ones may approve it too. */
export function mayApprove({ approvers, escalate }: Policy, person: Person, isEscalated: boolean): boolean {
  return isIn(approvers, person) || (isEscalated && escalate !== undefined && isIn(escalate.approvers, person));
}
