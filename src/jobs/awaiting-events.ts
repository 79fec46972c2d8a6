import { z } from 'zod';

/** The facts of a request that waits for approval, besides the decisions, as they are stored in its log. */

const user = z.string();

const mentions = z.object({
  users: z.array(user).readonly(),
  userGroups: z.array(z.string()).readonly(),
  /** On-call schedules of which nobody could be found. */
  unknown: z.array(z.string()).readonly().exactOptional(),
});
/** Who is mentioned, as found when it was decided: so that it is told the same at any later time. */
export type Mentions = z.infer<typeof mentions>;
const escalation = z.object({ account: z.string(), ...mentions.shape });
/** Who may approve for an account from then on, besides those who might before. */
export type Escalation = z.infer<typeof escalation>;

export const awaitingEvents = [
  /** Somebody who may approve says that they are at it, so that others know; `looked-away` takes it back. */
  z.object({ type: z.literal('looking'), by: user }),
  z.object({ type: z.literal('looked-away'), by: user }),
  z.object({ type: z.literal('notified'), mentions }),
  z.object({ type: z.literal('reminded'), mentions }),
  z.object({ type: z.literal('escalated'), escalations: z.array(escalation).min(1) }),
] as const;
