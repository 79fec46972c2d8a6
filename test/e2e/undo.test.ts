import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY, KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { rootMessage } from '../../src/bot/messages/root.js';
import { evolve } from '../../src/jobs/evolve.js';
import { emptyRequest } from '../../src/jobs/request.js';
import { threadMessages } from '../bot/messages/telling.js';
import { channelOf, openApart } from './apart.js';
import { ask, click, ending, entriesOf, hasButton, naming, type Play, plan, planned, rootOf, type } from './play.js';

const [ALICE, BOB, DAN] = [PEOPLE.requester, PEOPLE.approver, PEOPLE.other];
const states = ['running', 'running', 'stopped'] as const;
const seeds = { alibaba: { states }, tencent: { states }, volcengine: { states }, huawei: { states } };
const LOSES_PASSWORD: Readonly<Record<KindId, boolean>> = {
  alibaba: true,
  tencent: true,
  volcengine: true,
  huawei: false,
};

let play: Play;
beforeAll(async () => {
  play = await openApart(seeds);
});
afterAll(() => play.stop());

const standing = (kind: KindId) =>
  play.clouds[kind].ids.map((id) => {
    const { keyPairs = [], opens = [], state } = play.clouds[kind].cloud.world.instances.get(id) ?? {};
    return { bound: keyPairs.includes(KEY), opens: opens.includes(KEY), state };
  });
const OPEN = states.map((state) => ({ bound: true, opens: true, state }));

/** Its thread and its root message, in a language that it was not made in. */
async function inChinese(id: string): Promise<string> {
  const entries = await entriesOf(play, id);
  const request = entries.reduce(
    (state, entry) => entry.events.reduce((next, event) => evolve(next, event, entry.at), state),
    emptyRequest(id),
  );
  const messages = [rootMessage(request, { language: 'zh' }), ...threadMessages(request, entries, 'zh')];
  return messages.map(({ text }) => text).join('\n');
}

async function detached(kind: KindId): Promise<string> {
  const channel = channelOf(kind);
  const { id, root } = await plan(play, `${play.clouds[kind].account} ${KEY} all --restart`, { channel });
  await click(play, BOB, root, 'approve');
  await ending(play, id);
  expect(standing(kind).map(({ bound }) => bound)).toEqual([false, false, false]);
  return id;
}

describe.each(KIND_IDS)('%s', (kind) => {
  it('what was detached is attached again, after an approval of its own', async () => {
    const channel = channelOf(kind);
    const from = await detached(kind);
    expect(await type(play, `undo ${from}`, { channel, by: DAN })).toMatch(/没有这个请求/);

    const id = await ask(play, `undo ${from.toLowerCase()} —reason it was the wrong key`, { channel, by: BOB });
    const root = await planned(play, id);
    expect(root.channel).toBe(channel);
    expect(root.text).toContain(`Approval needed: attach key ${KEY} to 3 instances`);
    expect(root.text).toContain(`Undoes request ${from}: attaches again what was detached there.`);
    expect(root.text).toContain('it was the wrong key');
    expect(root.text).toMatch(/2 instances will (?:restart|be shut down, and started again)\./);
    expect(root.text.includes('turns password login off')).toBe(LOSES_PASSWORD[kind]);
    expect(await type(play, `undo ${from}`, { channel })).toBe(
      `Request ${id} is at work on this already. Wait until it ends.`,
    );
    expect(standing(kind).map(({ bound }) => bound)).toEqual([false, false, false]);
    expect(await click(play, BOB, root, 'approve')).toMatch(/^You asked for this yourself/);
    await click(play, ALICE, root, 'approve');
    const texts = await ending(play, id);

    expect(standing(kind)).toEqual(OPEN);
    expect(play.clouds[kind].ids.map((one) => naming(texts, one))).toEqual([1, 1, 1]);
    expect(texts.join('\n')).toContain('✅ Attached');
    expect(texts.at(-1)).toContain('✅ 3 attached');
    expect(texts.join('\n')).not.toMatch(/Detached|still opens/);
    expect(rootOf(play, id).text).toContain(`✅ Finished: key ${KEY} attached to 3 of 3 instances`);
    expect(hasButton(rootOf(play, id), 'restart')).toBe(false);
    const chinese = await inChinese(id);
    expect(chinese).toContain(`密钥对 ${KEY} 已绑定到 3/3 台实例`);
    expect(chinese).toContain('✅ 已绑定 3 台');
    expect(chinese).not.toContain('✅ 已解绑');

    expect(await type(play, `undo ${from}`, { channel })).toBe(
      `Nothing is left to undo: request ${id} did that. Look there for what became of it.`,
    );
    const { account, region } = play.clouds[kind];
    const again = await type(play, `undo ${id}`, { channel });
    expect(again).toMatch(/^This request attached a key pair, and an attach cannot be undone by undo\./);
    expect(again).toContain(`/detach-key ${account}/${region} `);
  });
});

it('attaches nothing where the key pair is gone, and says so', async () => {
  const channel = channelOf('alibaba');
  const from = await detached('alibaba');
  const { world } = play.clouds.alibaba.cloud;
  world.keyPairs.splice(0, world.keyPairs.length);
  const id = await ask(play, `undo ${from}`, { channel });
  await play.slack.waitFor(
    () => play.slack.ephemerals(channel, ALICE).some(({ text }) => text.includes(id) && /no key pair/.test(text)),
    'what the requester alone is told',
  );
  expect(standing('alibaba').map(({ bound }) => bound)).toEqual([false, false, false]);
});
