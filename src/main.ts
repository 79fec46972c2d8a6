import { readProcessConfig, secretsOf } from './config.js';
import { createLogger } from './logger.js';
import { startService } from './service.js';

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
  let asked = 0;
  const stop = (reason: string, exitCode: number) => {
    asked += 1;
    if (asked > 1) process.exit(1);
    process.exitCode = exitCode;
    logger.info({ reason }, 'stopping');
    starting
      .then((service) => service.stop())
      .catch((error: unknown) => {
        logger.error({ error }, 'did not stop cleanly');
        process.exitCode = 1;
      });
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('unhandledRejection', (error) => {
    logger.error({ error }, 'a failure that nobody handled');
    stop('unhandled rejection', 1);
  });

  try {
    const { port } = await starting;
    logger.info({ port, role: config.role, mode: config.slack.mode.kind }, 'ready');
  } catch (error) {
    logger.error({ error }, 'could not start');
    process.exitCode = 1;
  }
}
