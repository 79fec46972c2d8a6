import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import type { Message } from '../../playground/slack/model.js';
import { makeUser, makeUserGroup, type User } from '../../playground/slack/workspace.js';
import { KEY, KIND_IDS } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import {
  ask,
  click,
  deny,
  ending,
  eventsOf,
  findRoot,
  hasButton,
  kindsOf,
  openDenial,
  openPlay,
  type Play,
  plan,
  planned,
  rootOf,
  sendDenial,
  type,
} from './play.js';

const BOB = PEOPLE.approver;
const CAROL = 'U0CAROL';
const GROUP = 'S0ONCALL';
/** Added to the workspace and the channel; all of them are in the approvers' group. */
const EXTRAS: readonly [string, Partial<User>][] = [
  ['U0NAMED', {}],
  ['U0GUEST', { isRestricted: true }],
  ['U0VISIT', { isUltraRestricted: true }],
  ['U0VIP', { isRestricted: true }],
  ['U0ROBOT', { isBot: true }],
  ['U0FAR', { isStranger: true, teamId: 'T0OTHER' }],
  ['U0SPY', { teamId: 'T0OTHER' }],
];
/** Those who may approve because they are named. */
const NAMED = [PEOPLE.requester, 'U0NAMED', 'U0VIP', 'U0ROBOT', 'U0GONE'];

/** Every gesture asks Slack who it is, far more often in a minute than people click. */
async function openHouse(approvals: number, more: Parameters<typeof openPlay>[0] = {}): Promise<Play> {
  const play = await openPlay({
    ...more,
    approvals,
    slack: { rateLimits: false },
    config: (file) => ({
      ...file,
      policies: file.policies.map((policy) => ({ ...policy, approvers: { users: NAMED, userGroups: [GROUP] } })),
    }),
  });
  const { users, userGroups, channels } = play.slack.workspace;
  for (const [id, facts] of [...EXTRAS, ['U0GONE', {}] as const]) {
    users.set(id, makeUser(id, id.toLowerCase(), facts));
    channels.get(CHANNEL)?.members.add(id);
  }
  const inGroup = EXTRAS.map(([id]) => id).filter((id) => !['U0NAMED', 'U0VIP'].includes(id));
  userGroups.set(GROUP, makeUserGroup(GROUP, 'oncall-leads', [BOB, CAROL, ...inGroup]));
  return play;
}

const NOT_AN_APPROVER = 'You are not an approver for this account, so nothing was changed.';
const OWN = /^You asked for this yourself, so somebody else has to decide\./;
const UNCHECKED = /^Slack did not say who you are and what groups you are in, so nothing was done\./;

let play: Play;
let clouds: string[];
/** An account that no other test uses. */
const nextAccount = () => {
  const account = clouds.shift();
  if (account === undefined) throw new Error('no cloud is left');
  return account;
};

