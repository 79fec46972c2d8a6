import type { GoOnReason } from '../../jobs/go-on.js';
import { decodeRequest } from '../ids.js';
import { createRefusalReply, placeReply, takenReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

/** A button under a request's end: whoever clicks becomes the requester of a new one. */
export function createGoOnListener(dependencies: ListenerDependencies, why: GoOnReason): ButtonListener {
  const { requests, identity } = dependencies;
  return createButtonListener(dependencies, {
    decode: decodeRequest,
    async answer(id, { person, language }) {
      const earlier = await requests.get(id);
      if (earlier === undefined) return createRefusalReply([{ code: 'unknown-request' }], language);
      // The channel may have been archived or shared since.
      const place = await identity.lookAt(earlier.channel);
      if (place.kind !== 'usable') return placeReply(place.kind, language);
      const gone = await requests.goOn(id, why, person);
      return gone.ok ? takenReply(gone.request, true, language) : createRefusalReply(gone.refusals, language);
    },
  });
}
