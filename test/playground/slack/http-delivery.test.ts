import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { App } from '@slack/bolt';
import { sign } from '../../../playground/slack/http-delivery.js';
import { listeners } from './app.js';
import { startHttpApp } from './bolt.js';
import { CHANNEL, SIGNING_SECRET, startTestSlack } from './harness.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: { ackLimitMs?: number } = {}) {
  const { slack } = await startTestSlack(options);
  closing.push(slack.stop);
  return slack;
}

/** A request URL that keeps what it is sent, and answers as it is told; undefined is no answer. */
async function listenAs(answer: { status: number; type?: string; body?: string } | undefined) {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      requests.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
      if (!answer) return;
      outgoing.writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain' });
      outgoing.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` };
}

describe('delivery by HTTP', () => {
  it('signs each request, and sends forms and JSON as Slack does', async () => {
    const slack = await start();
    const { requests, url } = await listenAs({ status: 200, body: 'Checking…' });
    slack.deliverTo(url);
    const { acked } = await slack.as('U0ALICE').command(CHANNEL, '/detach-key', 'a & b');
    expect(acked).toEqual({ text: 'Checking…' });
    await slack.as('U0ALICE').openHome();
    const [command, event] = requests;
    expect(new URLSearchParams(command?.body).get('text')).toBe('a & b');
    expect(JSON.parse(event?.body ?? '')).toMatchObject({ type: 'event_callback', event: { type: 'app_home_opened' } });
    for (const { headers, body } of requests) {
      const timestamp = Number(headers['x-slack-request-timestamp']);
      expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(60);
      expect(headers['x-slack-signature']).toBe(sign(SIGNING_SECRET, timestamp, body));
    }
  });

  it('signs as the example in "Verifying requests from Slack" does', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(sign('8f742231b10e8888abcd99yyyzzz85a5', 1531420618, body)).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    );
  });

  it('names the retry in headers', async () => {
    const slack = await start();
    const { requests, url } = await listenAs({ status: 200 });
    slack.deliverTo(url);
    await slack.as('U0ALICE').openHome();
    await slack.redeliver({ retry: { attempt: 2, reason: 'http_error' } });
    expect(requests[0]?.headers['x-slack-retry-num']).toBeUndefined();
    expect(requests[1]?.headers).toMatchObject({ 'x-slack-retry-num': '2', 'x-slack-retry-reason': 'http_error' });
    expect(requests[1]?.body).toBe(requests[0]?.body);
  });

  it('fails as the client shows it: refused, unreachable, too late', async () => {
    const slack = await start({ ackLimitMs: 30 });
    const alice = slack.as('U0ALICE');
    slack.deliverTo((await listenAs({ status: 500 })).url);
    await expect(alice.openHome()).rejects.toThrow('dispatch_failed: the app answered HTTP 500');
    slack.deliverTo('http://127.0.0.1:1/slack/events');
    await expect(alice.openHome()).rejects.toMatchObject({ code: 'dispatch_failed' });
    slack.deliverTo((await listenAs(undefined)).url);
    await expect(alice.openHome()).rejects.toMatchObject({ code: 'operation_timeout' });
  });

  it('is refused by a Bolt app with another signing secret', async () => {
    const slack = await start();
    const { stop } = await startHttpApp(slack, listeners, 'another-secret');
    closing.push(stop);
    await expect(slack.as('U0ALICE').command(CHANNEL, '/detach-key')).rejects.toThrow('HTTP 401');
  });

  it('is not acked by a Bolt app without a listener', async () => {
    const slack = await start();
    const { stop } = await startHttpApp(slack, listeners);
    closing.push(stop);
    await expect(slack.as('U0ALICE').command(CHANNEL, '/unknown')).rejects.toThrow('HTTP 404');
  });

  it('refuses a bad token when the app is initialised', async () => {
    const slack = await start();
    const app = new App({
      token: 'xoxb-other',
      signingSecret: SIGNING_SECRET,
      deferInitialization: true,
      clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    });
    await expect(app.init()).rejects.toThrow('invalid_auth');
  });
});