describe('who may decide', () => {
  let root: Message;
  let id: string;
  beforeAll(async () => {
    play = await openHouse(2);
    ({ id, root } = await plan(play, `${play.clouds.alibaba.account} ${KEY} all`));
  });
  afterAll(() => play.stop());

  it.each([
    ['the requester, though named as an approver', PEOPLE.requester, OWN],
    ['a stranger, in their own language', PEOPLE.other, /^你不是这个账号的审批人/],
    ['a guest of several channels, by group', 'U0GUEST', NOT_AN_APPROVER],
    ['a guest of one channel, by group', 'U0VISIT', NOT_AN_APPROVER],
    ['somebody of another organisation', 'U0FAR', NOT_AN_APPROVER],
    ['somebody of another team', 'U0SPY', NOT_AN_APPROVER],
    ['a bot, though named and in the group', 'U0ROBOT', NOT_AN_APPROVER],
  ])('not %s', async (_who, by, answer) => {
    const before = await kindsOf(play, id);
    for (const action of ['approve', 'deny']) {
      expect(await click(play, by, root, action)).toMatch(answer);
    }
    expect(await kindsOf(play, id)).toEqual(before);
  });

  it('not somebody who is deactivated while the click is on its way', async () => {
    const before = await kindsOf(play, id);
    const hold = play.slack.hold('users.info');
    const answer = click(play, 'U0GONE', root, 'approve');
    await hold.arrived;
    const gone = play.slack.workspace.users.get('U0GONE');
    if (gone) gone.deleted = true;
    hold.release();
    expect(await answer).toBe(NOT_AN_APPROVER);
    expect(await kindsOf(play, id)).toEqual(before);
  });

  it('not somebody who left the group after the plan was posted', async () => {
    const group = play.slack.workspace.userGroups.get(GROUP);
    if (!group) throw new Error('no group');
    const members = group.users;
    group.users = members.filter((user) => user !== CAROL);
    expect(await click(play, CAROL, root, 'approve')).toBe(NOT_AN_APPROVER);
    group.users = members;
    expect(await kindsOf(play, id)).not.toContain('approved');
  });

  it.each([
    ['users.info', { kind: 'error', error: 'user_not_found' }, 1],
    ['users.info', { kind: 'error', error: 'internal_error' }, 1],
    ['users.info', { kind: 'http', status: 503 }, Number.POSITIVE_INFINITY],
    ['usergroups.users.list', { kind: 'error', error: 'internal_error' }, 1],
    ['usergroups.users.list', { kind: 'error', error: 'missing_scope' }, 1],
    ['usergroups.users.list', { kind: 'http', status: 500 }, Number.POSITIVE_INFINITY],
  ] as const)('nobody while Slack answers %s with %j', async (method, fault, times) => {
    play.slack.fail(method, fault, times);
    expect(await click(play, BOB, root, 'approve')).toMatch(UNCHECKED);
    play.slack.clearFaults();
    expect(await kindsOf(play, id)).not.toContain('approved');
  });

  it('then one by group, one by name: two are wanted, and the same person counts once', async () => {
    expect(await click(play, BOB, root, 'approve')).toBe(
      `✅ You approved request ${id}. It still waits for 1 approval.`,
    );
    expect(await click(play, BOB, root, 'approve')).toBe('You have approved already. It waits for somebody else.');
    await play.slack.redeliver();
    await play.slack.waitFor(() => rootOf(play, id).text.includes('1 of 2'), 'the first approval on the root');
    expect(await kindsOf(play, id)).not.toContain('started');
    expect(await click(play, 'U0NAMED', root, 'approve')).toBe(`✅ You approved request ${id}. It is running now.`);
    await ending(play, id);
    const decisions = (await eventsOf(play, id)).filter(({ type: kind }) => ['approved', 'started'].includes(kind));
    expect(decisions).toEqual([
      expect.objectContaining({ type: 'approved', by: BOB }),
      expect.objectContaining({ type: 'approved', by: 'U0NAMED' }),
      { type: 'started' },
    ]);
  });

  it('nobody any more once it is finished', async () => {
    const before = await kindsOf(play, id);
    expect(await click(play, CAROL, root, 'approve')).toMatch(
      /^Too late: it was approved by <@U0NAMED> .*, and is finished\.$/,
    );
    expect(await click(play, CAROL, root, 'deny')).toMatch(/^Too late: it was approved by <@U0NAMED> /);
    expect(await kindsOf(play, id)).toEqual(before);
  });
});

