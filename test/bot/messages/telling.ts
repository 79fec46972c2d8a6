import { type ThreadMessage, threadReplies } from '../../../src/bot/messages/thread.js';
import type { Language } from '../../../src/jobs/events.js';
import type { TellableEntry, Telling } from '../../../src/jobs/notifier.js';
import type { Request } from '../../../src/jobs/request.js';

/** Everything that these entries have to say. */
export function tellingOf(entries: readonly TellableEntry[]): Telling {
  const versions = entries.map(({ version }) => version);
  const first = Math.min(...versions);
  return { news: first, results: first, last: Math.max(...versions) };
}

export const threadMessages = (
  request: Request,
  entries: readonly TellableEntry[],
  language: Language,
): ThreadMessage[] => threadReplies(request, entries, tellingOf(entries), language);
