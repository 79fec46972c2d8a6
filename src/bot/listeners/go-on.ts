import type { GoOnReason } from '../../jobs/go-on.js';
import { decodeRequest } from '../ids.js';
import { createRefusalReply, placeReply, takenReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';
import { placeOfRequest } from './place.js';

/** A button under a request's end: whoever clicks becomes the requester of a new one. */
export function createGoOnListener(dependencies: ListenerDependencies, why: GoOnReason): ButtonListener {
  const { requests } = dependencies;
  return createButtonListener(dependencies, {
    decode: decodeRequest,
    async answer(id, { person, language }) {
      const place = await placeOfRequest(dependencies, id);
      if (place === undefined) return createRefusalReply([{ code: 'unknown-request' }], language);
      if (place.kind !== 'usable') return placeReply(place.kind, language);
      const gone = await requests.goOn(id, why, person);
      return gone.ok ? takenReply(gone.request, true, language) : createRefusalReply(gone.refusals, language);
    },
  });
}
