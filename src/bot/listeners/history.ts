import type { Language } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import type { HistoryFilter } from '../../jobs/request-reader.js';
import type { Viewer } from '../../jobs/who-sees.js';
import { decodeOlder } from '../ids.js';
import type { Linked } from '../messages/history.js';
import { historyReply } from '../messages/history.js';
import type { Message } from '../messages/render.js';
import { permalink } from '../slack/permalink.js';
import { type ButtonListener, createButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

const SHOWN = 10;

/** `/detach-key history …`, and the button under it. */
export async function answerHistory(
  dependencies: ListenerDependencies,
  { after, ...filter }: HistoryFilter & { after?: string },
  viewer: Viewer,
  language: Language,
): Promise<Message> {
  const options = { filter, limit: SHOWN, ...(after !== undefined && { after }) };
  const { requests, ...more } = await dependencies.reader.listEnded(viewer, options);
  const ended = await Promise.all(requests.map((request) => linked(dependencies, request)));
  return historyReply({ filter, ended, ...more }, language);
}

/** With the way to its message, where it has one. */
export async function linked(
  { rootOf, speaker }: Pick<ListenerDependencies, 'rootOf' | 'speaker'>,
  request: Request,
): Promise<Linked> {
  const root = await rootOf(request.id);
  return { request, ...(root && { link: permalink(speaker.home().url, root) }) };
}

export function createOlderListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decode: decodeOlder,
    answer: (value, { language, ...viewer }) => answerHistory(dependencies, value, viewer, language),
  });
}
