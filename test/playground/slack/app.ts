import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { button, section } from './harness.js';

/** A small app, which the tests start over Socket Mode and over HTTP: the same gestures have to work with both. */
export function listeners(app: App): void {
  app.command('/detach-key', async ({ ack, command, client, respond }) => {
    if (command.text === 'form') {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: form });
      return;
    }
    await ack({ response_type: 'ephemeral', text: 'Checking…' });
    await client.chat.postMessage({
      channel: command.channel_id,
      text: `Request of <@${command.user_id}>`,
      blocks: [
        section(`Request of <@${command.user_id}>: ${command.text}`),
        {
          type: 'actions',
          elements: [button('approve', 'Approve', { value: 'r1' }), button('deny', 'Deny', { value: 'r1' })],
        },
      ] as never,
      metadata: { event_type: 'request', event_payload: { id: 'r1' } },
    });
    await respond({ text: 'Asked for approval' });
  });
  app.action<BlockAction<ButtonAction>>('approve', async ({ ack, body, action, client, respond }) => {
    await ack();
    const { channel, message } = body;
    if (!channel || !message) return;
    const text = `Approved by <@${body.user.id}>: ${action.value}`;
    await client.chat.update({ channel: channel.id, ts: message.ts, text, blocks: [section(text)] as never });
    await client.chat.postMessage({ channel: channel.id, thread_ts: message.ts, text: 'i-1: detached' });
    await respond({ replace_original: false, text: 'Thank you' });
  });
  app.view('form', async ({ ack, view }) => {
    const reason = view.state.values.reason?.reason?.value ?? '';
    await (reason === 'because' ? ack({ response_action: 'errors', errors: { reason: 'Say why' } }) : ack());
  });
  app.options('key', async ({ ack, options }) => {
    await ack({ options: [{ text: { type: 'plain_text', text: `${options.value}-key` }, value: 'k1' }] });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('Welcome')] as never } });
  });
}

const form = {
  type: 'modal' as const,
  callback_id: 'form',
  title: { type: 'plain_text' as const, text: 'Detach a key pair' },
  submit: { type: 'plain_text' as const, text: 'Request' },
  blocks: [
    {
      type: 'input',
      block_id: 'key',
      label: { type: 'plain_text', text: 'Key pair' },
      element: { type: 'external_select', action_id: 'key', min_query_length: 2 },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'reason', min_length: 5 },
    },
  ],
};
