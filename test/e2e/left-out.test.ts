import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY, KIND_IDS, type KindId } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { fillerOf, PATIENT, takenIn } from './filling.js';
import {
  ask,
  click,
  ending,
  eventsOf,
  findRoot,
  hasButton,
  kindsOf,
  openPlay,
  type Play,
  planned,
  repliesOf,
  rootOf,
  type,
} from './play.js';

/** A request over four clouds is undone, and two of them do not let themselves be read when that is planned. */

const [ALICE, BOB] = [PEOPLE.requester, PEOPLE.approver];
const SEEDS = {
  alibaba: { states: ['running', 'running'] },
  tencent: { states: ['stopped'] },
  volcengine: { states: ['running'] },
  huawei: { states: ['stopped'] },
} as const;
const EVERYTHING = /./;

let play: Play;
let ahead = 0;
beforeAll(async () => {
  const tuning = { ...PATIENT.tuning, now: () => Date.now() + ahead, planningMs: 0 };
  play = await openPlay({ ...PATIENT, seeds: SEEDS, tuning });
});
afterAll(() => play.stop());

const cloudOf = (kind: KindId) => play.clouds[kind].cloud;
const bound = () =>
  KIND_IDS.filter((kind) => [...cloudOf(kind).world.instances.values()].some(({ keyPairs }) => keyPairs.length > 0));
const shows = (id: string, text: string) =>
  play.slack.waitFor(() => findRoot(play, id)?.text.includes(text), `${text} in the message of ${id}`);

/** One request for all that was found, played to its end. */
async function detachAll(): Promise<string> {
  await type(play, `find ${KEY}`);
  const found = play.slack.ephemerals(CHANNEL, ALICE).at(-1);
  if (found === undefined) throw new Error('nothing is on the screen');
  await play.slack.as(ALICE).click(found, 'request_all');
  const form = fillerOf(play, ALICE);
  await form.shows('form_reason');
  const id = takenIn((await form.submit({ form_reason: 'laptop stolen' })).next);
  await click(play, BOB, await planned(play, id), 'approve');
  await ending(play, id);
  return id;
}

describe('two of four clouds that cannot be read', () => {
  let first: string;
  let id: string;

  it('do not keep the others from being planned', async () => {
    first = await detachAll();
    expect(bound()).toEqual([]);
    cloudOf('tencent').fail(EVERYTHING, { kind: 'forbidden' }, Number.POSITIVE_INFINITY);
    cloudOf('huawei').fail(EVERYTHING, { kind: 'throttle' }, Number.POSITIVE_INFINITY);
    id = await ask(play, `undo ${first} --reason wrong key`);
    await shows(id, 'web-north/cn-north-4 could not be read so far. Trying again.');
    expect(hasButton(rootOf(play, id), 'approve')).toBe(false);
    ahead += 10_000;
    const root = await planned(play, id);
    expect(root.text).toMatch(/^⚠️ Not in the plan: game-gz\/ap-guangzhou could not be read\./mu);
    expect(root.text).toMatch(/^⚠️ Not in the plan: web-north\/cn-north-4 could not be read\./mu);
    const told = await play.slack.waitFor(() => repliesOf(play, id)[0]?.text, 'what the thread says of it');
    expect(told).toMatch(/^⚠️ Not in the plan: .*game-gz/mu);
  });

  it('are touched by nothing that was approved, and missing in its title', async () => {
    expect(await click(play, BOB, rootOf(play, id), 'approve')).toMatch(/It is running now\.$/);
    const texts = await ending(play, id);
    expect(bound()).toEqual(['alibaba', 'volcengine']);
    expect(rootOf(play, id).text).toMatch(/^⚠️ Finished, but 2 places were not in the plan: .* 3 of 3 instances/u);
    expect(texts.join('\n')).toMatch(
      /nothing was done there: game-gz\/ap-guangzhou and web-north\/cn-north-4\. The reasons stand above\.$/m,
    );
    const [approval] = (await eventsOf(play, id)).filter((event) => event.type === 'approved');
    expect(approval?.accounts).toEqual([play.clouds.alibaba.account, play.clouds.volcengine.account]);
  });

  it('are undone by a request of their own, which the button makes once', async () => {
    cloudOf('tencent').clearFaults();
    cloudOf('huawei').clearFaults();
    const answer = await click(play, ALICE, rootOf(play, id), 'request_left_out');
    const [, next = ''] = /request ([0-9A-Z]{6})\b/i.exec(answer) ?? [];
    const root = await planned(play, next);
    expect(root.text).toContain(`Goes on with what was not in the plan of request ${id}.`);
    for (const gesture of [click(play, BOB, rootOf(play, id), 'request_left_out'), type(play, `undo ${first}`)]) {
      expect(await gesture).toContain(next);
    }
    await click(play, BOB, root, 'approve');
    await ending(play, next);
    expect(bound()).toEqual([...KIND_IDS]);
    expect(await click(play, ALICE, rootOf(play, id), 'request_left_out')).toBe(
      `Nothing is left here: request ${next} went on with it. Look there for what became of it.`,
    );
  });
});

describe('the only cloud of a request', () => {
  it('that cannot be read is said to be tried again, with what it says', async () => {
    cloudOf('alibaba').fail(EVERYTHING, { kind: 'throttle' }, Number.POSITIVE_INFINITY);
    const id = await ask(play, `${play.clouds.alibaba.account} ${KEY} all`);
    await shows(id, 'could not be read so far. Trying again. The cloud says: ');
    ahead += 60_000;
    await ending(play, id);
    expect(await kindsOf(play, id)).toEqual(['requested', 'unread', 'rejected']);
  });

  it('that lets nobody in is waited for, and told with what to do', async () => {
    const { account, cloud } = play.clouds.alibaba;
    cloud.clearFaults();
    cloud.hasExpired = true;
    const id = await ask(play, `${account} ${KEY} all`);
    await shows(id, 'could not be read so far: its temporary credentials have run out, or are not valid. Renew them.');
    cloud.hasExpired = false;
    await planned(play, id);
    expect(await kindsOf(play, id)).toEqual(['requested', 'unread', 'surveyed', 'planned']);
  });
});
