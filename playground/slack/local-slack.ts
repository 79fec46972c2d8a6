import type { Delivery, Retry } from './delivery.js';
import type { Faults } from './faults.js';
import type { ApiCall, Ephemeral, Message, View } from './model.js';
import type { Person } from './person/person.js';
import type { DisconnectReason } from './socket-mode.js';
import type { Workspace } from './workspace.js';

export type SlackOptions = {
  botToken: string;
  appToken: string;
  signingSecret: string;
  port?: number;
  /** Milliseconds since 1970; everything but the ack limit and the signature's timestamp goes by it. */
  now?: () => number;
  workspace?: Partial<Workspace>;
  /** True unless told. */
  rateLimits?: boolean;
  /** How long the app has to ack, by the machine's own clock; three seconds unless told. */
  ackLimitMs?: number;
};

export type LocalSlack = Pick<Faults, 'fail' | 'hold'> & {
  readonly url: string;
  readonly apiUrl: string;
  readonly workspace: Workspace;
  /** Everything in a channel, replies among it, oldest first. */
  messages(channel: string): readonly Message[];
  thread(channel: string, ts: string): readonly Message[];
  ephemerals(channel: string, user: string): readonly Ephemeral[];
  readonly views: readonly View[];
  /** Calls of the Web API and posts to response URLs, oldest first. */
  readonly calls: readonly ApiCall[];
  /** What the app was told, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** The bytes that were uploaded under a file's id. */
  file(id: string): Buffer | undefined;
  clearFaults(): void;
  as(userId: string): Person;
  /** Resolves with what `find` finds, which is asked again at each change; rejects after `limitMs` with all that is there. */
  waitFor<T>(
    find: (slack: LocalSlack) => T | undefined | null | false,
    description: string,
    limitMs?: number,
  ): Promise<T>;
  /** Sends an event that is no person's gesture, for example `user_change`. */
  emit(event: { type: string; [more: string]: unknown }): Promise<void>;
  /** Sends an envelope once more, the same in all but the retry; the last one unless told. */
  redeliver(options?: { delivery?: Delivery; retry?: Retry }): Promise<void>;
  /** From now on the app is in HTTP mode, with this request URL. */
  deliverTo(requestUrl: string): void;
  /** Socket Mode connections that are open. */
  sockets(): number;
  /** The oldest so many Socket Mode connections; all of them unless told. */
  disconnect(reason: DisconnectReason, connections?: number): void;
  stop(): Promise<void>;
};
