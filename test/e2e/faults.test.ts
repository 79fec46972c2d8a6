import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SlackFault } from '../../playground/slack/faults.js';
import { KEY, KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import {
  answerTo,
  ask,
  click,
  ending,
  findRoot,
  kindsOf,
  naming,
  openPlay,
  type Play,
  plan,
  repliesOf,
  rootOf,
  rootsOf,
  type,
} from './play.js';

const WRITE = /detach|disassociate/i;
const many = (count: number) => Array.from({ length: count }, () => 'stopped' as const);
const seedsOf = (count: number) =>
  Object.fromEntries(KIND_IDS.map((kind) => [kind, { states: many(count) }])) as Record<
    KindId,
    { states: 'stopped'[] }
  >;

let play: Play;
const stopPlay = () => play.stop();

const boundIn = ({ clouds }: Play, kind: KindId) =>
  [...clouds[kind].cloud.world.instances.values()].filter(({ keyPairs }) => keyPairs.includes(KEY)).map(({ id }) => id);

/** How often each instance was in a call that takes key pairs off. */
const writesIn = ({ clouds }: Play, kind: KindId) => {
  const named = clouds[kind].cloud.calls
    .filter(({ operation }) => WRITE.test(operation))
    .flatMap((call) => call.instanceIds);
  return clouds[kind].ids.map((id) => named.filter((one) => one === id).length);
};

async function run(where: Play, kind: KindId, limitMs?: number): Promise<{ id: string; texts: string[] }> {
  const { id, root } = await plan(where, `${where.clouds[kind].account} ${KEY} all`);
  await click(where, PEOPLE.approver, root, 'approve');
  return { id, texts: await ending(where, id, limitMs) };
}

/** One root; each instance, each line of the start and the end once; the world as it is told. */
function expectToldOnce(where: Play, kind: KindId, id: string): void {
  const texts = repliesOf(where, id).map(({ text }) => text);
  const all = texts.join('\n');
  const { ids } = where.clouds[kind];
  expect(rootsOf(where, id).length).toBe(1);
  expect(ids.map((one) => naming(texts, one))).toEqual(ids.map(() => 1));
  for (const line of [/ approved plan /g, /Starting on/g, /✅ Finished/g])
    expect([line, all.match(line)?.length]).toEqual([line, 1]);
  const marks = repliesOf(where, id).map(({ metadata }) => JSON.stringify(metadata?.event_payload));
  expect(new Set(marks).size).toBe(marks.length);
  expect(rootOf(where, id).text).toMatch(/^✅ Finished/);
  expect(boundIn(where, kind)).toEqual([]);
}

describe('a cloud that does not answer', () => {
  afterEach(stopPlay);

  it('holds up no other account, neither in the plan nor in the run', async () => {
    play = await openPlay({ seeds: seedsOf(2), slack: { rateLimits: false } });
    const { cloud, account } = play.clouds.alibaba;
    const held = await plan(play, `${account} ${KEY} all`);
    cloud.fail(/.*/, { kind: 'hang', when: 'before' }, Number.POSITIVE_INFINITY);
    await click(play, PEOPLE.approver, held.root, 'approve');
    const planning = await ask(play, `${account} ${KEY} all`);
    for (const kind of ['tencent', 'volcengine', 'huawei'] as const) {
      const { id } = await run(play, kind);
      expectToldOnce(play, kind, id);
    }
    expect(await kindsOf(play, held.id)).not.toContain('finished');
    expect(await kindsOf(play, planning)).toEqual(['requested']);
    cloud.clearFaults();
    await ending(play, held.id);
    expectToldOnce(play, 'alibaba', held.id);
  }, 60_000);
});

const SLACK_FAULTS: readonly SlackFault[] = [
  { kind: 'ratelimited', retryAfterSeconds: 1 },
  { kind: 'error', error: 'internal_error' },
  { kind: 'http', status: 503 },
  { kind: 'hang' },
  { kind: 'reply-lost' },
];
const SLACK_ROWS = (['chat.postMessage', 'chat.update'] as const).flatMap((method) =>
  SLACK_FAULTS.map((fault) => ({ method, fault, name: `${method}: ${fault.kind}` })),
);

describe('when Slack does not take a message, no line is lost and none comes twice', () => {
  const plays = new Map<string, { where: Play; id: string }>();

  /** Most of the time is waiting, so all rows wait at once. */
  beforeAll(async () => {
    await Promise.all(
      SLACK_ROWS.map(async ({ method, fault, name }) => {
        // A call that hangs is waited for thrice.
        const tuning = { slackMs: 3_000 };
        const where = await openPlay({ seeds: seedsOf(2), tuning, slack: { rateLimits: false } });
        plays.set(name, { where, id: '' });
        where.slack.fail(method, fault);
        const id = await ask(where, `${where.clouds.tencent.account} ${KEY} all`);
        const shown = () => /^🔑/u.test(findRoot(where, id)?.text ?? '');
        await where.slack.waitFor(shown, `the plan, with ${name}`, 40_000);
        where.slack.fail(method, fault, 2);
        await click(where, PEOPLE.approver, rootOf(where, id), 'approve');
        plays.set(name, { where, id });
        await ending(where, id, 60_000);
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...plays.values()].map(({ where }) => where.stop()));
  });

  it.each(SLACK_ROWS)('$name', ({ name, method }) => {
    const found = plays.get(name);
    if (!found) throw new Error('nobody played it');
    const failed = found.where.slack.calls.filter((call) => call.method === method && !call.reply?.ok);
    // A message whose reply was lost has been posted, so that fewer are left to fail.
    expect(failed.length).toBeGreaterThanOrEqual(2);
    expectToldOnce(found.where, 'tencent', found.id);
  });
});

describe('rate limits', () => {
  afterEach(stopPlay);

  // Each append and each sweep adds a job that tells; one that was told to wait does not keep the others from trying.
  it('nothing is posted before the time that Slack named', async () => {
    play = await openPlay({ seeds: seedsOf(2) });
    const { id, root } = await plan(play, `${play.clouds.tencent.account} ${KEY} all`);
    play.slack.fail('chat.postMessage', { kind: 'ratelimited', retryAfterSeconds: 4 });
    await click(play, PEOPLE.approver, root, 'approve');
    await ending(play, id);
    const posts = play.slack.calls.filter(({ method }) => method === 'chat.postMessage');
    const refused = posts.findIndex(({ reply }) => reply?.ok === false);
    const waited = (posts[refused + 1]?.at ?? 0) - (posts[refused]?.at ?? 0);
    expect(waited).toBeGreaterThanOrEqual(4_000);
    expectToldOnce(play, 'tencent', id);
  }, 60_000);
});

describe('connections', () => {
  afterEach(stopPlay);

  it('one of two is lost, or renewed: whoever types meanwhile is answered', async () => {
    play = await openPlay({ slack: { rateLimits: false } });
    const { slack } = play;
    for (const reason of ['cut', 'refresh_requested', 'warning'] as const) {
      await slack.waitFor(() => slack.sockets() === 2, 'two connections');
      slack.disconnect(reason, 1);
      // Warned, the client closes at once; what Slack sends into a closing connection nobody can ack.
      await slack.waitFor(() => slack.sockets() === 1, 'one connection');
      const answers = [type(play, 'status'), type(play, 'status'), type(play, 'status')];
      expect(await Promise.all(answers)).toEqual(answers.map(() => 'No request is open.'));
    }
    await slack.waitFor(() => slack.sockets() === 2, 'two connections', 30_000);
    slack.disconnect('cut');
    await slack.waitFor(() => slack.sockets() === 2, 'two new connections', 30_000);
    expect(await type(play, 'status')).toBe('No request is open.');
  }, 90_000);
});

describe('services that come and go', () => {
  afterEach(stopPlay);
  const timing = {
    callMs: 1_000,
    settleMs: 300,
    slowMs: 20_000,
    restartGraceMs: 50,
    patienceMs: 20_000,
    pollMs: 50,
    pausedMs: 200,
    alarmMs: 20_000,
    giveUpMs: 60_000,
  };

  it.each(KIND_IDS)(
    'one is stopped in the middle of a call to %s: another goes on to the true end',
    async (kind) => {
      play = await openPlay({ seeds: seedsOf(2), tuning: { stopLimitMs: 300, timing }, slack: { rateLimits: false } });
      const { cloud } = play.clouds[kind];
      const { id, root } = await plan(play, `${play.clouds[kind].account} ${KEY} all`);
      const hold = cloud.hold(WRITE);
      await click(play, PEOPLE.approver, root, 'approve');
      await hold.arrived;
      await play.service.stop();
      expect(await kindsOf(play, id)).not.toContain('settled');
      hold.release();
      await play.startAnother();
      await ending(play, id);
      expectToldOnce(play, kind, id);
      expect(play.logged).toEqual([]);
      // The cloud did it though nobody was there to hear so; what is off is not taken off again.
      expect(writesIn(play, kind)).toEqual([1, 1]);
    },
    60_000,
  );

  it('the bot is started anew between request and approval', async () => {
    play = await openPlay({ transport: 'http', slack: { rateLimits: false } });
    const { id, root } = await plan(play, `${play.clouds.tencent.account} ${KEY} all`);
    await play.service.stop();
    await expect(play.slack.as(PEOPLE.approver).click(root, 'approve')).rejects.toThrow(/dispatch_failed/);
    await play.startAnother('bot');
    expect(await click(play, PEOPLE.approver, root, 'approve')).toMatch(/It is running now/);
    expect(await kindsOf(play, id)).not.toContain('begun');
    await play.startAnother('worker');
    await ending(play, id);
    expectToldOnce(play, 'tencent', id);
  }, 60_000);

  it('two at once tell nothing twice and do nothing twice', async () => {
    play = await openPlay({ seeds: seedsOf(25), slack: { rateLimits: false } });
    await play.startAnother();
    await play.startAnother('worker');
    const ends = await Promise.all(KIND_IDS.map(async (kind) => ({ kind, ...(await run(play, kind, 60_000)) })));
    for (const { kind, id } of ends) {
      expectToldOnce(play, kind, id);
      expect(writesIn(play, kind)).toEqual(play.clouds[kind].ids.map(() => 1));
    }
  }, 90_000);
});

describe('a large request', () => {
  afterEach(stopPlay);

  it('300 instances: each is told once, and the root is not written for each of them', async () => {
    play = await openPlay({ seeds: { ...seedsOf(1), alibaba: { states: many(300) } }, tuning: { gatherMs: 500 } });
    const { id, texts } = await run(play, 'alibaba', 60_000);
    expectToldOnce(play, 'alibaba', id);
    expect(texts.length).toBeLessThan(20);
    expect(play.slack.calls.filter(({ method }) => method === 'chat.update').length).toBeLessThan(10);
    expect(
      await answerTo(play, play.slack.as(PEOPLE.requester).command('C0INCIDENT', '/detach-key', `status ${id}`)),
    ).toContain('300 of 300 instances');
  }, 90_000);
});
