import { createClosers } from './closers.js';
import { type Config, secretsOf } from './config.js';
import { type HealthRoute, healthRoutes, startHealthServer } from './health.js';
import { createLogger, type Logger } from './logger.js';
import { buildBot } from './service/bot.js';
import { buildParts, type Push } from './service/parts.js';
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
  const closers = createClosers();
  try {
    const port = await build(config, { ...TUNING, ...tuning }, logger, closers.push);
    return { port, stop: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll().catch((failure: unknown) => logger.error({ error: failure }, 'not everything closed'));
    throw error;
  }
}

async function build(config: Config, tuning: Tuning, logger: Logger, push: Push): Promise<number> {
  const parts = await buildParts(config, tuning, logger, push);
  const { redis, queues, metrics } = parts;
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

async function listen(port: number, routes: readonly HealthRoute[], push: Push): Promise<number> {
  const server = await startHealthServer(port, routes);
  push('health', server.stop);
  return server.port;
}
