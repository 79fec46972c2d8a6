import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { startSocketApp } from './bolt.js';
import { type Api, button, CHANNEL, section, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
let time: number;
let stopApp: () => Promise<unknown>;
/** The last trigger that the app was given. */
let trigger: string;
/** What the app answers to a submission. */
let answer: unknown;

const plain = (text: string) => ({ type: 'plain_text', text });
const input = (blockId: string, element: Record<string, unknown>, more = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(blockId),
  element: { action_id: blockId, ...element },
  ...more,
});
const option = (value: string) => ({ text: plain(value), value });
const modal = (more: Record<string, unknown> = {}) => ({
  type: 'modal',
  callback_id: 'form',
  title: plain('Detach'),
  submit: plain('Go'),
  blocks: [section('x')],
  ...more,
});

function listeners(app: App): void {
  app.command('/detach-key', async ({ ack, command }) => {
    trigger = command.trigger_id;
    await ack();
  });
  app.action(/.*/, async ({ ack, body }) => {
    if ('trigger_id' in body) trigger = body.trigger_id;
    await ack();
  });
  app.view('form', async ({ ack }) => ack(answer as never));
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack }) => ack());
}

beforeEach(async () => {
  time = 1_700_000_000_000;
  answer = undefined;
  ({ slack, api } = await startTestSlack({ now: () => time }));
  stopApp = (await startSocketApp(slack, listeners)).stop;
});
afterEach(async () => {
  await stopApp();
  await slack.stop();
});

const alice = () => slack.as('U0ALICE');
async function open(more: Record<string, unknown> = {}) {
  await alice().command(CHANNEL, '/detach-key');
  return api('views.open', { trigger_id: trigger, view: modal(more) });
}
async function opened(more: Record<string, unknown> = {}) {
  expect(await open(more)).toMatchObject({ ok: true });
  const view = alice().modal();
  if (!view) throw new Error('no modal is open');
  return view;
}

describe('triggers', () => {
  it('work once, within three seconds', async () => {
    await opened();
    expect(await api('views.open', { trigger_id: trigger, view: modal() })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    await alice().command(CHANNEL, '/detach-key');
    time += 3_001;
    expect(await api('views.open', { trigger_id: trigger, view: modal() })).toMatchObject({
      error: 'expired_trigger_id',
    });
    expect(await api('views.open', { trigger_id: '1.2.x', view: modal() })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });
});

describe('views', () => {
  it.each([
    ['a long title', { title: plain('x'.repeat(25)) }],
    ['a long submit', { submit: plain('x'.repeat(25)) }],
    ['no title', { title: undefined }],
    ['much private metadata', { private_metadata: 'x'.repeat(3_001) }],
    ['a long callback_id', { callback_id: 'x'.repeat(256) }],
    ['an input and no submit', { submit: undefined, blocks: [input('reason', { type: 'plain_text_input' })] }],
    ['a block that modals do not have', { blocks: [{ type: 'markdown', text: 'x' }] }],
    ['an unknown field', { colour: 'red' }],
  ])('are refused with %s', async (_, more) => {
    const refused = await open(more);
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: [expect.stringMatching(/view/)] },
    });
    expect(alice().modal()).toBeUndefined();
  });

  it('are updated by id, while open, and not over a newer state', async () => {
    const view = await opened({ blocks: [section('loading')] });
    const update = (more: object) => api('views.update', { view_id: view.id, view: modal(), ...more });
    expect(await update({ hash: view.hash })).toMatchObject({ ok: true });
    expect(alice().modal()?.blocks).toMatchObject([{ text: { text: 'x' } }]);
    expect(await update({ hash: view.hash })).toMatchObject({ error: 'hash_conflict' });
    expect(await update({ view_id: 'V0' })).toMatchObject({ error: 'not_found' });
    await alice().closeView(view);
    expect(await update({})).toMatchObject({ error: 'not_found' });
  });

  it('give way to the one that is opened next', async () => {
    const old = await opened();
    const next = await opened();
    expect(next.id).not.toBe(old.id);
    expect(slack.views.filter((view) => view.open)).toEqual([next]);
    await expect(alice().submitView(old, {})).rejects.toMatchObject({ code: 'not_on_screen' });
  });

  it('are published for each person', async () => {
    const publish = (more: object) =>
      api('views.publish', { user_id: 'U0BOB', view: { type: 'home', blocks: [section('x')] }, ...more });
    expect(await publish({})).toMatchObject({ ok: true });
    expect(slack.as('U0BOB').home()?.blocks).toHaveLength(1);
    expect(await publish({ hash: 'old' })).toMatchObject({ error: 'hash_conflict' });
    expect(await publish({ user_id: 'UNOBODY' })).toMatchObject({ error: 'invalid_arguments' });
    expect(await publish({ view: modal() })).toMatchObject({ error: 'invalid_arguments' });
  });

  it('stand on one another, three at most', async () => {
    const actions = [{ type: 'actions', elements: [button('more', 'More')] }];
    await opened({ blocks: actions });
    const push = async () => {
      const top = alice().modal();
      if (!top) throw new Error('no modal is open');
      await alice().click(top, 'more');
      return api('views.push', { trigger_id: trigger, view: modal({ blocks: actions }) });
    };
    expect(await push()).toMatchObject({ ok: true });
    expect(await push()).toMatchObject({ ok: true });
    expect(await push()).toMatchObject({ error: 'push_limit_reached' });
    expect(slack.views.filter((view) => view.open)).toHaveLength(3);
  });
});

