import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET } from './harness.js';

const silent = (): Logger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
});

const appWith = (slack: LocalSlack, receiver: SocketModeReceiver | HTTPReceiver) =>
  new App({
    token: BOT_TOKEN,
    receiver,
    logger: silent(),
    convoStore: false,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.apiUrl, timeout: 5_000, retryConfig: { retries: 0 } },
  });

/** The receiver has an options object of its own: Socket Mode writes a retry policy into the one it is given. */
export const socketReceiver = (slack: LocalSlack) =>
  new SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: silent(),
    installerOptions: {
      clientOptions: {
        slackApiUrl: slack.apiUrl,
        retryConfig: { forever: true, minTimeout: 50, maxTimeout: 500, factor: 1.3 },
      },
    },
  });

export async function startSocketApp(slack: LocalSlack, listeners: (app: App) => void) {
  const receiver = socketReceiver(slack);
  const app = appWith(slack, receiver);
  await app.init();
  listeners(app);
  await app.start();
  return { app, receiver, stop: () => receiver.client.disconnect() };
}

export async function startHttpApp(slack: LocalSlack, listeners: (app: App) => void, signingSecret = SIGNING_SECRET) {
  const receiver = new HTTPReceiver({ signingSecret, port: 0, logger: silent(), unhandledRequestTimeoutMillis: 200 });
  const app = appWith(slack, receiver);
  await app.init();
  listeners(app);
  const server = await app.start(0);
  const address = server && 'address' in server ? server.address() : null;
  if (address === null || typeof address === 'string') throw new Error('the app listens on no port');
  slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
  return { app, stop: () => app.stop() };
}
