import { withIds } from './block-rules.js';
import type { Block } from './blocks/schema.js';
import type { Ephemeral, Message, Metadata, SharedFile } from './model.js';
import { SlackRefusal } from './refusal.js';
import type { State } from './state.js';

export type Draft = {
  channel: string;
  user: string;
  text: string;
  blocks?: readonly Block[];
  metadata?: Metadata;
  thread_ts?: string;
  reply_broadcast?: boolean;
  files?: readonly SharedFile[];
};

export function postMessage(state: State, draft: Draft): Message {
  const { workspace } = state;
  const blocks = withIds(draft.blocks ?? [], () => state.newId('b'));
  const metadata = draft.metadata && { metadata: draft.metadata };
  const message: Message = {
    channel: draft.channel,
    ts: state.newTs(),
    user: draft.user,
    ...(draft.user === workspace.botUserId && { bot_id: workspace.botId }),
    text: draft.text,
    blocks,
    ...metadata,
    ...(draft.thread_ts !== undefined && { thread_ts: draft.thread_ts }),
    ...(draft.thread_ts !== undefined && draft.reply_broadcast && { reply_broadcast: true as const }),
    ...(draft.files && { files: draft.files }),
    versions: [{ at: state.now(), text: draft.text, blocks, ...metadata }],
  };
  const posted = state.messages.get(draft.channel) ?? [];
  posted.push(message);
  state.messages.set(draft.channel, posted);
  return message;
}

export function postEphemeral(state: State, draft: Omit<Ephemeral, 'ts' | 'ephemeral'>): Ephemeral {
  const blocks = withIds(draft.blocks, () => state.newId('b'));
  const ephemeral: Ephemeral = { ...draft, blocks, ts: state.newTs(), ephemeral: true };
  state.ephemerals.push(ephemeral);
  return ephemeral;
}

/** The app cannot ask for these by the Web API; a response URL of a button in the message can. */
export function updateEphemeral(state: State, user: string, ts: string, change: Change): void {
  const index = state.ephemerals.findIndex((one) => one.ts === ts && one.user === user);
  const old = state.ephemerals[index];
  if (!old) throw new SlackRefusal('message_not_found');
  const blocks = withIds(change.blocks ?? [], () => state.newId('b'));
  state.ephemerals[index] = { ...old, text: change.text ?? old.text, blocks };
}

export function deleteEphemeral(state: State, user: string, ts: string): void {
  const index = state.ephemerals.findIndex((one) => one.ts === ts && one.user === user);
  if (index < 0) throw new SlackRefusal('message_not_found');
  state.ephemerals.splice(index, 1);
}

export function findMessage(state: State, channel: string, ts: string): Message | undefined {
  return state.messages.get(channel)?.find((message) => message.ts === ts);
}

export type Change = { text?: string; blocks?: readonly Block[]; metadata?: Metadata };

/**
 * chat.update's rules: text alone takes the blocks away, blocks alone leave the text, metadata stays unless given,
 * and only a message that is changed by text is flagged as edited.
 */
export function updateMessage(state: State, channel: string, ts: string, change: Change): Message {
  const old = findMessage(state, channel, ts);
  if (!old) throw new SlackRefusal('message_not_found');
  const text = change.text ?? old.text;
  const blocks = change.blocks
    ? withIds(change.blocks, () => state.newId('b'))
    : change.text === undefined
      ? old.blocks
      : [];
  const kept = change.metadata ?? old.metadata;
  const metadata = kept && { metadata: kept };
  const updated: Message = {
    ...old,
    text,
    blocks,
    ...metadata,
    ...(blocks.length === 0 && { edited: { user: old.user, ts: state.newTs() } }),
    versions: [...old.versions, { at: state.now(), text, blocks, ...metadata }],
  };
  replaceMessage(state, updated);
  return updated;
}

export function replaceMessage(state: State, message: Message): void {
  const posted = state.messages.get(message.channel) ?? [];
  posted[posted.findIndex(({ ts }) => ts === message.ts)] = message;
}

export function deleteMessage(state: State, channel: string, ts: string): void {
  const posted = state.messages.get(channel) ?? [];
  const index = posted.findIndex((message) => message.ts === ts);
  if (index < 0) throw new SlackRefusal('message_not_found');
  posted.splice(index, 1);
}

/** A thread's root and its replies, whichever of them `ts` names. */
export function threadOf(state: State, channel: string, ts: string): readonly Message[] {
  const posted = state.messages.get(channel) ?? [];
  const named = posted.find((message) => message.ts === ts);
  const root = named?.thread_ts ?? ts;
  return posted.filter((message) => message.ts === root || message.thread_ts === root);
}

/** A message as the Web API and the payloads show it. */
export function messageBody(state: State, message: Message, options: { metadata: boolean }): Record<string, unknown> {
  const { channel, versions: _, metadata, reply_broadcast, reactions, ...shown } = message;
  const replies = threadOf(state, channel, message.ts).filter(({ thread_ts }) => thread_ts === message.ts);
  const last = replies.at(-1);
  return {
    type: 'message',
    ...shown,
    ...(reply_broadcast && { subtype: 'thread_broadcast' }),
    ...(reactions?.length && { reactions: reactions.map((one) => ({ ...one, count: one.users.length })) }),
    team: state.workspace.teamId,
    ...(message.bot_id !== undefined && { app_id: state.workspace.appId }),
    ...(options.metadata && metadata && { metadata }),
    ...(last && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map(({ user }) => user))],
      latest_reply: last.ts,
    }),
  };
}
