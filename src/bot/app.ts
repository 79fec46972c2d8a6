import { App } from '@slack/bolt';
import { createIdentity, type IdentityOptions } from './identity.js';
import { COMMAND } from './ids.js';
import type { ListenerDependencies } from './listeners/gesture/dependencies.js';
import { registerListeners } from './listeners/register.js';
import { createReadRoot } from './slack/marks.js';
import { type Speaker, TIMEOUT_MS } from './speaker.js';
import type { Transport } from './transport.js';
import { createScreens } from './views/screens.js';

export type BotOptions = Omit<ListenerDependencies, 'identity' | 'readRoot' | 'screens' | 'command'> &
  Pick<IdentityOptions, 'onCall' | 'judges'> & {
    token: string;
    apiUrl: string;
    transport: Transport;
    speaker: Speaker;
  };

export type Bot = {
  start(): Promise<{ port?: number }>;
  /** Takes nothing new, and waits for the gestures that are being answered. */
  stop(limitMs: number): Promise<void>;
  isConnected(): boolean;
};

export async function createBot(options: BotOptions): Promise<Bot> {
  const { transport, speaker, logger } = options;
  const { token, apiUrl } = options;
  const app = new App({
    token,
    receiver: transport.receiver,
    logger: speaker.boltLogger,
    convoStore: false,
    deferInitialization: true,
    clientOptions: {
      slackApiUrl: apiUrl,
      timeout: TIMEOUT_MS,
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
    async stop(limitMs) {
      await transport.stop();
      await gestures.settled(limitMs);
    },
    isConnected: () => transport.isConnected(),
  };
}

/** Bolt's own stop does not wait for listeners that still run. */
function countInFlight(): { count(work: Promise<void>): Promise<void>; settled(limitMs: number): Promise<void> } {
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
    async settled(limitMs) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs);
      });
      await Promise.race([Promise.allSettled([...running]), limit]);
      clearTimeout(timer);
    },
  };
}
