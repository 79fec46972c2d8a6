import type { ErrorTable, Hint } from './failures.js';
import type { PaceTraits } from './pace.js';

/**
 * What a cloud can be asked and what it can answer. Every sentence on a member is an obligation, and
 * `test/providers/contract.ts` has a case for it.
 */

/** Where an instance stands, as far as a step needs to know. The cloud's own word stays in `vendorState`. */
export type InstanceState =
  | 'running'
  | 'stopped'
  /** On its way between two states: read again later. */
  | 'changing'
  /** Terminated, in rescue, in error: nothing can be done to it. */
  | 'unusable';

export type OsFamily = 'linux' | 'windows' | 'unknown';

/** A key pair in one account and region. `id` is there where the cloud has one. */
export type KeyPair = {
  name: string;
  id?: string;
  /** As the cloud prints it; not comparable between clouds. */
  fingerprint?: string;
  /** One OpenSSH line, where the cloud gives it. */
  publicKey?: string;
};

/** A key pair as an instance shows it: some clouds show the name, some the id, one both. */
export type KeyPairRef = { name?: string; id?: string };

/** The cloud's latest operation on an instance, or the one that was asked about. */
export type Operation = {
  /** The cloud's id of it: a request id or a task id. */
  id: string;
  state: 'running' | 'succeeded' | 'failed';
  code?: string;
  message?: string;
  /** Added by the guard from the provider's table, where the code has a row. */
  hint?: Hint;
};

export type Instance = {
  id: string;
  name: string;
  state: InstanceState;
  vendorState: string;
  os: OsFamily;
  /** Empty means: the cloud said that none is bound. */
  keyPairs: readonly KeyPairRef[];
  /** The cloud's word for why it may not be touched (locked for security, expired, migrating). */
  lock?: string;
  operation?: Operation;
  /** Named as bound, and not shown: nothing else is known of it. */
  unseen?: true;
};

/** One that the cloud names as bound to this key pair and does not show: it must not get lost. */
export const unseenInstance = (id: string, bound: KeyPairRef): Instance =>
  Object.freeze({
    id,
    name: '',
    state: 'unusable',
    vendorState: 'not shown',
    os: 'unknown',
    keyPairs: [bound],
    unseen: true,
  });

export type Page<T> = {
  items: readonly T[];
  /** There where a further page exists. */
  cursor?: string;
};

export const KEY_PAIR_ACTIONS = ['detach', 'attach'] as const;
export type KeyPairAction = (typeof KEY_PAIR_ACTIONS)[number];

export const POWER_ACTIONS = ['stop', 'start', 'restart'] as const;
export type PowerAction = (typeof POWER_ACTIONS)[number];

/** What is so on this cloud, as plain frozen data; the step planner reads nothing else of a provider. */
export type Traits = {
  /** Most instances in one call. */
  limits: { read: number; detach: number; attach: number; stop: number; start: number; restart: number };
  /** Most calls for key pairs, detaches or attaches, that one account may have under way at once. */
  parallelKeyPairWrites: number;
  /** States in which the cloud takes a detach or an attach that needs no private key. */
  keyPairWritesIn: readonly ('running' | 'stopped')[];
  /** When the guest of a running instance follows. A stopped one always follows when it starts. */
  effectiveWhenRunning: 'now' | 'after-restart';
  /** `instance`: the call names no key pair, so whatever is bound goes; it is read right before. */
  keyPairNamedBy: 'name' | 'id' | 'instance';
  /** The cloud takes a token that makes a repeated write the same write. */
  idempotencyToken: boolean;
  /** How fast each API of one account may be called. */
  pace: PaceTraits;
  /** Milliseconds after which a write that was sent can no longer change anything. */
  settleMs: number;
  /** A regular expression (source, whole match) for instance ids; what does not match never leaves the house. */
  instanceIdPattern: string;
  /** It is not said what the cursor of a list of instances stands for, so what leaves the list may shift the rest. */
  listsMayShift?: true;
  /** Attaching turns password login off. */
  attachDisablesPassword: boolean;
};

/** Given to each call of an adapter. */
export type CallContext = { region: string; signal: AbortSignal };

export type WriteInput = {
  instanceIds: readonly string[];
  /** 64 ASCII characters or fewer; the same for the same write, never for another. */
  token: string;
};
export type KeyPairWriteInput = WriteInput & { keyPair: KeyPair };

/** What the cloud said of one instance in the reply to a write. */
export type InstanceReply =
  /** Taken; done only when a read shows it. `operation` is what the cloud calls it. */
  | { instanceId: string; ok: true; operation?: string }
  | { instanceId: string; ok: false; code: string; message: string };

/** What the cloud said, and nothing for an instance that it left out. Where it never says it per instance, all are `ok`. */
export type WriteReply = { requestId?: string; replies: readonly InstanceReply[] };

export type ReadInput = {
  instanceIds: readonly string[];
  /** Operations that earlier writes answered with, by instance: their state is wanted. */
  operations?: Readonly<Record<string, string>>;
};

/**
 * An adapter: speaks one vendor's language and nothing else. Time limits, input rules, masking and the
 * reading of errors stand in `guard.ts`. Every method throws `VendorFailure` and nothing else, and makes
 * one attempt: the SDK's own retries are off for writes.
 */
export type Provider = {
  readonly traits: Traits;
  /** The vendor's codes. A key ending in `.*` stands for the code itself and all its sub-codes. */
  readonly errors: ErrorTable;
  /** Instances that the cloud shows, in any order. One that it does not show is left out: that is no proof that it is gone. */
  readInstances(input: ReadInput, call: CallContext): Promise<readonly Instance[]>;
  /** Instances that a key pair is bound to, a page at a time; `unseen` those that are named and not shown. */
  listInstances(input: { keyPair: KeyPair; cursor?: string }, call: CallContext): Promise<Page<Instance>>;
  /** Key pairs of the region, a page at a time. */
  listKeyPairs(input: { cursor?: string }, call: CallContext): Promise<Page<KeyPair>>;
  /** The key pair of exactly this name or id; undefined only when the cloud answered that there is none. */
  findKeyPair(input: { nameOrId: string }, call: CallContext): Promise<KeyPair | undefined>;
  /** Takes the key pair off. Never forces, never sends a private key. */
  detach(input: KeyPairWriteInput, call: CallContext): Promise<WriteReply>;
  attach(input: KeyPairWriteInput, call: CallContext): Promise<WriteReply>;
  /** Soft always, and keeps charging, so that no address or capacity is lost. */
  power(input: WriteInput & { action: PowerAction }, call: CallContext): Promise<WriteReply>;
  /** Twice is fine. */
  close(): Promise<void>;
};

/** What an adapter is asked for, as logs, metrics and paces name it. */
export type CallOperation = keyof Omit<Provider, 'traits' | 'errors' | 'power'> | PowerAction;
export type WriteOperation = Extract<CallOperation, KeyPairAction | PowerAction>;

/** Whether this instance shows this key pair; ids win over names where both sides have one. */
export function isBound(instance: Pick<Instance, 'keyPairs'>, keyPair: KeyPair): boolean {
  return instance.keyPairs.some((bound) =>
    bound.id !== undefined && keyPair.id !== undefined ? bound.id === keyPair.id : bound.name === keyPair.name,
  );
}
