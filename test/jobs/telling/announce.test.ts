import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../../../playground/gate.js';
import type { SlackFault } from '../../../playground/slack/faults.js';
import { METADATA } from '../../../src/bot/ids.js';
import { CHANNEL } from '../house.js';
import { Died, ID, type Parts, startTelling, type Telling } from './desk.js';

let telling: Telling;
beforeEach(async () => {
  telling = await startTelling();
});
afterEach(() => telling.stop());

const roots = () => telling.slack.messages(CHANNEL).filter((message) => message.thread_ts === undefined);
const inThread = () => telling.slack.messages(CHANNEL).filter((message) => message.thread_ts !== undefined);
const replies = () => inThread().filter(({ files }) => files === undefined);
const files = () => inThread().flatMap((message) => (message.files ?? []).map(({ name }) => name));

/** What a reader sees in the end, times and numbers of messages left out. */
const told = () => ({ root: roots().map(({ text }) => text), replies: inThread().map(({ text }) => text) });

/** The root once, each instance in one reply once, each decision once, no mark twice; nothing left to tell. */
async function expectAllToldOnce(): Promise<void> {
  expect(roots()).toHaveLength(1);
  const text = replies().map((message) => message.text);
  const lines = text.join('\n');
  for (const id of telling.targets) expect([id, lines.split(id).length - 1]).toEqual([id, 1]);
  for (const lead of ['<@U0BOB>', '<@U0CAROL>']) {
    expect([lead, lines.split(`${lead} approved`).length - 1]).toEqual([lead, 1]);
  }
  expect(text.filter((one) => one.includes('<@U0ALICE>'))).toHaveLength(1);
  expect(text.at(-1)).toContain('<@U0ALICE>');
  const marks = replies().map(({ metadata }) => JSON.stringify(metadata));
  expect(new Set(marks).size).toBe(marks.length);
  expect(roots()[0]?.text).toContain('Finished');
  expect(files()).toEqual([`detach-key-${ID}.csv`, `detach-key-${ID}.json`]);
  expect(await telling.isOpen()).toBe(false);
}

/** Runs until there is nothing more to tell; how long it is asked to wait does not matter here. */
async function tellAll(announce: () => Promise<unknown>, isAlone = true): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    if ((await announce()) === undefined) return;
    if (isAlone) await telling.passPause();
  }
  throw new Error('it does not come to an end');
}

/** Dies at the so-maniest thing that it does to Slack or to its notes, before it or after it; counts for ever. */
function mortal(at: number, when: 'before' | 'after', seen = { count: 0 }) {
  const point = async <T>(work: () => Promise<T>): Promise<T> => {
    seen.count += 1;
    const isMine = seen.count === at;
    if (isMine && when === 'before') throw new Died();
    const done = await work();
    if (isMine) throw new Died();
    return done;
  };
  return ({ notifier, told: store }: Parts): Parts => ({
    notifier: {
      postRoot: (request) => point(() => notifier.postRoot(request)),
      findRoot: (request) => point(() => notifier.findRoot(request)),
      showRequester: (request) => point(() => notifier.showRequester(request)),
      updateRoot: (request, root) => point(() => notifier.updateRoot(request, root)),
      repliesOf: (request, entries, telling) =>
        notifier.repliesOf(request, entries, telling).map(({ post }) => ({ post: (root) => point(() => post(root)) })),
      showFiles: (request, root, shown) => point(() => notifier.showFiles(request, root, shown)),
      tellNoFiles: (request, root, code) => point(() => notifier.tellNoFiles(request, root, code)),
      findFiles: (request, root, shown) => point(() => notifier.findFiles(request, root, shown)),
      findReplies: (request, root, range) => point(() => notifier.findReplies(request, root, range)),
    },
    told: { ...store, save: (id, what) => point(() => store.save(id, what)) },
  });
}

/** Tells chapter by chapter; whoever dies is followed by a new process, at once or after the log has gone on. */
async function tellWith(wrap: (parts: Parts) => Parts, isFollowedAtOnce: boolean): Promise<number> {
  let deaths = 0;
  let announce = telling.announcer(wrap);
  while (await telling.nextChapter()) {
    try {
      await tellAll(announce);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      deaths += 1;
      announce = telling.announcer();
      if (isFollowedAtOnce) await tellAll(announce);
    }
  }
  await tellAll(announce);
  return deaths;
}

describe('a request', () => {
  it('is told from its first entry to its last', async () => {
    const announce = telling.announcer();
    while (await telling.nextChapter()) await tellAll(announce);
    await expectAllToldOnce();
    expect(replies().length).toBeGreaterThan(4);
  });

  it('is told the same when everything is told at once', async () => {
    while (await telling.nextChapter());
    await tellAll(telling.announcer());
    await expectAllToldOnce();
  });

  it('that is told costs no call of Slack any more', async () => {
    while (await telling.nextChapter());
    await tellAll(telling.announcer());
    const calls = telling.slack.calls.length;
    await tellAll(telling.announcer());
    expect(telling.slack.calls.length).toBe(calls);
  });

  it('that does not exist is not told', async () => {
    expect(await telling.announcer()()).toBeUndefined();
    expect(telling.slack.calls).toEqual([]);
  });
});

