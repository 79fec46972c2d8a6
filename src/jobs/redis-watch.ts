import type { Client } from './redis-client.js';

/** Looks after the clients of one name as if they were one: which of them it was that broke helps nobody. */
export type ClientWatch = {
  add(client: Client): void;
  /** One that was there is lost and not back yet. */
  isAway(): boolean;
};

export type ClientWatchOptions = {
  /** Once, however often each of them tries and fails. */
  onLost(name: string, reason: string): void;
  /** All of them are there again. */
  onBack(name: string): void;
};

export function watchClients(name: string, { onLost, onBack }: ClientWatchOptions): ClientWatch {
  const away = new Set<Client>();
  /** What was never there is not lost. */
  let wasThere = false;
  return {
    add(client) {
      const { redis } = client;
      const lose = (reason: string) => {
        if (!wasThere || client.isLeaving()) return;
        const isFirst = away.size === 0;
        away.add(client);
        if (isFirst) onLost(name, reason);
      };
      redis.on('error', (error) => lose(error.message));
      redis.on('close', () => lose('it was closed'));
      redis.on('end', () => away.delete(client));
      redis.on('ready', () => {
        wasThere = true;
        if (away.delete(client) && away.size === 0) onBack(name);
      });
    },
    isAway: () => away.size > 0,
  };
}
