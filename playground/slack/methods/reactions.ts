import type { Args } from '../args.js';
import { findMessage, messageBody, replaceMessage } from '../messages.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import { findChannel, type Methods } from './method.js';

function find(args: Args, state: State) {
  const channel = findChannel(state, args.required('channel'));
  const message = findMessage(state, channel.id, args.required('timestamp'));
  if (!message) throw new SlackRefusal('message_not_found');
  return message;
}

function add(args: Args, state: State) {
  const name = args.required('name');
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new SlackRefusal('invalid_name');
  const message = find(args, state);
  const bot = state.workspace.botUserId;
  const others = (message.reactions ?? []).filter((reaction) => reaction.name !== name);
  const users = (message.reactions ?? []).find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(bot)) throw new SlackRefusal('already_reacted');
  replaceMessage(state, { ...message, reactions: [...others, { name, users: [...users, bot] }] });
  return {};
}

function get(args: Args, state: State) {
  const message = find(args, state);
  return { type: 'message', channel: message.channel, message: messageBody(state, message, { metadata: false }) };
}

export const reactionMethods: Methods = {
  'reactions.add': { token: 'bot', scopes: ['reactions:write'], limit: 'tier3', run: add },
  'reactions.get': { token: 'bot', scopes: ['reactions:read'], limit: 'tier3', run: get },
};
