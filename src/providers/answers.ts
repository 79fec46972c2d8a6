import type {
  Instance,
  KeyPair,
  KeyPairWriteInput,
  PowerAction,
  ReadInput,
  Traits,
  WriteInput,
  WriteOperation,
} from './contract.js';
import type { Fault, Hint } from './failures.js';

/** What the guard answers: what jobs and the bot know of a cloud. */

export type Answer<T> = { ok: true; value: T } | { ok: false; fault: Fault };

/** What a write did to one instance, as far as known before it is read back. */
export type InstanceAnswer =
  | { kind: 'accepted'; operation?: string }
  /** Certainly not done, and repeating will not help. */
  | { kind: 'refused'; fault: Fault }
  /** Certainly not done, and may be repeated. */
  | { kind: 'later'; fault: Fault }
  /** May have been done: read before anything is repeated. */
  | { kind: 'unknown'; fault: Fault };
export type WriteAnswer = {
  requestId?: string;
  /** The cloud said one thing of the whole call, and nothing of single instances: all have the same answer. */
  isWhole: boolean;
  instances: ReadonlyMap<string, InstanceAnswer>;
};

export type GuardedCall = { region: string; signal?: AbortSignal };

/** A provider behind its guard: what jobs hold. Nothing here throws; nothing here outlasts its time limit. */
export type GuardedProvider = {
  readonly traits: Traits;
  readInstances(input: ReadInput, call: GuardedCall): Promise<Answer<readonly Instance[]>>;
  /** All pages. */
  listInstances(input: { keyPair: KeyPair }, call: GuardedCall): Promise<Answer<readonly Instance[]>>;
  /** All pages. */
  listKeyPairs(call: GuardedCall): Promise<Answer<readonly KeyPair[]>>;
  findKeyPair(input: { nameOrId: string }, call: GuardedCall): Promise<Answer<KeyPair | undefined>>;
  /**
   * Takes a turn for one write that is sent right afterwards, and answers 0; or takes none, and answers how many
   * milliseconds to wait. A write is never held back itself: who claims it in a log counts from the claim.
   */
  reserve(operation: WriteOperation, call: Pick<GuardedCall, 'region'>): number;
  detach(input: KeyPairWriteInput, call: GuardedCall): Promise<WriteAnswer>;
  attach(input: KeyPairWriteInput, call: GuardedCall): Promise<WriteAnswer>;
  power(input: WriteInput & { action: PowerAction }, call: GuardedCall): Promise<WriteAnswer>;
  close(): Promise<void>;
};

export type SkipReason =
  | 'windows'
  /** Running, would have to be stopped, and the request may not restart. */
  | 'needs-stop'
  /** Bound to another key pair now than when it was planned. */
  | 'key-pair-changed'
  /** To be attached, and another key pair is bound, which an attach would replace. */
  | 'other-key-pair'
  | 'state-changed'
  /** Between two states when it was planned. */
  | 'changing'
  | 'locked'
  | 'unusable'
  | 'cancelled';

/** When the guest follows. */
export type Effective = 'now' | 'after-restart';

/** The key pair is as asked, and the restart that was to follow failed. */
export type RestartFailure = { code: string; message: string };

/** What became of one instance. */
export type Outcome =
  /** Verified by reading the cloud. */
  | { kind: 'detached'; effective: Effective; restartFailed?: RestartFailure }
  /** Was not bound to begin with. */
  | { kind: 'not-bound' }
  /** Verified by reading the cloud: this very key pair is bound. */
  | { kind: 'attached'; effective: Effective; restartFailed?: RestartFailure }
  /** Was to be attached, and was bound to begin with. */
  | { kind: 'already-bound' }
  | { kind: 'skipped'; reason: SkipReason; detail?: string }
  | { kind: 'failed'; code: string; message: string; hint: Hint; requestId?: string };
