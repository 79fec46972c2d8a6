import { createSlackFetch } from '../bot/slack/fetch.js';
import { createSpeaker } from '../bot/speaker.js';
import { type CloudsOptions, createClouds } from '../clouds.js';
import type { Config } from '../config.js';
import { createAccountSigns } from '../jobs/account-signs.js';
import { advance } from '../jobs/advance.js';
import { createLog } from '../jobs/log.js';
import { createQueues } from '../jobs/queues.js';
import type { Accounts } from '../jobs/reach-account.js';
import { connectRedis } from '../jobs/redis.js';
import { createRequestStore } from '../jobs/requests.js';
import { createToldStore } from '../jobs/telling/told.js';
import type { Logger } from '../logger.js';
import { createMetrics } from '../metrics.js';
import { buildOnCall } from '../on-call.js';
import type { Tuning } from '../tuning.js';

/** What the bot and the workers share. */
export type Parts = Awaited<ReturnType<typeof buildParts>>;

export type Push = (name: string, close: () => Promise<void>) => void;

/** What a service is built in. */
export type Frame = {
  logger: Logger;
  /** Aborts when a stop has taken as long as all of it may: whatever runs then is cut off. */
  limit: AbortSignal;
  push: Push;
};

export async function buildParts(config: Config, tuning: Tuning, { logger, limit, push }: Frame) {
  const { now, keyPrefix } = tuning;
  const metrics = createMetrics();
  const redis = await connectRedis(config.redisUrl.reveal(), {
    onLost: (connection, reason) => logger.error({ connection, reason }, 'the connection to Redis is lost'),
    onBack: (connection) => logger.info({ connection }, 'the connection to Redis is back'),
  });
  // The queues and each worker tell of every attempt to connect as well.
  const onError = (error: Error) =>
    logger[redis.isAway() ? 'debug' : 'error']({ error }, 'the connection to Redis has a fault');
  push('redis', redis.close);
  const names = [...config.accounts.keys()];
  const queues = createQueues({ connection: redis.producer, prefix: `{${keyPrefix}}`, accounts: names, onError });
  push('queues', queues.close);
  const onCall = buildOnCall(config.onCall, tuning.onCallMs, logger);
  const { botToken, apiUrl } = config.slack;
  const slackFetch = createSlackFetch({ timeoutMs: tuning.slackMs, limit });
  const speaker = createSpeaker({ token: botToken.reveal(), apiUrl, fetch: slackFetch, onCall, logger });
  await speaker.introduce();
  const signs = createAccountSigns(redis.producer, keyPrefix, {
    now,
    onLost: (error) => logger.debug({ error }, 'how an account is could not be noted'),
  });
  const noteCall: CloudsOptions['onCall'] = (call) => {
    metrics.countCall(call);
    signs.note(call);
  };
  const { showPace: onPace, countPutOff: onPutOff } = metrics;
  const clouds = createClouds({
    ...tuning,
    config,
    timeoutMs: tuning.timing.callMs,
    onCall: noteCall,
    onPace,
    onPutOff,
  });
  push('clouds', clouds.close);

  const house = { accounts: config.accounts, policies: config.policies, thread: config.thread };
  const log = createLog(redis.producer, keyPrefix);
  const told = createToldStore(redis.producer, keyPrefix, tuning.tellingLeaseMs);
  const advancing = { enqueue: queues.enqueue, gatherMs: tuning.gatherMs, now };
  const onAppended = (request: Parameters<typeof advance>[0]) =>
    advance(request, advancing, request.changedAt).catch((error: unknown) =>
      logger.warn({ error, request: request.id }, 'could not enqueue; the sweep will'),
    );
  const store = createRequestStore({ log, now, onAppended });
  const accounts: Accounts = {
    cloudFor: clouds.get,
    onUnbuilt: (account, error) => logger.error({ account, error }, 'an account could not be loaded'),
  };
  const built = {
    metrics,
    redis,
    queues,
    slackFetch,
    speaker,
    onCall,
    signs,
    accounts,
    house,
    log,
    told,
    advancing,
    store,
  };
  return { config, tuning, logger, limit, onError, ...built };
}
