import type { Mentions } from './awaiting-events.js';
import type { RequestEvent } from './events.js';
import type { People } from './policy.js';
import type { Request } from './request.js';

/** What jobs need of whoever speaks to people. The bot implements it; nothing here knows of Slack. */

export type MessageRef = { channel: string; id: string };

/** One transition as it is told: its version in the log, when it was, and its events. */
export type TellableEntry = { version: number; at: number; events: readonly RequestEvent[] };

/** Who is behind these names at this moment: a schedule stands for whoever is on call. Never rejects. */
export type WhoIs = (people: People) => Promise<Mentions>;

/**
 * What is told at one time, up to the version `last`: the news of the entries from `news` on, and, where it is there,
 * the results of those from `results` on.
 */
export type Telling = { news: number; results?: number; last: number };

/** One message of a telling. */
export type Reply = { post(root: MessageRef): Promise<void> };

export type NamedFile = { name: string; content: string };

export type Notifier = {
  /** Posts the request's root message, marked with the request's id. */
  postRoot(request: Request): Promise<MessageRef>;
  /** The root message that an earlier attempt may have posted before it crashed. */
  findRoot(request: Request): Promise<MessageRef | undefined>;
  /** Shows this request to its requester alone: a mistake is nobody else's matter. Twice does no harm. */
  showRequester(request: Request): Promise<void>;
  /** Makes the root message show this request; the same picture twice does no harm. */
  updateRoot(request: Request, root: MessageRef): Promise<void>;
  /**
   * What is to be said, message by message, each marked with the telling and its own place; `entries` are all of the
   * log. The same telling always makes the same messages.
   */
  repliesOf(request: Request, entries: readonly TellableEntry[], telling: Telling): readonly Reply[];
  /** The places of the messages of this telling that the thread holds already. */
  findReplies(request: Request, root: MessageRef, telling: Telling): Promise<ReadonlySet<number>>;
  /** Puts files into the thread, all in one message. */
  showFiles(request: Request, root: MessageRef, files: readonly NamedFile[]): Promise<void>;
  /** Says in the thread that there are no files, and why. */
  tellNoFiles(request: Request, root: MessageRef, code: string): Promise<void>;
  /** Whether the thread holds one of these files, or the word that there are none. */
  findFiles(request: Request, root: MessageRef, files: readonly NamedFile[]): Promise<boolean>;
};

/** Thrown by a notifier that could not speak now; what was told so far stays told. */
export class NotifierBusy extends Error {
  override readonly name = 'NotifierBusy';
  readonly retryAfterMs: number;
  readonly code: string;
  /** Nobody saw what was to be said; else it may have been said. */
  readonly isUnsaid: boolean;
  constructor(retryAfterMs: number, code: string, isUnsaid: boolean) {
    super(`cannot speak now: ${code}`);
    this.retryAfterMs = retryAfterMs;
    this.code = code;
    this.isUnsaid = isUnsaid;
  }
}

/** Thrown by a notifier that cannot speak there at all until a person mends something (not in the channel, archived). */
export class NotifierRefused extends Error {
  override readonly name = 'NotifierRefused';
  readonly code: string;
  constructor(code: string) {
    super(`cannot speak there: ${code}`);
    this.code = code;
  }
}
