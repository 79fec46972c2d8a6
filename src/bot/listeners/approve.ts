import { approvedReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

export function createApproveListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decide: (requests, { id, digest }, person) => requests.approve(id, person, digest),
    reply: approvedReply,
  });
}
