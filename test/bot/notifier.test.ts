import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../playground/slack/local-slack.js';
import { startSlack } from '../../playground/slack/slack.js';
import { METADATA } from '../../src/bot/ids.js';
import { createNotifier } from '../../src/bot/notifier.js';
import type { MessageRef, Notifier, TellableEntry } from '../../src/jobs/notifier.js';
import { NotifierBusy, NotifierRefused } from '../../src/jobs/notifier.js';
import { group, NOW, planned, START, settled, started, target, then } from './messages/requests.js';
import { tellingOf } from './messages/telling.js';

const CHANNEL = 'C0INCIDENT';
const TOKEN = 'xoxb-local';
const BOT = 'U0BOT';

let slack: LocalSlack;
let notifier: Notifier;
let client: WebClient;
let now = START;

beforeEach(async () => {
  now = START;
  slack = await startSlack({ botToken: TOKEN, appToken: 'xapp-local', signingSecret: 'secret', now: () => now });
  // As `app.ts` makes it, with a shorter time limit.
  client = new WebClient(TOKEN, {
    slackApiUrl: slack.apiUrl,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: 500,
    logger: silent,
  });
  notifier = createNotifier({ client, botUserId: () => BOT });
});
afterEach(() => slack.stop());

const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as never,
  setName() {},
};

const TARGETS = Array.from({ length: 300 }, (_, index) => target(index));
const waiting = planned([group(TARGETS)], { requester: 'U0ALICE' }, 1);
const running = started(waiting, 'U0BOB');
const done = settled(running, Object.fromEntries(TARGETS.map(({ id }) => [id, NOW])));
const finished = then(done, { type: 'finished' });
const told = done.entries.slice(-1);
const TELLING = tellingOf(told);
const MARKED = `${TELLING.news}/${TELLING.results}/${TELLING.last}`;
/** Everything that these entries have to say, but for what is there already. */
async function say(entries: readonly TellableEntry[], root: MessageRef, there: ReadonlySet<number> = new Set()) {
  for (const [place, reply] of notifier.repliesOf(done.request, entries, tellingOf(entries)).entries()) {
    if (!there.has(place)) await reply.post(root);
  }
}
const posts = () => slack.calls.filter(({ method }) => method === 'chat.postMessage').length;

describe('the root message', () => {
  test('is posted with its mark, and found by it', async () => {
    const root = await notifier.postRoot(waiting.request);
    const [message, ...others] = slack.messages(CHANNEL);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      ts: root.id,
      metadata: { event_type: METADATA.root, event_payload: { request: 'K7QM' } },
    });
    expect(slack.calls.at(-1)?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false', parse: 'none' });
    expect(await notifier.findRoot(waiting.request)).toEqual({ channel: CHANNEL, id: root.id });
  });

  test('is not found where there is none, or only that of another request', async () => {
    expect(await notifier.findRoot(waiting.request)).toBeUndefined();
    await notifier.postRoot({ ...waiting.request, id: 'OTHER' });
    expect(await notifier.findRoot(waiting.request)).toBeUndefined();
  });

  test('is found on a later page, and not looked for before the request was made', async () => {
    const root = await notifier.postRoot(waiting.request);
    for (let index = 0; index < 250; index += 1) {
      now += 2_000;
      await client.chat.postMessage({ channel: CHANNEL, text: `talk ${index}` });
    }
    const calls = () => slack.calls.filter(({ method }) => method === 'conversations.history').length;
    expect(await notifier.findRoot(waiting.request)).toEqual(root);
    expect(calls()).toBe(2);
    const later = { ...waiting.request, createdAt: START + 400_000 };
    expect(await notifier.findRoot(later)).toBeUndefined();
    expect(calls()).toBe(3);
  });

  test('is not what somebody else marked so', async () => {
    const forger = createNotifier({ client, botUserId: () => 'U0OTHERBOT' });
    await forger.postRoot(waiting.request);
    expect(await forger.findRoot(waiting.request)).toBeUndefined();
    expect(await notifier.findRoot(waiting.request)).toBeDefined();
  });

  test('shows the request as it is now, and keeps its mark', async () => {
    const root = await notifier.postRoot(waiting.request);
    await notifier.updateRoot(finished.request, root);
    await notifier.updateRoot(finished.request, root);
    const [message] = slack.messages(CHANNEL);
    expect(message?.text).toContain('✅ Finished');
    expect(JSON.stringify(message?.blocks).match(/"action_id":"\w+"/gu)).toEqual(['"action_id":"show_instances"']);
    expect(await notifier.findRoot(finished.request)).toEqual(root);
  });
});

