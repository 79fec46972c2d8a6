import { afterEach, describe, expect, it } from '@jest/globals';
import { KEY, KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE, QUICK } from '../../playground/stage/stage.js';
import {
  answerTo,
  ask,
  click,
  ending,
  eventsOf,
  NO_SEEDS,
  naming,
  openPlay,
  type Play,
  plan,
  planned,
  repliesOf,
  rootOf,
} from './play.js';

/** What keeps a run waiting: credentials that expired, and instances that do not start again. */

const WRITE = /detach|disassociate/i;
const STOPS: readonly KindId[] = ['tencent', 'huawei'];
const running = { states: ['running', 'running'] } as const;
const seeds = { alibaba: running, tencent: running, volcengine: running, huawei: running };
if (QUICK.timing === undefined) throw new Error('the stage has a timing');
const timing = { ...QUICK.timing, alarmMs: 500 };

let play: Play;
afterEach(() => play.stop());
const open = () => openPlay({ seeds, tuning: { timing }, slack: { rateLimits: false } });

const textsOf = (id: string) => repliesOf(play, id).map(({ text }) => text);
const linesWith = (id: string, sign: string) =>
  textsOf(id).flatMap((text) => text.split('\n').filter((line) => line.startsWith(sign)));
const standing = (kind: KindId) =>
  [...play.clouds[kind].cloud.world.instances.values()].map(({ state, keyPairs }) => [state, keyPairs.includes(KEY)]);
/** What the channel sees of a thread. */
const broadcasts = (id: string) =>
  play.slack
    .messages(CHANNEL)
    .filter(({ thread_ts, reply_broadcast }) => thread_ts === rootOf(play, id).ts && reply_broadcast);

async function start(kind: KindId): Promise<string> {
  const { id, root } = await plan(play, `${play.clouds[kind].account} ${KEY} all --restart`);
  await click(play, PEOPLE.approver, root, 'approve');
  return id;
}

describe('credentials that expire after the detach was taken', () => {
  it('pause their account, told in two lines, and the run ends well once they are renewed', async () => {
    play = await open();
    const ids = new Map<KindId, string>();
    for (const kind of KIND_IDS) {
      const { cloud } = play.clouds[kind];
      const hold = cloud.hold(WRITE);
      const id = await start(kind);
      await hold.arrived;
      cloud.hasExpired = true;
      hold.release();
      ids.set(kind, id);
    }
    for (const [kind, id] of ids) {
      const { account, ids: instances, cloud } = play.clouds[kind];
      const shown = () => /^⏸️ Paused/u.test(rootOf(play, id).text) && linesWith(id, '⏸️').length > 0;
      await play.slack.waitFor(shown, `the pause of ${kind}`);
      expect(linesWith(id, '⏸️').join()).toContain(account);
      const off = STOPS.includes(kind)
        ? instances.filter((one) => cloud.world.instances.get(one)?.state === 'stopped')
        : [];
      const mark = STOPS.includes(kind) ? 'is told to the channel' : 'is told in the thread';
      expect([kind, mark, broadcasts(id).length]).toEqual([kind, mark, STOPS.includes(kind) ? 1 : 0]);
      expect(off.map((one) => rootOf(play, id).text.includes(one))).toEqual(off.map(() => true));
      expect(off.length).toBe(STOPS.includes(kind) ? 2 : 0);
    }
    for (const kind of KIND_IDS) play.clouds[kind].cloud.hasExpired = false;
    for (const [kind, id] of ids) {
      const texts = await ending(play, id);
      expect([kind, linesWith(id, '⏸️').length, linesWith(id, '▶️').length]).toEqual([kind, 1, 1]);
      expect([kind, standing(kind)]).toEqual([
        kind,
        [
          ['running', false],
          ['running', false],
        ],
      ]);
      expect(play.clouds[kind].ids.map((one) => naming(texts, one))).toEqual([1, 1]);
      expect(rootOf(play, id).text).toMatch(/^✅ Finished/);
    }
  }, 90_000);
});

