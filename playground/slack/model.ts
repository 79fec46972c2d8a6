import type { Block } from './blocks/schema.js';
import type { Option } from './blocks/text.js';

/** What the local Slack keeps. Messages and views are snapshots: a change puts a new one in the old one's place. */

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };

export type Version = {
  /** Milliseconds since 1970. */
  at: number;
  text: string;
  blocks: readonly Block[];
  metadata?: Metadata;
};

export type SharedFile = { id: string; name: string; title: string; size: number; permalink: string };
export type Reaction = { name: string; users: readonly string[] };

export type Message = {
  channel: string;
  ts: string;
  /** There in a reply only. */
  thread_ts?: string;
  reply_broadcast?: true;
  user: string;
  bot_id?: string;
  /** As it was sent. */
  text: string;
  blocks: readonly Block[];
  metadata?: Metadata;
  edited?: { user: string; ts: string };
  files?: readonly SharedFile[];
  reactions?: readonly Reaction[];
  /** Every state that it went through, the one of now last. */
  versions: readonly Version[];
};

/** A message that one person sees. */
export type Ephemeral = {
  channel: string;
  user: string;
  ts: string;
  thread_ts?: string;
  text: string;
  blocks: readonly Block[];
  ephemeral: true;
};

type PlainText = { type: 'plain_text'; text: string; emoji?: boolean | undefined };

export type View = {
  id: string;
  type: 'modal' | 'home';
  /** Whose screen it is on. */
  user: string;
  open: boolean;
  blocks: readonly Block[];
  title?: PlainText;
  submit?: PlainText;
  close?: PlainText;
  callback_id: string;
  private_metadata: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
  hash: string;
  root_view_id: string;
  previous_view_id: string | null;
  /** What the person has entered so far, by `block_id` and `action_id`. */
  entered: Entered;
};
export type Entered = Readonly<Record<string, Readonly<Record<string, readonly (string | Option)[]>>>>;

export type StoredFile = { id: string; name: string; length: number; bytes?: Buffer; shared: boolean };

/** One call of the Web API, or one post to a response URL (`method` is then `response_url`). */
export type ApiCall = {
  method: string;
  /** Without the token. */
  args: Readonly<Record<string, unknown>>;
  at: number;
  /** There once it was answered; the error is Slack's code, or `http 500` and the like. */
  reply?: { ok: boolean; error?: string };
};
