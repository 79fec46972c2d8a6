import type { Language } from '../../jobs/events.js';
import type { GoOnReason } from '../../jobs/go-on.js';
import type { Person } from '../../jobs/policy.js';
import { decodeRequest } from '../ids.js';
import type { Message } from '../messages/render.js';
import { createRefusalReply, outdatedReply, placeReply, takenReply } from '../messages/replies.js';
import { answerGesture } from './answer.js';
import type { ButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

/** A button under a request's end: whoever clicks becomes the requester of a new one. */
export function createGoOnListener(dependencies: ListenerDependencies, why: GoOnReason): ButtonListener {
  return async ({ ack, action, body, respond }) => {
    await ack();
    const gesture = { userId: body.user.id, teamId: body.team?.id, respond };
    await answerGesture(dependencies, gesture, async (person, language) => {
      const id = decodeRequest(action.value);
      return id === undefined ? outdatedReply(language) : goOn(dependencies, id, { why, person, language });
    });
  };
}

type Click = { why: GoOnReason; person: Person; language: Language };

async function goOn(
  { requests, identity }: ListenerDependencies,
  id: string,
  { why, person, language }: Click,
): Promise<Message> {
  const earlier = await requests.get(id);
  if (earlier === undefined) return createRefusalReply([{ code: 'unknown-request' }], language);
  // The channel may have been archived or shared since.
  const place = await identity.lookAt(earlier.channel);
  if (place.kind !== 'usable') return placeReply(place.kind, language);
  const gone = await requests.goOn(id, why, person);
  return gone.ok ? takenReply(gone.request, true, language) : createRefusalReply(gone.refusals, language);
}
