import { z } from 'zod';
import { matchesAccount } from '../jobs/policy.js';
import { nearest } from './nearest.js';

const texts = z.array(z.string()).catch([]);
const users = z.object({ users: texts, userGroups: texts }).catch({ users: [], userGroups: [] });

/** As much of the file as can be read also where other parts of it are wrong, so that all faults come at once. */
const readable = z.object({
  accounts: z.record(z.string(), z.unknown()).catch({}),
  policies: z
    .array(
      z
        .object({ accounts: texts, approvers: users, approvals: z.coerce.number().catch(1) })
        .catch({ accounts: [], approvers: { users: [], userGroups: [] }, approvals: 1 }),
    )
    .catch([]),
});

export type PolicyCheck = { faults: readonly string[]; warnings: readonly string[] };

/** What policies and accounts have to be to each other. */
export function checkPolicies(root: unknown, told: ReadonlySet<string>): PolicyCheck {
  const { accounts, policies } = readable.catch({ accounts: {}, policies: [] }).parse(root);
  const names = Object.keys(accounts);
  const unmatched = policies.flatMap((policy, index) =>
    policy.accounts
      .map((pattern, place) => ({ pattern, place: `policies[${index}].accounts[${place}]` }))
      .filter(({ pattern, place }) => !told.has(place) && !names.some((name) => matchesAccount(pattern, name)))
      .map(({ pattern, place }) => `${place} matches no account; ${advise(pattern, names)}`),
  );
  const unreachable = policies.flatMap(({ approvers, approvals }, index) => {
    const possible = new Set(approvers.users).size;
    if (approvers.userGroups.length > 0 || possible === 0 || approvals <= possible) return [];
    return [`policies[${index}].approvals is more than the users that may approve; name more users, or a user group.`];
  });
  const covered = (name: string) =>
    policies.some((policy) => policy.accounts.some((pattern) => matchesAccount(pattern, name)));
  const warnings = names
    .filter((name) => !covered(name))
    .map((name) => `accounts.${name} has no policy, so nobody can use it; name it in the accounts of one.`);
  return { faults: [...unmatched, ...unreachable], warnings };
}

function advise(pattern: string, names: readonly string[]): string {
  const meant = nearest(pattern, names);
  return meant === undefined ? `there are: ${names.join(', ') || 'none'}.` : `did you mean ${meant}?`;
}
