import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOpsgenie } from '../../playground/on-call/opsgenie.js';
import { startPagerDuty } from '../../playground/on-call/pagerduty.js';
import type { LocalOnCall } from '../../playground/on-call/server.js';
import type { Message } from '../../playground/slack/model.js';
import { makeUser, makeUserGroup, type User } from '../../playground/slack/workspace.js';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, type StageFile } from '../../playground/stage/stage.js';
import {
  type Circumstance,
  deactivated,
  disabled,
  group,
  handedOver,
  silent,
  slackFails,
  withoutMail,
} from './circumstances.js';
import {
  click,
  deny,
  ending,
  eventsOf,
  openPlay,
  type Play,
  plan,
  planned,
  requestsIn,
  rootOf,
  show,
  type,
} from './play.js';

/** Every rule about who may do what, by the real road: one row a person and their circumstances, one column a gesture. */

const [ASKER, ALICE, BOB] = ['U0ASKER', 'U0ALICE', 'U0BOB'];
const OTHER_TEAM = { isStranger: true, teamId: 'T0OTHER' };
const EXTRAS: Readonly<Record<string, Partial<User>>> = {
  [ASKER]: {},
  U0BOTH: {},
  // Not as the schedule has it: addresses are compared without regard to capitals.
  U0EVE: { email: 'U0Eve@Example.com' },
  U0ANN: {},
  U0OLD: {},
  U0NEW: {},
  U0LEFT: {},
  U0LATE: {},
  U0GUEST: { isRestricted: true },
  U0VISIT: { isUltraRestricted: true },
  U0VIP: { isRestricted: true },
  U0FAR: OTHER_TEAM,
  U0PARTNER: OTHER_TEAM,
  U0ROBOT: { isBot: true },
  U0GONE: {},
};
/** Named one by one, to ask and to approve. */
const NAMED = [ALICE, 'U0VIP', 'U0PARTNER', 'U0ROBOT', 'U0GONE'];
/** In the groups, and on call, as far as groups and schedules can tell. */
const NOT_BY_GROUP = ['U0GUEST', 'U0VISIT', 'U0FAR'];
const mailOf = (id: string) => `${id.toLowerCase()}@example.com`;

let play: Play;
let pagerduty: LocalOnCall;
let opsgenie: LocalOnCall;
/** It can be gone on from, and undone. */
let ended: { id: string; root: Message };

beforeAll(async () => {
  const duty = ['U0EVE', 'U0OLD', ...NOT_BY_GROUP].map((id) => mailOf(id).toUpperCase());
  pagerduty = await startPagerDuty({ token: 'pd-canary', schedules: { P1: duty } });
  opsgenie = await startOpsgenie({ apiKey: 'og-canary', schedules: { ask: ['U0ANN', ...NOT_BY_GROUP].map(mailOf) } });
  play = await openPlay({ slack: { rateLimits: false }, tuning: { onCallMs: 300 }, config: teamwork });
  const { users, userGroups, channels } = play.slack.workspace;
  for (const [id, facts] of Object.entries(EXTRAS)) {
    users.set(id, makeUser(id, id.toLowerCase(), facts));
    channels.get(CHANNEL)?.members.add(id);
  }
  userGroups.set('S0ASK', makeUserGroup('S0ASK', 'askers', ['U0BOTH', ...NOT_BY_GROUP]));
  userGroups.set('S0LEADS', makeUserGroup('S0LEADS', 'leads', [BOB, 'U0BOTH', 'U0LEFT', ...NOT_BY_GROUP]));
  ended = await playToItsEnd();
});
afterAll(() => Promise.all([play.stop(), pagerduty.stop(), opsgenie.stop()]));

function teamwork(file: StageFile): StageFile {
  const [policy] = file.policies;
  if (policy === undefined) throw new Error('no policy');
  const people = {
    ...policy,
    requesters: { users: [ASKER, ...NAMED], userGroups: ['S0ASK'], schedules: ['opsgenie:ask'] },
    approvers: { users: NAMED, userGroups: ['S0LEADS'], schedules: ['pagerduty:P1'] },
  };
  return {
    ...file,
    onCall: {
      pagerduty: { token: 'pd-canary', endpoint: pagerduty.url },
      opsgenie: { apiKey: 'og-canary', endpoint: opsgenie.url },
    },
    // So many are wanted that no approval of the table is the last.
    policies: [{ ...people, accounts: ['prod-hz'], approvals: 50 }, people],
  };
}

