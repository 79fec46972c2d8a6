import { cancelReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

export function createCancelListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decide: (requests, { id }, person) => requests.cancel(id, person),
    reply: cancelReply,
  });
}
