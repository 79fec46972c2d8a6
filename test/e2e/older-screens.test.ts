import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPagerDuty } from '../../playground/on-call/pagerduty.js';
import type { LocalOnCall } from '../../playground/on-call/server.js';
import type { Message, View } from '../../playground/slack/model.js';
import { makeUser, makeUserGroup } from '../../playground/slack/workspace.js';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { type Circumstance, changed, deactivated, group, type Stand, silent, slackFails } from './circumstances.js';
import {
  answerTo,
  ask,
  click,
  ending,
  hasButton,
  NO_SEEDS,
  nextModal,
  openPlay,
  type Play,
  plan,
  planned,
  readView,
  rootOf,
  type,
} from './play.js';

/** What stands on a screen from when somebody might more than they may now: each gesture on it is judged anew. */

const [ALICE, BOB] = [PEOPLE.requester, PEOPLE.approver];
const [EVE, ANN] = ['U0EVE', 'U0ANN'];
const CREW = 'S0CREW';

let play: Play;
let pagerduty: LocalOnCall;
/** It waits, and has pages of instances. */
let waiting: string;
/** Something in it failed. */
let ended: string;

beforeAll(async () => {
  pagerduty = await startPagerDuty({ token: 'pd-canary', schedules: { P1: [`${ANN}@example.com`] } });
  const crew = { userGroups: [CREW], schedules: ['pagerduty:P1'] };
  play = await openPlay({
    slack: { rateLimits: false },
    tuning: { onCallMs: 300 },
    seeds: { ...NO_SEEDS, alibaba: { states: Array.from({ length: 45 }, () => 'running' as const) } },
    config: (file) => ({
      ...file,
      onCall: { pagerduty: { token: 'pd-canary', endpoint: pagerduty.url } },
      policies: file.policies.map((policy) => ({ ...policy, requesters: crew, approvers: crew })),
    }),
  });
  const { users, userGroups, channels } = play.slack.workspace;
  for (const id of [EVE, ANN]) {
    users.set(id, makeUser(id, id.toLowerCase()));
    channels.get(CHANNEL)?.members.add(id);
  }
  userGroups.set(CREW, makeUserGroup(CREW, 'crew', [ALICE, BOB, EVE]));
  ended = await failing();
  for (let count = 0; count < 10; count += 1) {
    const id = await ask(play, `game-gz ${KEY} all`);
    await type(play, `cancel ${id}`);
    await ending(play, id);
  }
  waiting = (await plan(play, `prod-hz ${KEY} all`)).id;
});
afterAll(() => Promise.all([play.stop(), pagerduty.stop()]));

async function failing(): Promise<string> {
  const { cloud, ids } = play.clouds.volcengine;
  const code = 'InvalidResetAuthenticationAgent.NotFound';
  cloud.fail('DetachKeyPair', { kind: 'instance-code', instanceId: ids[0] ?? '', code });
  const { id, root } = await plan(play, `feed-bj ${KEY} all`);
  await click(play, BOB, root, 'approve');
  await ending(play, id);
  cloud.clearFaults();
  return id;
}

/** What brings the list of instances on the screen. */
const SCREENS: Readonly<Record<'message' | 'home', (by: string) => Promise<Message | View>>> = {
  message: async () => rootOf(play, waiting),
  async home(by) {
    const person = play.slack.as(by);
    await person.openHome();
    return play.slack.waitFor(() => {
      const home = person.home();
      return home && JSON.stringify(home.blocks).includes('"action_id":"show_instances"') && home;
    }, `the Home tab of ${by}`);
  },
};

/** Where the list was opened from, or what else it is. */
type Kind = keyof typeof SCREENS | 'older' | 'retry';

/** Gives the gesture, which gives what the person reads then. */
type Made = (by: string) => Promise<() => Promise<string>>;

/** The list at its second page of three, to turn or to sift. */
const onList = (from: keyof typeof SCREENS, gesture: (by: string, list: View) => Promise<unknown>): Made => {
  return async (by) => {
    const person = play.slack.as(by);
    const screen = await SCREENS[from](by);
    const first = await nextModal(play, by, () => person.click(screen, 'show_instances'));
    const list = await nextModal(play, by, () => person.click(first, 'instances_next'));
    expect(readView(play, list)).toContain('Page 2 of 3');
    return async () => readView(play, await nextModal(play, by, () => gesture(by, list)));
  };
};
const turn = (action: string) => (by: string, list: View) => play.slack.as(by).click(list, action);
const sift = (by: string, list: View) => play.slack.as(by).choose(list, 'instances_filter', 'waiting');

