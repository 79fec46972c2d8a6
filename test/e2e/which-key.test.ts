import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY, KINDS } from '../../playground/stage/clouds.js';
import { ask, openPlay, type Play, toldAlone, type } from './play.js';

/** Words that do not say which key is meant, or not clearly. */

let play: Play;
beforeAll(async () => {
  play = await openPlay();
});
afterAll(() => play.stop());

describe('a name that two key pairs of one region have', () => {
  const ids: string[] = [];
  beforeAll(() => {
    const { cloud, region } = play.clouds.tencent;
    cloud.world.keyPairs.push(KINDS.tencent.makeKeyPair(KEY, region, 9));
    ids.push(...cloud.world.keyPairs.flatMap(({ name, id }) => (name === KEY && id !== undefined ? id : [])));
  });
  afterAll(() => void play.clouds.tencent.cloud.world.keyPairs.pop());

  it('is found as both, each with its id', async () => {
    const text = await type(play, `find ${KEY}`);
    const lines = text.split('\n').filter((line) => line.includes('game-gz'));
    const wanted = ids.map((id) => `• game-gz/ap-guangzhou: key pair ${KEY} (${id}), `);
    expect(lines).toEqual(wanted.map((words) => expect.stringContaining(words)));
    expect(ids).toHaveLength(2);
  });

  it('is not planned, and not tried again: the thread says what to use instead', async () => {
    const { account, cloud } = play.clouds.tencent;
    const before = cloud.calls.length;
    const id = await ask(play, `${account} ${KEY} all`);
    const [told] = await play.slack.waitFor(() => {
      const all = toldAlone(play, id);
      return all.length > 0 && all;
    }, 'why there is no plan');
    expect(told).toContain('Several key pairs have this name there, and only one can be meant. Use its id.');
    for (const one of ids) expect(told).toContain(one);
    expect(cloud.calls.slice(before)).toHaveLength(1);
  });
});
