import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { chosenForm, opened, openForm, otherChannel, PATIENT, takenIn, textOn } from './filling.js';
import { eventsOf, openPlay, type Play, planned, requestsIn, type } from './play.js';

const [ALICE, DAN] = [PEOPLE.requester, PEOPLE.other];
const SEEDS = {
  alibaba: { states: ['running', 'running', 'stopped'] },
  tencent: { states: ['running', 'stopped'] },
  volcengine: { states: ['running'] },
  huawei: { states: ['stopped'] },
} as const;

let play: Play;
const idsOn = (kind: 'alibaba' | 'tencent') => play.clouds[kind].ids;

describe.each(['socket', 'http'] as const)('the form over %s', (transport) => {
  beforeAll(async () => {
    play = await openPlay({ ...PATIENT, transport, seeds: SEEDS });
  });
  afterAll(() => play.stop());

  it('asks for what is chosen in it, and the plan is what the preview showed', async () => {
    const form = await openForm(play);
    await form.choose('form_account', 'n:prod-hz', 'form_key');
    expect(await form.search('form_key', 'dep')).toEqual([KEY, 'As typed: dep']);
    await form.chooseKey(KEY);
    const { next: preview } = await form.submit({ form_reason: 'laptop \n stolen', form_restart: ['restart'] });
    expect(await requestsIn(play)).toEqual([]);
    const { next: taken } = await form.submit();
    const id = takenIn(taken);
    expect(textOn(taken)).toBe(
      `📨 Request ${id} is made. Nothing is changed yet: the plan will appear in , for approval.`,
    );
    const root = await planned(play, id);
    expect(await requestsIn(play)).toEqual([id]);
    expect((await eventsOf(play, id))[0]).toMatchObject({
      type: 'requested',
      requester: ALICE,
      channel: CHANNEL,
      reason: 'laptop stolen',
      restart: true,
      selections: [{ account: 'prod-hz', key: KEY, instances: 'all' }],
    });
    const lines = root.text.replaceAll('`', '').split('\n');
    const told = lines.filter((line) => /^(?:•|Key |🔄|🔌|⏰|⏭️|⚠️|Reason)/u.test(line));
    expect(told.length).toBeGreaterThan(5);
    for (const line of told) expect(textOn(preview)).toContain(line);
    expect(textOn(preview)).toMatch(/Account prod-hz needs 1 approval, and not your own\. It can come from: /);
    expect(JSON.stringify(preview?.blocks)).toContain('"usergroup_id":"S0ONCALL"');
    await play.slack.as(ALICE).closeView(form.screen());
    expect(play.slack.as(ALICE).modal()).toBeUndefined();
  });

  it('asks for instances that were searched by name', async () => {
    const form = await chosenForm(play, { account: 'game-gz', key: KEY });
    await form.choose('form_scope', 'named', 'form_instances');
    const [first = '', second = ''] = idsOn('tencent');
    expect(await form.search('form_instances', 'gz-2')).toEqual([`game-gz-2 (${second})`, 'As typed: gz-2']);
    const { next } = await form.submit({ form_instances: [`n:${second}`, `n:${first}`] });
    expect(textOn(next)).toContain('⏭️ 1 instance will be skipped');
    const id = takenIn((await form.submit()).next);
    await planned(play, id);
    expect((await eventsOf(play, id))[0]).toMatchObject({ selections: [{ instances: [second, first] }] });
  });

  it('sent twice makes one request, and another preview makes another', async () => {
    const before = (await requestsIn(play)).length;
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    const preview = (await form.submit()).next;
    if (preview === undefined) throw new Error('there is no preview');
    const person = play.slack.as(ALICE);
    const [one, two] = await Promise.all([person.submitView(preview, {}), person.submitView(preview, {})]);
    expect(takenIn(one.next)).toBe(takenIn(two.next));
    await play.slack.redeliver();
    expect(await requestsIn(play)).toHaveLength(before + 1);
    const again = await chosenForm(play, { account: 'prod-hz', key: KEY });
    await again.submit();
    expect(takenIn((await again.submit()).next)).not.toBe(takenIn(one.next));
    expect(await requestsIn(play)).toHaveLength(before + 2);
  });

  it('asks for the channel where it is opened by the shortcut', async () => {
    const before = (await requestsIn(play)).length;
    const form = await opened(play, ALICE, () => play.slack.as(ALICE).shortcut('open_form'));
    expect(textOn(form.screen())).not.toContain('⚠️');
    expect((await form.submit({ form_reason: 'x' })).errors).toEqual({
      channel: 'Please complete this required field.',
    });
    await form.choose('form_channel', CHANNEL, 'form_account');
    await form.choose('form_account', 'n:prod-hz', 'form_key');
    await form.chooseKey(KEY);
    await form.submit();
    takenIn((await form.submit()).next);
    expect(await requestsIn(play)).toHaveLength(before + 1);
  });

  it('opens from the Home tab', async () => {
    const person = play.slack.as(ALICE);
    await person.openHome();
    const home = await play.slack.waitFor(person.home, 'the Home tab');
    const form = await opened(play, ALICE, () => person.click(home, 'open_form'));
    await form.choose('form_channel', CHANNEL, 'form_account');
  });

  it('speaks Chinese to a reader of Chinese, at the fields too', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY, by: DAN });
    expect(form.screen().title?.text).toBe('解绑密钥对');
    expect(await form.search('form_key', 'zzz')).toEqual(['直接使用：zzz']);
    await form.choose('form_scope', 'named', 'form_instances');
    const tooLong = { form_instances: ['n:web 1'], form_reason: '危'.repeat(1_001) };
    expect(Object.values((await form.submit(tooLong)).errors ?? {})).toEqual([
      '原因有 1,001 个字，最多向审批人显示 1,000 个字。请缩短。',
    ]);
    const { next } = await form.submit({ form_reason: '' });
    expect(textOn(next)).toMatch(
      /^以下不是 prod-hz\/cn-hangzhou 的实例 ID：web 1。请从控制台复制实例 ID。无法这样提交。/u,
    );
    expect(next?.submit).toBeUndefined();
  });

  it('a new account asks for the key pair anew', async () => {
    const form = await chosenForm(play, { account: 'prod-hz', key: KEY });
    const [before] = form.screen().blocks.filter((block) => JSON.stringify(block).includes('form_key'));
    await play.slack.as(ALICE).choose(form.screen(), 'form_account', 'n:game-gz');
    await play.slack.waitFor(
      () => !form.screen().blocks.some(({ block_id }) => block_id === before?.block_id),
      'a new key',
    );
    const { errors } = await form.submit();
    expect(Object.values(errors ?? {})).toEqual(['Please complete this required field.']);
  });

  it('and a typed command run through the same checks', async () => {
    play.slack.workspace.channels.set('C0OTHER', otherChannel('C0OTHER'));
    const form = await openForm(play, { channel: 'C0OTHER' });
    const nothing =
      'There is no account that you can use in this channel. Try the incident’s channel, or ask the bot’s maintainers.';
    expect(textOn(form.screen())).toBe(`⚠️ ${nothing}`);
    expect((await form.submit()).errors).toEqual({ channel: nothing });
    expect(await type(play, `prod-hz ${KEY} all`, { channel: 'C0OTHER' })).toMatch(/cannot be used in this channel/);
  });
});
