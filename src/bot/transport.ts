import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, type Logger as BoltLogger, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { FetchFunction } from '@slack/web-api';
import type { HealthRoute } from '../health.js';
import { aborted } from '../within.js';

/** How Slack reaches us: by sockets that we open, or by signed HTTP that it sends. */
export type Transport = {
  receiver: Receiver;
  start(app: App): Promise<{ port?: number }>;
  /** Takes nothing new from then on; whoever has not said goodbye at the limit is left. */
  stop(limit: AbortSignal): Promise<void>;
  isConnected(): boolean;
};

/** One of two connections goes on while the other is being renewed: alone, each renewal would leave us deaf for seconds. */
const CONNECTIONS = 2;

export function socketTransport(options: {
  appToken: string;
  apiUrl: string;
  fetch: FetchFunction;
  logger: BoltLogger;
}): Transport {
  // The receiver writes into the options it is given, and must go on trying for ever: it gets its own.
  const makeReceiver = () =>
    new SocketModeReceiver({
      appToken: options.appToken,
      logger: options.logger,
      installerOptions: {
        clientOptions: {
          slackApiUrl: options.apiUrl,
          fetch: options.fetch,
          retryConfig: { forever: true, minTimeout: 500, maxTimeout: 30_000, factor: 1.3, randomize: true },
        },
      },
    });
  const first = makeReceiver();
  const others = Array.from({ length: CONNECTIONS - 1 }, makeReceiver);
  const all = [first, ...others];
  const connected = new Set<SocketModeReceiver>();
  for (const receiver of all) {
    receiver.client.on('connected', () => connected.add(receiver));
    for (const state of ['reconnecting', 'disconnecting', 'disconnected']) {
      receiver.client.on(state, () => connected.delete(receiver));
    }
  }
  return {
    receiver: first,
    async start(app) {
      for (const receiver of others) receiver.init(app);
      await Promise.all(all.map((receiver) => receiver.start()));
      return {};
    },
    async stop(limit) {
      const disconnect = () => Promise.all(all.map((receiver) => receiver.client.disconnect()));
      // Told a second time, it does not wait for Slack's half of the goodbye.
      void aborted(limit).then(disconnect);
      await disconnect();
    },
    isConnected: () => connected.size > 0,
  };
}

export function httpTransport(options: {
  signingSecret: string;
  port: number;
  routes: readonly HealthRoute[];
  logger: BoltLogger;
}): Transport {
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret,
    port: options.port,
    logger: options.logger,
    customRoutes: options.routes.map(({ method, path, handler }) => ({ method, path, handler })),
  });
  let server: Server | undefined;
  return {
    receiver,
    async start() {
      server = (await receiver.start(options.port)) as Server;
      return { port: (server.address() as AddressInfo).port };
    },
    async stop(limit) {
      server?.closeIdleConnections();
      void aborted(limit).then(() => server?.closeAllConnections());
      if (server?.listening) await receiver.stop();
    },
    isConnected: () => server?.listening ?? false,
  };
}
