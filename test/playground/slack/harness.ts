import { LogLevel, WebClient } from '@slack/web-api';
import type { LocalSlack, SlackOptions } from '../../../playground/slack/local-slack.js';
import { startSlack } from '../../../playground/slack/slack.js';

export const BOT_TOKEN = 'xoxb-test';
export const APP_TOKEN = 'xapp-test';
export const SIGNING_SECRET = 'signing-secret-of-the-test';
export const CHANNEL = 'C0INCIDENT';

export type Api = (
  method: string,
  args?: Record<string, unknown>,
) => Promise<{ ok: boolean; error?: string; [more: string]: unknown }>;

/** Starts a Slack for one test file's needs; `api` posts JSON with the bot's token and gives the body of the answer. */
export async function startTestSlack(options: Partial<SlackOptions> = {}): Promise<{ slack: LocalSlack; api: Api }> {
  const slack = await startSlack({
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    rateLimits: false,
    ...options,
  });
  return { slack, api: (method, args = {}) => call(slack, method, args).then(({ body }) => body) };
}

export async function call(slack: LocalSlack, method: string, args: Record<string, unknown> = {}, token = BOT_TOKEN) {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      connection: 'close',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(args),
  });
  const text = await response.text();
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (text.startsWith('{') ? JSON.parse(text) : {}) as Awaited<ReturnType<Api>>,
  };
}

/** A client that tries once, and never waits. */
export const clientOf = (slack: LocalSlack) =>
  new WebClient(BOT_TOKEN, {
    slackApiUrl: slack.apiUrl,
    logLevel: LogLevel.ERROR,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: 5_000,
  });

export const section = (text: string, more: Record<string, unknown> = {}) => ({
  type: 'section',
  text: { type: 'mrkdwn', text },
  ...more,
});
export const button = (actionId: string, text: string, more: Record<string, unknown> = {}) => ({
  type: 'button',
  action_id: actionId,
  text: { type: 'plain_text', text },
  ...more,
});

/** The first of a list that has to be there. */
export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('the list is empty');
  return item;
}
