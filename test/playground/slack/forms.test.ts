import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { startSocketApp } from './bolt.js';
import { type Api, CHANNEL, section, startTestSlack } from './harness.js';

/** A form that changes while a person fills it in. */

let slack: LocalSlack;
let api: Api;
let stopApp: () => Promise<unknown>;
let trigger: string;

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value), value });
const input = (blockId: string, actionId: string, element: Record<string, unknown>, more = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(actionId),
  element: { action_id: actionId, ...element },
  ...more,
});
const account = input(
  'account',
  'account',
  { type: 'static_select', options: [option('one'), option('two')] },
  { dispatch_action: true },
);
const key = (of: string) => input(`key-${of}`, 'key', { type: 'external_select', min_query_length: 0 });
const reason = input('reason', 'reason', { type: 'plain_text_input' }, { optional: true });
const modal = (blocks: unknown[], more: Record<string, unknown> = {}) => ({
  type: 'modal',
  callback_id: 'form',
  title: plain('Detach'),
  submit: plain('Go'),
  blocks,
  ...more,
});

function listeners(app: App): void {
  app.shortcut('open', async ({ ack, body }) => {
    trigger = body.trigger_id;
    await ack();
  });
  app.action('account', async ({ ack }) => ack());
  app.options('key', async ({ ack }) => ack({ options: [option('deploy')] as never }));
  app.view('form', async ({ ack }) => ack());
}

beforeEach(async () => {
  ({ slack, api } = await startTestSlack({}));
  stopApp = (await startSocketApp(slack, listeners)).stop;
});
afterEach(async () => {
  await stopApp();
  await slack.stop();
});

const alice = () => slack.as('U0ALICE');
const told = () => slack.deliveries.at(-1)?.envelope.payload;
function top() {
  const view = alice().modal();
  if (!view) throw new Error('no modal is open');
  return view;
}
async function open(blocks: unknown[], more: Record<string, unknown> = {}) {
  await alice().shortcut('open');
  expect(await api('views.open', { trigger_id: trigger, view: modal(blocks, more) })).toMatchObject({ ok: true });
}
const update = (blocks: unknown[]) => api('views.update', { view_id: top().id, view: modal(blocks) });

describe('a global shortcut', () => {
  it('gives a trigger, and no channel', async () => {
    await open([section('x')]);
    expect(told()).toMatchObject({ type: 'shortcut', callback_id: 'open', user: { id: 'U0ALICE' } });
    expect(told()).not.toHaveProperty('channel');
    expect(told()).not.toHaveProperty('response_url');
  });
});

describe('what was entered', () => {
  it('stays over an update where block and action are the same, and is gone where they are not', async () => {
    await open([account, key('one'), reason]);
    await alice().suggest(top(), 'key', '', { key: 'deploy', reason: 'leaked' });
    await alice().choose(top(), 'account', 'two');
    await update([account, key('two'), reason]);
    expect(await alice().submitView(top(), {})).toMatchObject({
      errors: { 'key-two': 'Please complete this required field.' },
    });
    await alice().submitView(top(), { key: 'spare' });
    expect(told()).toMatchObject({
      view: {
        state: {
          values: {
            account: { account: { selected_option: option('two') } },
            'key-two': { key: { selected_option: option('spare') } },
            reason: { reason: { value: 'leaked' } },
          },
        },
      },
    });
  });

  it('is not told with a suggestion', async () => {
    await open([account, key('one')]);
    await alice().choose(top(), 'account', 'one');
    expect(await alice().suggest(top(), 'key', 'dep')).toEqual([option('deploy')]);
    expect(told()).toMatchObject({ type: 'block_suggestion', view: { state: { values: {} } } });
  });
});

describe('a select of conversations', () => {
  const select = (more: Record<string, unknown>) =>
    modal([input('channel', 'channel', { type: 'conversations_select', ...more })]);
  it('sends the one that it began with', async () => {
    await open(select({ initial_conversation: CHANNEL, filter: { include: ['public'] } }).blocks);
    await alice().submitView(top(), {});
    expect(told()).toMatchObject({
      view: { state: { values: { channel: { channel: { selected_conversation: CHANNEL } } } } },
    });
  });

  it('is refused with a filter that filters nothing', async () => {
    await alice().shortcut('open');
    expect(await api('views.open', { trigger_id: trigger, view: select({ filter: {} }) })).toMatchObject({
      error: 'invalid_arguments',
    });
  });
});

describe('closing', () => {
  it('takes all with it where the view says so', async () => {
    await open([section('one')], { clear_on_close: true });
    await alice().closeView(top());
    expect(alice().modal()).toBeUndefined();
  });
});
