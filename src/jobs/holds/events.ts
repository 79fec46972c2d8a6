import { z } from 'zod';
import { HINTS, type Hint } from '../../providers/failures.js';

/** The facts of what keeps a running request from going on, as they are stored in its log. */

/** Hints of what is wrong with an account as a whole: nothing is lost, and it goes on when somebody mends it. */
export const PAUSING_HINTS = [
  'check-credentials',
  'no-credentials',
  'renew-credentials',
  'check-role',
  'check-project-id',
  'check-clock',
  'account-not-built',
  'account-not-configured',
] as const satisfies readonly Hint[];
export type PausingHint = (typeof PAUSING_HINTS)[number];

/** What the cloud says of it. */
const complaint = { code: z.string(), message: z.string() };

export const holdEvents = [
  /** The account lets nobody in, or cannot be loaded: what is left there waits. */
  z.object({
    type: z.literal('paused'),
    account: z.string(),
    ...complaint,
    hint: z.enum(PAUSING_HINTS),
    /** Readings work, and a call does not: only a call can show that it is over. */
    byCall: z.boolean(),
    /** How many instances the bot stopped, or was stopping, that wait there to be started again. */
    off: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal('resumed'), account: z.string() }),
  /** Stopped by the bot, and not to be started for a while now; the bot goes on trying. */
  z.object({
    type: z.literal('stranded'),
    batch: z.string(),
    ...complaint,
    hint: z.enum(HINTS),
    instances: z.array(z.string()).min(1),
  }),
] as const;
