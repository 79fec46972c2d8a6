import type { Ack, Deliveries, Envelope } from '../delivery.js';
import { GestureFailure } from '../refusal.js';
import type { State } from '../state.js';
import { findView } from '../views.js';
import type { Channel, User } from '../workspace.js';
import { isView, type Screen } from './payloads.js';

/** One person at their client: who they are, what they can see, and the way to the app. */
export type Actor = {
  state: State;
  userId: string;
  /** Throws for someone who has no account any more. */
  me(): User;
  /** Throws where they are not a member. */
  inChannel(id: string): Channel;
  /** Throws when this is not before their eyes. */
  see(screen: Screen): void;
  send(type: Envelope['type'], payload: Envelope['payload']): Promise<Ack>;
};

export function makeActor(state: State, deliveries: Deliveries, userId: string): Actor {
  const me = () => {
    const user = state.workspace.users.get(userId);
    if (!user || user.deleted) throw new GestureFailure('not_allowed', `${userId} has no account`);
    return user;
  };
  const inChannel = (id: string) => {
    const channel = state.workspace.channels.get(id);
    if (!channel?.members.has(me().id)) throw new GestureFailure('not_allowed', `${userId} is not in ${id}`);
    return channel;
  };
  return {
    state,
    userId,
    me,
    inChannel,
    see(screen) {
      if (!isView(screen)) inChannel(screen.channel);
      else if (screen.user !== userId || !findView(state, screen.id)?.open)
        throw new GestureFailure('not_on_screen', `view ${screen.id} is not open on the screen of ${userId}`);
    },
    send: (type, payload) => deliveries.deliver({ id: state.newId('envelope'), type, payload }),
  };
}
