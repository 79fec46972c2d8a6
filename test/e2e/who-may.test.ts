import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOpsgenie } from '../../playground/on-call/opsgenie.js';
import { startPagerDuty } from '../../playground/on-call/pagerduty.js';
import type { LocalOnCall } from '../../playground/on-call/server.js';
import type { Message } from '../../playground/slack/model.js';
import { makeUser, makeUserGroup, type User } from '../../playground/slack/workspace.js';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, type StageFile } from '../../playground/stage/stage.js';
import { click, deny, ending, eventsOf, openPlay, type Play, plan, planned, requestsIn, rootOf, type } from './play.js';

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
const GESTURES = ['request', 'approve', 'deny', 'cancel', 'goOn', 'undo'] as const;
type GestureName = (typeof GESTURES)[number];

const NOT_A_REQUESTER = /^(You may not ask for account|你不能对账号 \S+ 发起请求)/;
const NOT_AN_APPROVER = /^(You are not an approver for this account, so nothing was changed\.|你不是这个账号的审批人)/;
const NO: Readonly<Record<GestureName, RegExp>> = {
  request: NOT_A_REQUESTER,
  approve: NOT_AN_APPROVER,
  deny: NOT_AN_APPROVER,
  cancel: /^(Only the requester or an approver can cancel this\. Nothing was changed\.|只有发起人或审批人可以取消)/,
  goOn: NOT_A_REQUESTER,
  undo: NOT_A_REQUESTER,
};
const YES: Readonly<Record<GestureName, RegExp>> = {
  request: /^📨 Request \w+ is made/,
  approve: /^✅ You approved request \w+\. It still waits for/,
  deny: /^🚫 You denied request/,
  cancel: /^🛑 Request \w+ is cancelled\./,
  goOn: /^📨 Request \w+ is made/,
  undo: /^📨 Request \w+ is made/,
};
const OWN = /^You asked for this yourself, so somebody else has to decide\./;
const UNSEEN = /^(There is no such request\.|没有这个请求)/;
const UNSURE = /^There is no such request, or not one that you may see: /;
const UNASKED = /Nothing was changed: (pagerduty:P1|opsgenie:ask) did not say whether you are on call/;
const GONE = /[Nn]othing was changed\. These user groups might do it, but are disabled or deleted in Slack: S0LEADS\./;
const UNCHECKED = /^Slack did not say who you are and what groups you are in, so nothing was done\./;

