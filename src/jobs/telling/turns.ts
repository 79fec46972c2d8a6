import type { Redis } from 'ioredis';

/**
 * Who may change people's screens now: turns that all processes share. A call that Slack refuses as one too many
 * makes the whole method wait, also for what is urgent: so what is not urgent stays below what is allowed.
 */
export type Turns = {
  /** 0: go on. Else how many milliseconds to wait, and nothing was counted. */
  take(turn: Turn): Promise<number>;
};

export type Turn =
  | { what: 'update'; isUrgent: boolean }
  /** Into one channel. */
  | { what: 'post'; channel: string };

/** `everyMs` apart in the long run, `burst` at once: a minute never sees more than 60,000 / everyMs + burst. */
export type Rate = { everyMs: number; burst: number };
export type TurnRates = { updates: Rate; posts: Rate };

/** Of the burst of updates, what is left to urgent ones. */
const KEPT_FOR_URGENT = 5;

/** Virtual scheduling (the generic cell rate algorithm, ITU-T I.371): one number says when the next turn would be. */
const TAKE = `
local now, every, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local next = tonumber(redis.call('GET', KEYS[1]) or now)
next = math.min(math.max(next, now), now + tonumber(ARGV[4]))
if next - now > most then return next - now - most end
redis.call('SET', KEYS[1], string.format('%.0f', next + every), 'PX', string.format('%.0f', next + every - now + 1000))
return 0`;

export function createTurns(redis: Redis, prefix: string, { rates, now }: { rates: TurnRates; now(): number }): Turns {
  return {
    async take(turn) {
      const { everyMs, burst } = turn.what === 'update' ? rates.updates : rates.posts;
      const allowed = turn.what === 'update' && !turn.isUrgent ? burst - KEPT_FOR_URGENT : burst;
      const name = turn.what === 'update' ? 'updates' : `posts:${turn.channel}`;
      // Another process's clock may be ahead: nobody waits longer than for a whole burst.
      const times = [now(), everyMs, (allowed - 1) * everyMs, burst * everyMs];
      return Number(await redis.eval(TAKE, 1, `${prefix}:turns:${name}`, ...times.map(Math.floor)));
    },
  };
}
