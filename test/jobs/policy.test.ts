import { describe, expect, it } from '@jest/globals';
import {
  channelsFor,
  matchesAccount,
  mayApprove,
  mayRequest,
  type Person,
  policyFor,
  userGroupsOf,
} from '../../src/jobs/policy.js';
import { aPolicy, member } from './house.js';

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

  it('tells where an account could be used', () => {
    expect(channelsFor([narrow, aPolicy({ channels: ['C3'] })], 'prod-hz')).toEqual(['C1', 'C3']);
    expect(channelsFor(policies, 'game-gz')).toEqual([]);
  });
});

describe('who may', () => {
  const group = { users: ['U0NAMED'], userGroups: ['S0ONCALL'] };
  const approving = aPolicy({ approvers: group });
  const inGroup = { userGroups: ['S0ONCALL'] };
  const KINDS: readonly Person['kind'][] = ['member', 'guest', 'outsider', 'bot', 'deactivated'];
  const may = (person: Partial<Person>) =>
    KINDS.filter((kind) => mayApprove(approving, member('U0X', { ...person, kind })));

  it('approve: those named, whoever they are but bots and the deactivated', () => {
    expect(may({ id: 'U0NAMED' })).toEqual(['member', 'guest', 'outsider']);
  });

  it('approve: members of the group, and no guests in it', () => {
    expect(may(inGroup)).toEqual(['member']);
  });

  it('approve: nobody else', () => {
    expect(may({ userGroups: ['S0OTHER'] })).toEqual([]);
  });

  it('ask: any member where nobody is named, else those who are', () => {
    const asking = (person: Partial<Person>, requesters?: typeof group) =>
      KINDS.filter((kind) => mayRequest(aPolicy(requesters && { requesters }), member('U0X', { ...person, kind })));
    expect(asking({})).toEqual(['member']);
    expect(asking({}, group)).toEqual([]);
    expect(asking({ id: 'U0NAMED' }, group)).toEqual(['member', 'guest', 'outsider']);
    expect(asking(inGroup, group)).toEqual(['member']);
  });

  it('is known by all groups of all policies, each once', () => {
    const two = aPolicy({ requesters: { users: [], userGroups: ['S0TEAM', 'S0ONCALL'] } });
    expect(userGroupsOf([approving, two])).toEqual(['S0ONCALL', 'S0TEAM']);
  });
});
