import type { Args } from '../args.js';
import { messageBody, threadOf } from '../messages.js';
import type { Message } from '../model.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import { type Channel, conversation } from '../workspace.js';
import { findChannel, type Methods, needScope, page } from './method.js';

const kindOf = (channel: Channel) => (channel.isIm ? 'im' : channel.isPrivate ? 'groups' : 'channels');

function info(args: Args, state: State) {
  const channel = findChannel(state, args.required('channel'));
  if (!channel.isIm) needScope(state, `${kindOf(channel)}:read`);
  const { workspace } = state;
  return {
    channel: {
      id: channel.id,
      name: channel.name,
      is_channel: !channel.isPrivate,
      is_group: channel.isPrivate && !channel.isIm,
      is_im: channel.isIm,
      is_private: channel.isPrivate,
      is_archived: channel.isArchived,
      is_ext_shared: channel.isExtShared,
      is_shared: channel.isExtShared,
      is_member: channel.members.has(workspace.botUserId),
      context_team_id: workspace.teamId,
      ...(args.flag('include_num_members') && { num_members: channel.members.size }),
      ...(args.flag('include_locale') && { locale: channel.locale }),
    },
  };
}

function readable(args: Args, state: State): Channel {
  const channel = findChannel(state, args.required('channel'));
  needScope(state, `${kindOf(channel)}:history`);
  if (!channel.members.has(state.workspace.botUserId)) throw new SlackRefusal('not_in_channel');
  return channel;
}

/** `oldest` and `latest` leave their own message out unless `inclusive`. */
function within(messages: readonly Message[], args: Args): readonly Message[] {
  const oldest = args.text('oldest');
  const latest = args.text('latest');
  const inclusive = args.flag('inclusive');
  return messages.filter(
    ({ ts }) =>
      (!oldest || Number(ts) > Number(oldest) || (inclusive && ts === oldest)) &&
      (!latest || Number(ts) < Number(latest) || (inclusive && ts === latest)),
  );
}

function answer(messages: readonly Message[], args: Args, state: State, fallback: number) {
  const { items, metadata, more } = page(messages, args, fallback, 999);
  const shown = { metadata: args.flag('include_all_metadata') };
  return {
    messages: items.map((message) => messageBody(state, message, shown)),
    has_more: more,
    response_metadata: metadata,
  };
}

function replies(args: Args, state: State) {
  const channel = readable(args, state);
  const thread = threadOf(state, channel.id, args.required('ts'));
  if (thread.length === 0) throw new SlackRefusal('thread_not_found');
  return answer(within(thread, args), args, state, 999);
}

/** Newest first, without replies except those that were broadcast. */
function history(args: Args, state: State) {
  const channel = readable(args, state);
  const shown = (state.messages.get(channel.id) ?? []).filter(
    ({ thread_ts, reply_broadcast }) => thread_ts === undefined || reply_broadcast,
  );
  return answer(within(shown, args).toReversed(), args, state, 100);
}

function members(args: Args, state: State) {
  const channel = findChannel(state, args.required('channel'));
  if (!channel.isIm) needScope(state, `${kindOf(channel)}:read`);
  const { items, metadata } = page([...channel.members], args, 100, 999);
  return { members: items, response_metadata: metadata };
}

function open(args: Args, state: State) {
  const user = args.required('users');
  if (!state.workspace.users.has(user)) throw new SlackRefusal('user_not_found');
  const channel = conversation(state.workspace, user);
  if (!channel) throw new SlackRefusal('channel_not_found');
  return { channel: { id: channel.id } };
}

const bot = { token: 'bot', scopes: [] } as const;

export const conversationMethods: Methods = {
  'conversations.info': { ...bot, limit: 'tier3', run: info },
  'conversations.replies': { ...bot, limit: 'tier3', run: replies },
  'conversations.history': { ...bot, limit: 'tier3', run: history },
  'conversations.members': { ...bot, limit: 'tier4', run: members },
  'conversations.open': { token: 'bot', scopes: ['im:write'], limit: 'tier3', run: open },
};
