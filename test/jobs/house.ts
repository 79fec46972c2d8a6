import type { People, Person, Policy } from '../../src/jobs/policy.js';
import type { House, NewRequest } from '../../src/jobs/terms.js';
import { ACCOUNT, START } from './samples.js';

/** Who is who, and what the config allows them. */

export const CHANNEL = 'C0INCIDENT';

export const member = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  kind: 'member',
  userGroups: [],
  schedules: [],
  unanswered: [],
  goneGroups: [],
  ...more,
});

export const APPROVERS = Array.from({ length: 12 }, (_, index) => `U0LEAD${index}`);

/** People of a policy, where nobody is named but by `more`. */
export const people = (more: Partial<People> = {}): People => ({ users: [], userGroups: [], schedules: [], ...more });

const NOBODY = people();

export const aPolicy = (more: Partial<Policy> = {}): Policy => ({
  accounts: ['prod-*'],
  approvers: people({ users: APPROVERS, userGroups: ['S0ONCALL'] }),
  notify: NOBODY,
  approvals: 3,
  expiresAfterMs: 1_800_000,
  maxInstances: 200,
  ...more,
});

export const aHouse = (more: Partial<House> = {}): House => ({
  accounts: new Map([
    [ACCOUNT, { regions: ['cn-hangzhou'] }],
    ['prod-two', { regions: ['cn-hangzhou', 'cn-beijing'] }],
    ['lone', { regions: ['cn-hangzhou'] }],
  ]),
  policies: [aPolicy()],
  ...more,
});

export const newRequest = (more: Partial<NewRequest> = {}): NewRequest => ({
  origin: 'C0INCIDENT/U0ASKER/trigger-1',
  requester: member('U0ASKER'),
  channel: CHANNEL,
  language: 'en',
  restart: false,
  reason: 'key leaked',
  selections: [{ account: ACCOUNT, key: 'deploy', instances: 'all' }],
  ...more,
});

/** A clock that a test moves. */
export function makeClock(start = START): { now(): number; pass(ms: number): void } {
  let time = start;
  return {
    now: () => time,
    pass(ms) {
      time += ms;
    },
  };
}
