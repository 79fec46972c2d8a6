import { describe, expect, it } from '@jest/globals';
import type { Person } from '../../src/jobs/policy.js';
import {
  approvableAccounts,
  approvalDoubt,
  checkNew,
  type NewRequest,
  reasonsWanted,
  termsFor,
  warningsOf,
} from '../../src/jobs/terms.js';
import { aHouse, aPolicy, CHANNEL, member, newRequest, people } from './house.js';
import { aGroup, anInstance, stages } from './samples.js';

const check = (more: Partial<NewRequest>, house = aHouse()) => checkNew(house, newRequest(more));
const asked = (account: string, more: Partial<NewRequest['selections'][number]> = {}): NewRequest['selections'] => [
  { account, key: 'deploy', instances: 'all', ...more },
];

describe('checkNew', () => {
  it('completes the region where the account has one only', () => {
    expect(check({})).toEqual({
      selections: [{ account: 'prod-hz', region: 'cn-hangzhou', key: 'deploy', instances: 'all' }],
      refusals: [],
    });
  });

  it('keeps the region that was asked for', () => {
    expect(check({ selections: asked('prod-two', { region: 'cn-beijing' }) }).selections).toMatchObject([
      { region: 'cn-beijing' },
    ]);
  });

  it.each([
    [asked('nowhere'), { code: 'unknown-account', known: ['prod-hz', 'prod-two'] }],
    [asked('prod-two'), { code: 'region-needed', regions: ['cn-hangzhou', 'cn-beijing'] }],
    [asked('prod-hz', { region: 'mars' }), { code: 'unknown-region', region: 'mars', regions: ['cn-hangzhou'] }],
    [asked('lone'), { code: 'no-policy', account: 'lone' }],
    [asked('prod-hz', { instances: Array.from({ length: 201 }, String) }), { code: 'too-many', count: 201, max: 200 }],
  ])('refuses %j', (selections, refusal) => {
    expect(check({ selections })).toMatchObject({ selections: [], refusals: [refusal] });
  });

  it('takes as many as the policy allows', () => {
    const selections = asked('prod-hz', { instances: Array.from({ length: 200 }, String) });
    expect(check({ selections }).refusals).toEqual([]);
  });

  it('tells a wrong channel from a missing policy', () => {
    const house = aHouse({ policies: [aPolicy({ channels: ['C0ELSEWHERE'] })] });
    expect(check({}, house).refusals).toEqual([
      { code: 'wrong-channel', account: 'prod-hz', channels: ['C0ELSEWHERE'] },
    ]);
  });

  it.each([
    ['what is right', asked('prod-hz'), {}],
    ['no region', asked('prod-two'), {}],
    ['a region that is not there', asked('prod-hz', { region: 'mars' }), {}],
    ['another channel', asked('prod-hz'), { channels: ['C0ELSEWHERE'] }],
    ['no reason', asked('prod-hz'), { reason: { source: 'INC', matches: () => false } }],
  ])('tells who may not ask nothing but that, of %s', (_what, selections, more) => {
    const requester = member('U0ASKER', { kind: 'guest' });
    const house = aHouse({ policies: [aPolicy(more)] });
    const account = selections[0]?.account;
    expect(check({ requester, selections }, house).refusals).toEqual([{ code: 'not-a-requester', account }]);
  });

  it('names accounts and channels to those only who may ask there', () => {
    const [own, others] = [people({ users: ['U0ASKER'] }), people({ users: ['U0OTHER'] })];
    const house = aHouse({
      policies: [
        aPolicy({ accounts: ['prod-hz'], channels: ['C0OTHERS'], requesters: others }),
        aPolicy({ accounts: ['prod-hz'], channels: ['C0OWN'], requesters: own }),
        aPolicy({ accounts: ['prod-two'], requesters: others }),
      ],
    });
    expect(check({}, house).refusals).toEqual([{ code: 'wrong-channel', account: 'prod-hz', channels: ['C0OWN'] }]);
    expect(check({ selections: asked('nowhere') }, house).refusals).toMatchObject([{ known: ['prod-hz'] }]);
  });

  it('tells who may be on call that nobody could say so', () => {
    const house = aHouse({
      policies: [aPolicy({ requesters: people({ schedules: ['pagerduty:P1', 'opsgenie:o1'] }) })],
    });
    const refusalsOf = (more: Partial<Person>) => check({ requester: member('U0ASKER', more) }, house).refusals;
    expect(refusalsOf({ schedules: ['opsgenie:o1'], unanswered: ['pagerduty:P1'] })).toEqual([]);
    const unanswered = ['pagerduty:P1', 'opsgenie:elsewhere'];
    const refusal = { code: 'not-a-requester', account: 'prod-hz' };
    expect(refusalsOf({ unanswered })).toEqual([{ ...refusal, unanswered: ['pagerduty:P1'] }]);
  });

  it('tells who may be in a user group that it is gone', () => {
    const house = aHouse({ policies: [aPolicy({ requesters: people({ userGroups: ['S0ASK'] }) })] });
    const requester = member('U0ASKER', { goneGroups: ['S0ASK', 'S0ELSEWHERE'] });
    expect(check({ requester }, house).refusals).toEqual([
      { code: 'not-a-requester', account: 'prod-hz', goneGroups: ['S0ASK'] },
    ]);
  });

  it('wants a reason where the policy does, and shows what for one', () => {
    const reason = { source: '^INC-', matches: (text: string) => text.startsWith('INC-') };
    const refusalsFor = (text: string, example?: string) =>
      check({ reason: text }, aHouse({ policies: [aPolicy({ reason: { ...reason, ...(example && { example }) } })] }))
        .refusals;
    expect(refusalsFor('INC-1 laptop')).toEqual([]);
    expect(refusalsFor('laptop')).toEqual([{ code: 'reason-wanted', account: 'prod-hz', pattern: '^INC-' }]);
    expect(refusalsFor('', 'INC-2')).toMatchObject([{ code: 'reason-wanted', example: 'INC-2' }]);
    const policies = [aPolicy({ accounts: ['prod-hz'], reason }), aPolicy({ accounts: ['prod-two'] })];
    const wanted = (text: string) =>
      reasonsWanted(aHouse({ policies }), {
        accounts: ['prod-two', 'prod-hz', 'prod-hz', 'nowhere'],
        channel: CHANNEL,
        reason: text,
      });
    expect(wanted('laptop')).toEqual(refusalsFor('laptop'));
    expect(wanted('INC-2')).toEqual([]);
  });

  it('says all that stands against it at once', () => {
    const instances = Array.from({ length: 201 }, String);
    const selections = [...asked('prod-hz', { region: 'mars', instances }), ...asked('nowhere')];
    expect(check({ selections }).refusals.map(({ code }) => code)).toEqual([
      'unknown-region',
      'too-many',
      'unknown-account',
    ]);
  });
});