describe('a process that dies', () => {
  it('at any point tells nothing twice and leaves nothing out', async () => {
    const seen = { count: 0 };
    await tellWith(mortal(0, 'before', seen), true);
    const whole = told();
    expect(seen.count).toBeGreaterThan(15);
    for (let at = 1; at <= seen.count; at += 1) {
      for (const when of ['before', 'after'] as const) {
        await telling.stop();
        telling = await startTelling();
        expect(await tellWith(mortal(at, when), true)).toBe(1);
        expect({ at, when, ...told() }).toEqual({ at, when, ...whole });
        await expectAllToldOnce();
      }
    }
  }, 120_000);

  it('is followed after the log has gone on, and still nothing is told twice or left out', async () => {
    for (let at = 1; at <= 18; at += 1) {
      await telling.stop();
      telling = await startTelling();
      expect(await tellWith(mortal(at, 'after'), false)).toBe(1);
      await expectAllToldOnce();
    }
  }, 120_000);

  it('leaves its lock, which holds the others up for a time and no longer', async () => {
    await telling.nextChapter();
    const parked = makeGate();
    const arrived = makeGate();
    const postRoot = async () => {
      arrived.open();
      await parked.promise;
      throw new Died();
    };
    const dead = telling.announcer(({ notifier, told: store }) => ({
      told: store,
      notifier: { ...notifier, postRoot },
    }));
    const end = expect(dead()).rejects.toThrow(Died);
    await arrived.promise;
    const next = telling.announcer();
    expect(await next()).toEqual({ againInMs: expect.any(Number) });
    expect(await telling.redis.pttl(telling.lockKey)).toBeGreaterThan(0);
    await telling.redis.pexpire(telling.lockKey, 0);
    await tellAll(next);
    expect(roots()).toHaveLength(1);
    // A process that ends takes its timers with it; here they would outlive the test.
    parked.open();
    await end;
  });

  it('and comes back does not take the lock away from who has it now', async () => {
    await telling.nextChapter();
    const first = telling.slack.hold('chat.postMessage');
    const late = telling.announcer()();
    await first.arrived;
    await telling.redis.pexpire(telling.lockKey, 0);
    const second = telling.slack.hold('conversations.history');
    const now = telling.announcer()();
    await second.arrived;
    first.release();
    await late;
    expect(await telling.announcer()()).toEqual({ againInMs: expect.any(Number) });
    second.release();
    await now;
  });
});

describe('a planted fault is seen', () => {
  it.each<[string, (parts: Parts) => Parts]>([
    [
      'the thread is not looked at',
      ({ notifier, ...rest }) => ({ ...rest, notifier: { ...notifier, findReplies: async () => new Set() } }),
    ],
    [
      'the channel is not looked at',
      ({ notifier, ...rest }) => ({ ...rest, notifier: { ...notifier, findRoot: async () => undefined } }),
    ],
    [
      'nothing is noted before it is told',
      ({ told: store, ...rest }) => ({
        ...rest,
        told: { ...store, save: (id, { pending: _pending, ...what }) => store.save(id, what) },
      }),
    ],
    [
      'it is noted as told before it is',
      ({ told: store, ...rest }) => ({
        ...rest,
        told: {
          ...store,
          save: (id, { pending, ...what }) => store.save(id, pending ? { ...what, cursor: pending.last } : what),
        },
      }),
    ],
  ])('%s', async (_what, wrap) => {
    const announce = telling.announcer(wrap);
    telling.slack.fail('chat.postMessage', { kind: 'reply-lost' });
    while (await telling.nextChapter()) {
      await tellAll(announce);
      telling.slack.fail('chat.postMessage', { kind: 'reply-lost' });
    }
    telling.slack.clearFaults();
    await tellAll(announce);
    await expect(expectAllToldOnce()).rejects.toThrow();
  });
});

