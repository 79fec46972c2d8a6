import { afterEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { listeners } from './app.js';
import { startHttpApp, startSocketApp } from './bolt.js';
import { CHANNEL, first, startTestSlack } from './harness.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe.each([
  ['Socket Mode', startSocketApp],
  ['signed HTTP', startHttpApp],
])('a Bolt app over %s', (_, startApp) => {
  async function start(): Promise<LocalSlack> {
    const { slack } = await startTestSlack();
    closing.push(slack.stop);
    const app = await startApp(slack, listeners);
    closing.push(app.stop);
    return slack;
  }

  it('takes a command, a click and posts what follows', async () => {
    const slack = await start();
    const asked = await slack.as('U0ALICE').command(CHANNEL, '/detach-key', 'prod-hz ops-key all');
    expect(asked.acked).toMatchObject({ text: 'Checking…', response_type: 'ephemeral' });
    await slack.waitFor(() => asked.responses[0], 'the answer at the response URL');
    const root = first(slack.messages(CHANNEL));
    expect(root.metadata).toEqual({ event_type: 'request', event_payload: { id: 'r1' } });
    expect(slack.ephemerals(CHANNEL, 'U0ALICE').map(({ text }) => text)).toEqual(['Checking…', 'Asked for approval']);
    expect(slack.ephemerals(CHANNEL, 'U0BOB')).toEqual([]);

    const clicked = await slack.as('U0BOB').click(root, 'approve');
    await slack.waitFor(() => clicked.responses[0], 'the thanks');
    const [updated, reply] = slack.thread(CHANNEL, root.ts);
    expect(updated).toMatchObject({ text: 'Approved by <@U0BOB>: r1', metadata: root.metadata });
    expect(updated?.versions.map(({ blocks }) => blocks.length)).toEqual([2, 1]);
    expect(reply).toMatchObject({ text: 'i-1: detached', thread_ts: root.ts });
    expect(slack.ephemerals(CHANNEL, 'U0BOB').map(({ text }) => text)).toEqual(['Thank you']);
  });

  it('opens a form, offers options, complains and closes it', async () => {
    const slack = await start();
    const alice = slack.as('U0ALICE');
    await alice.command(CHANNEL, '/detach-key', 'form');
    const form = await slack.waitFor(alice.modal, 'the form');
    expect(await alice.suggest(form, 'key', 'o')).toEqual([]);
    const offered = await alice.suggest(form, 'key', 'ops');
    expect(offered).toMatchObject([{ text: { text: 'ops-key' }, value: 'k1' }]);

    const key = first(offered);
    expect(await alice.submitView(form, { key })).toMatchObject({
      errors: { reason: expect.stringMatching('required') },
    });
    expect(await alice.submitView(form, { key, reason: 'why' })).toMatchObject({
      errors: { reason: expect.stringMatching('at least 5') },
    });
    expect(slack.deliveries.filter(({ envelope }) => envelope.payload.type === 'view_submission')).toHaveLength(0);
    expect(await alice.submitView(form, { key, reason: 'because' })).toMatchObject({ errors: { reason: 'Say why' } });
    expect(alice.modal()).toBeDefined();
    expect(await alice.submitView(form, { key, reason: 'stolen laptop' })).toEqual({ acked: {} });
    expect(alice.modal()).toBeUndefined();
    expect(slack.deliveries.at(-1)?.envelope.payload).toMatchObject({
      view: {
        state: {
          values: {
            key: { key: { type: 'external_select', selected_option: { value: 'k1' } } },
            reason: { reason: { type: 'plain_text_input', value: 'stolen laptop' } },
          },
        },
      },
    });
  });

  it('publishes the Home tab when it is opened', async () => {
    const slack = await start();
    const alice = slack.as('U0ALICE');
    await alice.openHome();
    const home = await slack.waitFor(alice.home, 'the Home tab');
    expect(home.blocks).toMatchObject([{ text: { text: 'Welcome' } }]);
    expect(slack.as('U0BOB').home()).toBeUndefined();
  });

  it('lets nobody use what is not there', async () => {
    const slack = await start();
    await slack.as('U0ALICE').command(CHANNEL, '/detach-key', 'x');
    const root = await slack.waitFor(() => slack.messages(CHANNEL)[0], 'the request');
    await expect(slack.as('U0BOB').click(root, 'cancel')).rejects.toThrow('there is: approve, deny');
    await expect(slack.as('U0STRANGER').click(root, 'approve')).rejects.toMatchObject({ code: 'not_allowed' });
    slack.workspace.channels.get(CHANNEL)?.members.delete('U0BOB');
    await expect(slack.as('U0BOB').click(root, 'approve')).rejects.toMatchObject({ code: 'not_allowed' });
  });
});
