import { decodeDecision } from '../ids.js';
import { approvedReply, refusalReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

export function createApproveListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decode: decodeDecision,
    async answer({ id, digest }, { person, language }) {
      const approved = await dependencies.requests.approve(id, person, digest);
      return approved.ok ? approvedReply(approved.request, language) : refusalReply(approved.refusal, language);
    },
  });
}