describe('an instance that the bot stopped and that does not start again', () => {
  it('is the loudest line, named on top, until somebody starts it by hand', async () => {
    play = await open();
    const { cloud, ids } = play.clouds.tencent;
    const code = 'ResourcesSoldOut.SpecifiedInstanceType';
    cloud.fail('StartInstances', { kind: 'code', code }, Number.POSITIVE_INFINITY);
    const id = await start('tencent');
    await play.slack.waitFor(() => /^🚨 2 instances are still off/u.test(rootOf(play, id).text), 'the alarm on top');
    await play.slack.waitFor(() => broadcasts(id).length > 0, 'the alarm in the channel');
    const [alarm] = broadcasts(id);
    for (const part of [`<@${PEOPLE.requester}>`, `<@${PEOPLE.approver}>`, code, 'by hand'])
      expect(alarm?.text).toContain(part);
    expect(naming(textsOf(id), ids[0] ?? '')).toBe(0);
    expect(ids.map((one) => rootOf(play, id).text.includes(one))).toEqual([true, true]);
    for (const instance of cloud.world.instances.values()) instance.state = 'running';
    const texts = await ending(play, id);
    expect(ids.map((one) => naming(texts, one))).toEqual([1, 1]);
    expect(broadcasts(id)).toHaveLength(1);
    expect(rootOf(play, id).text).toMatch(/^✅ Finished/);
  }, 60_000);
});

describe('a request for which every instance would have to be stopped', () => {
  it('offers the restart to whoever asked, with exactly those instances', async () => {
    play = await open();
    const { account, ids } = play.clouds.tencent;
    const id = await ask(play, `${account} ${KEY} all --reason laptop stolen`);
    await ending(play, id);
    const [told] = play.slack
      .ephemerals(CHANNEL, PEOPLE.requester)
      .filter(({ text }) => text.includes(id) && text.includes('Not possible'));
    if (told === undefined) throw new Error('it was not told to whoever asked');
    expect(told.text).toContain('2 instances have to be stopped');
    const answer = await answerTo(play, play.slack.as(PEOPLE.requester).click(told, 'restart'));
    const [, next = ''] = /[Rr]equest ([0-9A-Z]{6})\b/.exec(answer) ?? [];
    const root = await planned(play, next);
    const [requested] = await eventsOf(play, next);
    expect(requested).toMatchObject({ after: { request: id, why: 'restart' }, selections: [{ instances: ids }] });
    await click(play, PEOPLE.approver, root, 'approve');
    await ending(play, next);
    expect(standing('tencent')).toEqual([
      ['running', false],
      ['running', false],
    ]);
  }, 60_000);
});

describe('an account that is taken out of the config while its instances are off', () => {
  it('is told loudly by whoever runs then, and goes on once it is back', async () => {
    let isThere = true;
    const { tencent } = NO_SEEDS;
    play = await openPlay({
      seeds: { ...seeds, tencent: { ...tencent, states: ['running'] } },
      tuning: { timing, stopLimitMs: 300 },
      slack: { rateLimits: false },
      config: (file) => {
        const { 'game-gz': gone, ...others } = file.accounts;
        return isThere || gone === undefined ? file : { ...file, accounts: others };
      },
    });
    const { cloud, account } = play.clouds.tencent;
    const hold = cloud.hold(WRITE);
    const id = await start('tencent');
    await hold.arrived;
    await play.service.stop();
    hold.release();

    isThere = false;
    const without = await play.startAnother();
    await play.slack.waitFor(() => linesWith(id, '⏸️').length > 0, 'that the account is gone');
    expect(linesWith(id, '⏸️')).toEqual([expect.stringMatching(`^⏸️ Account ${account} is paused: it is not in`)]);
    expect(broadcasts(id)).toHaveLength(1);
    expect(standing('tencent').map(([state]) => state)).toEqual(['stopped']);
    await without.stop();

    isThere = true;
    await play.startAnother();
    await ending(play, id);
    expect(standing('tencent')).toEqual([['running', false]]);
    expect(linesWith(id, '▶️')).toHaveLength(1);
  });
});
