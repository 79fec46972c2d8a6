import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeChannel } from '../../playground/slack/workspace.js';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE, type StageFile } from '../../playground/stage/stage.js';
import { chosenForm, openForm, otherChannel, PATIENT, takenIn, textOn } from './filling.js';
import { openPlay, type Play, planned, requestsIn, type } from './play.js';
import { everythingIn } from './redis-values.js';

const [ALICE, BOB] = [PEOPLE.requester, PEOPLE.approver];
const PRIVATE_KEY =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACANARY\n-----END OPENSSH PRIVATE KEY-----';

/** Alice is not in it. */
const secret = () => makeChannel(CHANNEL, 'secret', [BOB, 'U0BOT'], { isPrivate: true });

let play: Play;
const alibaba = () => play.clouds.alibaba.cloud;
const person = () => play.slack.as(ALICE);

/** Alice may ask for one account only. */
function closed(file: StageFile): StageFile {
  const [policy] = file.policies;
  if (policy === undefined) throw new Error('the stage has no policy');
  return {
    ...file,
    policies: [
      { ...policy, accounts: ['prod-*'] },
      { ...policy, requesters: { users: [BOB] } },
    ],
  };
}

describe('where nothing may be asked', () => {
  beforeAll(async () => {
    play = await openPlay({ ...PATIENT, config: closed });
  });
  afterAll(() => play.stop());
  afterEach(() => play.slack.clearFaults());

  it('accounts that are not for this person are not offered, also not to who asks for them', async () => {
    const form = await openForm(play);
    const offered = JSON.stringify(form.screen().blocks);
    expect(offered).toContain('n:prod-hz');
    expect(offered).not.toContain('n:game-gz');
    await form.choose('form_account', 'n:prod-hz', 'form_key');
    const known = play.slack.workspace.users.get(ALICE);
    if (known) known.isRestricted = true;
    const calls = alibaba().calls.length;
    const guest = await openForm(play);
    expect(textOn(guest.screen())).toBe(
      '⚠️ There is no account that you can use in this channel. Try the incident’s channel, or ask the bot’s maintainers.',
    );
    if (known) known.isRestricted = false;
    expect(alibaba().calls).toHaveLength(calls);
  });

  it.each([
    ['without the bot', otherChannel(CHANNEL, {}, false), /^The bot is not in this channel/],
    ['with outsiders', otherChannel(CHANNEL, { isExtShared: true }), /^People of another organisation/],
    ['that is archived', otherChannel(CHANNEL, { isArchived: true }), /^This channel is archived/],
  ])('a channel %s is said to be none, in the form and at the field', async (_what, channel, words) => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    play.slack.workspace.channels.set(CHANNEL, channel);
    expect((await form.submit()).errors).toEqual({ channel: expect.stringMatching(words) });
    const another = await openForm(play);
    expect(textOn(another.screen()).replace('⚠️ ', '')).toMatch(words);
    expect(another.screen().private_metadata).not.toContain('prod-hz');
    expect(JSON.stringify(another.screen().blocks)).not.toContain('prod-hz');
    expect(JSON.stringify(another.screen().blocks)).not.toContain('initial_conversation');
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL));
    expect(await requestsIn(play)).toEqual([]);
  });

  it('a private channel that they are not in offers nothing and takes nothing', async () => {
    const form = await openForm(play);
    play.slack.workspace.channels.set(CHANNEL, secret());
    await form.choose('form_account', 'n:prod-hz', 'You are not in this private channel');
    const { blocks, private_metadata: carried } = form.screen();
    expect(JSON.stringify([blocks, carried])).not.toContain('prod-hz');
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL));
    const another = await chosenForm(play, { account: 'prod-hz', key: KEY });
    play.slack.workspace.channels.set(CHANNEL, secret());
    expect((await another.submit()).errors).toEqual({ channel: expect.stringMatching(/^You are not in this private/) });
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL));
    expect(await requestsIn(play)).toEqual([]);
  });

  it('what changed between preview and sending is judged anew', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    await form.submit();
    const known = play.slack.workspace.users.get(ALICE);
    if (known) known.isRestricted = true;
    expect(textOn((await form.submit()).next)).toMatch(/^You may not ask for account prod-hz\./);
    if (known) known.isRestricted = false;
    await person().closeView(form.screen());
    await form.submit();
    play.slack.workspace.channels.set(CHANNEL, secret());
    expect(textOn((await form.submit()).next)).toMatch(/^You are not in this private channel/);
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL, { isPrivate: true }));
    await person().closeView(form.screen());
    await form.submit();
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL, { isExtShared: true }));
    expect(textOn((await form.submit()).next)).toMatch(/^People of another organisation/);
    play.slack.workspace.channels.set(CHANNEL, otherChannel(CHANNEL));
    expect(await requestsIn(play)).toEqual([]);
  });

  it('nothing is done where Slack does not say who it is', async () => {
    play.slack.fail('users.info', { kind: 'error', error: 'internal_error' }, Number.POSITIVE_INFINITY);
    await person().command(CHANNEL, '/detach-key');
    const view = await play.slack.waitFor(() => {
      const top = person().modal();
      return top && textOn(top).includes('Slack did not say who you are') ? top : undefined;
    }, 'the answer');
    expect(view.submit).toBeUndefined();
    play.slack.clearFaults();
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    play.slack.fail('users.info', { kind: 'error', error: 'internal_error' }, Number.POSITIVE_INFINITY);
    expect(textOn((await form.submit()).next)).toMatch(/^Slack did not say who you are/);
    await person().closeView(form.screen());
    play.slack.clearFaults();
    await form.submit();
    play.slack.fail('users.info', { kind: 'error', error: 'internal_error' }, Number.POSITIVE_INFINITY);
    expect(textOn((await form.submit()).next)).toMatch(/^Slack did not say who you are/);
    expect(await requestsIn(play)).toEqual([]);
  });

  it('a form that comes too late is told under the command', async () => {
    play.slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
    expect(await type(play, '')).toMatch(/^The form did not open in time\. Type it once more: \/detach-key\./);
  });

  it('a form whose fields did not follow is shown anew, and says so', async () => {
    const form = await openForm(play);
    play.slack.fail('views.update', { kind: 'error', error: 'hash_conflict' });
    await person().choose(form.screen(), 'form_account', 'n:prod-hz', { form_reason: 'stays' });
    const { next } = await form.submit();
    expect(textOn(next)).toMatch(/^⚠️ The choices have changed\./u);
    await form.chooseKey(KEY);
    expect(textOn((await form.submit()).next)).toContain('Reason: stays');
  });

  it('a private key in any field goes nowhere', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    const calls = alibaba().calls.length;
    expect(await form.search('form_key', PRIVATE_KEY)).toEqual([
      '⛔ That was a private key: treat it as leaked, and replace it',
    ]);
    const { errors } = await form.submit({ form_reason: `see ${PRIVATE_KEY}` });
    expect(errors).toEqual({
      reason: expect.stringMatching(/^That was a private key, or a part of one\. Nothing of it was stored/),
    });
    await form.choose('form_scope', 'named', 'form_instances');
    const pasted = await form.submit({ form_reason: '', form_instances: [`n:${PRIVATE_KEY}`] });
    expect(Object.values(pasted.errors ?? {})).toEqual([expect.stringMatching(/^That was a private key/)]);
    expect(alibaba().calls).toHaveLength(calls);
    const kept = [...(await everythingIn(play.redis, play.prefix)), ...play.logged, JSON.stringify(play.slack.calls)];
    expect(kept.filter((text) => text.includes('CANARY'))).toEqual([]);
  });
});