describe('one approval', () => {
  beforeAll(async () => {
    play = await openHouse(1);
    clouds = KIND_IDS.map((kind) => play.clouds[kind].account);
  });
  afterAll(() => play.stop());

  it('a guest who is named may give it; somebody who came into the group late, too', async () => {
    const { id, root } = await plan(play, `${nextAccount()} ${KEY} all`);
    play.slack.workspace.userGroups.get(GROUP)?.users.push(PEOPLE.other);
    expect(await deny(play, PEOPLE.other, root)).toContain(id);
    await ending(play, id);
    expect(await click(play, 'U0VIP', root, 'approve')).toMatch(/^Too late: it was denied by <@U0DAN> /);
    expect(await kindsOf(play, id)).not.toContain('started');
    expect(hasButton(rootOf(play, id), 'approve')).toBe(false);

    const again = await plan(play, `${play.clouds.alibaba.account} ${KEY} all`);
    expect(await click(play, 'U0VIP', again.root, 'approve')).toMatch(/It is running now/);
    await ending(play, again.id);
  });

  it('one of two decisions at the same moment counts, and the other is told so', async () => {
    const { id, root } = await plan(play, `${nextAccount()} ${KEY} all`);
    const form = await openDenial(play, CAROL, root);
    const holds = [play.slack.hold('users.info'), play.slack.hold('users.info')];
    const answers = [click(play, BOB, root, 'approve'), sendDenial(play, form, 'Not now')];
    await Promise.all(holds.map(({ arrived }) => arrived));
    for (const { release } of holds) release();
    const told = await Promise.all(answers);
    await ending(play, id);
    expect(told.filter((text) => text.startsWith('Too late')).length).toBe(1);
    const decided = (await kindsOf(play, id)).filter((kind) => kind === 'started' || kind === 'denied');
    expect(decided.length).toBe(1);
  });

  it('a double click approves once', async () => {
    const { id, root } = await plan(play, `${nextAccount()} ${KEY} all`);
    const holds = [play.slack.hold('users.info'), play.slack.hold('users.info')];
    const answers = [click(play, BOB, root, 'approve'), click(play, BOB, root, 'approve')];
    await Promise.all(holds.map(({ arrived }) => arrived));
    for (const { release } of holds) release();
    const told = (await Promise.all(answers)).sort();
    expect(told[0]).toMatch(/^Too late: it was approved by <@U0BOB> /);
    expect(told[1]).toMatch(/It is running now/);
    await ending(play, id);
    expect((await kindsOf(play, id)).filter((kind) => kind === 'approved' || kind === 'started')).toEqual([
      'approved',
      'started',
    ]);
  });
});

