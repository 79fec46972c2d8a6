import { decodeDecision } from '../ids.js';
import { approvedReply, placeReply, refusalReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { placeOfRequest } from './gesture/place.js';

export function createApproveListener(dependencies: ListenerDependencies): ButtonListener {
  const { requests } = dependencies;
  return createButtonListener(dependencies, {
    decode: decodeDecision,
    async answer({ id, digest }, { person, language }) {
      // What runs is told where it was asked for: nobody approves what outsiders would read, or nobody.
      const place = await placeOfRequest(dependencies, id);
      if (place !== undefined && place.kind !== 'usable') return placeReply(place.kind, language);
      const approved = await requests.approve(id, person, digest);
      return approved.ok ? approvedReply(approved, language) : refusalReply(approved.refusal, language);
    },
  });
}