const request = stages(aGroup([anInstance('i-1')])).planning;
const twoAccounts = {
  ...request,
  channel: CHANNEL,
  selections: [...request.selections, ...request.selections.map((one) => ({ ...one, account: 'prod-two' }))],
};

const BOTH = ['prod-hz', 'prod-two'];

describe('termsFor', () => {
  it('asks every quorum, the shortest time and the smallest number', () => {
    const policies = [
      aPolicy({ accounts: ['prod-two'], approvals: 1, expiresAfterMs: 900, maxInstances: 300 }),
      aPolicy({ approvals: 2, expiresAfterMs: 1_000, maxInstances: 50 }),
    ];
    expect(termsFor(aHouse({ policies }), request, BOTH)).toEqual({
      quorums: [
        { account: 'prod-hz', approvals: 2 },
        { account: 'prod-two', approvals: 1 },
      ],
      expiresAfterMs: 900,
      maxInstances: 50,
    });
  });

  it('asks each account once', () => {
    const twice = ['prod-hz', 'prod-hz'];
    expect(termsFor(aHouse(), request, twice)).toMatchObject({ quorums: [{ account: 'prod-hz', approvals: 3 }] });
  });

  it.each([
    ['whose policy is gone', aHouse({ policies: [aPolicy({ accounts: ['prod-hz'] })] })],
    ['that is gone itself', aHouse({ accounts: new Map([['prod-hz', { regions: ['cn-hangzhou'] }]]) })],
  ])('asks no quorum for an account %s', (_what, house) => {
    expect(termsFor(house, request, BOTH).quorums.map(({ account }) => account)).toEqual(['prod-hz']);
  });
});

