import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Ephemeral } from '../../playground/slack/model.js';
import { makeChannel } from '../../playground/slack/workspace.js';
import { KEY, KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE, type StageFile } from '../../playground/stage/stage.js';
import { fillerOf, PATIENT, takenIn, textOn } from './filling.js';
import {
  click,
  ending,
  eventsOf,
  hasButton,
  kindsOf,
  naming,
  openPlay,
  type Play,
  planned,
  requestsIn,
  rootOf,
  rootsOf,
  type,
} from './play.js';

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];
/** One key on four clouds; on one of them it has another name. */
const LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy';
const MD5 = '31:97:74:60:01:93:35:03:87:46:a6:c5:79:f6:30:23';
const SHA256 = 'SHA256:r+/Od8epfBNBJK10+w3UugbSLnYrnOpAaomdykl1Qn8';
const TEAM_KEY = 'team_key';

/** What each cloud prints for a fingerprint; the one that is left out prints twenty bytes of its own. */
const PRINTED: Partial<Record<KindId, string>> = { volcengine: MD5.replaceAll(':', ''), huawei: MD5 };
const SEEDS = {
  alibaba: { states: ['running', 'running'] },
  tencent: { states: ['stopped'] },
  volcengine: { states: ['running', 'stopped'] },
  huawei: { states: ['stopped'] },
} as const;

/** Nobody but Bob may ask for the closed account; two policies cover the others. */
function withPolicies(file: StageFile, others: readonly string[]): StageFile {
  const [policy] = file.policies;
  if (policy === undefined) throw new Error('the stage has no policy');
  return {
    ...file,
    accounts: { ...file.accounts, 'closed-gz': { provider: 'tencent', regions: ['ap-guangzhou'] } },
    policies: [
      { ...policy, accounts: ['closed-*'], requesters: { users: [BOB] } },
      { ...policy, accounts: ['prod-*', 'game-*'], approvers: { users: [BOB] } },
      { ...policy, approvers: { users: others } },
    ],
  };
}

const openHouse = (others: readonly string[]) =>
  openPlay({ ...PATIENT, seeds: SEEDS, config: (file) => withPolicies(file, others) });

let play: Play;
const keyPairOn = (kind: KindId) => {
  const [pair] = play.clouds[kind].cloud.world.keyPairs;
  if (pair === undefined) throw new Error(`no key pair on ${kind}`);
  return pair;
};
const instancesOn = (kind: KindId) => [...play.clouds[kind].cloud.world.instances.values()];

/** Types it, and gives what came onto the asker's screen. */
async function find(
  words: string,
  by: string = ALICE,
  channel = CHANNEL,
): Promise<{ text: string; screen: Ephemeral }> {
  const text = await type(play, `find ${words}`, { by, channel });
  const screen = play.slack.ephemerals(channel, by).at(-1);
  if (screen === undefined) throw new Error('nothing is on the screen');
  return { text, screen };
}

/** The button under what was found, and what it shows. */
async function openAll(screen: Ephemeral, shows = 'form_reason') {
  await play.slack.as(ALICE).click(screen, 'request_all');
  const form = fillerOf(play, ALICE);
  await form.shows(shows);
  return form;
}

async function requestAll(screen: Ephemeral) {
  const form = await openAll(screen);
  const { next } = await form.submit({ form_reason: 'laptop stolen' });
  const id = takenIn(next);
  return { id, root: await planned(play, id), told: textOn(next) };
}

const calls = () => KIND_IDS.flatMap((kind) => play.clouds[kind].cloud.calls.map(({ operation }) => operation));
const everyAccount = [
  '• prod-hz/cn-hangzhou: key pair deploy_2024, 2 instances, 2 running',
  '• game-gz/ap-guangzhou: key pair deploy_2024, 1 instance, none running',
  '• feed-bj/cn-beijing: key pair team_key, 2 instances, 1 running',
  '• web-north/cn-north-4: key pair deploy_2024, 1 instance, none running',
];

