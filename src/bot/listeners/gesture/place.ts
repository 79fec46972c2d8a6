import type { SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Identity, Place } from '../../identity.js';
import type { ListenerDependencies } from './dependencies.js';

export type TypedIn = Pick<SlackCommandMiddlewareArgs['command'], 'channel_id' | 'channel_name'>;

/** Whether a request can be made where this was typed. */
export async function placeOf(identity: Identity, command: TypedIn): Promise<Place> {
  // In a direct message there is nobody to approve, and no channel that could be looked at.
  const isDirect = command.channel_name === 'directmessage';
  return isDirect ? { kind: 'not-in-channel' } : identity.lookAt(command.channel_id);
}

/** Where a request was made, which may have been archived or shared since; undefined where there is no such request. */
export async function placeOfRequest(
  { requests, identity }: Pick<ListenerDependencies, 'requests' | 'identity'>,
  id: string,
): Promise<Place | undefined> {
  const request = await requests.get(id);
  return request && identity.lookAt(request.channel);
}