describe('with a cloud that is slow', () => {
  beforeEach(async () => {
    play = await openPlay({
      slack: PATIENT.slack ?? {},
      tuning: {
        form: { waitMs: 20, answerMs: 1_000, loadMs: 30_000, freshMs: 30_000, failedMs: 0, previewMs: 30_000 },
      },
    });
  });
  afterEach(() => play.stop());
  const LATE = '⏳ The cloud is slow. Type again in a moment, or the exact name.';

  it('a search says so, lets the name be used as typed, asks the cloud once, and shows it when it is there', async () => {
    const form = await openForm(play);
    await form.choose('form_account', 'n:prod-hz', 'form_key');
    const hold = alibaba().hold('DescribeKeyPairs');
    expect(await form.search('form_key', '')).toEqual([LATE]);
    await hold.arrived;
    expect(await form.search('form_key', KEY)).toEqual([LATE, `As typed: ${KEY}`]);
    expect(alibaba().calls.filter(({ operation }) => operation === 'DescribeKeyPairs')).toHaveLength(1);
    hold.release();
    let offered: string[] = [];
    while (!offered.includes(KEY)) offered = await form.search('form_key', KEY);
    expect(offered).toEqual([KEY]);
    expect(alibaba().calls.filter(({ operation }) => operation === 'DescribeKeyPairs')).toHaveLength(1);
  });

  it('the preview waits on a page of its own, and then shows the plan', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    const hold = alibaba().hold('DescribeInstances');
    const { next } = await form.submit({ form_reason: 'leaked' });
    await hold.arrived;
    expect(textOn(next)).toBe('⏳ Reading the cloud to see what would be done. Nothing has been sent yet.');
    expect(next?.submit).toBeUndefined();
    hold.release();
    expect(textOn(await form.shows('Ask for approval'))).toContain('Reason: leaked');
    await form.submit();
    await form.shows('Request made');
    expect(await requestsIn(play)).toEqual([takenIn(form.screen())]);
  });

  it('what cannot be read can be asked for all the same', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    alibaba().fail(/^Describe/, { kind: 'throttle' }, Number.POSITIVE_INFINITY);
    await form.submit();
    const preview = await form.shows('Ask all the same');
    expect(textOn(preview)).toMatch(/^⚠️ prod-hz\/cn-hangzhou could not be read/u);
    alibaba().clearFaults();
    await form.submit();
    await form.shows('Request made');
    await planned(play, takenIn(form.screen()));
  });

  it('a form that was closed meanwhile is no fault', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    const hold = alibaba().hold('DescribeInstances');
    await form.submit();
    await hold.arrived;
    await person().closeView(form.screen(), { all: true });
    hold.release();
    const updates = () =>
      play.slack.calls.filter(({ args, reply }) => 'external_id' in args && reply?.error === 'not_found');
    await play.slack.waitFor(() => updates().length > 1, 'the answer that finds no form');
    await play.service.stop();
    expect(play.logged.filter((line) => /"level":(?:40|50|"warn"|"error")/.test(line))).toEqual([]);
  });
});
