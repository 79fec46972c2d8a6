import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { secretsOf } from '../../src/config.js';
import { account, configOf, faultsOf, file, policy } from './sample.js';

const only = (change: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  file({ policies: [policy(change)], ...more });
const onCall = { pagerduty: { token: 'pd-canary' }, opsgenie: { apiKey: 'og-canary', endpoint: 'http://127.0.0.1:9' } };
const nobody = { users: [], userGroups: [], schedules: [] };

describe('a policy', () => {
  it('tells who is mentioned, who else may approve later, and when it is called to mind', () => {
    const change = {
      approvers: { schedules: ['pagerduty:PABC123', 'pagerduty:PABC123'] },
      notify: { userGroups: ['S1'] },
      expiresAfter: '30m',
      remindBefore: '5m',
      escalate: { after: '10m', approvers: { users: ['U9'] } },
    };
    expect(configOf(only(change, { onCall })).policies[0]).toMatchObject({
      approvers: { ...nobody, schedules: ['pagerduty:PABC123'] },
      notify: { ...nobody, userGroups: ['S1'] },
      remindBeforeMs: 300_000,
      escalate: { afterMs: 600_000, approvers: { ...nobody, users: ['U9'] } },
    });
  });

  it('mentions the approvers where it does not say whom, and nobody where it says so', () => {
    expect(configOf(only({})).policies[0]?.notify).toEqual({ ...nobody, users: ['U1', 'U2'] });
    expect(configOf(only({ notify: {} })).policies[0]?.notify).toEqual(nobody);
  });

  it('asks for reasons that match its pattern', () => {
    const { reason } = configOf(only({ reason: '^INC-\\d+', reasonExample: 'INC-12 lost laptop' })).policies[0] ?? {};
    expect(reason).toMatchObject({ source: '^INC-\\d+', example: 'INC-12 lost laptop' });
    expect(['INC-4', 'INC-4 key leaked', 'see INC-4', 'inc-4', ''].map((text) => reason?.matches(text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('is not held up by any reason', () => {
    const { reason } = configOf(only({ reason: '^(\\w+\\s?)*$' })).policies[0] ?? {};
    // What a backtracking engine would not be done with in a lifetime.
    expect(reason?.matches(`${'a'.repeat(1_000)}!`)).toBe(false);
  });

  it.each([
    [{ approvers: { users: ['U1'], schedules: ['pagerduty:P1'] }, approvals: 3 }, true],
    [{ approvers: { users: ['U1'], schedules: ['pagerduty:P1'] }, approvals: 2 }, false],
    [{ approvers: { userGroups: ['S1'], schedules: ['pagerduty:P1'] }, approvals: 9 }, false],
  ])('%j is warned of: %s', (change, warned) => {
    const { warnings } = configOf(only(change, { onCall }));
    expect(warnings).toEqual(warned ? [expect.stringContaining('policies[0].approvals is reached only while')] : []);
  });

  it('counts those of the escalation too', () => {
    const escalate = { after: '10m', approvers: { users: ['U3'] } };
    expect(faultsOf(only({ approvals: 3, escalate }))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a schedule of no service',
      { approvers: { schedules: ['PABC123'] } },
      'policies[0].approvers.schedules[0] must be an on-call schedule and whose it is, as in pagerduty:PABC123.',
    ],
    [
      'a schedule that cannot be asked',
      { notify: { schedules: ['opsgenie:b1'] } },
      'policies[0].notify.schedules[0] needs onCall.opsgenie, which is missing; add it, with the key that reads schedules.',
    ],
    [
      'an escalation to nobody',
      { escalate: { after: '5m', approvers: {} } },
      'policies[0].escalate.approvers must name a user, a user group or a schedule.',
    ],
    [
      'an escalation that comes too late',
      { escalate: { after: '30m', approvers: { users: ['U3'] } } },
      'policies[0].escalate.after must be less than expiresAfter.',
    ],
    ['a reminder too early', { remindBefore: '45m' }, 'policies[0].remindBefore must be less than expiresAfter.'],
    [
      'a pattern that is none',
      { reason: 'INC-[' },
      'policies[0].reason is no pattern that can be used; RE2 reads it, which knows no look-around and no back-references.',
    ],
    ['a look-ahead', { reason: '(?=INC)' }, 'policies[0].reason is no pattern that can be used; RE2 reads it, whi'],
    ['a long pattern', { reason: 'x'.repeat(201) }, 'policies[0].reason must have at most 200 characters.'],
    [
      'an example that does not match',
      { reason: '^INC-', reasonExample: 'laptop lost' },
      'policies[0].reasonExample must be a reason that matches the pattern in reason.',
    ],
    [
      'only approvers who may ask, one too few',
      { requesters: { users: ['U1', 'U2'] }, approvals: 2 },
      'policies[0].approvals is more than the users that may approve; name more users, a user group or a schedule.',
    ],
  ])('%s is a fault', (_what, change, sentence) => {
    const faults = faultsOf(only(change));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.slice(0, sentence.length)).toBe(sentence);
  });

  it('has all its faults told at once', () => {
    const change = { approvals: 0, remindBefore: '2h', notify: { schedules: ['pagerduty:P1'] } };
    expect(faultsOf(only(change)).map((fault) => fault.split(' ')[0])).toEqual([
      'policies[0].approvals',
      'policies[0].remindBefore',
      'policies[0].notify.schedules[0]',
    ]);
  });
});

describe('on-call services', () => {
  it('are asked at their usual address, or where the config says', () => {
    const config = configOf(file({ onCall }));
    expect(config.onCall.pagerduty?.endpoint).toBe('https://api.pagerduty.com');
    expect(config.onCall.opsgenie?.endpoint).toBe('http://127.0.0.1:9');
    expect(configOf(file()).onCall).toEqual({});
  });

  it('keep their keys secret', () => {
    const config = configOf(file({ onCall }));
    expect(secretsOf(config)).toEqual(expect.arrayContaining(['pd-canary', 'og-canary']));
    expect(`${inspect(config, { depth: 20 })} ${JSON.stringify(config)}`).not.toContain('canary');
  });

  it.each([
    [{ pagerduty: { token: 'a b' } }, 'onCall.pagerduty.token has a space'],
    [{ pagerduty: { apiKey: 'x', token: 'y' } }, 'onCall.pagerduty.apiKey is not known'],
    [{ opsgenie: { apiKey: 'x', endpoint: 'http://a/b' } }, 'onCall.opsgenie.endpoint must be an http or https'],
    [{ victorops: {} }, 'onCall.victorops is not known; known here: pagerduty, opsgenie.'],
  ])('%j is a fault', (services, sentence) => {
    expect(faultsOf(file({ onCall: services }))).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('a warning of an account', () => {
  const warned = (warning: unknown) => file({ accounts: { prod: account({ warning }) } });

  it('is shown to people, and not given to the adapter', () => {
    const prod = configOf(warned('Production. Phone first.')).accounts.get('prod');
    expect(prod?.warning).toBe('Production. Phone first.');
    expect(prod?.settings.reveal()).not.toHaveProperty('warning');
  });

  it.each(['', 'x'.repeat(301)])('is refused when it is empty or too long', (warning) => {
    expect(faultsOf(warned(warning))).toEqual([expect.stringContaining('accounts.prod.warning')]);
  });
});
