import type { SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Identity, Place } from '../identity.js';

export type TypedIn = Pick<SlackCommandMiddlewareArgs['command'], 'channel_id' | 'channel_name'>;

/** Whether a request can be made where this was typed. */
export async function placeOf(identity: Identity, command: TypedIn): Promise<Place> {
  // In a direct message there is nobody to approve, and no channel that could be looked at.
  const isDirect = command.channel_name === 'directmessage';
  return isDirect ? { kind: 'not-in-channel' } : identity.lookAt(command.channel_id);
}
