import { readProcessConfig, secretsOf } from './config.js';
import { createEnding } from './ending.js';
import { createLogger } from './logger.js';
import { startService } from './service.js';
import { TUNING } from './tuning.js';
import { startTimer } from './within.js';

/** The process: reads the config, starts the service, and stops it when it is told to. */
export async function main(): Promise<void> {
  const read = readProcessConfig();
  if (!read.ok) {
    process.stderr.write(`detach-key cannot start:\n${read.faults.map((fault) => `  - ${fault}\n`).join('')}`);
    process.exitCode = 1;
    return;
  }
  const { config } = read;
  const logger = createLogger({ level: config.logLevel, secrets: secretsOf(config) });
  for (const warning of config.warnings) logger.warn({ warning }, 'the config has a gap');

  const starting = startService(config, {}, logger);
  const ending = createEnding({
    stop: async () => (await starting).stop(),
    exit: process.exit,
    logger,
    startTimer,
    withinMs: TUNING.stopLastMs,
  });
  process.on('SIGTERM', ending.onSignal);
  process.on('SIGINT', ending.onSignal);
  process.on('unhandledRejection', ending.onFault);

  try {
    const { port } = await starting;
    logger.info({ port, role: config.role, mode: config.slack.mode.kind }, 'ready');
  } catch (error) {
    logger.error({ error }, 'could not start');
    process.exit(1);
  }
}