describe('a Slack that', () => {
  const faults: readonly SlackFault[] = [
    { kind: 'ratelimited', retryAfterSeconds: 7 },
    { kind: 'reply-lost' },
    { kind: 'http', status: 503 },
    { kind: 'error', error: 'internal_error' },
  ];

  it.each(faults)('answers with $kind at any message loses no line and doubles none', async (fault) => {
    const posts = async (breakAt: number) => {
      const announce = telling.announcer();
      let count = 0;
      while (await telling.nextChapter()) {
        for (;;) {
          const before = telling.slack.calls.length;
          if (count === breakAt) telling.slack.fail('chat.postMessage', fault);
          const end = await announce();
          count += telling.slack.calls.slice(before).filter(({ method }) => method === 'chat.postMessage').length;
          if (end === undefined) break;
          expect(end.againInMs).toBe(fault.kind === 'ratelimited' ? 7_000 : 5_000);
          await telling.passPause();
        }
      }
      return count;
    };
    for (const breakAt of [0, 1, 2, 4]) {
      await telling.stop();
      telling = await startTelling();
      await posts(breakAt);
      await expectAllToldOnce();
    }
  });

  it('limits us in the middle of many parts is asked again for the rest only', async () => {
    while (await telling.nextChapter());
    const announce = telling.announcer();
    for (const _ of [1, 2, 3]) {
      const { arrived, release } = telling.slack.hold('chat.postMessage');
      const end = announce();
      await arrived;
      telling.slack.fail('chat.postMessage', { kind: 'ratelimited', retryAfterSeconds: 3 });
      release();
      expect(await end).toEqual({ againInMs: 3_000 });
      await telling.passPause();
    }
    await tellAll(announce);
    await expectAllToldOnce();
  });

  it('cannot be read back tells nothing on a guess', async () => {
    await telling.nextChapter();
    telling.slack.fail('chat.postMessage', { kind: 'reply-lost' });
    const announce = telling.announcer();
    expect(await announce()).toEqual({ againInMs: 5_000 });
    telling.slack.fail('conversations.history', { kind: 'error', error: 'internal_error' }, 3);
    for (const _ of [1, 2, 3]) {
      await telling.passPause();
      expect(await announce()).toEqual({ againInMs: 5_000 });
    }
    expect(roots()).toHaveLength(1);
    await telling.passPause();
    await tellAll(announce);
    expect(roots()).toHaveLength(1);
  });

  it('limits its rates as Slack does gets everything in the end', async () => {
    await telling.stop();
    let now = Date.now();
    telling = await startTelling({ rateLimits: true, now: () => now });
    while (await telling.nextChapter());
    const announce = telling.announcer();
    for (let end = await announce(); end !== undefined; end = await announce()) {
      now += end.againInMs;
      await telling.passPause();
    }
    await expectAllToldOnce();
    expect(telling.slack.calls.filter(({ reply }) => reply?.error === 'http 429').length).toBeGreaterThan(0);
  });
});

describe('two announcers', () => {
  it('at once tell everything once', async () => {
    while (await telling.nextChapter());
    const all = Array.from({ length: 4 }, () => telling.announcer());
    await Promise.all(all.map((announce) => tellAll(announce, false)));
    for (const announce of all) await tellAll(announce);
    await expectAllToldOnce();
  });

  it('keep out of each other’s way while one speaks', async () => {
    await telling.nextChapter();
    const { arrived, release } = telling.slack.hold('chat.postMessage');
    const one = telling.announcer()();
    await arrived;
    expect(await telling.announcer()()).toEqual({ againInMs: expect.any(Number) });
    expect(telling.slack.calls).toHaveLength(1);
    release();
    await one;
  });
});

describe('marks of others', () => {
  it('are not taken for ours', async () => {
    await telling.nextChapter();
    const mark = { event_type: METADATA.root, event_payload: { request: ID } };
    await telling.announcer(({ notifier, told: store }) => ({ notifier, told: { ...store, save: async () => {} } }))();
    expect(roots()[0]?.metadata).toEqual(mark);
    telling.slack.workspace.botUserId = 'U0REBORN';
    telling.slack.workspace.channels.get(CHANNEL)?.members.add('U0REBORN');
    await telling.redis.set(
      telling.lockKey.replace(/telling$/, 'told'),
      JSON.stringify({ rootTried: true, rootVersion: 0, cursor: 0, results: 0 }),
    );
    await tellAll(telling.announcer());
    expect(roots().map(({ user }) => user)).toEqual(['U0BOT', 'U0REBORN']);
  });
});

describe('a channel where we may not speak', () => {
  const channel = () => {
    const found = telling.slack.workspace.channels.get(CHANNEL);
    if (found === undefined) throw new Error('there is no channel');
    return found;
  };

  it('is tried again until it is mended', async () => {
    const announce = telling.announcer();
    await telling.nextChapter();
    await tellAll(announce);
    channel().isArchived = true;
    while (await telling.nextChapter()) expect(await announce()).toBeUndefined();
    expect(telling.refused).toEqual(Array.from({ length: 3 }, () => `${ID} is_archived`));
    expect(await telling.isOpen()).toBe(true);
    channel().isArchived = false;
    await tellAll(announce);
    await expectAllToldOnce();
  });

  it('is given up a day after the end', async () => {
    channel().isArchived = true;
    while (await telling.nextChapter());
    const announce = telling.announcer();
    await announce();
    expect(await telling.isOpen()).toBe(true);
    telling.clock.pass(24 * 3_600_000 + 1);
    await announce();
    expect(await telling.isOpen()).toBe(false);
  });

  it('is not given up while the request goes on', async () => {
    channel().isArchived = true;
    await telling.nextChapter();
    telling.clock.pass(48 * 3_600_000);
    await telling.announcer()();
    expect(await telling.isOpen()).toBe(true);
  });
});
