/** Counts in windows that begin with each full second or minute, each key for itself. */
export type RateMeter = {
  /** Counts one more under this key; false where it is over the limit, and then it is so until the next window begins. */
  take(key: string, limit: number | undefined): boolean;
};

export function makeRateMeter(windowMs: number, now: () => number): RateMeter {
  let window = 0;
  const counts = new Map<string, number>();
  return {
    take(key, limit) {
      const current = Math.floor(now() / windowMs);
      if (current !== window) counts.clear();
      window = current;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return limit === undefined || count <= limit;
    },
  };
}
