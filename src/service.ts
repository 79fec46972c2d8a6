import { createClosers } from './closers.js';
import { type Config, secretsOf } from './config.js';
import { type HealthRoute, healthRoutes, startHealthServer } from './health.js';
import { createLogger, type Logger } from './logger.js';
import { buildBot } from './service/bot.js';
import { buildParts, type Frame, type Push } from './service/parts.js';
import { buildWorkers } from './service/workers.js';
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
  const tuned = { ...TUNING, ...tuning };
  const closers = createClosers();
  const limit = new AbortController();
  const stop = async () => {
    const timer = setTimeout(() => limit.abort(new Error('the stop took too long')), tuned.stopLimitMs);
    await closers.closeAll().finally(() => clearTimeout(timer));
  };
  try {
    return { port: await build(config, tuned, { logger, limit: limit.signal, push: closers.push }), stop };
  } catch (error) {
    await stop().catch((failure: unknown) => logger.error({ error: failure }, 'not everything closed'));
    throw error;
  }
}

async function build(config: Config, tuning: Tuning, frame: Frame): Promise<number> {
  const { push } = frame;
  const parts = await buildParts(config, tuning, frame);
  const { redis, queues, metrics } = parts;
  const probes = [redis.probe];
  const routes = healthRoutes(probes, metrics.print);
  const bot = await buildBot(parts, routes);
  if (config.role !== 'bot') {
    const workers = buildWorkers(parts);
    push('workers', () => workers.stop(tuning.stopGraceMs));
    await queues.scheduleSweep(tuning.sweepEveryMs);
  }
  if (bot === undefined) return listen(config.port, routes, push);
  probes.push(async () => (bot.isConnected() ? undefined : 'not connected to Slack'));
  push('bot', bot.stop);
  const { port } = await bot.start();
  return port ?? listen(config.port, routes, push);
}

async function listen(port: number, routes: readonly HealthRoute[], push: Push): Promise<number> {
  const server = await startHealthServer(port, routes);
  push('health', server.stop);
  return server.port;
}
