import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeChannel } from '../../playground/slack/workspace.js';
import { KEY, KIND_IDS, KINDS, SPARE_KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import {
  ask,
  click,
  ending,
  eventsOf,
  findRoot,
  hasButton,
  openPlay,
  type Play,
  plan,
  requestsIn,
  rootOf,
  type,
} from './play.js';
import { everythingIn } from './redis-values.js';

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];
const TWO_REGIONS = 'prod-two';
const MOST = 3;

let play: Play;
beforeAll(async () => {
  const channels = [
    makeChannel(CHANNEL, 'incident', [ALICE, BOB, DAN, 'U0BOT']),
    makeChannel('C0OTHER', 'other', [ALICE, 'U0BOT']),
    makeChannel('C0NOBOT', 'no-bot', [ALICE]),
    makeChannel('C0SECRET', 'secret', [ALICE], { isPrivate: true }),
    makeChannel('C0OLD', 'old', [ALICE, 'U0BOT'], { isArchived: true }),
    makeChannel('C0SHARED', 'shared', [ALICE, 'U0BOT'], { isExtShared: true }),
    makeChannel('D0ALICE', ALICE, [ALICE, 'U0BOT'], { isIm: true, isPrivate: true }),
  ];
  play = await openPlay({
    slack: { rateLimits: false, workspace: { channels: new Map(channels.map((one) => [one.id, one])) } },
    config: (file) => ({
      ...file,
      accounts: {
        ...file.accounts,
        ...Object.fromEntries(
          Object.entries(file.accounts)
            .filter(([, { provider }]) => provider === 'alibaba')
            .map(([, account]) => [TWO_REGIONS, { ...account, regions: ['cn-hangzhou', 'cn-beijing'] }]),
        ),
        'no-policy': { provider: 'tencent', regions: ['ap-guangzhou'] },
      },
      policies: file.policies.map((policy) => ({
        ...policy,
        accounts: ['prod-*', 'game-gz', 'feed-bj', 'web-north'],
        requesters: { users: [ALICE, BOB] },
        maxInstances: MOST,
      })),
    }),
  });
});
afterAll(() => play.stop());

const callsToClouds = () => KIND_IDS.reduce((sum, kind) => sum + play.clouds[kind].cloud.calls.length, 0);
const messages = () => [...play.slack.workspace.channels.keys()].flatMap((channel) => play.slack.messages(channel));

type Row = [what: string, text: string, answer: RegExp, who?: { by?: string; channel?: string }];

const sentence = (start: string) => new RegExp(`^${start}`);
const FOUR = KINDS.alibaba.makeId(1).slice(0, -1);
const ids = (count: number) => Array.from({ length: count }, (_, index) => `${FOUR}${index + 1}`).join(' ');

const ANSWERED: readonly Row[] = [
  ['an unknown account', `prod-xx ${KEY} all`, /^There is no account prod-xx\. There are: prod-hz, .*web-north/],
  [
    'an unknown region',
    `prod-hz/cn-mars ${KEY} all`,
    /^Account prod-hz has no region cn-mars here\. It has: cn-hangzhou\.$/,
  ],
  [
    'a region that is needed',
    `${TWO_REGIONS} ${KEY} all`,
    /^Account prod-two has several regions\. Name one: prod-two\/cn-hangzhou, prod-two\/cn-beijing$/,
  ],
  ['an account without a policy', `no-policy ${KEY} all`, /^Nobody has said who may approve for account no-policy/],
  ['somebody who may not ask, in their own language', `prod-hz ${KEY} all`, /^你不能/, { by: DAN }],
  ['too many at once', `prod-hz ${KEY} ${ids(MOST + 1)}`, /^4 instances, but at most 3 are allowed in one request/],
  [
    'a channel that the policy does not name',
    `prod-hz ${KEY} all`,
    /^Account prod-hz cannot be used in this channel\. Go to <#C0INCIDENT>$/,
    { channel: 'C0OTHER' },
  ],
  [
    'a channel without the bot',
    `prod-hz ${KEY} all`,
    /^The bot is not in this channel, so nothing was done\. Type \/invite @detach-key/,
    { channel: 'C0NOBOT' },
  ],
  [
    'a private channel without the bot',
    `prod-hz ${KEY} all`,
    /^The bot is not in this channel/,
    { channel: 'C0SECRET' },
  ],
  [
    'an archived channel',
    `prod-hz ${KEY} all`,
    /^This channel is archived, so nothing was done\./,
    { channel: 'C0OLD' },
  ],
  [
    'a shared channel',
    `prod-hz ${KEY} all`,
    /^People of another organisation are in this channel, so nothing was done\./,
    { channel: 'C0SHARED' },
  ],
  ['a direct message', `prod-hz ${KEY} all`, /^The bot is not in this channel/, { channel: 'D0ALICE' }],
  [
    'two faults at once',
    `prod-hz/cn-mars ${KEY} ${ids(4)}`,
    /^No request was made:\n• Account prod-hz has no region cn-mars .*\n• 4 instances, but at most 3/,
  ],
  ['no account', `/cn-hangzhou ${KEY} all`, /^\/cn-hangzhou is no account\. Type the account, or account\/region/],
  ['no key', 'prod-hz', /^Which key\? Type: \/detach-key prod-hz &lt;key&gt;/],
  ['no instances', `prod-hz ${KEY}`, /^Which instances\? Name them, or type all/],
  ['all and one', `prod-hz ${KEY} all ${ids(1)}`, /^all and single instances do not go together/],
  ['an unknown option', `prod-hz ${KEY} all —restrat`, /^There is no option —restrat\. Did you mean --restart\?$/],
  ['a quote that is not closed', `prod-hz "${KEY} all`, /^A quote is not closed/],
  ['no reason', `prod-hz ${KEY} all --reason`, /^After --reason come some words/],
  [
    'a reason that nobody can read',
    `prod-hz ${KEY} all --reason ${'x'.repeat(1_001)}`,
    /^The reason has 1,001 characters; at most 1,000 are shown/,
  ],
  ['help', 'help', /^Takes an SSH key pair off cloud instances[\s\S]*\/detach-key &lt;account&gt;/],
  ['an undo of an unknown id', 'undo ABC123', /^There is no such request\./],
  ['finding nothing', 'find', /^Which key\?/],
  ['finding half a public key', 'find ssh-rsa AAAAB3NzaC1yc2E', /^This is no whole public key\b/],
  ['the status of nothing', 'status', /^No request is open\.$/],
  ['the status of an unknown id', 'status ABC123', /^There is no such request\. Open ones: \/detach-key status$/],
  ['the status of what is no id', 'status {x}:told', /^There is no such request\./],
  ['two ids', 'status ABC123 DEF456', /^status takes one request id; leave out: DEF456$/],
  ['cancelling an unknown id', 'cancel ABC123', /^There is no such request\./],
  ['cancelling nothing', 'cancel', /^Which request\?/],
];