function wordsFor(gesture: GestureName, answer: Answer): RegExp {
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

/** What is so during the row; gives what undoes it. */
type Circumstance = () => () => void;

const group = (id: string, change: (users: readonly string[]) => string[]): Circumstance => {
  return () => {
    const found = play.slack.workspace.userGroups.get(id);
    if (found === undefined) throw new Error(`no group ${id}`);
    const before = found.users;
    found.users = change(before);
    return () => {
      found.users = before;
    };
  };
};
const disabled = (id: string): Circumstance => {
  return () => {
    const found = play.slack.workspace.userGroups.get(id);
    if (found === undefined) throw new Error(`no group ${id}`);
    found.disabled = true;
    return () => {
      found.disabled = false;
    };
  };
};
const handedOver: Circumstance = () => {
  const before = pagerduty.schedules.get('P1') ?? [];
  pagerduty.schedules.set('P1', [mailOf('U0NEW')]);
  return () => void pagerduty.schedules.set('P1', before);
};
const silent = (...faults: readonly ['pagerduty' | 'opsgenie', 'hang' | number][]): Circumstance => {
  return () => {
    const services = { pagerduty, opsgenie };
    for (const [service, fault] of faults) services[service].fail(fault);
    return () => {
      for (const [service] of faults) services[service].fail(undefined);
    };
  };
};
/** Nobody makes a gesture without an account: it is lost between the gesture and the question. */
const deactivated: Circumstance = () => {
  const gone = play.slack.workspace.users.get('U0GONE');
  if (gone === undefined) throw new Error('nobody to deactivate');
  const hold = play.slack.hold('users.info');
  void hold.arrived.then(() => {
    gone.deleted = true;
    hold.release();
  });
  return () => {
    gone.deleted = false;
  };
};
const withoutMail: Circumstance = () => {
  const { scopes } = play.slack.workspace;
  scopes.delete('users:read.email');
  return () => void scopes.add('users:read.email');
};
const slackFails = (method: string): Circumstance => {
  return () => {
    play.slack.fail(method, { kind: 'error', error: 'internal_error' }, Number.POSITIVE_INFINITY);
    return () => play.slack.clearFaults();
  };
};

type Row = readonly [
  who: string,
  id: string,
  answers: readonly [request: Answer, approve: Answer, deny: Answer, cancel: Answer, goOn: Answer, undo: Answer],
  during?: Circumstance,
];

const ALL_NO: Row[2] = ['no', 'no', 'no', 'no', 'no', 'unseen'];
const ALL_YES: Row[2] = ['yes', 'yes', 'yes', 'yes', 'yes', 'yes'];
const APPROVER: Row[2] = ['no', 'yes', 'yes', 'yes', 'no', 'no'];
const REQUESTER: Row[2] = ['yes', 'no', 'no', 'no', 'yes', 'yes'];
const ITS_REQUESTER: Row[2] = ['yes', 'own', 'own', 'yes', 'yes', 'yes'];

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
  ['somebody from outside, by groups and on call', 'U0FAR', ALL_NO],
  ['somebody from outside who is named', 'U0PARTNER', ALL_YES],
  ['a bot that is named', 'U0ROBOT', ALL_NO],
  ['who is named, and deactivated while the gesture is on its way', 'U0GONE', ALL_NO, deactivated],
  ['who left the group since', 'U0LEFT', ALL_NO, group('S0LEADS', (ids) => ids.filter((id) => id !== 'U0LEFT'))],
  ['who came into the group since', 'U0LATE', APPROVER, group('S0LEADS', (ids) => [...ids, 'U0LATE'])],
  [
    'an approver by a group that was disabled since',
    BOB,
    ['no', 'gone', 'gone', 'gone', 'no', 'unseen'],
    disabled('S0LEADS'),
  ],
  ['an approver by schedule, while a group is disabled', 'U0EVE', APPROVER, disabled('S0LEADS')],
  ['who handed the schedule over since', 'U0OLD', ALL_NO, handedOver],
  ['who took the schedule over since', 'U0NEW', APPROVER, handedOver],
  [
    'on call, while PagerDuty is silent',
    'U0EVE',
    ['no', 'unasked', 'unasked', 'unasked', 'no', 'unsure'],
    silent(['pagerduty', 'hang']),
  ],
  [
    'a requester by schedule, while Opsgenie fails',
    'U0ANN',
    ['unasked', 'no', 'no', 'no', 'unasked', 'unsure'],
    silent(['opsgenie', 503]),
  ],
  [
    'an approver by group, while nothing is known of schedules',
    BOB,
    ['unasked', 'yes', 'yes', 'yes', 'unasked', 'unasked'],
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
    ['unasked', 'unasked', 'unasked', 'unasked', 'unasked', 'unsure'],
    withoutMail,
  ],
  [
    'anybody, while Slack does not say who they are',
    'U0BOTH',
    ['unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked'],
    slackFails('users.info'),
  ],
  [
    'anybody, while Slack does not say who is in the groups',
    'U0BOTH',
    ['unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked', 'unchecked'],
    slackFails('usergroups.users.list'),
  ],
];

/** Makes the gesture, and takes back what it made; gives what the person alone read. */
const MAKE: Readonly<Record<GestureName, (by: string, answer: Answer) => Promise<string>>> = {
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

const LAST_EVENT: Partial<Record<GestureName, string>> = { approve: 'approved', deny: 'denied', cancel: 'cancelled' };

describe.each(TABLE)('%s', (_who, by, answers, during) => {
  it.each(GESTURES.map((gesture, place) => [gesture, answers[place] ?? 'no'] as const))(
    '%s: %s',
    async (gesture, answer) => {
      const { id } = await waitingFor(askerFor(by));
      const before = await history();
      const undo = during?.();
      try {
        expect(await MAKE[gesture](by, answer)).toMatch(wordsFor(gesture, answer));
      } finally {
        undo?.();
      }
      if (answer !== 'yes') return expect(await history()).toEqual(before);
      const last = LAST_EVENT[gesture];
      if (last === undefined) return expect(await history()).toHaveLength(before.length + 1);
      expect((await eventsOf(play, id)).at(-1)).toMatchObject({ type: last, by });
      if (gesture !== 'approve') waiting.delete(askerFor(by));
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
