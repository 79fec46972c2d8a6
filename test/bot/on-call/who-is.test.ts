import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import type { OnCall } from '../../../src/bot/on-call/on-call.js';
import { createWhoIs } from '../../../src/bot/on-call/who-is.js';
import { people } from '../../jobs/house.js';
import { clientOf, startTestSlack } from '../../playground/slack/harness.js';

let slack: LocalSlack;
let unknown: string[];
beforeEach(async () => {
  ({ slack } = await startTestSlack());
  unknown = [];
});
afterEach(() => slack.stop());

const whoIs = (duties: Record<string, string[]> = {}) => {
  const onCall: OnCall = { ask: async (all) => new Map(Object.entries(duties).filter(([id]) => all.includes(id))) };
  return createWhoIs({ client: clientOf(slack), onCall, onUnknown: (schedule) => unknown.push(schedule) });
};
const P1 = people({ users: ['U0DAN'], userGroups: ['S0ONCALL'], schedules: ['pagerduty:P1'] });

it('finds who is on call in Slack, by e-mail', async () => {
  expect(await whoIs({ 'pagerduty:P1': ['bob@example.com', 'carol@example.com'] })(P1)).toEqual({
    users: ['U0DAN', 'U0BOB', 'U0CAROL'],
    userGroups: ['S0ONCALL'],
  });
});

it('names nobody twice', async () => {
  expect((await whoIs({ 'pagerduty:P1': ['dan@example.com'] })(P1)).users).toEqual(['U0DAN']);
});

it('asks Slack nothing where no schedule is named', async () => {
  await whoIs()(people({ users: ['U0DAN'] }));
  expect(slack.calls).toEqual([]);
});

it.each<[string, Record<string, string[]>]>([
  ['the schedule does not answer', {}],
  ['nobody is on call', { 'pagerduty:P1': [] }],
  ['whoever is on call is not in Slack', { 'pagerduty:P1': ['stranger@elsewhere.com'] }],
])('says so where %s', async (_what, duties) => {
  expect(await whoIs(duties)(P1)).toEqual({ users: ['U0DAN'], userGroups: ['S0ONCALL'], unknown: ['pagerduty:P1'] });
});

it('says so where Slack does not answer', async () => {
  slack.fail('users.lookupByEmail', { kind: 'http', status: 503 });
  expect(await whoIs({ 'pagerduty:P1': ['bob@example.com'] })(P1)).toMatchObject({ unknown: ['pagerduty:P1'] });
  expect(unknown).toEqual(['pagerduty:P1']);
});
