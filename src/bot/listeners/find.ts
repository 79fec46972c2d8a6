import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import { findReply } from '../messages/find.js';
import type { Message } from '../messages/render.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

/** `/detach-key find …`: reads, and tells the asker alone. */
export async function answerFind(
  dependencies: ListenerDependencies,
  words: string,
  asker: { person: Person; channel: string },
  language: Language,
): Promise<Message> {
  return findReply(await dependencies.finder.search(words, asker), language);
}
