import { describe, expect, it } from '@jest/globals';
import {
  judgesOf,
  matchesAccount,
  mayApprove,
  mayRequest,
  type Person,
  policiesOf,
  policyFor,
} from '../../src/jobs/policy.js';
import { aPolicy, member, people } from './house.js';

describe('matchesAccount', () => {
  it.each([
    ['prod-hz', 'prod-hz', true],
    ['prod-*', 'prod-hz', true],
    ['prod-*', 'prod-', true],
    ['*', 'anything', true],
    ['*-hz', 'prod-hz', true],
    ['p*d-h*', 'prod-hz', true],
    ['prod-*', 'preprod-hz', false],
    ['prod', 'prod-hz', false],
    ['prod-h', 'prod-hz', false],
    ['prod.hz', 'prod-hz', false],
    ['(prod-hz|x)', 'prod-hz', false],
  ])('%s and %s: %s', (pattern, account, matches) => {
    expect(matchesAccount(pattern, account)).toBe(matches);
  });
});

describe('policyFor', () => {
  const narrow = aPolicy({ channels: ['C1'], approvals: 1 });
  const wide = aPolicy({ approvals: 2 });
  const policies = [narrow, wide];

  it('is the first that covers the account in this channel', () => {
    expect(policyFor(policies, 'prod-hz', 'C1')).toBe(narrow);
    expect(policyFor(policies, 'prod-hz', 'C2')).toBe(wide);
    expect(policyFor([narrow], 'prod-hz', 'C2')).toBeUndefined();
    expect(policyFor(policies, 'game-gz', 'C1')).toBeUndefined();
  });

  it('tells which cover an account anywhere', () => {
    expect(policiesOf(policies, 'prod-hz')).toEqual(policies.filter((one) => one === narrow || one === wide));
    expect(policiesOf(policies, 'game-gz')).toEqual([]);
  });
});

describe('who may', () => {
  const group = people({ users: ['U0NAMED'], userGroups: ['S0ONCALL'], schedules: ['pagerduty:P1'] });
  const approving = aPolicy({ approvers: group });
  const inGroup = { userGroups: ['S0ONCALL'] };
  const onCall = { schedules: ['pagerduty:P1'] };
  const KINDS: readonly Person['kind'][] = ['member', 'guest', 'outsider', 'bot', 'deactivated'];
  const may = (person: Partial<Person>) =>
    KINDS.filter((kind) => mayApprove(approving, member('U0X', { ...person, kind }), false));

  it('approve: those named, whoever they are but bots and the deactivated', () => {
    expect(may({ id: 'U0NAMED' })).toEqual(['member', 'guest', 'outsider']);
  });

  it('approve: members of the group, and no guests in it', () => {
    expect(may(inGroup)).toEqual(['member']);
  });

  it('approve: members who are on call, and no guests who are', () => {
    expect(may(onCall)).toEqual(['member']);
  });

  it('approve: nobody else', () => {
    expect(may({ userGroups: ['S0OTHER'] })).toEqual([]);
    expect(may({ schedules: ['opsgenie:P1'] })).toEqual([]);
    expect(may({ unanswered: ['pagerduty:P1'] })).toEqual([]);
  });

  it('ask: any member where nobody is named, else those who are', () => {
    const asking = (person: Partial<Person>, requesters?: typeof group) =>
      KINDS.filter((kind) => mayRequest(aPolicy(requesters && { requesters }), member('U0X', { ...person, kind })));
    expect(asking({})).toEqual(['member']);
    expect(asking({}, group)).toEqual([]);
    expect(asking({ id: 'U0NAMED' }, group)).toEqual(['member', 'guest', 'outsider']);
    expect(asking(inGroup, group)).toEqual(['member']);
    expect(asking(onCall, group)).toEqual(['member']);
  });

  it('is known by all groups and schedules of all policies, each once, and not by who is only told', () => {
    const two = aPolicy({
      requesters: people({ userGroups: ['S0TEAM', 'S0ONCALL'], schedules: ['opsgenie:2'] }),
      notify: people({ userGroups: ['S0TOLD'], schedules: ['opsgenie:told'] }),
      escalate: { afterMs: 1, approvers: people({ userGroups: ['S0BOSS'], schedules: ['opsgenie:2'] }) },
    });
    expect(judgesOf([approving, two])).toEqual({
      userGroups: ['S0ONCALL', 'S0TEAM', 'S0BOSS'],
      schedules: ['pagerduty:P1', 'opsgenie:2'],
    });
  });
});
