import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { startSocketApp } from './bolt.js';
import { type Api, CHANNEL, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
let stopApp: () => Promise<unknown>;
let told: unknown[];

beforeEach(async () => {
  told = [];
  ({ slack, api } = await startTestSlack());
  const listen = (event: unknown) => void told.push(event);
  const { stop } = await startSocketApp(slack, (app) => {
    app.event('reaction_added', async ({ event }) => listen(event));
    app.event('reaction_removed', async ({ event }) => listen(event));
  });
  stopApp = stop;
});
afterEach(async () => {
  await stopApp();
  await slack.stop();
});

async function posted() {
  await api('chat.postMessage', { channel: CHANNEL, text: 'look' });
  const [message] = slack.messages(CHANNEL);
  if (message === undefined) throw new Error('nothing was posted');
  return message;
}

describe('a person’s reaction', () => {
  it('stands under the message, and the app is told when it comes and goes', async () => {
    const message = await posted();
    const bob = slack.as('U0BOB');
    await bob.react(message, 'eyes');
    await slack.as('U0CAROL').react(message, 'eyes');
    const history = () => api('conversations.history', { channel: CHANNEL });
    expect(await history()).toMatchObject({
      messages: [{ reactions: [{ name: 'eyes', users: ['U0BOB', 'U0CAROL'], count: 2 }] }],
    });
    await bob.unreact(message, 'eyes');
    await slack.as('U0CAROL').unreact(message, 'eyes');
    expect(JSON.stringify(await history())).not.toContain('reactions');
    const common = {
      reaction: 'eyes',
      item_user: 'U0BOT',
      item: { type: 'message', channel: CHANNEL, ts: message.ts },
    };
    await slack.waitFor(() => told.length === 4, 'four events');
    expect(told).toMatchObject([
      { type: 'reaction_added', user: 'U0BOB', ...common },
      { type: 'reaction_added', user: 'U0CAROL', ...common },
      { type: 'reaction_removed', user: 'U0BOB', ...common },
      { type: 'reaction_removed', user: 'U0CAROL', ...common },
    ]);
  });

  it('cannot come twice, nor go where it is not', async () => {
    const message = await posted();
    await slack.as('U0BOB').react(message, 'eyes');
    await expect(slack.as('U0BOB').react(message, 'eyes')).rejects.toMatchObject({ code: 'not_on_screen' });
    await expect(slack.as('U0DAN').unreact(message, 'eyes')).rejects.toMatchObject({ code: 'not_on_screen' });
  });

  it('is not told to an app without the scope, or outside of the channel', async () => {
    const message = await posted();
    slack.workspace.scopes.delete('reactions:read');
    await slack.as('U0BOB').react(message, 'eyes');
    slack.workspace.scopes.add('reactions:read');
    slack.workspace.channels.get(CHANNEL)?.members.delete('U0BOT');
    await slack.as('U0CAROL').react(message, 'eyes');
    expect(slack.deliveries).toEqual([]);
  });
});
