import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeChannel } from '../../playground/slack/workspace.js';
import { CHANNEL, PEOPLE, type StageFile } from '../../playground/stage/stage.js';
import { answerTo, click, deny, ending, hasButton, openPlay, type Play, plan, rootOf, type } from './play.js';

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];

/** Dan asks in a channel of his own, where nobody else is. */
const OTHER = 'C0OTHER';
const inBoth = (file: StageFile): StageFile => ({
  ...file,
  policies: file.policies.flatMap((policy) => [
    policy,
    { ...policy, channels: [OTHER], approvers: { users: ['U0CAROL'] } },
  ]),
});

let play: Play;
beforeAll(async () => {
  play = await openPlay({
    slack: { rateLimits: false },
    seeds: {
      alibaba: { states: ['running', 'running', 'running'] },
      tencent: { states: ['stopped'] },
      volcengine: { states: ['running'] },
      huawei: { states: ['stopped'] },
    },
    config: inBoth,
  });
  const dan = play.slack.workspace.users.get(DAN);
  if (dan) dan.locale = 'en-US';
  play.slack.workspace.channels.set(OTHER, makeChannel(OTHER, 'other', [DAN, 'U0CAROL', 'U0BOT']));
});
afterAll(() => play.stop());

const history = (words = '', by: string = ALICE, channel = CHANNEL) =>
  type(play, `history ${words}`.trim(), { by, channel });
const linesOf = (answer: string) => answer.split('\n').slice(1);
const linkTo = (id: string) => {
  const { channel, ts } = rootOf(play, id);
  return `<${play.slack.url}/archives/${channel}/p${ts.replace('.', '')}|Thread>`;
};

/** Approved and run to its end. */
async function run(text: string): Promise<string> {
  const { id, root } = await plan(play, text);
  await click(play, BOB, root, 'approve');
  await ending(play, id);
  return id;
}
async function denied(text: string, who: { by?: string; channel?: string }, by: string): Promise<string> {
  const { id, root } = await plan(play, text, who);
  await deny(play, by, root);
  await ending(play, id);
  return id;
}

describe('history', () => {
  it('has nothing before anything is over', async () => {
    expect(await history()).toBe('There is no ended request that you may see.');
  });

  it('lists what is over, newest first, with outcomes and the way to the thread; open ones are not in it', async () => {
    const done = await run(`prod-hz deploy_2024 all`);
    const refused = await denied('game-gz deploy_2024 all --restart', {}, BOB);
    const secret = await denied('web-north deploy_2024 all --restart', { by: DAN, channel: OTHER }, 'U0CAROL');
    const open = await plan(play, 'feed-bj deploy_2024 all');

    const [first, second, ...more] = linesOf(await history());
    expect(more).toEqual([]);
    expect(first).toMatch(
      new RegExp(`^• ${refused}: detach key deploy_2024 in game-gz/ap-guangzhou, denied .*By <@U0ALICE>`),
    );
    expect(second).toMatch(new RegExp(`^• ${done}: .*, finished .*: ⏰ 3 detached but not yet restarted\\. By`));
    expect(second).toContain(linkTo(done));

    const ofDan = await history('', DAN, OTHER);
    expect(ofDan).toContain(secret);
    expect(ofDan).not.toContain(done);
    for (const by of [ALICE, BOB]) expect(await type(play, `status ${secret}`, { by })).toMatch(/^There is no such/);
    expect(await type(play, 'status', { by: DAN, channel: OTHER })).not.toContain(open.id);
  });

  it('can be of an account, of a region and of people', async () => {
    const [line, ...more] = linesOf(await history('game-gz'));
    expect([line, more]).toEqual([expect.stringContaining('game-gz/ap-guangzhou'), []]);
    expect(linesOf(await history(`prod-hz/cn-hangzhou <@${BOB}|bob>`))).toHaveLength(1);
    expect(await history('prod-hz/cn-nowhere')).toMatch(/^There is no ended request .* for prod-hz\/cn-nowhere\.$/);
    expect(await history('@bob')).toMatch(/^Who is @bob\?/);
  });

  it('goes on with older ones by a button, which looks with the rights of whoever clicks', async () => {
    for (let turn = 0; turn < 11; turn += 1) {
      const { id } = await plan(play, 'feed-bj deploy_2024 all');
      await type(play, `cancel ${id}`);
      await ending(play, id);
    }
    const newest = linesOf(await history());
    expect(newest).toHaveLength(10);
    const screen = play.slack.ephemerals(CHANNEL, ALICE).findLast((one) => hasButton(one, 'history_older'));
    if (screen === undefined) throw new Error('no button to older ones');
    const answer = await answerTo(play, play.slack.as(ALICE).click(screen, 'history_older'));
    const older = linesOf(answer);
    expect([answer, older.length]).toEqual([answer, 3]);
    expect(older.filter((line) => newest.includes(line))).toEqual([]);
  });
});

describe('status of one', () => {
  it('shows what the root shows, and the way there, for an id as it is heard', async () => {
    const { id } = await plan(play, 'feed-bj deploy_2024 all');
    const heard = id.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    const answer = await type(play, `status ${heard}`);
    expect(answer.split('\n')[0]).toBe(rootOf(play, id).text.split('\n')[0]?.replaceAll('`', ''));
    expect(answer.split('\n').at(-1)).toBe(`What happened so far: ${linkTo(id)}`);
  });
});
