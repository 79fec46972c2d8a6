import { App } from '@slack/bolt';
import type { FetchFunction } from '@slack/web-api';
import { aborted } from '../within.js';
import { createIdentity, type IdentityOptions } from './identity.js';
import { COMMAND } from './ids.js';
import type { ListenerDependencies } from './listeners/gesture/dependencies.js';
import { registerListeners } from './listeners/register.js';
import { createReadRoot } from './slack/marks.js';
import type { Speaker } from './speaker.js';
import type { Transport } from './transport.js';
import { createScreens } from './views/screens.js';

export type BotOptions = Omit<ListenerDependencies, 'identity' | 'readRoot' | 'screens' | 'command'> &
  Pick<IdentityOptions, 'onCall' | 'judges'> & {
    token: string;
    apiUrl: string;
    fetch: FetchFunction;
    transport: Transport;
    speaker: Speaker;
    /** When a stop waits no longer. */
    limit: AbortSignal;
  };

export type Bot = {
  start(): Promise<{ port?: number }>;
  /** Takes nothing new, and waits for the gestures that are being answered, up to the limit. */
  stop(): Promise<void>;
  isConnected(): boolean;
};

export async function createBot(options: BotOptions): Promise<Bot> {
  const { transport, speaker, logger } = options;
  const { token, apiUrl, fetch } = options;
  const app = new App({
    token,
    receiver: transport.receiver,
    logger: speaker.boltLogger,
    convoStore: false,
    deferInitialization: true,
    clientOptions: {
      slackApiUrl: apiUrl,
      fetch,
      retryConfig: { retries: 2, minTimeout: 300, maxTimeout: 2_000 },
    },
  });
  const gestures = countInFlight();
  app.use(async ({ next }) => gestures.count(next()));
  app.error(async (error) => logger.error({ error }, 'a gesture could not be answered'));
  const identity = createIdentity({
    client: app.client,
    teamId: () => speaker.home().teamId,
    onCall: options.onCall,
    judges: options.judges,
    onGoneGroup: (userGroup) => logger.warn({ userGroup }, 'a user group of the policies is not in Slack any more'),
  });
  const pause = (ms: number) => new Promise<void>((resolve) => void options.startTimer(ms, resolve));
  const dependencies: ListenerDependencies = {
    ...options,
    identity,
    readRoot: createReadRoot(app.client, () => speaker.home().botUserId),
    screens: createScreens(app.client, pause),
    command: COMMAND,
  };
  registerListeners(app, dependencies);
  await app.init();
  return {
    start: () => transport.start(app),
    async stop() {
      await transport.stop(options.limit);
      await Promise.race([gestures.settled(), aborted(options.limit)]);
    },
    isConnected: () => transport.isConnected(),
  };
}

/** Bolt's own stop does not wait for listeners that still run. */
function countInFlight(): { count(work: Promise<void>): Promise<void>; settled(): Promise<void> } {
  const running = new Set<Promise<void>>();
  return {
    async count(work) {
      running.add(work);
      try {
        await work;
      } finally {
        running.delete(work);
      }
    },
    async settled() {
      await Promise.allSettled([...running]);
    },
  };
}
