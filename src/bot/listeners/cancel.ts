import { decodeRequest } from '../ids.js';
import type { Message } from '../messages/render.js';
import { cancelReply, refusalReply } from '../messages/replies.js';
import { type ButtonListener, type Click, createButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

/** `/detach-key cancel …`, and the button. */
export async function answerCancel(
  { requests }: Pick<ListenerDependencies, 'requests'>,
  id: string,
  { person, language }: Pick<Click, 'person' | 'language'>,
): Promise<Message> {
  const cancelled = await requests.cancel(id, person);
  return cancelled.ok ? cancelReply(cancelled.request, language) : refusalReply(cancelled.refusal, language);
}

export function createCancelListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    // Also while there is no plan yet.
    decode: decodeRequest,
    answer: (id, click) => answerCancel(dependencies, id, click),
  });
}
