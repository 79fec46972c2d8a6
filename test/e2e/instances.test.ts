import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { View } from '../../playground/slack/model.js';
import { KEY } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { click, ending, openPlay, type Play, plan, rootOf } from './play.js';

/** The list of all instances: a button on the request's message, and a modal with pages. */

const COUNT = 45;
const LOOKER = PEOPLE.requester;

let play: Play;
let id: string;
beforeAll(async () => {
  play = await openPlay({
    seeds: {
      alibaba: { states: Array.from({ length: COUNT }, () => 'running' as const) },
      tencent: { states: ['stopped'] },
      volcengine: { states: ['running'] },
      huawei: { states: ['stopped'] },
    },
    slack: { rateLimits: false },
  });
  const { account } = play.clouds.alibaba;
  id = (await plan(play, `${account} ${KEY} all`)).id;
});
afterAll(() => play.stop());

const wordsOf = (view: View | undefined): string => JSON.stringify(view?.blocks ?? []);

/** The modal once it shows this; not one that was there before. */
const shown = (who: string, words: string, before?: View): Promise<View> =>
  play.slack.waitFor(() => {
    const view = play.slack.as(who).modal();
    return view && view.id !== before?.id && wordsOf(view).includes(words) ? view : undefined;
  }, `a list that shows "${words}"`);

async function open(who: string, words = 'Page 1 of'): Promise<View> {
  const person = play.slack.as(who);
  const before = person.modal();
  await person.click(rootOf(play, id), 'show_instances');
  return shown(who, words, before);
}

describe('the list of all instances', () => {
  it('is there from the plan on, for whoever sees the message, page by page', async () => {
    const first = await open(LOOKER);
    expect(wordsOf(first)).toContain('Not begun');
    await play.slack.as(LOOKER).click(first, 'instances_next');
    const second = await shown(LOOKER, `Page 2 of 3, ${COUNT} instances`);
    await play.slack.as(LOOKER).click(second, 'instances_previous');
    await shown(LOOKER, 'Page 1 of 3');
  });

  it('is in the reader’s own language', async () => {
    await open(PEOPLE.other, `第 1/3 页，共 ${COUNT} 台实例`);
  });

  it('goes with the request, and shows one kind', async () => {
    const view = await open(LOOKER);
    await click(play, PEOPLE.approver, rootOf(play, id), 'approve');
    await ending(play, id);
    await play.slack.as(LOOKER).click(view, 'instances_next');
    const later = await shown(LOOKER, 'takes effect after a restart');
    await play.slack.as(LOOKER).choose(later, 'instances_filter', 'later');
    expect(wordsOf(await shown(LOOKER, 'Page 1 of 3'))).not.toContain('Not begun');
  });

  it('of two quick clicks the later changes nothing', async () => {
    const view = await open(LOOKER);
    const person = play.slack.as(LOOKER);
    await Promise.all([person.click(view, 'instances_next'), person.click(view, 'instances_next')]);
    await shown(LOOKER, 'Page 2 of 3');
    const refused = () => play.slack.calls.some(({ reply }) => reply?.error === 'hash_conflict');
    await play.slack.waitFor(refused, 'the refusal of the later one');
    expect(wordsOf(person.modal())).toContain('Page 2 of 3');
  });

  it('is shown as plain text where Slack does not take it', async () => {
    play.slack.fail('views.update', { kind: 'error', error: 'invalid_arguments' });
    const view = await open(LOOKER);
    expect(view.blocks.map(({ type }) => type)).toEqual(['section']);
  });

  it('does not open for somebody whom Slack does not know', async () => {
    play.slack.fail('users.info', { kind: 'error', error: 'user_not_found' });
    const view = await open(LOOKER, 'Slack did not say who you are');
    expect(wordsOf(view)).not.toContain('i-');
  });

  it('does not open for people of other organisations', async () => {
    const users = play.slack.workspace.users;
    const user = users.get(LOOKER);
    if (user === undefined) throw new Error('there is nobody');
    users.set(LOOKER, { ...user, teamId: 'T0OTHER' });
    const view = await open(LOOKER, 'no such request');
    users.set(LOOKER, user);
    expect(wordsOf(view)).not.toContain('i-');
  });
});
