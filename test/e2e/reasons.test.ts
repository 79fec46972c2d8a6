import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ephemeral, Message } from '../../playground/slack/model.js';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { type Filler, fillerOf, openForm, otherChannel, PATIENT, takenIn, textOn } from './filling.js';
import { click, ending, eventsOf, openPlay, type Play, plan, planned, requestsIn, rootOf, type } from './play.js';

/** Forms and buttons that make a request ask for a reason where a policy wants one. */

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];
const PRIVATE_KEY = '-----BEGIN OPENSSH PRIVATE KEY-----';
const WISH = 'Account game-gz wants a reason like this one: INC-4211 laptop stolen.';

let play: Play;
/** Whether one policy wants a reason; the config is read when a service starts. */
let isStrict: boolean;

async function open(strict: boolean): Promise<void> {
  isStrict = strict;
  play = await openPlay({
    ...PATIENT,
    seeds: {
      alibaba: { states: ['running'] },
      tencent: { states: ['running', 'stopped'] },
      volcengine: { states: ['stopped'] },
      huawei: { states: ['stopped'] },
    },
    config: (file) => ({
      ...file,
      policies: file.policies.flatMap((policy) => [
        {
          ...policy,
          accounts: ['game-gz'],
          requesters: { users: [ALICE, DAN] },
          ...(isStrict && { reason: '^INC-\\d+', reasonExample: 'INC-4211 laptop stolen' }),
        },
        policy,
      ]),
    }),
  });
}
afterEach(() => play.stop());

/** The form behind a button, on this person's screen. */
async function press(screen: Message | Ephemeral, button: string, by: string = ALICE): Promise<Filler> {
  await play.slack.as(by).click(screen, button);
  const form = fillerOf(play, by);
  await form.shows('form_reason');
  return form;
}

describe('the button under what was found', () => {
  beforeEach(() => open(true));

  async function found(by: string = ALICE): Promise<Ephemeral> {
    await type(play, `find ${KEY}`, { by });
    const screen = play.slack.ephemerals(CHANNEL, by).at(-1);
    if (screen === undefined) throw new Error('nothing is on the screen');
    return screen;
  }

  it('opens a form that says what is wanted, and the request has the reason and the restart', async () => {
    const form = await press(await found(), 'request_all');
    const shown = JSON.stringify(form.screen().blocks);
    expect(textOn(form.screen())).toContain('• game-gz/ap-guangzhou: key pair deploy_2024, 2 instances, 1 running');
    expect(shown).toContain(`"hint":{"type":"plain_text","text":"${WISH}"`);
    expect(shown).toContain('"placeholder":{"type":"plain_text","text":"INC-4211 laptop stolen"');
    const required = { reason: 'Please complete this required field.' };
    expect((await form.submit()).errors).toEqual(required);
    expect((await form.submit({ form_reason: 'laptop stolen' })).errors).toEqual({ reason: WISH });
    const refused = { reason: expect.stringMatching(/^That was a private key/) };
    expect((await form.submit({ form_reason: PRIVATE_KEY })).errors).toEqual(refused);
    const tooLong = { reason: expect.stringMatching(/^The reason has 1,005 characters/) };
    expect((await form.submit({ form_reason: `INC-1${'x'.repeat(1_000)}` })).errors).toEqual(tooLong);
    expect(await requestsIn(play)).toEqual([]);

    const sent = form.screen();
    const person = play.slack.as(ALICE);
    const entered = { form_reason: 'INC-1 \n lost', form_restart: ['restart'] };
    const [one, two] = await Promise.all([person.submitView(sent, entered), person.submitView(sent, entered)]);
    const id = takenIn(one.next);
    expect(takenIn(two.next)).toBe(id);
    expect(await requestsIn(play)).toEqual([id]);
    expect((await planned(play, id)).text).toContain('Reason: INC-1 lost');
    expect((await eventsOf(play, id))[0]).toMatchObject({ requester: ALICE, reason: 'INC-1 lost', restart: true });
  });

  it('asks for none where nobody wants one', async () => {
    for (const instance of play.clouds.tencent.cloud.world.instances.values()) instance.keyPairs = [];
    const form = await press(await found(), 'request_all');
    const id = takenIn((await form.submit()).next);
    expect((await planned(play, id)).text).toContain('No reason was given.');
  });

  it('judges who sends it and where, when it is sent, and keeps the form', async () => {
    const form = await press(await found(DAN), 'request_all', DAN);
    expect(form.screen().submit?.text).toBe('提交审批');
    expect((await form.submit({ form_reason: 'x' })).errors).toEqual({
      reason: '账号 game-gz 要求写明原因，例如：INC-4211 laptop stolen。',
    });
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL, { isArchived: true }));
    const { next } = await form.submit({ form_reason: 'INC-2' });
    expect(textOn(next)).toMatch(/^本频道已归档/u);
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL));
    await play.slack.as(DAN).closeView(form.screen());
    const dan = play.slack.workspace.users.get(DAN);
    if (dan) dan.isRestricted = true;
    // A guest who is named may ask for that account, and for no other.
    const [, id = ''] = /请求编号 (\w{6})/u.exec(textOn((await form.submit()).next)) ?? [];
    expect((await eventsOf(play, id))[0]).toMatchObject({ requester: DAN, selections: [{ account: 'game-gz' }] });
  });
});

