import { z } from 'zod';

/** The jobs there are. They carry ids only: a job is a hint, the log is the truth, and doing one twice does no harm. */
const request = z.string().min(1);

export const jobSchema = z.discriminatedUnion('name', [
  /** Read one selection of a request from the cloud. */
  z.strictObject({ name: z.literal('survey'), request, selection: z.number().int().nonnegative() }),
  /** Take one batch a step further. */
  z.strictObject({ name: z.literal('batch'), request, batch: z.string().min(1) }),
  /** What time alone brings to a request. */
  z.strictObject({ name: z.literal('close-plan'), request }),
  z.strictObject({ name: z.literal('notify'), request }),
  z.strictObject({ name: z.literal('remind'), request }),
  z.strictObject({ name: z.literal('escalate'), request }),
  z.strictObject({ name: z.literal('expire'), request }),
  /** Tell the thread what the log holds and the thread does not. */
  z.strictObject({ name: z.literal('announce'), request }),
  /** Look after every open request. */
  z.strictObject({ name: z.literal('sweep') }),
]);
export type Job = z.infer<typeof jobSchema>;
export type JobName = Job['name'];

/** A handler's wish to run again; no worker is held meanwhile. */
export type Again = { againInMs: number };

export type Handler<Name extends JobName> = (
  job: Extract<Job, { name: Name }>,
  signal: AbortSignal,
) => Promise<Again | undefined>;

export type Handlers = { [Name in JobName]: Handler<Name> };

/** Where a job waits: each account has a lane of its own, so that a slow one holds up no other. */
export type Lane = 'requests' | 'announce' | `account-${string}`;
export const accountLane = (account: string): Lane => `account-${account}`;

export type Enqueue = (job: Job, options: { lane: Lane; id: string; delayMs?: number }) => Promise<void>;
