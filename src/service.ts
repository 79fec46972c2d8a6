import { type Bot, createBot } from './bot/app.js';
import type { OnCall } from './bot/on-call/on-call.js';
import { createSpeaker, type Speaker } from './bot/speaker.js';
import { httpTransport, socketTransport } from './bot/transport.js';
import { createClosers } from './closers.js';
import { type Clouds, type CloudsOptions, createClouds } from './clouds.js';
import type { Config } from './config.js';
import { secretsOf } from './config.js';
import { type HealthRoute, healthRoutes, startHealthServer } from './health.js';
import { type AccountSigns, createAccountSigns } from './jobs/account-signs.js';
import { type AdvanceDependencies, advance } from './jobs/advance.js';
import { createChoices } from './jobs/choices.js';
import { createFinder } from './jobs/find.js';
import { createAnnounce } from './jobs/handlers/announce.js';
import { createBatch } from './jobs/handlers/batch.js';
import { createSurvey } from './jobs/handlers/survey.js';
import { createSweep } from './jobs/handlers/sweep.js';
import { createTimed } from './jobs/handlers/timed.js';
import { accountLane } from './jobs/job.js';
import { createLog, type RequestLog } from './jobs/log.js';
import { judgesOf } from './jobs/policy.js';
import { createPreviewer } from './jobs/preview.js';
import { createQueues, type Queues } from './jobs/queues.js';
import type { Accounts } from './jobs/reach-account.js';
import { type Connections, connectRedis } from './jobs/redis.js';
import { createReader } from './jobs/request-reader.js';
import { createRequestStore, createRequests, type RequestStore } from './jobs/requests.js';
import { createToldStore, type ToldStore } from './jobs/telling/told.js';
import { createTurns } from './jobs/telling/turns.js';
import type { House } from './jobs/terms.js';
import { startWorkers, type Workers } from './jobs/worker.js';
import { createLogger, type Logger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { buildOnCall } from './on-call.js';
import { TUNING, type Tuning } from './tuning.js';

/** The composition root: builds everything, in this order, and stops it in reverse. Tests and the demo start it too. */
export type Service = {
  /** Where it listens; the address that Slack calls in HTTP mode. */
  port: number;
  stop(): Promise<void>;
};

export async function startService(
  config: Config,
  tuning: Partial<Tuning> = {},
  logger: Logger = createLogger({ level: config.logLevel, secrets: secretsOf(config) }),
): Promise<Service> {
  const closers = createClosers();
  try {
    const port = await build(config, { ...TUNING, ...tuning }, logger, closers.push);
    return { port, stop: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll().catch((failure: unknown) => logger.error({ error: failure }, 'not everything closed'));
    throw error;
  }
}

type Push = (name: string, close: () => Promise<void>) => void;

async function build(config: Config, tuning: Tuning, logger: Logger, push: Push): Promise<number> {
  const { now, keyPrefix } = tuning;
  const metrics = createMetrics();
  const onError = (error: Error) => logger.error({ error }, 'the connection to Redis has a fault');
  const redis = await connectRedis(config.redisUrl.reveal(), { onError });
  push('redis', redis.close);
  const accounts = [...config.accounts.keys()];
  const queues = createQueues({ connection: redis.producer, prefix: `{${keyPrefix}}`, accounts, onError });
  push('queues', queues.close);
  const onCall = buildOnCall(config.onCall, tuning.onCallMs, logger);
  const { botToken, apiUrl } = config.slack;
  const speaker = createSpeaker({ token: botToken.reveal(), apiUrl, onCall, logger });
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
  const parts = {
    config,
    tuning,
    logger,
    metrics,
    redis,
    queues,
    speaker,
    onCall,
    clouds,
    signs,
    house,
    log,
    told,
    advancing,
    store,
    onError,
  };

  const probes = [redis.probe];
  const routes = healthRoutes(probes, metrics.print);
  const bot = await buildBot(parts, routes);
  if (config.role !== 'bot') {
    const workers = buildWorkers(parts);
    push('workers', () => workers.stop(tuning.stopLimitMs));
    await queues.scheduleSweep(tuning.sweepEveryMs);
  }
  if (bot === undefined) return listen(config.port, routes, push);
  probes.push(async () => (bot.isConnected() ? undefined : 'not connected to Slack'));
  push('bot', () => bot.stop(tuning.stopLimitMs));
  const { port } = await bot.start();
  return port ?? listen(config.port, routes, push);
}

/** What the bot and the workers share. */
type Parts = {
  config: Config;
  tuning: Tuning;
  logger: Logger;
  metrics: Metrics;
  redis: Connections;
  queues: Queues;
  speaker: Speaker;
  onCall: OnCall;
  clouds: Clouds;
  signs: AccountSigns;
  house: House;
  log: RequestLog;
  told: ToldStore;
  advancing: AdvanceDependencies;
  store: RequestStore;
  onError(error: Error): void;
};

function buildWorkers(parts: Parts): Workers {
  const { config, tuning, logger, metrics, redis, house, log, told, advancing, store, onError } = parts;
  const { now, random, keyPrefix } = tuning;
  const turns = createTurns(redis.producer, keyPrefix, { rates: tuning.turns, now });
  const onRefused = (request: string, code: string) => logger.error({ request, code }, 'cannot speak in the channel');
  const onFailed = (request: string, error: unknown) => logger.error({ request, error }, 'a request cannot go on');
  const { notifier, whoIs } = parts.speaker;
  const accounts = accountsOf(parts);
  return startWorkers({
    connection: redis.worker,
    prefix: `{${keyPrefix}}`,
    handlers: {
      survey: createSurvey({ ...accounts, store, house, now, random, patienceMs: tuning.surveyPatienceMs }),
      batch: createBatch({ ...accounts, store, now, random, timing: tuning.timing }),
      ...createTimed({ store, house, whoIs, now }),
      announce: createAnnounce({ store, log, told, turns, notifier, now, planningMs: tuning.planningMs, onRefused }),
      sweep: createSweep({ ...advancing, log, store, onFailed }),
    },
    lanes: [
      { lane: 'requests', concurrency: 4 },
      { lane: 'announce', concurrency: 4 },
      ...[...config.accounts.keys()].map((account) => ({ lane: accountLane(account), concurrency: 10 })),
    ],
    onJobFailed: (job, error) => {
      metrics.countFailedJob(job.name);
      logger.error({ job, error }, 'a job failed');
    },
    onError,
  });
}

async function listen(port: number, routes: readonly HealthRoute[], push: Push): Promise<number> {
  const server = await startHealthServer(port, routes);
  push('health', server.stop);
  return server.port;
}

async function buildBot(parts: Parts, routes: readonly HealthRoute[]): Promise<Bot | undefined> {
  const { config, tuning, logger, speaker, onCall, signs, house, log, told, store } = parts;
  const { mode, apiUrl, botToken } = config.slack;
  if (config.role === 'worker' || mode.kind === 'none') return undefined;
  const { boltLogger } = speaker;
  const { previewMs, answerMs, ...limits } = tuning.form;
  const reading = { ...accountsOf(parts), house, startTimer, now: tuning.now };
  const finder = createFinder({
    ...reading,
    limits: tuning.find,
    onBroken: (place, error) => logger.error({ ...place, error }, 'an account could not be searched'),
  });
  return createBot({
    token: botToken.reveal(),
    apiUrl,
    transport:
      mode.kind === 'socket'
        ? socketTransport({ appToken: mode.appToken.reveal(), apiUrl, logger: boltLogger })
        : httpTransport({ signingSecret: mode.signingSecret.reveal(), port: config.port, routes, logger: boltLogger }),
    speaker,
    requests: createRequests(store, { house, now: tuning.now }),
    reader: createReader(store, { log, house }),
    signs,
    rootOf: async (id) => (await told.load(id)).root,
    finder,
    choices: createChoices({ ...reading, limits }),
    previewer: createPreviewer({ ...reading, limitMs: previewMs }),
    onCall,
    judges: judgesOf(config.policies),
    language: config.language,
    logger,
    now: tuning.now,
    startTimer,
    answerMs,
  });
}

const accountsOf = ({ clouds, logger }: Pick<Parts, 'clouds' | 'logger'>): Accounts => ({
  cloudFor: clouds.get,
  onUnbuilt: (account, error) => logger.error({ account, error }, 'an account could not be loaded'),
});

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
