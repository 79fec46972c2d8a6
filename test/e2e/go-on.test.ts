import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY, type KindId } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { channelOf, openApart } from './apart.js';
import { click, deny, ending, eventsOf, findRoot, hasButton, naming, type Play, plan, rootOf } from './play.js';

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];
const seeds = {
  alibaba: { states: ['running', 'running', 'stopped'] },
  tencent: { states: ['running', 'stopped', 'running'] },
  volcengine: { states: ['running', 'running', 'running'] },
  huawei: { states: ['stopped'] },
} as const;

let play: Play;
beforeAll(async () => {
  play = await openApart(seeds);
});
afterAll(() => play.stop());

const instance = (kind: KindId, index: number) => {
  const { cloud, ids } = play.clouds[kind];
  const found = cloud.world.instances.get(ids[index] ?? '');
  if (found === undefined) throw new Error('no such instance');
  return found;
};
const standing = (kind: KindId) =>
  play.clouds[kind].ids.map((_, index) => {
    const { keyPairs, opens, power, state } = instance(kind, index);
    return { bound: keyPairs.includes(KEY), opens: opens.includes(KEY), state, ...power };
  });
const untouched = { stops: 0, starts: 0, restarts: 0 };

/** Asked for by Alice, approved by Bob, played to its end. */
async function first(kind: KindId, more = ''): Promise<string> {
  const text = `${play.clouds[kind].account} ${KEY} all${more} --reason laptop stolen`;
  const { id, root } = await plan(play, text, { channel: channelOf(kind) });
  await click(play, BOB, root, 'approve');
  await ending(play, id);
  return id;
}

/** Clicks the button of an ended request, and waits for the new one's plan. */
async function goOn(from: string, action: string, by: string) {
  const answer = await click(play, by, rootOf(play, from), action);
  const [, id = ''] = /[Rr]equest ([0-9A-Z]{6})\b/.exec(answer) ?? [];
  const root = await play.slack.waitFor(() => {
    const found = findRoot(play, id);
    return found && hasButton(found, 'approve') ? found : undefined;
  }, `the plan that goes on from ${from}: ${answer}`);
  return { id, root };
}

const labelsOf = (id: string): string[] =>
  [...JSON.stringify(rootOf(play, id).blocks).matchAll(/"text":"((?:Retry|Go on)[^"]*)"/g)].map(
    ([, text = '']) => text,
  );

describe('Go on with restart', () => {
  it('restarts what was detached and waits for it, and does nothing else', async () => {
    const from = await first('alibaba');
    expect(labelsOf(from)).toContain('Go on with restart (2)');
    expect(hasButton(rootOf(play, from), 'retry_failed')).toBe(false);
    const told = play.slack.thread(channelOf('alibaba'), rootOf(play, from).ts).length;
    const calls = play.clouds.alibaba.cloud.calls.length;

    const { id, root } = await goOn(from, 'restart', BOB);
    expect(root.text).toContain(`request ${from}`);
    expect(root.text).toContain('2 instances');
    expect(root.text).toContain('laptop stolen');
    expect(root.text).toContain('only restart: the key is off already');
    expect(root.channel).toBe(channelOf('alibaba'));
    expect(await click(play, BOB, root, 'approve')).toMatch(/^You asked for this yourself/);
    expect(await click(play, ALICE, root, 'approve')).toMatch(/^✅ You approved/);
    const texts = await ending(play, id);

    const restarted = { bound: false, opens: false, state: 'running', ...untouched, restarts: 1 };
    const stopped = { bound: false, opens: true, state: 'stopped', ...untouched };
    expect(standing('alibaba')).toEqual([restarted, restarted, stopped]);
    const made = play.clouds.alibaba.cloud.calls.slice(calls).map(({ operation }) => operation);
    expect(made).not.toContain('DetachKeyPair');
    expect(play.clouds.alibaba.ids.map((one) => naming(texts, one))).toEqual([1, 1, 0]);
    expect(rootOf(play, id).text).toContain('✅ Finished');
    expect(labelsOf(id)).toEqual([]);
    expect(play.slack.thread(channelOf('alibaba'), rootOf(play, from).ts)).toHaveLength(told);

    expect(await click(play, ALICE, rootOf(play, from), 'restart')).toBe(
      `Nothing is left here: request ${id} went on with it. Look there for what became of it.`,
    );
  });

  it('stops, detaches and starts what needed a stop; one request at a time, by whoever may ask', async () => {
    const from = await first('tencent');
    expect(labelsOf(from)).toContain('Go on with restart (2)');
    expect(await click(play, DAN, rootOf(play, from), 'restart')).toMatch(/^你不能/);
    const { id, root } = await goOn(from, 'restart', ALICE);
    const calls = play.clouds.tencent.cloud.calls.length;
    for (const by of [BOB, ALICE]) {
      expect(await click(play, by, rootOf(play, from), 'restart')).toBe(
        `Request ${id} is at work on this already. Wait until it ends.`,
      );
    }
    expect(await deny(play, BOB, root)).toMatch(/^🚫 You denied/);
    await ending(play, id);
    expect(play.clouds.tencent.cloud.calls).toHaveLength(calls);

    const second = await goOn(from, 'restart', ALICE);
    expect(second.id).not.toBe(id);
    await click(play, BOB, second.root, 'approve');
    await ending(play, second.id);
    const done = { bound: false, opens: false, state: 'running', stops: 1, starts: 1, restarts: 0 };
    expect(standing('tencent')).toEqual([done, { ...done, state: 'stopped', ...untouched, opens: false }, done]);
    expect(labelsOf(second.id)).toEqual([]);
  });
});

it('Retry failed asks for exactly what failed, as the earlier request did', async () => {
  const { cloud, ids } = play.clouds.volcengine;
  const [, failing = ''] = ids;
  const code = 'InvalidResetAuthenticationAgent.NotFound';
  cloud.fail('DetachKeyPair', { kind: 'instance-code', instanceId: failing, code }, Number.POSITIVE_INFINITY);
  const from = await first('volcengine', ' --restart');
  cloud.clearFaults();
  expect(labelsOf(from)).toContain('Retry failed (1)');
  expect(hasButton(rootOf(play, from), 'restart')).toBe(false);

  const { id, root } = await goOn(from, 'retry_failed', ALICE);
  const [requested] = await eventsOf(play, id);
  expect(requested).toMatchObject({
    type: 'requested',
    requester: ALICE,
    restart: true,
    reason: 'laptop stolen',
    after: { request: from, why: 'retry' },
    selections: [{ instances: [failing] }],
  });
  expect(root.text).toContain('detach → verify → restart');
  expect(await click(play, ALICE, root, 'approve')).toMatch(/^You asked for this yourself/);
  await click(play, BOB, root, 'approve');
  await ending(play, id);
  const done = { bound: false, opens: false, state: 'running', ...untouched, restarts: 1 };
  expect(standing('volcengine')).toEqual([done, done, done]);
  expect(labelsOf(id)).toEqual([]);
});
