import { z } from 'zod';
import type { Outcome } from '../providers/answers.js';
import {
  type InstanceState,
  KEY_PAIR_ACTIONS,
  type KeyPair,
  type KeyPairAction,
  type OsFamily,
} from '../providers/contract.js';
import { HINTS } from '../providers/failures.js';
import { awaitingEvents } from './awaiting-events.js';
import { holdEvents } from './holds/events.js';
import { planningEvents } from './planning/events.js';

/** The facts in a request's log, as they are stored. A change of meaning needs a new `SCHEMA_VERSION`. */
export const SCHEMA_VERSION = 1;

export const STEPS = ['stop', 'detach', 'attach', 'verify', 'restart', 'start'] as const;
export type Step = (typeof STEPS)[number];
/** A step that is a call of its own; `verify` is the reading that ends a detach or an attach. */
export type ActionStep = Exclude<Step, 'verify'>;

export const isKeyPairStep = (step: Step | undefined): step is KeyPairAction => step === 'detach' || step === 'attach';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How much the thread says: each instance by name, or by name only what failed or was skipped. */
export const THREAD_SETTINGS = ['full', 'failures'] as const;
export type ThreadSetting = (typeof THREAD_SETTINGS)[number];

const hint = z.enum(HINTS);
const skipReasons = [
  'windows',
  'needs-stop',
  'key-pair-changed',
  'other-key-pair',
  'state-changed',
  'changing',
  'locked',
  'unusable',
  'cancelled',
] as const;

const change = {
  effective: z.enum(['now', 'after-restart']),
  restartFailed: z.object({ code: z.string(), message: z.string() }).exactOptional(),
};
const outcome: z.ZodType<Outcome> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('detached'), ...change }),
  z.object({ kind: z.literal('not-bound') }),
  z.object({ kind: z.literal('attached'), ...change }),
  z.object({ kind: z.literal('already-bound') }),
  z.object({ kind: z.literal('skipped'), reason: z.enum(skipReasons), detail: z.string().exactOptional() }),
  z.object({
    kind: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    hint,
    requestId: z.string().exactOptional(),
  }),
]);

const keyPair: z.ZodType<KeyPair> = z.object({
  name: z.string(),
  id: z.string().exactOptional(),
  fingerprint: z.string().exactOptional(),
  publicKey: z.string().exactOptional(),
});

const limit = z.number().int().positive();
const target = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['running', 'stopped', 'changing', 'unusable']) satisfies z.ZodType<InstanceState>,
  os: z.enum(['linux', 'windows', 'unknown']) satisfies z.ZodType<OsFamily>,
  steps: z.array(z.enum(STEPS)),
  /** There where nothing needs doing, or nothing can be done. */
  outcome: outcome.exactOptional(),
});
/** One planned instance. */
export type PlannedTarget = z.infer<typeof target>;

const group = z.object({
  account: z.string(),
  provider: z.string(),
  region: z.string(),
  keyPair,
  limits: z.object({ stop: limit, detach: limit, attach: limit, restart: limit, start: limit }),
  parallelKeyPairWrites: limit,
  effectiveWhenRunning: z.enum(['now', 'after-restart']),
  attachDisablesPassword: z.boolean(),
  targets: z.array(target),
});
/** The part of a plan in one account, region and key pair. */
export type PlanGroup = z.infer<typeof group>;

const selection = z.object({
  account: z.string(),
  region: z.string(),
  key: z.string(),
  instances: z.union([z.literal('all'), z.array(z.string()).min(1)]),
});
/** What was asked for in one account, in the requester's words. */
export type Selection = z.infer<typeof selection>;

const warning = z.object({ account: z.string(), text: z.string() });
/** What the config said of an account when it was asked for. */
export type Warning = z.infer<typeof warning>;

const after = z.object({ request: z.string(), why: z.enum(['retry', 'restart', 'undo', 'left-out']) });
/**
 * The request that this one goes on from: with what failed there, with what waits there for a stop or a restart, with
 * what was left out of its plan, or to attach again what was detached there.
 */
export type After = z.infer<typeof after>;

