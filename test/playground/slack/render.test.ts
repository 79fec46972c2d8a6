import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { readable, renderChannel, renderMessage } from '../../../playground/slack/render.js';
import { type Api, button, CHANNEL, first, section, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
beforeEach(async () => {
  ({ slack, api } = await startTestSlack());
});
afterEach(() => slack.stop());

it('prints a channel as a person sees it', async () => {
  const { ts } = await api('chat.postMessage', {
    channel: CHANNEL,
    text: 'not shown: there are blocks',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Detach ops-key' } },
      section('*3 instances* asked for by <@U0ALICE>\nin `cn-hangzhou`'),
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'expires <!date^1700000000^{time}|22:13 UTC>' }] },
      { type: 'actions', elements: [button('approve', 'Approve'), button('deny', 'Deny')] },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [
              {
                type: 'rich_text_section',
                elements: [
                  { type: 'text', text: 'i-1 ' },
                  { type: 'user', user_id: 'U0BOB' },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  slack.as('U0BOB').say(CHANNEL, 'another talk');
  await api('chat.postMessage', { channel: CHANNEL, text: 'i-1: detached\ni-2: failed', thread_ts: ts });
  expect(renderChannel(slack, CHANNEL)).toBe(`#incident

detach-key
  Detach ops-key
  *3 instances* asked for by @alice
  in \`cn-hangzhou\`
  expires 22:13 UTC
  [ Approve ] [ Deny ]
  • i-1 @bob

    detach-key
      i-1: detached
      i-2: failed

bob
  another talk`);
});

it('tells edited and ephemeral messages apart', async () => {
  const { ts } = await api('chat.postMessage', { channel: CHANNEL, text: 'old' });
  await api('chat.update', { channel: CHANNEL, ts, text: 'new' });
  await api('chat.postEphemeral', { channel: CHANNEL, user: 'U0BOB', text: 'only you' });
  expect(renderMessage(slack.workspace, first(slack.messages(CHANNEL)))).toBe('detach-key (edited)\n  new');
  expect(renderMessage(slack.workspace, first(slack.ephemerals(CHANNEL, 'U0BOB')))).toBe(
    'detach-key (only visible to bob)\n  only you',
  );
});

it.each([
  ['<@U0BOB> and <@U0BOB|bobby>', '@bob and @bob'],
  ['<!subteam^S0ONCALL>', '@oncall-leads'],
  ['<#C0INCIDENT|x> <!here>', '#incident @here'],
  [
    '<https://example.com/a|the runbook> <https://example.com>',
    'the runbook (https://example.com/a) https://example.com',
  ],
  ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
  ['&amp;lt;', '&lt;'],
  ['&lt;@U0BOB&gt;', '<@U0BOB>'],
])('reads %s as %s', (mrkdwn, seen) => {
  expect(readable(slack.workspace, mrkdwn)).toBe(seen);
});