describe('a person before a form', () => {
  const fields = {
    blocks: [
      input('reason', { type: 'plain_text_input', max_length: 5 }),
      input('cloud', { type: 'static_select', options: [option('alibaba'), option('huawei')] }),
      input(
        'keys',
        { type: 'multi_static_select', options: [option('a'), option('b')], initial_options: [option('b')] },
        { optional: true },
      ),
      input('who', { type: 'users_select' }, { optional: true }),
    ],
  };

  it('sends what they entered, in the shape of each field', async () => {
    const form = await opened(fields);
    expect(await alice().submitView(form, { reason: 'x', cloud: 'huawei', who: 'U0BOB' })).toEqual({ acked: {} });
    expect(slack.deliveries.at(-1)?.envelope.payload).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ALICE', team_id: 'T0LOCAL' },
      view: {
        id: form.id,
        state: {
          values: {
            reason: { reason: { type: 'plain_text_input', value: 'x' } },
            cloud: { cloud: { type: 'static_select', selected_option: option('huawei') } },
            keys: { keys: { type: 'multi_static_select', selected_options: [option('b')] } },
            who: { who: { type: 'users_select', selected_user: 'U0BOB' } },
          },
        },
      },
    });
  });

  it('can enter only what the form offers', async () => {
    const form = await opened(fields);
    await expect(alice().submitView(form, { reason: 'x', cloud: 'amazon' })).rejects.toThrow('no option "amazon"');
    await expect(alice().submitView(form, { nothing: 'x' })).rejects.toThrow('there is no field "nothing"');
    expect(await alice().submitView(form, { reason: 'too long', cloud: 'huawei' })).toMatchObject({
      errors: { reason: 'Please enter at most 5 characters.' },
    });
    await expect(slack.as('U0BOB').submitView(form, { reason: 'x' })).rejects.toMatchObject({ code: 'not_on_screen' });
  });

  it('sees what the app answers: errors, an update, another form, or the end of all', async () => {
    const form = await opened({ blocks: [input('reason', { type: 'plain_text_input' })] });
    const send = () => alice().submitView(form, { reason: 'x' });
    answer = { response_action: 'errors', errors: { nowhere: 'wrong' } };
    await expect(send()).rejects.toThrow('no such block_id: nowhere');
    answer = { response_action: 'update', view: modal({ title: plain('Preview') }) };
    expect(await send()).toMatchObject({ next: { id: form.id, title: { text: 'Preview' } } });
    answer = { response_action: 'push', view: modal({ title: plain('Sure?') }) };
    expect(await send()).toMatchObject({ next: { previous_view_id: form.id, title: { text: 'Sure?' } } });
    answer = { response_action: 'push', view: modal({ title: plain('x'.repeat(25)) }) };
    await expect(send()).rejects.toThrow('must be less than 25 characters');
    answer = { response_action: 'clear' };
    await send();
    expect(slack.views.filter((view) => view.open)).toEqual([]);
  });

  it('tells of closing where the form wants to know', async () => {
    const quiet = await opened();
    const before = slack.deliveries.length;
    await alice().closeView(quiet);
    expect(slack.deliveries).toHaveLength(before);
    await alice().closeView(await opened({ notify_on_close: true }));
    expect(slack.deliveries.at(-1)?.envelope.payload).toMatchObject({ type: 'view_closed', is_cleared: false });
  });

  it('chooses in a field while others are filled in', async () => {
    const form = await opened({
      blocks: [
        input(
          'cloud',
          { type: 'static_select', options: [option('alibaba'), option('huawei')] },
          { dispatch_action: true },
        ),
        input('reason', { type: 'plain_text_input' }),
      ],
    });
    await alice().choose(form, 'cloud', 'huawei', { reason: 'so far' });
    expect(slack.deliveries.at(-1)?.envelope.payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: form.id },
      actions: [{ action_id: 'cloud', selected_option: option('huawei') }],
      view: { state: { values: { reason: { reason: { value: 'so far' } } } } },
    });
    expect(slack.deliveries.at(-1)?.envelope.payload).not.toHaveProperty('response_url');
  });
});
