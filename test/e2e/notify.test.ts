import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPagerDuty } from '../../playground/on-call/pagerduty.js';
import type { LocalOnCall } from '../../playground/on-call/server.js';
import { KEY } from '../../playground/stage/clouds.js';
import { click, ending, eventsOf, openPlay, type Play, plan, repliesOf, rootOf } from './play.js';

/** Who is called when an approval is needed: in the thread, once. */

let play: Play;
let pagerduty: LocalOnCall;
beforeAll(async () => {
  pagerduty = await startPagerDuty({ token: 'pd-canary', schedules: { P1: ['Carol@example.com'] } });
  play = await openPlay({
    slack: { rateLimits: false },
    tuning: { onCallMs: 300 },
    approvals: 2,
    config: (file) => ({
      ...file,
      onCall: { pagerduty: { token: 'pd-canary', endpoint: pagerduty.url } },
      policies: file.policies.map((policy) => ({
        ...policy,
        notify: { users: ['U0DAN', 'U0ALICE'], userGroups: ['S0ONCALL'], schedules: ['pagerduty:P1'] },
      })),
    }),
  });
});
afterAll(() => Promise.all([play.stop(), pagerduty.stop()]));

const callsIn = (id: string) => repliesOf(play, id).filter(({ text }) => text.includes('Your approval is needed'));
const called = (id: string) =>
  play.slack.waitFor(() => (callsIn(id).length > 0 ? callsIn(id) : undefined), 'the call for an approval');

it('calls users, user groups and whoever is on call, once, and not whoever asked', async () => {
  const { id, root } = await plan(play, `prod-hz ${KEY} all`);
  const [call] = await called(id);
  expect(call?.text).toMatch(
    /^<@U0DAN> <@U0CAROL> <!subteam\^S0ONCALL> 🔑 Your approval is needed: detach key `deploy_2024` from 1 instance\. /,
  );
  const blocks = JSON.stringify(call?.blocks);
  expect(blocks).toContain('{"type":"usergroup","usergroup_id":"S0ONCALL"}');
  expect(blocks).not.toContain('U0ALICE');
  await click(play, 'U0BOB', root, 'approve');
  await play.slack.waitFor(() => rootOf(play, id).text.includes('1 of 2'), 'the first approval on the root');
  await click(play, 'U0CAROL', root, 'approve');
  await ending(play, id);
  expect(callsIn(id)).toHaveLength(1);
  expect(rootOf(play, id).text).not.toContain('subteam');
});

it('says for which schedule nobody was found, and calls the others', async () => {
  pagerduty.fail('hang');
  const { id } = await plan(play, `feed-bj ${KEY} all --reason <!channel> <!subteam^S0ONCALL>`);
  const [call] = await called(id);
  pagerduty.fail(undefined);
  expect(call?.text).toMatch(/^<@U0DAN> <!subteam\^S0ONCALL> 🔑 /);
  expect(call?.text).toContain('`pagerduty:P1` did not say who is on call, so nobody from there was told.');
  expect((await eventsOf(play, id)).find(({ type }) => type === 'notified')).toEqual({
    type: 'notified',
    mentions: { users: ['U0DAN'], userGroups: ['S0ONCALL'], unknown: ['pagerduty:P1'] },
  });
  expect(rootOf(play, id).text).not.toMatch(/<!(channel|subteam)/);
});