describe('one key on four clouds', () => {
  beforeAll(async () => {
    play = await openHouse([BOB]);
    for (const kind of KIND_IDS) {
      const pair = keyPairOn(kind);
      pair.publicKey = `${LINE} of_${kind}`;
      pair.fingerprint = PRINTED[kind] ?? pair.fingerprint;
    }
    keyPairOn('volcengine').name = TEAM_KEY;
    for (const instance of instancesOn('volcengine')) {
      instance.keyPairs = [TEAM_KEY];
      instance.opens = [TEAM_KEY];
    }
  });
  afterAll(() => play.stop());

  it.each([
    ['its public key', `${LINE} <mailto:anna@laptop.example|anna@laptop.example>`],
    ['its MD5 fingerprint', MD5],
    ['its MD5 fingerprint in another form', `md5:${MD5.replaceAll(':', '').toUpperCase()}`],
  ])('is found in all of them by %s', async (_what, words) => {
    const { text } = await find(words);
    const [head, ...lines] = text.split('\n');
    expect(head).toMatch(/^🔎 .* is bound to 6 instances in 4 places, 3 running:$/u);
    expect(lines).toEqual(everyAccount);
  });

  it('where a cloud tells too little, that is said', async () => {
    const { text } = await find(SHA256);
    expect(text.split('\n').slice(1)).toEqual([
      ...everyAccount.filter((line) => !line.includes(TEAM_KEY)),
      expect.stringMatching(/^⚠️ Not sure in feed-bj\/cn-beijing: the cloud gives no public key of 2 key pairs/),
    ]);
    const pair = keyPairOn('alibaba');
    const { publicKey } = pair;
    pair.publicKey = '';
    expect((await find(MD5)).text).toMatch(
      /^⚠️ Not sure in prod-hz\/cn-hangzhou: the cloud gives no public key of 1 key pair, and what it prints/m,
    );
    pair.publicKey = publicKey;
  });

  it('one cloud fails: it is named with what to do, and the rest is shown', async () => {
    play.clouds.huawei.cloud.fail(/keypairs/, { kind: 'forbidden' });
    const { text } = await find(KEY);
    expect(text).toContain(everyAccount[0]);
    expect(text).toMatch(
      /^⚠️ Not known in 1 of 4 places:\n• web-north\/cn-north-4: The account’s access key may not do this\./m,
    );
  });

  it('whoever may not ask for an account hears nothing of it, and nobody does in another channel', async () => {
    const { text } = await find(KEY);
    expect(text).not.toContain('closed');
    play.slack.workspace.channels.set('C0OTHER', makeChannel('C0OTHER', 'other', [ALICE, 'U0BOT']));
    const before = calls().length;
    expect((await find(KEY, ALICE, 'C0OTHER')).text).toBe(
      'There is no account that you can use in this channel. Try the incident’s channel, or ask the bot’s maintainers.',
    );
    expect(calls()).toHaveLength(before);
  });

  it('nothing was changed or posted by all that, and a name that is nowhere is not there', async () => {
    const { text, screen } = await find('nobody_knows');
    expect(text).toMatch(/^🔎 nobody_knows: no such key pair shows in the 4 places that answered\./u);
    expect(hasButton(screen, 'request_all')).toBe(false);
    expect(calls().filter((operation) => /detach|disassociate|stop|start|reboot|attach/i.test(operation))).toEqual([]);
    expect(await requestsIn(play)).toEqual([]);
    expect(play.slack.messages(CHANNEL)).toEqual([]);
  });

  it('one form, one request, one approval: it comes off all four, and one thread tells', async () => {
    const { screen } = await find(`${LINE} anna@laptop`);
    const { id, root, told } = await requestAll(screen);
    expect(told).toContain('It covers 6 instances in 4 places.');
    expect(root.text).toContain('Approval needed: detach key');
    expect(root.text).toContain('Reason: laptop stolen');
    await play.slack.redeliver({ retry: { attempt: 1, reason: 'timeout' } });
    expect(await requestsIn(play)).toEqual([id]);

    expect(await click(play, BOB, root, 'approve')).toBe(`✅ You approved request ${id}. It is running now.`);
    const texts = await ending(play, id);
    for (const kind of KIND_IDS) {
      for (const instance of instancesOn(kind)) {
        expect([kind, instance.keyPairs]).toEqual([kind, []]);
        expect([kind, naming(texts, instance.id)]).toEqual([kind, 1]);
      }
    }
    expect(rootsOf(play, id)).toHaveLength(1);
    expect(rootOf(play, id).text).toMatch(/detached from 6 of 6 instances/);
    const [approval, ...more] = (await eventsOf(play, id)).filter((event) => event.type === 'approved');
    expect(more).toEqual([]);
    const accounts = KIND_IDS.map((kind) => play.clouds[kind].account);
    expect(approval).toMatchObject({ by: BOB, accounts: expect.arrayContaining(accounts) });
    expect(play.logged.filter((line) => /"level":(?:50|"error")/.test(line))).toEqual([]);
  });

  it('the button finds nothing any more, and makes no request', async () => {
    const { text, screen } = await find(KEY);
    expect(text).toMatch(/^🔎 deploy_2024 exists in 3 places, and is bound to no instance:/u);
    expect(hasButton(screen, 'request_all')).toBe(false);
    const old = play.slack.ephemerals(CHANNEL, ALICE).find((one) => hasButton(one, 'request_all'));
    if (old === undefined) throw new Error('no old button');
    expect((await openAll(old, 'and is bound to no instance:')).screen().submit).toBeUndefined();
    expect(await requestsIn(play)).toHaveLength(1);
  });
});

describe('different keys of one name, under two policies', () => {
  beforeAll(async () => {
    play = await openHouse([DAN]);
  });
  afterAll(() => play.stop());

  it('is said so; the request waits for an approval under each policy, and tells who gave which', async () => {
    const { text, screen } = await find(KEY);
    expect(text).toMatch(/is bound to 6 instances in 4 places/);
    expect(text).toMatch(/^⚠️ These are different keys with the same name\./mu);
    const { id, root } = await requestAll(screen);
    expect(await click(play, BOB, root, 'approve')).toMatch(/It still waits for 2 approvals\.$/);
    expect(await kindsOf(play, id)).not.toContain('started');
    expect(await click(play, DAN, root, 'approve')).toMatch(/^✅ /u);
    const texts = await ending(play, id);
    expect(texts.join('\n')).toMatch(/<@U0BOB> approved plan \w{12} \(prod-hz: 1 of 1, game-gz: 1 of 1\)/);
    for (const kind of KIND_IDS) expect(instancesOn(kind).flatMap(({ keyPairs }) => keyPairs)).toEqual([]);
  });

  it('a button of somebody who may ask nothing any more, and one without the bot, make nothing', async () => {
    for (const instance of instancesOn('alibaba')) instance.keyPairs = [KEY];
    const before = await requestsIn(play);
    const { screen } = await find(KEY);
    const alice = play.slack.workspace.users.get(ALICE);
    if (alice) alice.isRestricted = true;
    await openAll(
      screen,
      'There is no account that you can use in this channel. Try the incident’s channel, or ask the bot’s maintainers.',
    );
    if (alice) alice.isRestricted = false;
    play.slack.workspace.channels.get(CHANNEL)?.members.delete('U0BOT');
    await openAll(screen, 'The bot is not in this channel, so nothing was done.');
    expect(await requestsIn(play)).toEqual(before);
  });
});