const stepResult = z.discriminatedUnion('kind', [
  /** `changed: false`: it was so already. */
  z.object({ kind: z.literal('done'), changed: z.boolean() }),
  z.object({ kind: z.literal('over'), outcome }),
]);
/** How one batch went for one instance: on to the next step, or over. */
export type StepResult = z.infer<typeof stepResult>;

const batchId = z.string();
const epoch = z.number().int().positive();
/** 0: read, and never called. */
const epochOrNone = z.number().int().nonnegative();

const callFault = z.object({
  /** `later`: certainly not done. `unknown`: may be done. */
  kind: z.enum(['later', 'unknown']),
  /**
   * Left out where it is about each of them. `some`: about one or several, not known which. `some-or-all`: and it may
   * be everyone's. `call`: about none, so that the same call may pass.
   */
  about: z.enum(['some', 'some-or-all', 'call']).exactOptional(),
  code: z.string(),
  message: z.string(),
  hint,
  requestId: z.string().exactOptional(),
  isFinal: z.literal(true).exactOptional(),
  retryAfterMs: z.number().exactOptional(),
  instances: z.array(z.string()).min(1),
});
/** A fault that left instances of a call undone, or not known to be done. */
export type CallFault = z.infer<typeof callFault>;

const user = z.string();

export const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('requested'),
    id: z.string(),
    /** What this request was made from; the same origin never makes a second request. */
    origin: z.string(),
    requester: user,
    channel: z.string(),
    language: z.enum(LANGUAGES),
    /** Kept here, so that a thread is told to its end as it began; `full` where it is left out. */
    thread: z.enum(THREAD_SETTINGS).exactOptional(),
    action: z.enum(KEY_PAIR_ACTIONS),
    restart: z.boolean(),
    reason: z.string(),
    selections: z.array(selection).min(1),
    warnings: z.array(warning).readonly().exactOptional(),
    after: after.exactOptional(),
  }),
  z.object({ type: z.literal('surveyed'), selection: z.number().int().nonnegative(), group }),
  z.object({
    type: z.literal('planned'),
    digest: z.string(),
    quorums: z.array(
      z.object({ account: z.string(), approvals: z.number().int().positive(), escalateAt: z.number().exactOptional() }),
    ),
    /** Left out where nobody is to be told. */
    notifyAt: z.number().exactOptional(),
    remindAt: z.number().exactOptional(),
    expiresAt: z.number(),
  }),
  ...planningEvents,
  z.object({ type: z.literal('approved'), by: user, accounts: z.array(z.string()).min(1), digest: z.string() }),
  z.object({ type: z.literal('denied'), by: user, reason: z.string() }),
  ...awaitingEvents,
  z.object({ type: z.literal('expired') }),
  z.object({ type: z.literal('started') }),
  /** `paused`: accounts that were, so that what is left there ends only once they go on. */
  z.object({ type: z.literal('halted'), by: user, paused: z.array(z.string()).exactOptional() }),
  z.object({ type: z.literal('cancelled'), by: user }),
  z.object({
    type: z.literal('batched'),
    batch: batchId,
    group: z.number().int().nonnegative(),
    step: z.enum(['stop', 'detach', 'attach', 'restart', 'start']),
    instances: z.array(z.string()).min(1),
  }),
  /** Right before the cloud is called: from here on until `called`, nobody knows whether the call was made. */
  z.object({ type: z.literal('begun'), batch: batchId, epoch, instances: z.array(z.string()).min(1) }),
  /** What the cloud said. Instances in no fault were accepted; those that it refused for good have their result. */
  z.object({
    type: z.literal('called'),
    batch: batchId,
    epoch,
    requestId: z.string().exactOptional(),
    operations: z.record(z.string(), z.string()).exactOptional(),
    faults: z.array(callFault),
    refused: z.array(z.string()).min(1).exactOptional(),
  }),
  z.object({
    type: z.literal('stepped'),
    batch: batchId,
    epoch: epochOrNone,
    results: z.record(z.string(), stepResult),
  }),
  z.object({
    type: z.literal('settled'),
    group: z.number().int().nonnegative(),
    outcomes: z.record(z.string(), outcome),
  }),
  ...holdEvents,
  z.object({ type: z.literal('finished') }),
]);
export type RequestEvent = z.infer<typeof eventSchema>;
export type EventOf<T extends RequestEvent['type']> = Extract<RequestEvent, { type: T }>;
