import type { Logger } from './logger.js';
import type { StartTimer } from './within.js';

/** Ends the process in any case: whatever a stop does not get rid of has no say in it. */
export type Ending = {
  onSignal(name: string): void;
  /** A failure that nobody handled: what else is wrong is not known. */
  onFault(error: unknown): void;
};

export type EndingOptions = {
  /** Stops the service, also one that has not started yet. */
  stop(): Promise<void>;
  exit(code: number): void;
  logger: Logger;
  startTimer: StartTimer;
  /** For everything, from the first word on. */
  withinMs: number;
};

export function createEnding({ stop, exit, logger, startTimer, withinMs }: EndingOptions): Ending {
  let isEnding = false;
  let hasFault = false;

  async function end(reason: string): Promise<void> {
    isEnding = true;
    logger.info({ reason }, 'stopping');
    const cancel = startTimer(withinMs, () => {
      logger.error({ withinMs }, 'did not stop in time, and ends as it is');
      exit(1);
    });
    try {
      await stop();
    } catch (error) {
      logger.error({ error }, 'did not stop cleanly');
      hasFault = true;
    }
    cancel();
    exit(hasFault ? 1 : 0);
  }

  return {
    onSignal(name) {
      // Whoever says it twice does not want to wait.
      if (isEnding) exit(1);
      else void end(name);
    },
    onFault(error) {
      logger.error({ error }, 'a failure that nobody handled');
      hasFault = true;
      if (!isEnding) void end('a failure that nobody handled');
    },
  };
}
