/** How often a method may be called, in Slack's words: a tier, or the rule of its own that posting has. */
export type RateLimit = 'tier2' | 'tier3' | 'tier4' | 'connections' | 'posting' | 'none';

/** The documents give each tier as "N+ per minute": N calls in any minute are let through here, and not one more. */
const PER_MINUTE: Readonly<Record<Exclude<RateLimit, 'none'>, number>> = {
  tier2: 20,
  tier3: 50,
  tier4: 100,
  /** Tier 1 by the documents; yet an app may open its ten connections one after another. */
  connections: 10,
  /** "Several hundred" messages a minute in the whole workspace. */
  posting: 300,
};
/** One message a second in one channel; short bursts pass. In milliseconds, so that sums are exact. */
const MESSAGE_MS = 1000;
const BURST_MS = 4 * MESSAGE_MS;
const MINUTE = 60_000;

export type RateLimits = {
  /** Undefined when the call may go on; else the seconds of `Retry-After`. A refused call does not count. */
  take(method: string, limit: RateLimit, channel?: string): number | undefined;
};

export function makeRateLimits(now: () => number): RateLimits {
  const recent = new Map<string, number[]>();
  const buckets = new Map<string, { saved: number; at: number }>();

  function channelWait(channel: string, time: number): number {
    const bucket = buckets.get(channel) ?? { saved: BURST_MS, at: time };
    const saved = Math.min(BURST_MS, bucket.saved + (time - bucket.at));
    buckets.set(channel, { saved, at: time });
    return Math.max(0, MESSAGE_MS - saved);
  }

  return {
    take(method, limit, channel) {
      if (limit === 'none') return undefined;
      const time = now();
      const calls = (recent.get(method) ?? []).filter((at) => time - at < MINUTE);
      recent.set(method, calls);
      const oldest = calls.at(-PER_MINUTE[limit]);
      const perChannel = limit === 'posting' && channel !== undefined;
      const wait = Math.max(
        oldest === undefined ? 0 : oldest + MINUTE - time,
        perChannel ? channelWait(channel, time) : 0,
      );
      if (wait > 0) return Math.ceil(wait / 1000);
      calls.push(time);
      const bucket = perChannel ? buckets.get(channel) : undefined;
      if (bucket) bucket.saved -= MESSAGE_MS;
      return undefined;
    },
  };
}