describe('answered to the person alone, and nothing is started', () => {
  it.each(ANSWERED)('%s', async (_what, text, answer, who = {}) => {
    expect(await type(play, text, who)).toMatch(answer);
    expect(await requestsIn(play)).toEqual([]);
    expect(messages()).toEqual([]);
    expect(callsToClouds()).toBe(0);
  });

  it.each([
    ['as it is', (key: string) => key],
    ['on one line', (key: string) => key.replaceAll('\n', ' ')],
    ['in base64', (key: string) => Buffer.from(key).toString('base64')],
  ])('a private key, pasted %s: nothing of it goes anywhere', async (_how, change) => {
    const body = 'bm90IGEga2V5IGJ1dCBhIGNhbmFyeQ'.repeat(4);
    const pasted = change(`-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`);
    const calls = play.slack.calls.length;
    expect(await type(play, `prod-hz ${pasted} all`)).toMatch(
      sentence('That was a private key, .* treat it as leaked'),
    );
    const said = JSON.stringify(play.slack.calls.slice(calls));
    const kept = (await everythingIn(play.redis, play.prefix)).join('\n');
    const canary = /[\w+/=]{40}/.exec(pasted)?.[0] ?? 'no canary';
    for (const place of [said, kept, play.logged.join('\n')]) {
      expect(place).not.toContain(canary);
      expect(place).not.toContain(canary.slice(5, 30));
    }
    expect(await requestsIn(play)).toEqual([]);
  });

  it('whoever Slack does not name is told so', async () => {
    play.slack.fail('users.info', { kind: 'error', error: 'user_not_found' });
    expect(await type(play, `prod-hz ${KEY} all`)).toMatch(sentence('Slack did not say who you are'));
    play.slack.fail('conversations.info', { kind: 'error', error: 'internal_error' });
    expect(await type(play, `prod-hz ${KEY} all`)).toMatch(/^The bot had a fault, .* error [0-9a-f]{8}$/);
    expect(await requestsIn(play)).toEqual([]);
  });
});

