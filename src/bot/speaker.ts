import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import { type FetchFunction, WebClient } from '@slack/web-api';
import type { Notifier, WhoIs } from '../jobs/notifier.js';
import type { Logger } from '../logger.js';
import { createNotifier } from './notifier.js';
import type { OnCall } from './on-call/on-call.js';
import { createWhoIs } from './on-call/who-is.js';

/** Everything that speaks with Slack. */
export type Speaker = {
  notifier: Notifier;
  whoIs: WhoIs;
  /** Learns who we are; rejects when Slack refuses the token. */
  introduce(): Promise<void>;
  home(): { teamId: string; botUserId: string; url: string };
  /** Slack's own libraries log through it. */
  boltLogger: BoltLogger;
};

export type SpeakerOptions = { token: string; apiUrl: string; fetch: FetchFunction; onCall: OnCall; logger: Logger };

/** What workers need: it posts and updates. A repeated post would be a second message, so nothing is retried here. */
export function createSpeaker(options: SpeakerOptions): Speaker {
  const { logger, onCall } = options;
  const boltLogger = toBoltLogger(logger);
  const client = new WebClient(options.token, {
    slackApiUrl: options.apiUrl,
    fetch: options.fetch,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: boltLogger,
  });
  let home: ReturnType<Speaker['home']> | undefined;
  const known = () => {
    if (home === undefined) throw new Error('Slack has not told us yet who we are');
    return home;
  };
  return {
    notifier: createNotifier({ client, botUserId: () => known().botUserId }),
    whoIs: createWhoIs({
      client,
      onCall,
      onUnknown: (schedule, error) => logger.warn({ schedule, error }, 'somebody on call is not found in Slack'),
    }),
    async introduce() {
      const { team_id: teamId, user_id: botUserId, url } = await client.auth.test();
      if (teamId === undefined || botUserId === undefined || url === undefined)
        throw new Error('Slack did not say who we are');
      home = { teamId, botUserId, url };
    },
    home: known,
    boltLogger,
  };
}

/** Slack's libraries log through ours. Their debug lines hold whole payloads, and are left out. */
function toBoltLogger(logger: Logger): BoltLogger {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) =>
      logger[level]({ source: 'slack' }, parts.map(String).join(' '));
  return {
    debug() {},
    info() {},
    warn: write('warn'),
    error: write('error'),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