it('the form says what is wanted once an account is chosen, and keeps what was typed', async () => {
  await open(true);
  const form = await openForm(play);
  const wish = JSON.stringify(WISH);
  expect(JSON.stringify(form.screen().blocks)).not.toContain(wish);
  await play.slack.as(ALICE).choose(form.screen(), 'form_account', 'n:game-gz', { form_reason: 'laptop stolen' });
  await form.shows(WISH);
  await form.chooseKey(KEY);
  expect((await form.submit()).errors).toEqual({ reason: WISH });
  expect((await form.submit({ form_reason: '' })).errors).toEqual({ reason: 'Please complete this required field.' });
  await form.submit({ form_reason: 'INC-5 laptop stolen' });
  const id = takenIn((await form.submit()).next);
  expect((await planned(play, id)).text).toContain('Reason: INC-5 laptop stolen');
});

describe('going on', () => {
  beforeEach(() => open(false));

  /** Ends with one instance that has to be stopped for it. */
  async function ended(reason: string): Promise<string> {
    const { id, root } = await plan(play, `game-gz ${KEY} all --reason ${reason}`);
    await click(play, BOB, root, 'approve');
    await ending(play, id);
    return id;
  }

  async function tighten(): Promise<void> {
    isStrict = true;
    await play.service.stop();
    await play.startAnother();
  }

  it('with a reason that will do is one click', async () => {
    const from = await ended('INC-1 lost');
    await tighten();
    expect(await click(play, ALICE, rootOf(play, from), 'restart')).toMatch(/^📨 Request \w+ is made/u);
    expect(play.slack.as(ALICE).modal()).toBeUndefined();
  });

  it('asks for another where that will not do any more, and makes exactly that request', async () => {
    const from = await ended('laptop stolen');
    await tighten();
    const form = await press(rootOf(play, from), 'restart');
    const late = await press(rootOf(play, from), 'restart', DAN);
    expect(textOn(form.screen())).toMatch(/^Go on with restart: key deploy_2024, 1 instance/);
    expect(textOn(form.screen())).toContain(`Request ${from} has no reason like the one that is wanted now.`);
    expect(JSON.stringify(form.screen().blocks)).toContain('"initial_value":"laptop stolen"');
    expect((await form.submit()).errors).toEqual({ reason: WISH });
    expect((await form.submit({ form_reason: PRIVATE_KEY })).errors?.reason).toMatch(/^That was a private key/);
    expect(await requestsIn(play)).toEqual([from]);

    const id = takenIn((await form.submit({ form_reason: 'INC-2 laptop stolen' })).next);
    expect((await planned(play, id)).text).toContain('Reason: INC-2 laptop stolen');
    const [running] = play.clouds.tencent.ids;
    expect((await eventsOf(play, id))[0]).toMatchObject({
      requester: ALICE,
      restart: true,
      reason: 'INC-2 laptop stolen',
      after: { request: from, why: 'restart' },
      selections: [{ account: 'game-gz', instances: [running] }],
    });
    // Somebody else had the same form open.
    expect(textOn((await late.submit({ form_reason: 'INC-3' })).next)).toContain(`请求 ${id} 已在处理这些实例`);
    expect(await requestsIn(play)).toHaveLength(2);
  });

  it('tells who may not ask so, and asks them for nothing', async () => {
    const from = await ended('laptop stolen');
    await tighten();
    await play.slack.as(BOB).click(rootOf(play, from), 'restart');
    const view = await fillerOf(play, BOB).shows('You may not ask for account');
    expect(view.submit).toBeUndefined();
    play.slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
    expect(await click(play, ALICE, rootOf(play, from), 'restart')).toBe(
      'Slack could not open it in time, so nothing was done. Press the button again.',
    );
    expect(await requestsIn(play)).toEqual([from]);
  });
});
