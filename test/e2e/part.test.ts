import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPagerDuty } from '../../playground/on-call/pagerduty.js';
import type { LocalOnCall } from '../../playground/on-call/server.js';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { fillerOf, takenIn } from './filling.js';
import { click, ending, eventsOf, openPlay, type Play, planned, rootOf, type } from './play.js';

/** Somebody approves a part of a request, as more is not known of them, and the rest later. */

const [ALICE, BOB] = [PEOPLE.requester, PEOPLE.approver];

let play: Play;
let pagerduty: LocalOnCall;
beforeAll(async () => {
  pagerduty = await startPagerDuty({ token: 'pd-canary', schedules: { P1: ['bob@example.com'] } });
  play = await openPlay({
    slack: { rateLimits: false, ackLimitMs: 60_000 },
    tuning: { onCallMs: 300 },
    config: (file) => ({
      ...file,
      onCall: { pagerduty: { token: 'pd-canary', endpoint: pagerduty.url } },
      policies: file.policies.flatMap((policy) => [
        { ...policy, accounts: ['feed-bj'], approvers: { schedules: ['pagerduty:P1'] } },
        { ...policy, accounts: ['prod-hz'], approvers: { userGroups: ['S0ONCALL'] } },
      ]),
    }),
  });
});
afterAll(() => Promise.all([play.stop(), pagerduty.stop()]));

async function requestBoth(): Promise<string> {
  await type(play, `find ${KEY}`);
  const [screen] = play.slack.ephemerals(CHANNEL, ALICE).slice(-1);
  if (screen === undefined) throw new Error('nothing is on the screen');
  await play.slack.as(ALICE).click(screen, 'request_all');
  const form = fillerOf(play, ALICE);
  await form.shows('form_reason');
  const id = takenIn((await form.submit()).next);
  await planned(play, id);
  return id;
}

it('whoever is on call somewhere that does not say so is told, and can approve that later', async () => {
  const id = await requestBoth();
  const approve = () => click(play, BOB, rootOf(play, id), 'approve');
  pagerduty.fail('hang');
  const silent = 'pagerduty:P1 did not say whether you are on call';
  expect(await approve()).toBe(
    `✅ You approved request ${id}. It still waits for 1 approval.\n` +
      `For the other accounts it does not count yet: ${silent}. If you are, press Approve again in a minute.`,
  );
  expect(await approve()).toContain(`Nothing was changed: ${silent}`);
  pagerduty.fail(undefined);
  expect(await approve()).toBe(`✅ You approved request ${id}. It is running now.`);
  const texts = await ending(play, id);
  expect(texts.join('\n')).toMatch(
    /<@U0BOB> approved plan \w{12} \(prod-hz: 1 of 1\)(?:.|\n)*<@U0BOB> approved plan \w{12} \(feed-bj: 1 of 1\)/,
  );
  const approvals = (await eventsOf(play, id)).filter((event) => event.type === 'approved');
  expect(approvals.map(({ by, accounts }) => [by, accounts])).toEqual([
    [BOB, ['prod-hz']],
    [BOB, ['feed-bj']],
  ]);
});