async function playToItsEnd(): Promise<{ id: string; root: Message }> {
  const { id, root } = await plan(play, `feed-bj ${KEY} all`, { by: ASKER });
  await click(play, BOB, root, 'approve');
  await ending(play, id);
  return { id, root: rootOf(play, id) };
}

/** Requests that wait for approval, by who asked. */
const waiting = new Map<string, { id: string; root: Message }>();
async function waitingFor(asker: string): Promise<{ id: string; root: Message }> {
  const known = waiting.get(asker) ?? (await plan(play, `prod-hz ${KEY} all`, { by: asker }));
  waiting.set(asker, known);
  return known;
}

/**
 * `unseen`: it is not there for them; `unsure`: perhaps. `unasked`: a schedule did not answer. `gone`: no, and a user
 * group is not there any more. `unchecked`: Slack did not answer.
 */
type Answer = 'yes' | 'no' | 'own' | 'unseen' | 'unsure' | 'unasked' | 'gone' | 'unchecked';
const GESTURES = ['request', 'look', 'show', 'approve', 'deny', 'cancel', 'goOn', 'undo'] as const;
type GestureName = (typeof GESTURES)[number];
type Answered = Exclude<GestureName, 'look'>;

const NOT_A_REQUESTER = /^(You may not ask for account|你不能对账号 \S+ 发起请求)/;
const NOT_AN_APPROVER = /^(You are not an approver for this account, so nothing was changed\.|你不是这个账号的审批人)/;
const UNSEEN = /^(There is no such request\.|没有这个请求)/;
const NO: Readonly<Record<Answered, RegExp>> = {
  request: NOT_A_REQUESTER,
  show: UNSEEN,
  approve: NOT_AN_APPROVER,
  deny: NOT_AN_APPROVER,
  cancel: /^(Only the requester or an approver can cancel this\. Nothing was changed\.|只有发起人或审批人可以取消)/,
  goOn: NOT_A_REQUESTER,
  undo: NOT_A_REQUESTER,
};
const YES: Readonly<Record<Answered, RegExp>> = {
  request: /^📨 Request \w+ is made/,
  show: /^(Request|请求) \w+.*\bi-\w+ \(prod-hz-1\)/s,
  approve: /^✅ You approved request \w+\. It still waits for/,
  deny: /^🚫 You denied request/,
  cancel: /^🛑 Request \w+ is cancelled\./,
  goOn: /^📨 Request \w+ is made/,
  undo: /^📨 Request \w+ is made/,
};
const OWN = /^You asked for this yourself, so somebody else has to decide\./;
const NEVER = /^(?!)/;
const UNSURE = /^There is no such request, or not one that you may see: /;
const UNASKED = /Nothing was changed: (pagerduty:P1|opsgenie:ask) did not say whether you are on call/;
const GONE = /[Nn]othing was changed\. These user groups might do it, but are disabled or deleted in Slack: S0LEADS\./;
const UNCHECKED = /^Slack did not say who you are and what groups you are in, so nothing was done\./;

