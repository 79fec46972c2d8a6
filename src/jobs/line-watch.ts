import type { Line } from './line.js';

/** Looks after the lines of one name as if they were one: which of them it was that broke helps nobody. */
export type LineWatch = {
  add(line: Line): void;
  /** One that was there is lost and not back yet. */
  isAway(): boolean;
};

export type LineWatchOptions = {
  /** Once, however often each of them tries and fails. */
  onLost(name: string, reason: string): void;
  /** All of them are there again. */
  onBack(name: string): void;
};

export function watchLines(name: string, { onLost, onBack }: LineWatchOptions): LineWatch {
  const away = new Set<Line>();
  /** What was never there is not lost. */
  let wasThere = false;
  return {
    add(line) {
      const { redis } = line;
      const lose = (reason: string) => {
        if (!wasThere || line.isLeaving()) return;
        const isFirst = away.size === 0;
        away.add(line);
        if (isFirst) onLost(name, reason);
      };
      redis.on('error', (error) => lose(error.message));
      redis.on('close', () => lose('it was closed'));
      redis.on('end', () => away.delete(line));
      redis.on('ready', () => {
        wasThere = true;
        if (away.delete(line) && away.size === 0) onBack(name);
      });
    },
    isAway: () => away.size > 0,
  };
}
