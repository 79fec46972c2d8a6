import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import type { Message } from '../messages/render.js';
import { createRefusalReply, placeReply, takenReply, unseenReply } from '../messages/replies.js';
import type { UndoCommand } from '../typed/command.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { placeOf, type TypedIn } from './gesture/place.js';

/** `/detach-key undo …`: a request of its own, in the channel that it was typed in. */
export async function answerUndo(
  { requests, reader, identity }: ListenerDependencies,
  { request: id, restart, reason }: UndoCommand,
  { person, command }: { person: Person; command: TypedIn },
  language: Language,
): Promise<Message> {
  const channel = command.channel_id;
  const place = await placeOf(identity, command);
  if (place.kind !== 'usable') return placeReply(place.kind, language);
  if ((await reader.see(id, { person, channel })) === undefined) {
    return unseenReply(person, language);
  }
  const gone = await requests.goOn(id, 'undo', person, { channel, restart, reason });
  return gone.ok ? takenReply(gone.request, true, language) : createRefusalReply(gone.refusals, language);
}