/** Nobody is answered who puts eyes under a request: what came of them stands in the log lines alone. */
const LOOKED: Partial<Record<Answer, RegExp>> = {
  yes: /"user":"\w+","msg":"eyes came or went"/,
  no: /"refusal":{"code":"not-an-approver"}/,
  own: /"refusal":{"code":"own-request"}/,
  unasked: /"refusal":{"code":"not-an-approver","unanswered":\["pagerduty:P1"/,
  gone: /"refusal":{"code":"not-an-approver","goneGroups":\["S0LEADS"\]}/,
  unchecked: /Slack did not say who this is/,
};

function wordsFor(gesture: GestureName, answer: Answer): RegExp {
  if (gesture === 'look') return LOOKED[answer] ?? NEVER;
  switch (answer) {
    case 'yes':
      return YES[gesture];
    case 'no':
      return NO[gesture];
    case 'own':
      return OWN;
    case 'unseen':
      return UNSEEN;
    case 'unsure':
      return UNSURE;
    case 'unasked':
      return UNASKED;
    case 'gone':
      return GONE;
    case 'unchecked':
      return UNCHECKED;
  }
}

type Row = readonly [
  who: string,
  id: string,
  answers: readonly [
    request: Answer,
    look: Answer,
    show: Answer,
    approve: Answer,
    deny: Answer,
    cancel: Answer,
    goOn: Answer,
    undo: Answer,
  ],
  during?: Circumstance,
];

const ALL_NO: Row[2] = ['no', 'no', 'yes', 'no', 'no', 'no', 'no', 'unseen'];
/** Who does not even see the thread. */
const NOT_THERE: Row[2] = ['no', 'no', 'no', 'no', 'no', 'no', 'no', 'unseen'];
const ALL_YES: Row[2] = ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'];
const APPROVER: Row[2] = ['no', 'yes', 'yes', 'yes', 'yes', 'yes', 'no', 'no'];
const REQUESTER: Row[2] = ['yes', 'no', 'yes', 'no', 'no', 'no', 'yes', 'yes'];
const ITS_REQUESTER: Row[2] = ['yes', 'own', 'yes', 'own', 'own', 'yes', 'yes', 'yes'];

const TABLE: readonly Row[] = [
  ['whoever asked', ASKER, ITS_REQUESTER],
  ['whoever asked, an approver too', ALICE, ITS_REQUESTER],
  ['an approver by group', BOB, APPROVER],
  ['an approver by schedule', 'U0EVE', APPROVER],
  ['a requester by schedule', 'U0ANN', REQUESTER],
  ['requester and approver by groups', 'U0BOTH', ALL_YES],
  ['a stranger', 'U0DAN', ALL_NO],
  ['a guest of several channels, by groups and on call', 'U0GUEST', ALL_NO],
  ['a guest of one channel, by groups and on call', 'U0VISIT', ALL_NO],
  ['a guest who is named', 'U0VIP', ALL_YES],
  ['somebody from outside, by groups and on call', 'U0FAR', NOT_THERE],
  ['somebody from outside who is named', 'U0PARTNER', ['yes', 'yes', 'no', 'yes', 'yes', 'yes', 'yes', 'yes']],
  ['a bot that is named', 'U0ROBOT', NOT_THERE],
  ['who is named, and deactivated while the gesture is on its way', 'U0GONE', NOT_THERE, deactivated('U0GONE')],
  ['who left the group since', 'U0LEFT', ALL_NO, group('S0LEADS', (ids) => ids.filter((id) => id !== 'U0LEFT'))],
  ['who came into the group since', 'U0LATE', APPROVER, group('S0LEADS', (ids) => [...ids, 'U0LATE'])],
  [
    'an approver by a group that was disabled since',
    BOB,
    ['no', 'gone', 'yes', 'gone', 'gone', 'gone', 'no', 'unseen'],
    disabled('S0LEADS'),
  ],
  ['an approver by schedule, while a group is disabled', 'U0EVE', APPROVER, disabled('S0LEADS')],
  ['who handed the schedule over since', 'U0OLD', ALL_NO, handedOver('P1', mailOf('U0NEW'))],
  ['who took the schedule over since', 'U0NEW', APPROVER, handedOver('P1', mailOf('U0NEW'))],
  [
    'on call, while PagerDuty is silent',
    'U0EVE',
    ['no', 'unasked', 'yes', 'unasked', 'unasked', 'unasked', 'no', 'unsure'],
    silent(['pagerduty', 'hang']),
  ],
  [
    'a requester by schedule, while Opsgenie fails',
    'U0ANN',
    ['unasked', 'no', 'yes', 'no', 'no', 'no', 'unasked', 'unsure'],
    silent(['opsgenie', 503]),
  ],
  [
    'an approver by group, while nothing is known of schedules',
    BOB,
    ['unasked', 'yes', 'yes', 'yes', 'yes', 'yes', 'unasked', 'unasked'],
    silent(['pagerduty', 401], ['opsgenie', 429]),
  ],
  [
    'requester and approver by groups, while nothing is known of schedules',
    'U0BOTH',
    ALL_YES,
    silent(['pagerduty', 'hang'], ['opsgenie', 'hang']),
  ],
  [
    'on call, while Slack tells no addresses',
    'U0EVE',
    ['unasked', 'unasked', 'yes', 'unasked', 'unasked', 'unasked', 'unasked', 'unsure'],
    withoutMail,
  ],
  [
    'anybody, while Slack does not say who they are',
    'U0BOTH',
    ['unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked'],
    slackFails('users.info'),
  ],
  [
    'anybody, while Slack does not say who is in the groups',
    'U0BOTH',
    ['unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked'],
    slackFails('usergroups.users.list'),
  ],
];

async function look(by: string): Promise<string> {
  const person = play.slack.as(by);
  const told = (gesture: 'react' | 'unreact', root: Message) => {
    const line = play.nextLine(new RegExp(`"user":"${by}".*"(?:eyes came or went|Slack did not say who this is)"`));
    return Promise.all([line, person[gesture](root, 'eyes')]);
  };
  const { id } = await waitingFor(askerFor(by));
  const isThere = rootOf(play, id).reactions?.some(({ users }) => users.includes(by));
  if (isThere) await told('unreact', rootOf(play, id));
  const [line] = await told('react', rootOf(play, id));
  return line;
}

/** Makes the gesture, and takes back what it made; gives what the person alone read. */
const MAKE: Readonly<Record<GestureName, (by: string, answer: Answer) => Promise<string>>> = {
  look,
  show: async (by) => show(play, by, (await waitingFor(askerFor(by))).root),
  request: (by) => takeBack(by, type(play, `prod-hz ${KEY} all`, { by })),
  goOn: (by) => takeBack(by, click(play, by, ended.root, 'restart')),
  undo: (by) => takeBack(by, type(play, `undo ${ended.id}`, { by })),
  approve: async (by) => click(play, by, (await waitingFor(askerFor(by))).root, 'approve'),
  async deny(by, answer) {
    const { root } = await waitingFor(askerFor(by));
    return answer === 'yes' ? deny(play, by, root) : click(play, by, root, 'deny');
  },
  cancel: async (by) => click(play, by, (await waitingFor(askerFor(by))).root, 'cancel'),
};

const askerFor = (by: string) => (by === ALICE ? ALICE : ASKER);

async function takeBack(by: string, gesture: Promise<string>): Promise<string> {
  const answer = await gesture;
  const [, id] = /[Rr]equest ([0-9A-Z]{6})\b/.exec(answer) ?? [];
  if (id !== undefined) {
    await planned(play, id);
    await type(play, `cancel ${id}`, { by });
  }
  return answer;
}

/** Everything that is in all logs. */
async function history(): Promise<readonly string[]> {
  const ids = (await requestsIn(play)).sort();
  const all = await Promise.all(ids.map(async (id) => [id, (await eventsOf(play, id)).map(({ type: kind }) => kind)]));
  return all.map((one) => one.flat().join(' '));
}

const LAST_EVENT: Partial<Record<GestureName, string>> = {
  look: 'looking',
  approve: 'approved',
  deny: 'denied',
  cancel: 'cancelled',
};

describe.each(TABLE)('%s', (_who, by, answers, during) => {
  it.each(GESTURES.map((gesture, place) => [gesture, answers[place] ?? 'no'] as const))(
    '%s: %s',
    async (gesture, answer) => {
      const { id } = await waitingFor(askerFor(by));
      const before = await history();
      const undo = during?.({ slack: play.slack, pagerduty, opsgenie });
      try {
        expect(await MAKE[gesture](by, answer)).toMatch(wordsFor(gesture, answer));
      } finally {
        undo?.();
      }
      if (answer !== 'yes' || gesture === 'show') return expect(await history()).toEqual(before);
      const last = LAST_EVENT[gesture];
      if (last === undefined) return expect(await history()).toHaveLength(before.length + 1);
      expect((await eventsOf(play, id)).at(-1)).toMatchObject({ type: last, by });
      if (gesture === 'deny' || gesture === 'cancel') waiting.delete(askerFor(by));
    },
  );
});

it('help asks neither groups nor schedules', async () => {
  const asked = () => [
    ...[pagerduty, opsgenie].flatMap((service) => service.asked),
    ...play.slack.calls.filter(({ method }) => method === 'usergroups.users.list'),
  ];
  const before = asked().length;
  await type(play, 'help', { by: ASKER });
  await type(play, 'prod-hz', { by: ASKER });
  expect(asked()).toHaveLength(before);
});

it('no key of an on-call service is in a log line', () => {
  expect(play.logged.join('')).toContain('it is not known who is on call');
  expect(play.logged.filter((line) => /(pd|og)-canary/.test(line))).toEqual([]);
});
