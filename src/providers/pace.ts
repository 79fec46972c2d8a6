/**
 * How fast one API of one account may be called: as many calls in any window as the rate says. The rate is halved
 * when the cloud says that it was too much, and grows back call by call. Pure: time and chance are parameters.
 */

/** A cloud's own limit, where it is documented; else a careful start and how far it may grow. */
export type PaceTraits = {
  /** Calls in one window. */
  start: number;
  /** The same as `start` where the figure is the vendor's. */
  most: number;
  /** The cloud counts by windows of this length, and begins a new one with each full second or minute. */
  windowMs: number;
  /** The cloud counts each region for itself. */
  perRegion: boolean;
};

export type Pace = {
  /** Calls in one window; below 1 one call takes more than a window. */
  rate: number;
  /** When calls were made, oldest first, as far as they still count. */
  taken: readonly number[];
  /** When it was last cut. */
  cutAt: number;
  /** No call before. */
  notBefore: number;
};

export const freshPace = ({ start }: PaceTraits): Pace => ({
  rate: start,
  taken: [],
  cutAt: Number.NEGATIVE_INFINITY,
  notBefore: Number.NEGATIVE_INFINITY,
});

/** How long until a call may be made; 0 is now. */
export function waitFor(pace: Pace, traits: PaceTraits, now: number): number {
  const { room, spanMs } = roomOf(pace, traits);
  // A clock that was set back must not hold calls until it is where it was.
  const counted = pace.taken.filter((at) => at <= now);
  const last = counted[counted.length - room];
  const isPaused = pace.cutAt <= now;
  return Math.max(0, last === undefined ? 0 : last + spanMs - now, isPaused ? pace.notBefore - now : 0);
}

/** Counts a call that is made now. */
export function takeTurn(pace: Pace, traits: PaceTraits, now: number): Pace {
  return { ...pace, taken: [...pace.taken.filter((at) => at <= now), now].slice(-Math.ceil(traits.most)) };
}

/** In twenty windows that are used to the full it grows by what it began with. */
const GROWTH = 1 / 20;

export function afterAnswer(pace: Pace, { start, most }: PaceTraits): Pace {
  return { ...pace, rate: Math.min(most, pace.rate + (start * GROWTH) / Math.max(1, pace.rate)) };
}

export type Throttled = {
  now: number;
  /** When the call was made that was too much. */
  calledAt: number;
  /** What the cloud asked for. */
  retryAfterMs?: number | undefined;
  /** 0 to 1: several processes that were stopped together do not go on together. */
  random: number;
};

/** Slower than this would be standing still. */
const SLOWEST_MS = 10_000;
const SPREAD = 1 / 20;

/** Calls that were under way together are one sign, not many: they cut once. */
export function afterThrottle(pace: Pace, { windowMs }: PaceTraits, throttled: Throttled): Pace {
  const { now, calledAt, retryAfterMs = 0, random } = throttled;
  const nextWindow = (Math.floor(now / windowMs) + 1) * windowMs + random * windowMs * SPREAD;
  const notBefore = Math.max(pace.notBefore, now + retryAfterMs, nextWindow);
  if (calledAt <= pace.cutAt) return { ...pace, notBefore };
  return { ...pace, rate: Math.max(Math.min(1, windowMs / SLOWEST_MS), pace.rate / 2), cutAt: now, notBefore };
}

/** How many calls may be made within how long a time. */
function roomOf({ rate }: Pace, { windowMs }: PaceTraits): { room: number; spanMs: number } {
  return rate < 1 ? { room: 1, spanMs: windowMs / rate } : { room: Math.floor(rate), spanMs: windowMs };
}

export const callsPerSecond = ({ rate }: Pace, { windowMs }: PaceTraits): number => (rate * 1000) / windowMs;
