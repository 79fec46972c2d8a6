import { z } from 'zod';
import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import { allRequestedReply, boundIn, findReply } from '../messages/find.js';
import type { Message } from '../messages/render.js';
import { createRefusalReply, outdatedReply, placeReply } from '../messages/replies.js';
import { type ButtonListener, createButtonListener } from './buttons.js';
import type { ListenerDependencies } from './dependencies.js';

type Asker = { person: Person; channel: string };

/** `/detach-key find …`: reads, and tells the asker alone. */
export async function answerFind(
  dependencies: ListenerDependencies,
  words: string,
  asker: Asker,
  language: Language,
): Promise<Message> {
  return findReply(await dependencies.finder.search(words, asker), language);
}

/** The button under what was found: one request for all of it. */
export function createRequestAllListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decode: (words) => z.string().safeParse(words).data,
    async answer(words, { person, channel, language, trigger }) {
      if (channel === undefined) return outdatedReply(language);
      const origin = `${channel}/${person.id}/${trigger}`;
      return requestAll(dependencies, { words, origin }, { person, channel }, language);
    },
  });
}

async function requestAll(
  dependencies: ListenerDependencies,
  { words, origin }: { words: string; origin: string },
  { person, channel }: Asker,
  language: Language,
): Promise<Message> {
  const { requests, identity } = dependencies;
  const place = await identity.lookAt(channel);
  if (place.kind !== 'usable') return placeReply(place.kind, language);
  const answer = await dependencies.finder.search(words, { person, channel });
  if (answer.kind !== 'searched') return findReply(answer, language);
  const bound = boundIn(answer);
  if (bound.length === 0) return findReply(answer, language);
  const created = await requests.create({
    origin,
    requester: person,
    channel,
    language: dependencies.language,
    restart: false,
    reason: '',
    selections: bound.map(({ account, region, key }) => ({ account, region, key, instances: 'all' })),
  });
  return created.ok
    ? allRequestedReply(created.request, created.isNew, answer, language)
    : createRefusalReply(created.refusals, language);
}
