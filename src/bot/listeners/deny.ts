import { deniedReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

export function createDenyListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decide: (requests, { id, digest }, person) => requests.deny(id, person, digest),
    reply: deniedReply,
  });
}
