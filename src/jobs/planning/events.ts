import { z } from 'zod';
import { HINTS } from '../../providers/failures.js';

/** What keeps a request, or a part of it, from being planned, as it is stored in its log. */

const hint = z.enum(HINTS);
const limit = z.number().int().positive();
const where = { account: z.string(), region: z.string() };
/** What the cloud said to a reading. */
const complaint = { hint, cloudCode: z.string(), message: z.string() };

/** Of one selection. */
const unplannable = z.discriminatedUnion('code', [
  z.object({ code: z.literal('key-pair-not-found'), ...where, key: z.string() }),
  /** Of the same name, and not the one that was detached. */
  z.object({ code: z.literal('key-pair-replaced'), ...where, key: z.string() }),
  z.object({ code: z.literal('instances-not-shown'), ...where, instances: z.array(z.string()) }),
  z.object({ code: z.literal('instances-malformed'), ...where, instances: z.array(z.string()) }),
  z.object({ code: z.literal('nothing-bound'), ...where, key: z.string() }),
  z.object({ code: z.literal('cloud-failed'), ...where, ...complaint }),
  z.object({ code: z.literal('account-not-usable'), account: z.string() }),
]);
/** Why a selection is in no plan. */
export type Unplannable = z.infer<typeof unplannable>;

const rejection = z.discriminatedUnion('code', [
  ...unplannable.options,
  /** `needStop`: how many would have to be stopped, which the request does not allow. */
  z.object({ code: z.literal('nothing-to-do'), needStop: limit.exactOptional() }),
  z.object({ code: z.literal('nothing-to-attach'), needStop: limit.exactOptional() }),
  z.object({ code: z.literal('too-many'), count: z.number(), max: z.number() }),
  /** Of several selections, each is left out. */
  z.object({ code: z.literal('nothing-planned') }),
]);
/** Why no plan could be made. */
export type Rejection = z.infer<typeof rejection>;

const selection = z.number().int().nonnegative();
const unread = z.object({ selection, ...complaint });
/** Why a selection could not be read so far. */
export type Unread = z.infer<typeof unread>;

export const planningEvents = [
  /** The cloud did not let this selection be read so far. It is asked again. */
  z.object({ type: z.literal('unread'), ...unread.shape }),
  /** The plan is made without it. */
  z.object({ type: z.literal('left-out'), selection, why: unplannable }),
  z.object({ type: z.literal('rejected'), rejection }),
] as const;
