import { z } from 'zod';
import { matchesAccount } from '../jobs/policy.js';
import { nearest } from '../nearest.js';
import { durationSchema } from './duration.js';
import { EXPIRES_AFTER_MS } from './file.js';
import { reasonPatternSchema } from './reason-pattern.js';

const texts = z.array(z.string()).catch([]);
const people = z
  .object({ users: texts, userGroups: texts, schedules: texts })
  .catch({ users: [], userGroups: [], schedules: [] });
/** Compares as neither more nor less than anything. */
const duration = durationSchema.catch(Number.NaN);

const policy = z.object({
  accounts: texts,
  requesters: people,
  approvers: people,
  notify: people,
  approvals: z.coerce.number().catch(1),
  expiresAfter: durationSchema.default(EXPIRES_AFTER_MS).catch(Number.NaN),
  remindBefore: duration,
  escalate: z.object({ after: duration, approvers: people }).optional().catch(undefined),
  reason: reasonPatternSchema.optional().catch(undefined),
  reasonExample: z.string().optional().catch(undefined),
});
type ReadPolicy = z.infer<typeof policy>;

/** As much of the file as can be read also where other parts of it are wrong, so that all faults come at once. */
const readable = z
  .object({
    accounts: z.record(z.string(), z.unknown()).catch({}),
    onCall: z.record(z.string(), z.unknown()).catch({}),
    policies: z.array(policy.catch(policy.parse({}))).catch([]),
  })
  .catch({ accounts: {}, onCall: {}, policies: [] });

export type PolicyCheck = { faults: readonly string[]; warnings: readonly string[] };

/** What policies, accounts and on-call services have to be to each other. */
export function checkPolicies(root: unknown, told: ReadonlySet<string>): PolicyCheck {
  const { accounts, onCall, policies } = readable.parse(root);
  const names = Object.keys(accounts);
  const faults = policies.flatMap((one, index) => {
    const place = `policies[${index}]`;
    return [
      ...unmatched(one, place, names).filter(({ at }) => !told.has(at)),
      ...unreachable(one, place),
      ...outOfTime(one, place),
      ...unasked(one, place, Object.keys(onCall)),
      ...unlike(one, place),
    ].map(({ at, says }) => `${at} ${says}`);
  });
  return { faults, warnings: [...uncovered(policies, names), ...policies.flatMap(lonely)] };
}

type Fault = { at: string; says: string };

function unmatched({ accounts }: ReadPolicy, place: string, names: readonly string[]): Fault[] {
  return accounts.flatMap((pattern, index) =>
    names.some((name) => matchesAccount(pattern, name))
      ? []
      : [{ at: `${place}.accounts[${index}]`, says: `matches no account; ${advise(pattern, names)}` }],
  );
}

function advise(pattern: string, names: readonly string[]): string {
  const meant = nearest(pattern, names);
  return meant === undefined ? `there are: ${names.join(', ') || 'none'}.` : `did you mean ${meant}?`;
}

/** How many can approve one request at most; no figure where a user group can, as anybody may be in it. */
function mostApprovals({ requesters, approvers, escalate }: ReadPolicy): { users: number; schedules: number } {
  const all = escalate === undefined ? [approvers] : [approvers, escalate.approvers];
  const users = new Set(all.flatMap((each) => each.users));
  const schedules = new Set(all.flatMap((each) => each.schedules));
  const open = all.some(({ userGroups }) => userGroups.length > 0) || users.size + schedules.size === 0;
  if (open) return { users: Number.POSITIVE_INFINITY, schedules: schedules.size };
  // Nobody approves a request of their own: where all who may ask are approvers too, one of them is missing each time.
  const { users: askers, userGroups, schedules: asking } = requesters;
  const onlyNamed = askers.length > 0 && userGroups.length + asking.length === 0;
  const isOneLess = onlyNamed && askers.every((id) => users.has(id));
  return { users: users.size - (isOneLess ? 1 : 0), schedules: schedules.size };
}

function unreachable(one: ReadPolicy, place: string): Fault[] {
  const { users, schedules } = mostApprovals(one);
  if (schedules > 0 || one.approvals <= users) return [];
  const says = 'is more than the users that may approve; name more users, a user group or a schedule.';
  return [{ at: `${place}.approvals`, says }];
}

/** A schedule mostly has one person on call, and may have more. */
function lonely(one: ReadPolicy, index: number): string[] {
  const { users, schedules } = mostApprovals(one);
  if (schedules === 0 || one.approvals <= users + schedules) return [];
  return [
    `policies[${index}].approvals is reached only while its schedules have more than one person on call each; name more users, or a user group.`,
  ];
}

function outOfTime({ expiresAfter, remindBefore, escalate }: ReadPolicy, place: string): Fault[] {
  const says = 'must be less than expiresAfter.';
  return [
    ...(remindBefore >= expiresAfter ? [{ at: `${place}.remindBefore`, says }] : []),
    ...(escalate && escalate.after >= expiresAfter ? [{ at: `${place}.escalate.after`, says }] : []),
  ];
}

function unasked(one: ReadPolicy, place: string, services: readonly string[]): Fault[] {
  const { requesters, approvers, notify, escalate } = one;
  const lists: [string, readonly string[]][] = [
    ['requesters', requesters.schedules],
    ['approvers', approvers.schedules],
    ['notify', notify.schedules],
    ['escalate.approvers', escalate?.approvers.schedules ?? []],
  ];
  return lists.flatMap(([name, schedules]) =>
    schedules.flatMap((schedule, index): Fault[] => {
      const [, service] = /^(pagerduty|opsgenie):/.exec(schedule) ?? [];
      if (service === undefined || services.includes(service)) return [];
      const says = `needs onCall.${service}, which is missing; add it, with the key that reads schedules.`;
      return [{ at: `${place}.${name}.schedules[${index}]`, says }];
    }),
  );
}

function unlike({ reason, reasonExample }: ReadPolicy, place: string): Fault[] {
  if (reasonExample === undefined || reason?.matches(reasonExample)) return [];
  return [{ at: `${place}.reasonExample`, says: 'must be a reason that matches the pattern in reason.' }];
}

function uncovered(policies: readonly ReadPolicy[], names: readonly string[]): string[] {
  const isCovered = (name: string) =>
    policies.some(({ accounts }) => accounts.some((pattern) => matchesAccount(pattern, name)));
  return names
    .filter((name) => !isCovered(name))
    .map((name) => `accounts.${name} has no policy, so nobody can use it; name it in the accounts of one.`);
}