describe('what only the cloud can tell', () => {
  const anId = KINDS.alibaba.makeId(1);
  const account = KINDS.alibaba.account;
  const rows: [string, string, RegExp][] = [
    [
      'an unknown key',
      `${account} nobody-knows all`,
      /There is no key pair nobody-knows in prod-hz\/cn-hangzhou\. Check the name and the region\./,
    ],
    [
      'an unknown instance',
      `${account} ${KEY} ${anId} ${KINDS.alibaba.makeId(77)}`,
      new RegExp(`does not show these in prod-hz/cn-hangzhou: ${KINDS.alibaba.makeId(77)}\\.`),
    ],
    [
      'a malformed instance id',
      `${account} ${KEY} web%rm`,
      /These are no instance ids of prod-hz\/cn-hangzhou: web%rm\./,
    ],
    [
      'an id of another cloud',
      `${account} ${KEY} ${KINDS.tencent.makeId(1)}`,
      new RegExp(`These are no instance ids of prod-hz/cn-hangzhou: ${KINDS.tencent.makeId(1)}\\.`),
    ],
    [
      'a key that is bound nowhere',
      `${account} ${SPARE_KEY} all`,
      /Key spare is bound to no instance in prod-hz\/cn-hangzhou\. Nothing to do\./,
    ],
    ['a key that this instance does not have', `${account} ${SPARE_KEY} ${anId}`, /No instance needs it or allows it/],
  ];

  it.each(rows)(
    '%s: the requester alone is told why, and nothing is asked of an approver',
    async (_what, text, answer) => {
      const before = callsToClouds();
      const id = await ask(play, text);
      const [told, ...more] = await ending(play, id);
      expect(more).toEqual([]);
      expect(told).toMatch(answer);
      expect(told).toMatch(/^❌ Not possible: /u);
      expect(told).toMatch(/^Nothing was changed\.$/m);
      expect(findRoot(play, id)).toBeUndefined();
      const writes = play.clouds.alibaba.cloud.calls
        .slice(before)
        .filter(({ operation }) => !operation.startsWith('Describe'));
      expect(writes).toEqual([]);
      const events = await eventsOf(play, id);
      expect(events.map(({ type: kind }) => kind)).not.toContain('planned');
      if (answer.source.startsWith('These are no')) expect(callsToClouds()).toBe(before);
    },
  );

  it('too many that take the key: at the plan', async () => {
    const { cloud, ids: instanceIds } = play.clouds.volcengine;
    const [first] = [...cloud.world.instances.values()];
    for (let n = 2; n <= MOST + 1; n += 1) {
      const id = KINDS.volcengine.makeId(n);
      if (first) cloud.world.instances.set(id, { ...structuredClone(first), id, name: id });
    }
    expect(instanceIds.length).toBe(1);
    const id = await ask(play, `${KINDS.volcengine.account} ${KEY} all`);
    expect(await ending(play, id)).toEqual([expect.stringMatching(/4 instances, but at most 3 are allowed/)]);
  });
});

describe('status and cancel', () => {
  const account = KINDS.tencent.account;

  it('a request is shown by its id, in small letters too, and is in the list', async () => {
    const { id } = await plan(play, `${account} ${KEY} all --reason “laptop <stolen> & lost”`);
    for (const shown of [id, id.toLowerCase(), `#${id}`]) {
      expect(await type(play, `status ${shown}`)).toContain(`Approval needed: detach key ${KEY} from 1 instance`);
    }
    expect(await type(play, 'status')).toMatch(
      new RegExp(`^1 open request:\n• ${id}: detach key ${KEY} in game-gz/ap-guangzhou, .*by <@U0ALICE>`),
    );
    expect(await type(play, `cancel ${id}`, { by: DAN })).toMatch(/^没有这个请求/);
    expect(await type(play, `cancel ${id.toLowerCase()}`)).toBe(`🛑 Request ${id} is cancelled.`);
    expect((await ending(play, id)).join('\n')).toContain('cancelled the request. Nothing was changed.');
    expect(await type(play, `cancel ${id}`)).toMatch(/^Too late: it was cancelled by <@U0ALICE> /);
    expect(await type(play, 'status')).toBe('No request is open.');
  });

  it('an approver can cancel, and the requester by the button as well, before and while it runs', async () => {
    const { id } = await plan(play, `${account} ${KEY} all`);
    expect(await type(play, `cancel ${id}`, { by: BOB })).toBe(`🛑 Request ${id} is cancelled.`);
    const own = await plan(play, `${account} ${KEY} all`);
    expect(await click(play, DAN, own.root, 'cancel')).toMatch(/^只有/);
    expect(await click(play, ALICE, own.root, 'cancel')).toBe(`🛑 Request ${own.id} is cancelled.`);
    expect((await ending(play, own.id)).join('\n')).toContain('cancelled the request. Nothing was changed.');
    expect(hasButton(rootOf(play, own.id), 'cancel')).toBe(false);
    const { cloud } = play.clouds.tencent;
    const hold = cloud.hold('DisassociateInstancesKeyPairs');
    const running = await plan(play, `${account} ${KEY} all`);
    await click(play, BOB, running.root, 'approve');
    await hold.arrived;
    await play.slack.waitFor(() => rootOf(play, running.id).text.startsWith('⏳ Running'), 'the run on the root');
    expect(await click(play, ALICE, rootOf(play, running.id), 'cancel')).toMatch(
      /is being cancelled\. What has begun is finished first/,
    );
    expect(await click(play, BOB, running.root, 'approve')).toMatch(/^Too late: it was cancelled by <@U0ALICE> /);
    hold.release();
    const texts = (await ending(play, running.id)).join('\n');
    expect(texts).toContain('This is how it ended:');
    expect(texts).toContain('✅ Detached');
    expect([...cloud.world.instances.values()].map(({ keyPairs }) => keyPairs)).toEqual([[]]);
  });
});
