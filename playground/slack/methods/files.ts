import { z } from 'zod';
import type { Args } from '../args.js';
import { readShape } from '../block-rules.js';
import { findMessage, postMessage } from '../messages.js';
import type { SharedFile } from '../model.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import { type Methods, writableChannel } from './method.js';

function getUploadUrl(args: Args, state: State) {
  const file = {
    id: state.newId('F'),
    name: args.required('filename'),
    length: Number(args.required('length')),
    shared: false,
  };
  state.files.set(file.id, file);
  return { file_id: file.id, upload_url: `${state.origin}/upload/${file.id}` };
}

const filesShape = z
  .array(z.object({ id: z.string().min(1), title: z.string().optional() }))
  .min(1)
  .max(10);

function complete(args: Args, state: State) {
  const named = readShape(filesShape, args.json('files', 'invalid_arguments'), 'invalid_arguments', '/files');
  const stored = named.map(({ id, title }) => {
    const file = state.files.get(id);
    // Not uploaded, or shared before: neither can be completed.
    if (!file?.bytes || file.shared) throw new SlackRefusal('file_not_found');
    return { file, title: title ?? file.name };
  });
  const shared: SharedFile[] = stored.map(({ file, title }) => ({
    id: file.id,
    name: file.name,
    title,
    size: file.length,
    permalink: `${state.origin}/files/${file.id}/${file.name}`,
  }));
  const channelId = args.text('channel_id');
  if (channelId) {
    const channel = writableChannel(state, channelId);
    const thread = args.text('thread_ts');
    if (thread && !findMessage(state, channel.id, thread)) throw new SlackRefusal('thread_not_found');
    postMessage(state, {
      channel: channel.id,
      user: state.workspace.botUserId,
      text: args.text('initial_comment') ?? '',
      files: shared,
      ...(thread && { thread_ts: thread }),
    });
  }
  for (const { file } of stored) file.shared = true;
  return { files: shared };
}

/** Takes the bytes that were posted to an upload URL; the whole of what was announced, once. */
export function takeUpload(state: State, id: string, bytes: Buffer): void {
  const file = state.files.get(id);
  if (!file || file.bytes || file.length !== bytes.length) throw new SlackRefusal('upload_failed');
  file.bytes = bytes;
}

const write = { token: 'bot', scopes: ['files:write'], limit: 'tier4' } as const;

export const fileMethods: Methods = {
  'files.getUploadURLExternal': { ...write, run: getUploadUrl },
  'files.completeUploadExternal': { ...write, run: complete },
};
