import { afterEach, describe, expect, it } from '@jest/globals';
import { KEY, type KindId } from '../../playground/stage/clouds.js';
import { PEOPLE, QUICK } from '../../playground/stage/stage.js';
import { ask, click, ending, eventsOf, kindsOf, NO_SEEDS, openPlay, type Play, plan } from './play.js';

const { timing } = QUICK;
if (timing === undefined) throw new Error('the stage has a timing');

let play: Play;
afterEach(() => play.stop());

const stopped = (count: number) => ({ states: Array.from({ length: count }, () => 'stopped' as const) });

const boundIn = (kind: KindId) =>
  [...play.clouds[kind].cloud.world.instances.values()].filter(({ keyPairs }) => keyPairs.includes(KEY)).length;

async function run(kind: KindId): Promise<string[]> {
  const { id, root } = await plan(play, `${play.clouds[kind].account} ${KEY} all`);
  await click(play, PEOPLE.approver, root, 'approve');
  return ending(play, id);
}

describe('a cloud that takes only so many calls', () => {
  it.each([
    { known: 'whose limit is known', start: 2, refusals: 1 },
    { known: 'whose limit has to be found', start: 20, refusals: 10 },
  ])(
    'and $known is worked through with few refusals, for a request of hundreds of instances',
    async ({ start, refusals }) => {
      play = await openPlay({
        seeds: { ...NO_SEEDS, volcengine: stopped(400) },
        tuning: { pace: { start, most: start, windowMs: 1000, perRegion: false } },
        slack: { rateLimits: false },
      });
      const { cloud } = play.clouds.volcengine;
      cloud.rateLimit = 2;
      const texts = await run('volcengine');
      expect(texts.at(-1)).toMatch(/✅ Finished/);
      expect(boundIn('volcengine')).toBe(0);
      expect(cloud.throttled.length).toBeLessThanOrEqual(refusals);
    },
  );

  it('is left alone until its next minute, and slows no other account meanwhile', async () => {
    play = await openPlay({
      seeds: { ...NO_SEEDS, alibaba: { states: ['running'] }, volcengine: stopped(250) },
      tuning: { pace: { start: 1000, most: 1000, windowMs: 60_000, perRegion: true }, surveyPatienceMs: 600_000 },
      slack: { rateLimits: false },
    });
    const { cloud, account } = play.clouds.alibaba;
    cloud.rateLimit = 0;
    const held = await ask(play, `${account} ${KEY} all`);
    await play.slack.waitFor(() => cloud.throttled.length > 0, 'the refusal', 30_000);
    const texts = await run('volcengine');
    expect(texts.at(-1)).toMatch(/✅ Finished/);
    expect(boundIn('volcengine')).toBe(0);
    expect(play.clouds.volcengine.cloud.throttled).toEqual([]);
    expect(await kindsOf(play, held)).toEqual(['requested', 'unread']);
    expect(cloud.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('a cloud that works on ten servers of an account at once', () => {
  it('is asked for no more, also by two requests: one waits for the other, and none fails', async () => {
    play = await openPlay({
      seeds: { ...NO_SEEDS, huawei: stopped(24) },
      tuning: { timing: { ...timing, patienceMs: 600_000 } },
      slack: { rateLimits: false },
    });
    const { cloud, account, ids } = play.clouds.huawei;
    cloud.lag = 1_500;
    const halves = [ids.slice(0, 12), ids.slice(12)];
    const plans = await Promise.all(halves.map((some) => plan(play, `${account} ${KEY} ${some.join(' ')}`)));
    await Promise.all(plans.map(({ root }) => click(play, PEOPLE.approver, root, 'approve')));
    for (const { id } of plans) {
      expect((await ending(play, id)).at(-1)).toMatch(/✅ Finished/);
      const faults = (await eventsOf(play, id)).flatMap((event) => (event.type === 'called' ? event.faults : []));
      expect(faults.filter(({ code }) => code !== 'TooManyTasks')).toEqual([]);
    }
    expect(boundIn('huawei')).toBe(0);
  });
});