describe('the thread', () => {
  test('is told part by part, each with its mark', async () => {
    const root = await notifier.postRoot(waiting.request);
    await say(told, root);
    const [, ...replies] = slack.thread(CHANNEL, root.id);
    expect(replies.length).toBeGreaterThan(1);
    expect(replies.map(({ metadata }) => metadata)).toEqual(
      replies.map((_, part) => ({
        event_type: METADATA.told,
        event_payload: { request: 'K7QM', telling: MARKED, part },
      })),
    );
    expect(await notifier.findReplies(done.request, root, TELLING)).toEqual(new Set(replies.keys()));
  });

  test('other ranges, other requests and others’ marks do not count', async () => {
    const root = await notifier.postRoot(waiting.request);
    await say(told, root);
    const none = new Set();
    expect(await notifier.findReplies(done.request, root, { ...TELLING, news: 1 })).toEqual(none);
    expect(await notifier.findReplies({ ...done.request, id: 'OTHER' }, root, TELLING)).toEqual(none);
    const stranger = createNotifier({ client, botUserId: () => 'U0OTHERBOT' });
    expect(await stranger.findReplies(done.request, root, TELLING)).toEqual(none);
  });

  test('after a lost reply, what is there is not told again', async () => {
    const root = await notifier.postRoot(waiting.request);
    slack.fail('chat.postMessage', { kind: 'reply-lost' });
    await expect(say(told, root)).rejects.toBeInstanceOf(NotifierBusy);
    const there = await notifier.findReplies(done.request, root, TELLING);
    expect(there).toEqual(new Set([0]));
    await say(told, root, there);
    const marks = slack.thread(CHANNEL, root.id).map(({ metadata }) => JSON.stringify(metadata));
    expect(new Set(marks).size).toBe(marks.length);
  });

  test('nothing to tell is no message', async () => {
    const root = await notifier.postRoot(waiting.request);
    const formed = { type: 'batched', batch: 'b1', group: 0, step: 'detach' } as const;
    const quiet: TellableEntry[] = [{ version: 9, at: START, events: [{ ...formed, instances: ['i-0001'] }] }];
    await say(quiet, root);
    expect(posts()).toBe(1);
  });
});

describe('what Slack refuses', () => {
  const post = () => notifier.postRoot(waiting.request);

  test('a rate limit says how long to wait, in both its forms', async () => {
    slack.fail('chat.postMessage', { kind: 'ratelimited', retryAfterSeconds: 7 });
    await expect(post()).rejects.toMatchObject({ name: 'NotifierBusy', retryAfterMs: 7_000 });
    slack.fail('chat.postMessage', { kind: 'error', error: 'ratelimited' });
    await expect(post()).rejects.toMatchObject({ name: 'NotifierBusy', retryAfterMs: 5_000 });
    expect(posts()).toBe(2);
  });

  test.each(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'])('%s passes', async (error) => {
    slack.fail('chat.postMessage', { kind: 'error', error });
    await expect(post()).rejects.toMatchObject({ name: 'NotifierBusy', retryAfterMs: 5_000 });
    expect(posts()).toBe(1);
  });

  test.each([{ kind: 'http', status: 503 }, { kind: 'reply-lost' }, { kind: 'hang' }] as const)(
    '$kind is no answer, and is not tried again',
    async (fault) => {
      slack.fail('chat.postMessage', fault);
      await expect(post()).rejects.toMatchObject({ name: 'NotifierBusy', retryAfterMs: 5_000 });
      expect(posts()).toBe(1);
    },
  );

  test.each(['not_in_channel', 'is_archived', 'invalid_auth', 'missing_scope', 'a_code_of_tomorrow'])(
    '%s is for a person to mend',
    async (error) => {
      slack.fail('chat.postMessage', { kind: 'error', error });
      await expect(post()).rejects.toMatchObject({ name: 'NotifierRefused', code: error });
    },
  );

  test('a root message that is gone is not made anew', async () => {
    await expect(notifier.updateRoot(waiting.request, { channel: CHANNEL, id: '1.000000' })).rejects.toMatchObject({
      name: 'NotifierRefused',
      code: 'message_not_found',
    });
    expect(posts()).toBe(0);
  });

  test.each(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'])(
    '%s: it is said once more, as text',
    async (error) => {
      slack.fail('chat.postMessage', { kind: 'error', error });
      await post();
      const [message] = slack.messages(CHANNEL);
      expect(message?.blocks).toEqual([]);
      expect(message?.text).toContain('🔑 Approval needed');
      expect(message?.metadata?.event_type).toBe(METADATA.root);
      slack.fail('chat.update', { kind: 'error', error });
      await notifier.updateRoot(finished.request, { channel: CHANNEL, id: message?.ts ?? '' });
      expect(slack.messages(CHANNEL)[0]?.text).toContain('✅ Finished');
    },
  );

  test('refused as text too, it is given up', async () => {
    slack.fail('chat.postMessage', { kind: 'error', error: 'invalid_blocks' }, 2);
    await expect(post()).rejects.toBeInstanceOf(NotifierRefused);
    expect(posts()).toBe(2);
  });

  test('what cannot be read is not taken for empty', async () => {
    const root = await post();
    slack.fail('conversations.history', { kind: 'error', error: 'internal_error' });
    await expect(notifier.findRoot(waiting.request)).rejects.toBeInstanceOf(NotifierBusy);
    slack.fail('conversations.replies', { kind: 'http', status: 500 });
    await expect(notifier.findReplies(waiting.request, root, TELLING)).rejects.toBeInstanceOf(NotifierBusy);
    slack.fail('conversations.history', { kind: 'error', error: 'missing_scope' });
    await expect(notifier.findRoot(waiting.request)).rejects.toBeInstanceOf(NotifierRefused);
  });
});

test('no error holds the token', async () => {
  slack.fail('chat.postMessage', { kind: 'http', status: 500 });
  const error = await notifier.postRoot(waiting.request).catch((caught: unknown) => caught);
  const shown = error instanceof Error ? `${error.message} ${JSON.stringify(error)} ${String(error.cause)}` : '';
  expect(shown).toContain('cannot speak now');
  expect(shown).not.toContain(TOKEN);
});
