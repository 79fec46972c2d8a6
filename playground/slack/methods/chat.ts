import { z } from 'zod';
import type { Args } from '../args.js';
import { checkBlocks, readShape } from '../block-rules.js';
import type { Block } from '../blocks/schema.js';
import { findMessage, messageBody, postEphemeral, postMessage, updateMessage } from '../messages.js';
import type { Metadata } from '../model.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import { findChannel, type Methods, writableChannel } from './method.js';

const MOST_POSTED = 40_000;
const MOST_UPDATED = 4_000;
const MOST_MARKDOWN = 12_000;
/** The documents name `metadata_too_large` and no number. */
const MOST_METADATA_BYTES = 8_000;

const metadataShape = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
});

type Content = { text?: string; blocks?: readonly Block[]; metadata?: Metadata };

function readContent(args: Args): Content {
  const markdown = args.text('markdown_text');
  const sent = args.text('text');
  if (args.raw.attachments !== undefined)
    throw new SlackRefusal('invalid_arguments', ['[ERROR] the local Slack has no attachments']);
  if (markdown !== undefined && (sent !== undefined || args.raw.blocks !== undefined))
    throw new SlackRefusal('markdown_text_conflict');
  if (markdown !== undefined && markdown.length > MOST_MARKDOWN) throw new SlackRefusal('msg_too_long');
  const text = markdown ?? sent;
  const raw = args.json('blocks', 'invalid_blocks_format');
  const blocks = raw === undefined ? undefined : checkBlocks(raw, 'message');
  const metadata = readMetadata(args);
  if (!text && (blocks === undefined || blocks.length === 0)) throw new SlackRefusal('no_text');
  return {
    ...(text !== undefined && { text }),
    ...(blocks !== undefined && { blocks }),
    ...(metadata && { metadata }),
  };
}

function readMetadata(args: Args): Metadata | undefined {
  const raw = args.json('metadata', 'invalid_metadata_format');
  if (raw === undefined) return undefined;
  const metadata = readShape(metadataShape, raw, 'invalid_metadata_format', '/metadata');
  if (Buffer.byteLength(JSON.stringify(metadata)) > MOST_METADATA_BYTES) throw new SlackRefusal('metadata_too_large');
  return metadata;
}

/** A reply hangs on the root, also when the argument names another reply. */
function readThread(args: Args, state: State, channel: string): { thread_ts?: string } {
  const ts = args.text('thread_ts');
  if (!ts) return {};
  const named = findMessage(state, channel, ts);
  if (!named) throw new SlackRefusal('thread_not_found');
  return { thread_ts: named.thread_ts ?? named.ts };
}

function post(args: Args, state: State) {
  const channel = writableChannel(state, args.required('channel'));
  const { text = '', ...content } = readContent(args);
  const message = postMessage(state, {
    ...content,
    ...readThread(args, state, channel.id),
    channel: channel.id,
    user: state.workspace.botUserId,
    text: text.slice(0, MOST_POSTED),
    reply_broadcast: args.flag('reply_broadcast'),
  });
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageBody(state, message, { metadata: true }),
    ...(text.length > MOST_POSTED && { response_metadata: { warnings: ['message_truncated'] } }),
  };
}

function update(args: Args, state: State) {
  const id = args.required('channel');
  // A person's id opens the direct message for chat.postMessage only.
  if (!state.workspace.channels.has(id)) throw new SlackRefusal('channel_not_found');
  const channel = writableChannel(state, id);
  const ts = args.required('ts');
  const message = findMessage(state, channel.id, ts);
  if (!message) throw new SlackRefusal('message_not_found');
  if (message.user !== state.workspace.botUserId) throw new SlackRefusal('cant_update_message');
  const content = readContent(args);
  if ((content.text?.length ?? 0) > MOST_UPDATED) throw new SlackRefusal('msg_too_long');
  const updated = updateMessage(state, channel.id, ts, content);
  return {
    channel: channel.id,
    ts,
    text: updated.text,
    message: messageBody(state, updated, { metadata: true }),
  };
}

function ephemeral(args: Args, state: State) {
  const channel = writableChannel(state, args.required('channel'));
  const user = args.required('user');
  const { text = '', blocks = [] } = readContent(args);
  if (!channel.members.has(user)) throw new SlackRefusal('user_not_in_channel');
  const thread = readThread(args, state, channel.id);
  return { message_ts: postEphemeral(state, { channel: channel.id, user, text, blocks, ...thread }).ts };
}

function permalink(args: Args, state: State) {
  const channel = findChannel(state, args.required('channel'));
  const ts = args.required('message_ts');
  const message = findMessage(state, channel.id, ts);
  if (!message) throw new SlackRefusal('message_not_found');
  const thread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : '';
  return {
    channel: channel.id,
    permalink: `${state.origin}/archives/${channel.id}/p${ts.replace('.', '')}${thread}`,
  };
}

const write = { token: 'bot', scopes: ['chat:write'] } as const;

export const chatMethods: Methods = {
  'chat.postMessage': { ...write, limit: 'posting', run: post },
  'chat.update': { ...write, limit: 'tier3', run: update },
  'chat.postEphemeral': { ...write, limit: 'tier4', run: ephemeral },
  'chat.getPermalink': { token: 'bot', scopes: [], limit: 'tier4', run: permalink },
};