describe('approvableAccounts', () => {
  const house = aHouse({
    policies: [
      aPolicy({ accounts: ['prod-two'], approvers: people({ users: ['U0TWO'] }) }),
      aPolicy({ approvers: people({ users: ['U0ONE', 'U0BOTH'], userGroups: ['S0ONCALL'] }) }),
    ],
  });

  it.each([
    ['one account', member('U0ONE'), ['prod-hz']],
    ['the other', member('U0TWO'), ['prod-two']],
    ['both', member('U0TWO', { userGroups: ['S0ONCALL'] }), ['prod-hz', 'prod-two']],
    ['none', member('U0NOBODY'), []],
  ])('%s', (_what, person, accounts) => {
    expect(approvableAccounts(house, twoAccounts, person)).toEqual(accounts);
  });
});

describe('approvalDoubt', () => {
  const house = aHouse({
    policies: [
      aPolicy({ accounts: ['prod-two'], approvers: people({ schedules: ['pagerduty:P1'] }) }),
      aPolicy({
        approvers: people({ schedules: ['pagerduty:P1', 'pagerduty:P2'] }),
        requesters: people({ schedules: ['pagerduty:P3'] }),
        escalate: { afterMs: 1, approvers: people({ schedules: ['opsgenie:o1'] }) },
      }),
    ],
  });

  it.each([
    [['pagerduty:P1'], { unanswered: ['pagerduty:P1'] }],
    [['opsgenie:o1'], {}],
    [['pagerduty:P3'], {}],
    [[], {}],
  ])('%j', (unanswered, doubt) => {
    expect(approvalDoubt(house, twoAccounts, member('U0X', { unanswered }))).toEqual(doubt);
  });

  it.each([
    ['that still misses approvals', [], ['pagerduty:P1']],
    ['that needs no more', ['prod-two'], []],
  ])('to an approver of one account it is about the other %s', (_what, accounts, about) => {
    const quorums = ['prod-hz', 'prod-two'].map((account) => ({ account, approvals: 1 }));
    const plan = { digest: 'd', quorums, plannedAt: 0, expiresAt: 1 };
    const approvals = [{ by: 'U0TWO', accounts, at: 0 }];
    const person = member('U0X', { schedules: ['pagerduty:P2'], unanswered: ['pagerduty:P1'] });
    const { unanswered = [] } = approvalDoubt(house, { ...twoAccounts, plan, approvals }, person);
    expect(unanswered).toEqual(about);
  });

  it('is about the next approvers too, once it has escalated to them', () => {
    const escalated = { ...twoAccounts, escalations: [{ account: 'prod-hz', users: [], userGroups: [] }] };
    const person = member('U0X', { unanswered: ['opsgenie:o1'] });
    expect(approvalDoubt(house, escalated, person)).toEqual({ unanswered: ['opsgenie:o1'] });
  });
});

describe('warningsOf', () => {
  it('gives the text of each account that has one, once', () => {
    const accounts = new Map([
      ['prod-hz', { regions: ['cn-hangzhou'], warning: 'Phone first.' }],
      ['prod-two', { regions: ['cn-hangzhou'] }],
    ]);
    const selections = [...twoAccounts.selections, ...twoAccounts.selections];
    expect(warningsOf(aHouse({ accounts }), selections)).toEqual([{ account: 'prod-hz', text: 'Phone first.' }]);
  });
});