const older: Made = async (by) => {
  await type(play, 'history', { by });
  const screen = play.slack.ephemerals(CHANNEL, by).findLast((one) => hasButton(one, 'history_older'));
  if (screen === undefined) throw new Error('no button to older ones');
  return () => answerTo(play, play.slack.as(by).click(screen, 'history_older'));
};

const retry: Made = async (by) => {
  const root = rootOf(play, ended);
  return async () => {
    const answer = await click(play, by, root, 'retry_failed');
    const [, id] = /^📨 Request (\w+)/u.exec(answer) ?? [];
    if (id !== undefined) {
      await planned(play, id);
      await type(play, `cancel ${id}`, { by });
    }
    return answer;
  };
};

/** Each with what is brought on the screen first, and its words where it is allowed. */
const GESTURES: readonly (readonly [gesture: string, kind: Kind, bring: Made, allowed: RegExp])[] = [
  ['turning on', 'message', onList('message', turn('instances_next')), /Page 3 of 3/],
  ['turning back', 'message', onList('message', turn('instances_previous')), /Page 1 of 3/],
  ['sifting', 'message', onList('message', sift), /Page 1 of 3/],
  ['turning on, from Home', 'home', onList('home', turn('instances_next')), /Page 3 of 3/],
  ['turning back, from Home', 'home', onList('home', turn('instances_previous')), /Page 1 of 3/],
  ['sifting, from Home', 'home', onList('home', sift), /Page 1 of 3/],
  ['older requests', 'older', older, /^Ended requests, newest first:\n(?:.*\n)*• \w+: .* in feed-bj/],
  ['retrying what failed', 'retry', retry, /^📨 Request \w+ is made/u],
];

const UNSEEN = /^There is no such request\. Open ones:/;
const UNSURE = /^There is no such request, or not one that you may see: pagerduty:P1 did not say/;
const NOTHING = /^There is no ended request that you may see\.$/;
const NOT_A_REQUESTER = /^You may not ask for account feed-bj/;
const UNASKED = /Nothing was changed: pagerduty:P1 did not say whether you are on call/;
const UNCHECKED = /^Slack did not say who you are and what groups you are in, so nothing was done\./;

/** `yes`: as ever. */
type Answer = RegExp | 'yes';
type Since = Circumstance<Pick<Stand, 'slack' | 'pagerduty'>>;
type Row = readonly [since: string, by: string, answers: Readonly<Record<Kind, Answer>>, since?: Since];

const UNSEEN_BY_RIGHT = { message: 'yes', home: UNSEEN, older: NOTHING, retry: NOT_A_REQUESTER } as const;
const UNSEEN_EVERYWHERE = { ...UNSEEN_BY_RIGHT, message: UNSEEN } as const;
const ALL_YES = { message: 'yes', home: 'yes', older: 'yes', retry: 'yes' } as const;
const ALL_UNCHECKED = { message: UNCHECKED, home: UNCHECKED, older: UNCHECKED, retry: UNCHECKED };

const TABLE: readonly Row[] = [
  ['who may what they might', EVE, ALL_YES],
  ['who is on call as before', ANN, ALL_YES],
  ['who left the group since', EVE, UNSEEN_BY_RIGHT, group(CREW, (ids) => ids.filter((id) => id !== EVE))],
  ['who became a guest since', EVE, UNSEEN_BY_RIGHT, changed(EVE, { isRestricted: true })],
  [
    'who is of another organisation since',
    EVE,
    UNSEEN_EVERYWHERE,
    changed(EVE, { isStranger: true, teamId: 'T0OTHER' }),
  ],
  ['who is deactivated while the click is on its way', EVE, UNSEEN_EVERYWHERE, deactivated(EVE)],
  [
    'on call, while PagerDuty is silent',
    ANN,
    { message: 'yes', home: UNSURE, older: NOTHING, retry: UNASKED },
    silent(['pagerduty', 503]),
  ],
  ['anybody, while Slack does not say who they are', EVE, ALL_UNCHECKED, slackFails('users.info')],
  ['anybody, while Slack does not say who is in the groups', EVE, ALL_UNCHECKED, slackFails('usergroups.users.list')],
];

describe.each(TABLE)('%s', (_who, by, answers, since) => {
  it.each(GESTURES)('%s', async (_gesture, kind, bring, allowed) => {
    const gesture = await bring(by);
    const undo = since?.({ slack: play.slack, pagerduty });
    const words = await gesture().finally(() => undo?.());
    const answer = answers[kind];
    expect(words).toMatch(answer === 'yes' ? allowed : answer);
    if (answer !== 'yes') expect(words).not.toMatch(/\bi-\w|\b(?:prod-hz|feed-bj)\/cn-/u);
  });
});
