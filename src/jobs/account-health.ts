import type { ErrorKind } from '../providers/failures.js';

/** How an account is, as far as its last calls tell. Pure. */

export const SIGNS = [
  /** The cloud answered, and knew us. */
  'well',
  /** It answered late, or asked us to wait. */
  'slow',
  /** It did not answer, or nothing that could be read. */
  'silent',
  /** It did not take the credentials. */
  'credentials',
  /** It took them, and did not allow the call. */
  'rights',
] as const;
export type Sign = (typeof SIGNS)[number];

/** When a sign was last seen, and the cloud's code with it. */
export type Seen = { at: number; code?: string };
export type Signs = Partial<Readonly<Record<Sign, Seen>>>;

export type Health = { kind: 'unknown' } | ({ kind: Sign } & Seen);

/** A call as its guard tells of it. */
export type CallEnd = { account: string; operation: string; ms: number; ok: boolean; kind?: ErrorKind; code?: string };

const SLOW_MS = 5_000;

const SIGN_OF: Readonly<Record<ErrorKind, Sign | undefined>> = {
  auth: 'credentials',
  forbidden: 'rights',
  'rate-limited': 'slow',
  unavailable: 'silent',
  timeout: 'silent',
  malformed: 'silent',
  // Answers to what we asked for, not to who we are.
  'not-found': 'well',
  invalid: 'well',
  unsupported: 'well',
  conflict: 'well',
  quota: 'well',
  // Of our own making.
  aborted: undefined,
  bug: undefined,
};

export function signOf({ operation, ok, ms, kind }: CallEnd): Sign | undefined {
  if (operation === 'close') return undefined;
  if (ok) return ms >= SLOW_MS ? 'slow' : 'well';
  return kind && SIGN_OF[kind];
}

/** So long a trouble is told although later calls went well: it may come with one kind of call only. */
const RECENT_MS = 10 * 60_000;

/** The worst that holds; credentials that fail, and silence, are over with the next answer. */
export function healthOf(signs: Signs, now: number): Health {
  const answered = Math.max(signs.well?.at ?? 0, signs.slow?.at ?? 0);
  const isLast = ({ at }: Seen) => at > answered;
  const isRecent = ({ at }: Seen) => at > (signs.well?.at ?? 0) || now - at < RECENT_MS;
  const holds: Readonly<Record<Sign, (seen: Seen) => boolean>> = {
    credentials: isLast,
    silent: isLast,
    rights: isRecent,
    slow: isRecent,
    well: () => true,
  };
  for (const kind of ['credentials', 'silent', 'rights', 'slow', 'well'] as const) {
    const seen = signs[kind];
    if (seen !== undefined && holds[kind](seen)) return { kind, ...seen };
  }
  return { kind: 'unknown' };
}
