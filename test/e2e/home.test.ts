import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { View } from '../../playground/slack/model.js';
import { makeUser } from '../../playground/slack/workspace.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { ask, click, ending, hasButton, kindsOf, openPlay, type Play, plan, readView, rootOf, type } from './play.js';

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];
const CAROL = 'U0CAROL';

let play: Play;
const start = (options: Parameters<typeof openPlay>[0]) =>
  openPlay({
    slack: { rateLimits: false },
    seeds: {
      alibaba: { states: ['running', 'running'] },
      tencent: { states: ['stopped'] },
      volcengine: { states: ['running'] },
      huawei: { states: ['stopped'] },
    },
    ...options,
  });

const read = (view: View): string => readView(play, view);

/** What somebody does; gives Home as it is put there afterwards. */
async function homeAfter(user: string, gesture: () => Promise<unknown>): Promise<View> {
  const before = play.slack.as(user).home()?.hash;
  await gesture();
  return play.slack.waitFor(() => {
    const view = play.slack.as(user).home();
    return view?.hash !== before && view;
  }, `the Home tab of ${user}`);
}
const open = (user: string) => homeAfter(user, () => play.slack.as(user).openHome());
const part = (text: string, title: string): string => text.split(title)[1]?.split(/\n(?=🙋|⏳ Open|🗂️|☁️)/u)[0] ?? '';

describe.each(['socket', 'http'] as const)('Home, by %s', (transport) => {
  beforeAll(async () => {
    play = await start({ transport });
  });
  afterAll(() => play.stop());

  it('has nothing in it at first, and knows nothing of the accounts', async () => {
    const text = read(await open(BOB));
    expect(text).toContain('Nothing waits for you.');
    expect(text).toContain('Nothing of yours is open.');
    expect(text).toMatch(/❔ prod-hz: not known/);
  });

  it('shows each person their part of a request, and the account that was read for it', async () => {
    const { id } = await plan(play, 'prod-hz deploy_2024 all --reason laptop stolen');
    const bob = await open(BOB);
    const text = read(bob);
    expect(text).toContain('1 request waits for you.');
    expect(text).toContain('Reason: laptop stolen');
    expect(text).toMatch(/✅ prod-hz: well \(/);
    expect(hasButton(bob, 'approve')).toBe(true);
    const alice = await open(ALICE);
    expect(part(read(alice), '🙋 You asked for')).toContain(id);
    expect(hasButton(alice, 'approve')).toBe(false);
    const dan = await open(DAN);
    expect(read(dan)).not.toContain(id);
    expect(read(dan)).toContain('等你审批');
  });

  it('takes an approval, and shows at once what came of it', async () => {
    const bob = play.slack.as(BOB).home();
    if (bob === undefined) throw new Error('no Home');
    const after = await homeAfter(BOB, () => play.slack.as(BOB).click(bob, 'approve'));
    const [first] = read(after).split('\n');
    expect(first).toMatch(/^✅ You approved request \w{6}\. It is running now\.$/u);
    expect(hasButton(after, 'approve')).toBe(false);
    const [, id = ''] = /request (\w{6})/.exec(first ?? '') ?? [];
    await ending(play, id);
    expect(part(read(await open(BOB)), '🗂️ Ended')).toMatch(
      new RegExp(`${id}: detach key .*, finished .*⏰ 2 detached`, 'u'),
    );
    expect(part(read(await open(ALICE)), '🗂️ Ended')).toContain(id);
  });

  it('answers a click that comes too late, on a view from before', async () => {
    const { id, root } = await plan(play, 'game-gz deploy_2024 all --restart');
    const old = await open(CAROL);
    await click(play, BOB, root, 'approve');
    await ending(play, id);
    const after = await homeAfter(CAROL, () => play.slack.as(CAROL).click(old, 'approve'));
    expect(read(after).split('\n')[0]).toMatch(/^Too late: it was approved by @bob /);
    expect(hasButton(after, 'approve')).toBe(false);
  });

  it('denies with a reason, and says so there', async () => {
    const { id } = await plan(play, 'feed-bj deploy_2024 all');
    const home = await open(BOB);
    await play.slack.as(BOB).click(home, 'deny');
    const form = await play.slack.waitFor(() => play.slack.as(BOB).modal(), 'the form that asks why');
    const after = await homeAfter(BOB, () => play.slack.as(BOB).submitView(form, { reason: 'Not tonight' }));
    expect(read(after).split('\n')[0]).toMatch(new RegExp(`^🚫 You denied request ${id}\\.`));
    await ending(play, id);
    expect(rootOf(play, id).text).toMatch(/^🚫 Denied/u);
  });

  it('lets whoever asked take it back, and nobody else', async () => {
    const { id } = await plan(play, 'feed-bj deploy_2024 all');
    const alice = await open(ALICE);
    expect(hasButton(alice, 'cancel')).toBe(true);
    const dan = await open(DAN);
    expect(hasButton(dan, 'cancel')).toBe(false);
    const after = await homeAfter(ALICE, () => play.slack.as(ALICE).click(alice, 'cancel'));
    expect(read(after).split('\n')[0]).toMatch(new RegExp(`^🛑 Request ${id} is cancelled\\.`, 'u'));
    expect(hasButton(after, 'cancel')).toBe(false);
    const again = await homeAfter(ALICE, () => play.slack.as(ALICE).click(alice, 'cancel'));
    expect(read(again).split('\n')[0]).toMatch(/^Too late: it was cancelled by @alice /u);
    await ending(play, id);
  });

  it('lets it be taken back while it is still being planned: no plan is made then', async () => {
    const reading = play.clouds.alibaba.cloud.hold(/^Describe/);
    const id = await ask(play, 'prod-hz deploy_2024 all');
    await reading.arrived;
    const alice = await open(ALICE);
    expect(part(read(alice), '🙋 You asked for')).toMatch(new RegExp(`${id}: .*, making the plan`));
    const after = await homeAfter(ALICE, () => play.slack.as(ALICE).click(alice, 'cancel'));
    expect(read(after).split('\n')[0]).toMatch(new RegExp(`^🛑 Request ${id} is cancelled\\.`, 'u'));
    expect(hasButton(after, 'cancel')).toBe(false);
    reading.release();
    await ending(play, id);
    expect(await kindsOf(play, id)).toEqual(['requested', 'cancelled']);
  });

  it('opens the form', async () => {
    const home = await open(ALICE);
    await play.slack.as(ALICE).click(home, 'open_form');
    const form = await play.slack.waitFor(() => play.slack.as(ALICE).modal(), 'the form');
    await play.slack.as(ALICE).closeView(form);
  });

  it('says what is wrong with an account', async () => {
    play.clouds.huawei.cloud.fail(/keypairs/, { kind: 'forbidden' });
    await type(play, 'find deploy_2024');
    const accounts = part(read(await open(BOB)), '☁️ Accounts')
      .trim()
      .split('\n');
    expect(accounts[0]).toMatch(/^⚠️ web-north: its access key lacks a right;/u);
  });

  it('has a few polite words for who has no part in it', async () => {
    play.slack.workspace.users.set('U0GUEST', makeUser('U0GUEST', 'gus', { isRestricted: true }));
    const view = await open('U0GUEST');
    expect(view.blocks).toHaveLength(1);
    expect(read(view)).toContain('This app takes SSH key pairs off cloud instances in an incident.');
  });

  it('and nothing of all that was a fault of the bot', () => {
    expect(play.logged.filter((line) => /"level":(?:50|"error")/.test(line))).toEqual([]);
  });
});
