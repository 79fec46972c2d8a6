import { checkBlocks } from './block-rules.js';
import {
  type Change,
  deleteEphemeral,
  deleteMessage,
  postEphemeral,
  postMessage,
  updateEphemeral,
  updateMessage,
} from './messages.js';
import { SlackRefusal } from './refusal.js';
import type { ResponsePost, ResponseUrl } from './response-urls.js';
import type { State } from './state.js';

type Place = Pick<ResponseUrl, 'channel' | 'user' | 'source'>;

function readContent(post: ResponsePost): Change {
  const blocks = post.blocks === undefined ? undefined : checkBlocks(post.blocks, 'message');
  if (!post.text && (blocks === undefined || blocks.length === 0)) throw new SlackRefusal('no_text');
  return { ...(post.text !== undefined && { text: post.text }), ...(blocks && { blocks }) };
}

/** Shows what an ack or a post to a response URL carries: to the one person, unless it says `in_channel`. */
export function showResponse(state: State, place: Place, post: ResponsePost): void {
  const { channel, user, source } = place;
  if (source && post.delete_original === true) {
    if (source.ephemeral) deleteEphemeral(state, user, source.ts);
    else deleteMessage(state, channel, source.ts);
    return;
  }
  const content = readContent(post);
  if (source && post.replace_original === true) {
    if (source.ephemeral) updateEphemeral(state, user, source.ts, content);
    else updateMessage(state, channel, source.ts, content);
    return;
  }
  const draft = {
    channel,
    text: content.text ?? '',
    blocks: content.blocks ?? [],
    ...(typeof post.thread_ts === 'string' && { thread_ts: post.thread_ts }),
  };
  if (post.response_type === 'in_channel') postMessage(state, { ...draft, user: state.workspace.botUserId });
  else postEphemeral(state, { ...draft, user });
}