describe('what Slack sends twice, and what somebody forged', () => {
  beforeAll(async () => {
    play = await openHouse(2);
    clouds = KIND_IDS.map((kind) => play.clouds[kind].account);
  });
  afterAll(() => play.stop());

  it('two people at the same moment are two approvals, and it starts once', async () => {
    const { id, root } = await plan(play, `${nextAccount()} ${KEY} all`);
    const holds = [play.slack.hold('users.info'), play.slack.hold('users.info')];
    const answers = [click(play, BOB, root, 'approve'), click(play, CAROL, root, 'approve')];
    await Promise.all(holds.map(({ arrived }) => arrived));
    for (const { release } of holds) release();
    expect((await Promise.all(answers)).filter((text) => text.includes('It is running now')).length).toBe(1);
    await ending(play, id);
    const kinds = await kindsOf(play, id);
    expect(kinds.filter((kind) => kind === 'approved' || kind === 'started')).toEqual([
      'approved',
      'approved',
      'started',
    ]);
  });

  it('a command that Slack sends again makes no second request', async () => {
    const account = nextAccount();
    const id = await ask(play, `${account} ${KEY} all`);
    const delivery = play.slack.deliveries.at(-1);
    const told = () => play.slack.ephemerals(CHANNEL, PEOPLE.requester).map(({ text }) => text);
    const before = told().length;
    await play.slack.redeliver({ ...(delivery && { delivery }), retry: { attempt: 1, reason: 'timeout' } });
    await play.slack.waitFor(() => told().length > before, 'the answer to the second delivery');
    expect(told().at(-1)).toBe(`Request ${id} was made already.`);
    expect((await kindsOf(play, id)).filter((kind) => kind === 'requested').length).toBe(1);
    expect(await type(play, 'status')).toMatch(/^1 open request:/);
    const root = await planned(play, id);
    await click(play, BOB, root, 'approve');
    const answers = () => play.slack.ephemerals(CHANNEL, BOB).map(({ text }) => text);
    const count = answers().length;
    await play.slack.redeliver({ retry: { attempt: 1, reason: 'timeout' } });
    await play.slack.waitFor(() => answers().length > count, 'the answer to the click that came twice');
    expect(answers().at(-1)).toBe('You have approved already. It waits for somebody else.');
    expect((await kindsOf(play, id)).filter((kind) => kind === 'approved').length).toBe(1);
  });

  it('a value that was changed decides nothing', async () => {
    const one = await plan(play, `${nextAccount()} ${KEY} all`);
    const other = await plan(play, `${nextAccount()} ${KEY} all`);
    const forge = (change: (value: string) => string, root = one.root): Message => {
      const blocks = JSON.stringify(root.blocks).replaceAll(
        /"value":"([^"]*)"/g,
        (_, value: string) => `"value":${JSON.stringify(change(value))}`,
      );
      return { ...root, blocks: JSON.parse(blocks) };
    };
    const rows: [string, (value: string) => string, RegExp][] = [
      [
        'another request, with this plan',
        (value) => value.replace(one.id, other.id),
        /^That button is for an older plan/,
      ],
      ['a request that does not exist', (value) => value.replace(one.id, 'ZZZZZZ'), /^There is no such request/],
      [
        'another plan',
        (value) => value.replace(/\.[0-9a-f]{64}$/, `.${'0'.repeat(64)}`),
        /^That button is for an older plan/,
      ],
      ['no plan', (value) => value.slice(0, 6), /^This button does nothing any more/],
      ['nothing', () => 'x', /^This button does nothing any more/],
      ['a path', (value) => value.replace(one.id, '../../open'), /^This button does nothing any more/],
      ['a key of Redis', (value) => value.replace(one.id, '{x}:told'), /^This button does nothing any more/],
    ];
    for (const [what, change, answer] of rows) {
      expect([what, await click(play, BOB, forge(change), 'approve')]).toEqual([what, expect.stringMatching(answer)]);
    }
    const unknown = JSON.parse(
      JSON.stringify(one.root.blocks).replaceAll('"action_id":"approve"', '"action_id":"approve_all"'),
    );
    expect(await click(play, BOB, { ...one.root, blocks: unknown }, 'approve_all')).toMatch(
      /^This button does nothing any more/,
    );
    for (const { id } of [one, other]) expect(await kindsOf(play, id)).toEqual(['requested', 'surveyed', 'planned']);
  });
});

describe('time', () => {
  afterEach(() => play.stop());

  it('runs out: the buttons go, and a late click is refused', async () => {
    const clock = { now: Date.now() };
    play = await openHouse(1, { tuning: { now: () => clock.now } });
    // The clock stands still, so that only what is done to it below makes the time run out.
    const { id, root } = await plan(play, `${play.clouds.alibaba.account} ${KEY} all`);
    clock.now += 30 * 60_000 - 1;
    expect(await click(play, PEOPLE.requester, root, 'deny')).toMatch(OWN);
    clock.now += 1;
    expect(await click(play, BOB, root, 'approve')).toMatch(
      /^Too late: it expired .* Ask again if it is still needed\.$/,
    );
    expect(await kindsOf(play, id)).not.toContain('approved');
    await loseExpiry(play, id);
    const texts = await ending(play, id);
    expect(texts.join('\n')).toContain('Nobody decided in time');
    expect(hasButton(rootOf(play, id), 'approve') || hasButton(rootOf(play, id), 'deny')).toBe(false);
    expect(await click(play, BOB, root, 'approve')).toMatch(/^Too late: it expired /);
    expect(findRoot(play, id)?.text).toContain('Nothing was changed.');
    for (const instance of play.clouds.alibaba.cloud.world.instances.values()) expect(instance.keyPairs).toEqual([KEY]);
  });
});

/** The job waits by the machine's clock, and is not to be waited for: one that is lost comes back with the sweep. */
async function loseExpiry({ redis, prefix }: Play, id: string): Promise<void> {
  const queue = new Queue('requests', { connection: redis, prefix: `{${prefix}}` });
  expect(await queue.remove(`expire_${id}`)).toBe(1);
  await queue.close();
}
