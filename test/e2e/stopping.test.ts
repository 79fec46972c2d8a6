import { afterEach, describe, expect, it } from '@jest/globals';
import { KEY } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { openWire } from '../jobs/wire.js';
import { ask, COMMAND, openPlay, type Play, planned, rootsOf } from './play.js';

/** How the service starts, goes on and stops while others do not answer. */

let play: Play;
afterEach(() => play.stop());

const SOON_MS = 300;
const LONG_MS = 600_000;

describe('a Slack that does not answer', () => {
  it('is asked for a connection again', async () => {
    play = await openPlay({ tuning: { slackMs: SOON_MS } });
    const before = play.slack.sockets();
    play.slack.fail('apps.connections.open', { kind: 'hang' }, 2);
    await play.startAnother('bot');
    expect(play.slack.sockets()).toBe(2 * before);
  });

  it('holds a stop up for no longer than a call may take: an answer for one person', async () => {
    play = await openPlay({ tuning: { slackMs: SOON_MS, stopLimitMs: LONG_MS } });
    const hold = play.slack.hold('response_url');
    await play.slack.as(PEOPLE.requester).command(CHANNEL, COMMAND, 'help');
    await hold.arrived;
    await play.service.stop();
    hold.release();
  });

  it('holds a stop up for no longer than the limit: what a thread is told, which is not told twice', async () => {
    play = await openPlay({ tuning: { slackMs: LONG_MS, stopLimitMs: SOON_MS } });
    const hold = play.slack.hold('chat.postMessage');
    const id = await ask(play, `${play.clouds.alibaba.account} ${KEY} all`);
    await hold.arrived;
    await play.service.stop();
    // It comes through when nobody waits for it any more.
    hold.release();
    await play.slack.waitFor(() => rootsOf(play, id).length === 1, 'what was on its way');
    await play.startAnother();
    await planned(play, id);
    expect(rootsOf(play, id)).toHaveLength(1);
  });
});

describe('a Redis that is away', () => {
  it('is told once when it goes and once when it is back, and is seen in readiness', async () => {
    const wire = await openWire();
    play = await openPlay({ redisUrl: wire.url });
    const ready = async () => (await fetch(`http://127.0.0.1:${play.service.port}/readyz`)).text();
    const told = () =>
      play.logged
        .map((line) => JSON.parse(line))
        .filter(({ level, msg }) => level >= 30 && /Redis/.test(msg))
        .map(({ msg, connection }) => `${connection}: ${msg}`);
    const tries = (count: number) => play.logged.filter((line) => /has a fault/.test(line)).length >= count;
    const waitFor = async (isSo: () => boolean) => {
      while (!isSo()) await play.nextLine(/Redis/);
    };
    wire.cut();
    await waitFor(() => tries(20));
    expect(await ready()).toBe('Redis does not answer\n');
    wire.mend();
    await waitFor(() => told().length >= 4);
    const after = await ready();
    const lost = 'the connection to Redis is lost';
    const back = 'the connection to Redis is back';
    expect(told().sort()).toEqual([`producer: ${back}`, `producer: ${lost}`, `worker: ${back}`, `worker: ${lost}`]);
    expect(after).toBe('ready\n');
    await play.stop();
    await wire.close();
  });
});
