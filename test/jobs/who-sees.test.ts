import { describe, expect, it } from '@jest/globals';
import type { Person } from '../../src/jobs/policy.js';
import type { Request } from '../../src/jobs/request.js';
import { maySee, usableAccounts, waitsFor } from '../../src/jobs/who-sees.js';
import { approved, group, planned, started, target, then } from '../bot/messages/requests.js';
import { aHouse, aPolicy, CHANNEL, member, people } from './house.js';

const [ASKER, LEAD, STRANGER] = [member('UANNA'), member('U0LEAD0'), member('U0OTHER')];
const ONE = group([target(1)]);
const TWO = group([target(1)], { account: 'prod-two' });
const requestOf = (groups = [ONE]): Request => planned(groups, { channel: CHANNEL }).request;

const named = aPolicy({ requesters: people({ users: ['U0DEV'], userGroups: ['S0DEV'] }) });
const inChannel = aPolicy();

describe('a request is seen by', () => {
  it.each<[string, Person, string | undefined, ReturnType<typeof aPolicy>, boolean]>([
    ['its requester, anywhere', ASKER, undefined, named, true],
    ['whoever may approve it, anywhere', LEAD, 'C0OTHER', named, true],
    ['an approver by a group', member('U0X', { userGroups: ['S0ONCALL'] }), undefined, named, true],
    ['whoever is named as requester, anywhere', member('U0DEV'), undefined, named, true],
    ['a requester by a group', member('U0X', { userGroups: ['S0DEV'] }), undefined, named, true],
    ['a guest who is named', member('U0DEV', { kind: 'guest' }), undefined, named, true],
    ['nobody else where requesters are named', STRANGER, CHANNEL, named, false],
    ['whoever is in its channel, where anyone there may ask', STRANGER, CHANNEL, inChannel, true],
    ['nobody from another channel then', STRANGER, 'C0OTHER', inChannel, false],
    ['nobody from no channel then', STRANGER, undefined, inChannel, false],
    ['no guest in its channel', member('U0OTHER', { kind: 'guest' }), CHANNEL, inChannel, false],
    ['no outsider in its channel', member('U0OTHER', { kind: 'outsider' }), CHANNEL, inChannel, false],
    ['no bot, not even one that is named', member('U0DEV', { kind: 'bot' }), CHANNEL, named, false],
    ['not its requester once they are deactivated', member('UANNA', { kind: 'deactivated' }), CHANNEL, named, false],
  ])('%s', (_, person, channel, policy, sees) => {
    const house = aHouse({ policies: [policy] });
    expect(maySee(house, requestOf(), { person, ...(channel !== undefined && { channel }) })).toBe(sees);
  });

  it('whoever may ask for every account in it, and not for only one of them', () => {
    const both = requestOf([ONE, TWO]);
    const secret = aPolicy({ accounts: ['prod-two'], requesters: people({ users: ['U0DEV'] }) });
    const house = aHouse({ policies: [secret, inChannel] });
    expect(maySee(house, requestOf([ONE]), { person: STRANGER, channel: CHANNEL })).toBe(true);
    expect(maySee(house, both, { person: STRANGER, channel: CHANNEL })).toBe(false);
    expect(maySee(house, both, { person: member('U0DEV'), channel: CHANNEL })).toBe(true);
  });

  it('nobody by a policy of another channel, or by none', () => {
    const elsewhere = aHouse({ policies: [aPolicy({ channels: ['C0OTHER'] })] });
    expect(maySee(elsewhere, requestOf(), { person: LEAD, channel: CHANNEL })).toBe(false);
    expect(maySee(aHouse({ policies: [] }), requestOf(), { person: STRANGER, channel: CHANNEL })).toBe(false);
  });
});

describe('a request waits for', () => {
  const house = aHouse();
  const once = approved(planned([ONE], { channel: CHANNEL }), 'U0LEAD0');

  it.each<[string, Person, Request, boolean]>([
    ['an approver', LEAD, requestOf(), true],
    ['another approver after the first', member('U0LEAD1'), once.request, true],
    ['nobody who approved already', LEAD, once.request, false],
    ['not its requester', member('U0LEAD0'), planned([ONE], { requester: 'U0LEAD0' }).request, false],
    ['nobody who may not approve', STRANGER, requestOf(), false],
    ['nobody once it runs', member('U0LEAD2'), started(once, 'U0LEAD1').request, false],
  ])('%s', (_, person, request, waits) => {
    expect(waitsFor(house, request, person)).toBe(waits);
  });

  it('whoever may approve since an escalation, and not before', () => {
    const escalate = { afterMs: 60_000, approvers: people({ users: ['U0NEXT'] }) };
    const escalating = aHouse({ policies: [aPolicy({ escalate })] });
    const late = then(planned([ONE], { channel: CHANNEL }), {
      type: 'escalated',
      escalations: [{ account: ONE.account, users: ['U0NEXT'], userGroups: [] }],
    });
    expect(waitsFor(escalating, requestOf(), member('U0NEXT'))).toBe(false);
    expect(waitsFor(escalating, late.request, member('U0NEXT'))).toBe(true);
  });

  it('nobody whose accounts have all their approvals', () => {
    const two = aPolicy({ accounts: ['prod-two'], approvers: people({ users: ['U0TWO'] }) });
    const shared = aHouse({ policies: [two, aPolicy()] });
    const waiting = planned([ONE, TWO], { channel: CHANNEL }, 1);
    expect(waitsFor(shared, waiting.request, member('U0TWO'))).toBe(true);
    const request: Request = {
      ...waiting.request,
      approvals: [{ by: 'U0LEAD0', accounts: [ONE.account], at: 1 }],
    };
    expect(waitsFor(shared, request, member('U0LEAD1'))).toBe(false);
    expect(waitsFor(shared, request, member('U0TWO'))).toBe(true);
    expect(waitsFor(aHouse(), request, member('U0LEAD0'))).toBe(true);
    const all = [ONE.account, TWO.account];
    expect(waitsFor(aHouse(), { ...request, approvals: [{ by: 'U0LEAD0', accounts: all, at: 1 }] }, LEAD)).toBe(false);
  });
});

describe('an account is usable', () => {
  it.each<[string, Person, string[]]>([
    ['by members, where anyone in a channel may ask', STRANGER, ['prod-two']],
    ['by who is named', member('U0DEV'), ['prod-hz', 'prod-two']],
    ['by approvers', member('U0LEAD0'), ['prod-hz', 'prod-two']],
    ['not by guests', member('U0OTHER', { kind: 'guest' }), []],
    ['not by bots', member('U0DEV', { kind: 'bot' }), []],
  ])('%s', (_, person, accounts) => {
    const house = aHouse({ policies: [{ ...named, accounts: ['prod-hz'] }, inChannel] });
    const open = aHouse({ policies: [{ ...named, accounts: ['prod-hz'] }, aPolicy({ accounts: ['prod-two'] })] });
    expect(usableAccounts(open, person)).toEqual(accounts);
    expect(usableAccounts(house, person)).not.toContain('lone');
  });
});
