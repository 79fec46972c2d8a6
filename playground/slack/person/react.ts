import { findMessage, replaceMessage } from '../messages.js';
import type { Message } from '../model.js';
import { GestureFailure } from '../refusal.js';
import type { State } from '../state.js';
import type { Actor } from './actor.js';
import { eventPayload } from './payloads.js';

/** Puts an emoji under a message, or takes it away; the app is told where it may read reactions and is in the channel. */
export async function react(actor: Actor, { channel, ts }: Message, name: string, isThere: boolean): Promise<void> {
  const { state, userId } = actor;
  const user = actor.me().id;
  const place = actor.inChannel(channel);
  const message = findMessage(state, channel, ts);
  if (!message) throw new GestureFailure('not_on_screen', `there is no message ${ts}`);
  const users = message.reactions?.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(user) === isThere) throw new GestureFailure('not_on_screen', `:${name}: is so already`);
  const left = isThere ? [...users, user] : users.filter((one) => one !== userId);
  const others = (message.reactions ?? []).filter((reaction) => reaction.name !== name);
  replaceMessage(state, { ...message, reactions: [...others, ...(left.length > 0 ? [{ name, users: left }] : [])] });
  state.changed();
  if (!isTold(state, place.members)) return;
  const event = {
    type: isThere ? 'reaction_added' : 'reaction_removed',
    user,
    reaction: name,
    item_user: message.user,
    item: { type: 'message', channel, ts },
    event_ts: state.newTs(),
  };
  await actor.send('events_api', eventPayload(state, event));
}

const isTold = ({ workspace }: State, members: ReadonlySet<string>): boolean =>
  workspace.scopes.has('reactions:read') && members.has(workspace.botUserId);
