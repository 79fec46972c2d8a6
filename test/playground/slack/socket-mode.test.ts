import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { makeGate } from '../../../playground/gate.js';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { listeners } from './app.js';
import { socketReceiver, startSocketApp } from './bolt.js';
import { APP_TOKEN, BOT_TOKEN, CHANNEL, call, startTestSlack } from './harness.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: { ackLimitMs?: number } = {}): Promise<LocalSlack> {
  const { slack } = await startTestSlack(options);
  closing.push(slack.stop);
  return slack;
}

type Frame = { type: string; envelope_id?: string; [more: string]: unknown };

/** A bare client: greeted, and with every frame that came since. */
async function connect(slack: LocalSlack, options: { acks: boolean } = { acks: true }) {
  const { body } = await call(slack, 'apps.connections.open', {}, APP_TOKEN);
  const socket = new WebSocket(String(body.url));
  const frames: Frame[] = [];
  const hello = makeGate<Frame>();
  const another = { gate: makeGate() };
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as Frame;
    if (frame.type === 'hello') return hello.open(frame);
    frames.push(frame);
    if (options.acks && frame.envelope_id) socket.send(JSON.stringify({ envelope_id: frame.envelope_id }));
    another.gate.open();
  });
  closing.push(() => socket.terminate());
  return { socket, frames, hello: await hello.promise, url: String(body.url), another };
}

describe('Socket Mode', () => {
  it('greets, answers pings and lets each address be used once', async () => {
    const slack = await start();
    const { socket, hello, url } = await connect(slack);
    expect(hello).toMatchObject({ num_connections: 1, connection_info: { app_id: slack.workspace.appId } });
    socket.ping();
    await once(socket, 'pong');
    const again = new WebSocket(url);
    const [error] = (await once(again, 'error')) as [Error];
    expect(error.message).toMatch('403');
    expect(slack.sockets()).toBe(1);
  });

  it('opens connections with the app token only', async () => {
    const slack = await start();
    expect((await call(slack, 'apps.connections.open', {}, BOT_TOKEN)).body.error).toBe('not_allowed_token_type');
    expect((await call(slack, 'chat.postMessage', {}, APP_TOKEN)).body.error).toBe('not_allowed_token_type');
  });

  it('sends each envelope to one connection, in turn', async () => {
    const slack = await start();
    const [one, two] = [await connect(slack), await connect(slack)];
    for (const text of ['a', 'b', 'c', 'd']) await slack.as('U0ALICE').command(CHANNEL, '/detach-key', text);
    const told = [one, two].map(({ frames }) => frames.map(({ payload }) => (payload as { text: string }).text));
    expect(told.map((texts) => texts.length)).toEqual([2, 2]);
    expect(told.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('sends the same envelope again, with its retry', async () => {
    const slack = await start();
    const { frames } = await connect(slack);
    await slack.as('U0ALICE').openHome();
    await slack.redeliver();
    await slack.redeliver({ retry: { attempt: 1, reason: 'timeout' } });
    expect(new Set(frames.map(({ envelope_id }) => envelope_id)).size).toBe(1);
    expect(frames.map(({ retry_attempt }) => retry_attempt)).toEqual([undefined, undefined, 1]);
    expect(frames[2]).toMatchObject({ type: 'events_api', retry_reason: 'timeout', accepts_response_payload: false });
  });

  it('shows a timeout when there is no ack', async () => {
    const slack = await start({ ackLimitMs: 30 });
    const { frames } = await connect(slack, { acks: false });
    await expect(slack.as('U0ALICE').command(CHANNEL, '/detach-key')).rejects.toMatchObject({
      code: 'operation_timeout',
    });
    expect(frames).toHaveLength(1);
    expect(slack.deliveries.map(({ ack }) => ack)).toEqual([undefined]);
  });

  it('has nowhere to send to without a connection', async () => {
    const slack = await start();
    await expect(slack.as('U0ALICE').openHome()).rejects.toMatchObject({ code: 'dispatch_failed' });
  });

  it('uses a connection until it is really over', async () => {
    const slack = await start();
    const { frames, another } = await connect(slack);
    slack.disconnect('warning');
    await another.gate.promise;
    expect(frames).toMatchObject([{ type: 'disconnect', reason: 'warning' }]);
    await slack.as('U0ALICE').openHome();
    slack.disconnect('cut');
    await slack.waitFor((at) => at.sockets() === 0, 'the end of the connection');
    await expect(slack.as('U0ALICE').openHome()).rejects.toMatchObject({ code: 'dispatch_failed' });
  });

  it('keeps an app with two connections in reach while one is renewed', async () => {
    const slack = await start();
    const { app, stop } = await startSocketApp(slack, listeners);
    const second = socketReceiver(slack);
    second.init(app);
    await second.start();
    closing.push(stop, () => second.client.disconnect());
    expect(slack.sockets()).toBe(2);
    slack.disconnect('refresh_requested', 1);
    expect(slack.sockets()).toBe(1);
    for (const _ of [1, 2, 3]) await slack.as('U0ALICE').command(CHANNEL, '/detach-key', 'x');
    await slack.waitFor(() => slack.messages(CHANNEL).length === 3, 'three requests');
  });

  it('is reached by an app that starts while Slack is in trouble', async () => {
    const slack = await start();
    slack.fail('apps.connections.open', { kind: 'http', status: 503 }, 2);
    const { stop } = await startSocketApp(slack, listeners);
    closing.push(stop);
    expect(slack.sockets()).toBe(1);
    expect(slack.calls.filter(({ method }) => method === 'apps.connections.open')).toHaveLength(3);
  });
});
