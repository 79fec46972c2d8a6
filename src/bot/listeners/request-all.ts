import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Language } from '../../jobs/events.js';
import type { Found } from '../../jobs/find.js';
import type { Person } from '../../jobs/policy.js';
import type { CreateRefusal } from '../../jobs/terms.js';
import { boundIn, foundParagraphs } from '../messages/find.js';
import { reasonWantedErrors } from '../messages/form/mistakes.js';
import { closedView, refusedView, toldView, wrongPlaceLine, wrongPlaceView } from '../messages/form/pages.js';
import { allTakenView, requestAllView } from '../messages/form/request-all.js';
import { outdatedReply } from '../messages/replies.js';
import { carriedLanguage } from '../views/carried.js';
import { createHowListener, type Sent } from './form/ask-how.js';
import type { ViewAnswer } from './form/view-answer.js';
import { type ButtonListener, createButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

/** What was looked for, and where: it is looked for again when the form opens, and when it is sent. */
const carried = z.object({ words: z.string(), channel: z.string(), language: carriedLanguage });
type Wanted = z.infer<typeof carried>;

/** The button under what was found: a form that makes one request for all of it. */
export function createRequestAllListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener(dependencies, {
    decode: (words) => z.string().safeParse(words).data,
    answer: async (_words, { language }) => outdatedReply(language),
    async opens(words, { channel }) {
      if (channel === undefined) return undefined;
      return (person, language) => draw(dependencies, { words, channel, language }, person);
    },
  });
}

export const createRequestAllFormListener = (dependencies: ListenerDependencies) =>
  createHowListener(dependencies, carried, (sent) => requestAll(dependencies, sent));

async function draw(
  { identity, finder, choices }: ListenerDependencies,
  wanted: Wanted,
  person: Person,
): Promise<ModalView> {
  const { words, channel, language } = wanted;
  const place = await identity.lookAt(channel);
  if (place.kind !== 'usable') return closedView(wrongPlaceLine(place.kind, language), language);
  const answer = await finder.search(words, { person, channel });
  if (answer.kind !== 'searched' || boundIn(answer).length === 0) {
    return toldView(foundParagraphs(answer, language), language);
  }
  const reasons = choices.reasonsWanted({ accounts: boundIn(answer).map(accountOf), channel, reason: '' });
  return requestAllView(answer, reasons, JSON.stringify(wanted), language);
}

const accountOf = ({ account }: Found): string => account;

async function requestAll(
  { identity, finder, requests, language: shared }: ListenerDependencies,
  { carried: { words, channel, language }, how, person, view }: Sent<Wanted>,
): Promise<ViewAnswer> {
  const place = await identity.lookAt(channel);
  if (place.kind !== 'usable') return { kind: 'push', view: wrongPlaceView(place.kind, language) };
  const answer = await finder.search(words, { person, channel });
  if (answer.kind !== 'searched' || boundIn(answer).length === 0) {
    return { kind: 'update', view: toldView(foundParagraphs(answer, language), language) };
  }
  const created = await requests.create({
    ...how,
    origin: `form/${view}`,
    requester: person,
    channel,
    language: shared,
    selections: boundIn(answer).map(({ account, region, key }) => ({ account, region, key, instances: 'all' })),
  });
  return created.ok
    ? { kind: 'update', view: allTakenView(created.request, created.isNew, answer, language) }
    : refusalAnswer(created.refusals, language);
}

function refusalAnswer(refusals: readonly CreateRefusal[], language: Language): ViewAnswer {
  const wanted = refusals.filter((refusal) => refusal.code === 'reason-wanted');
  return wanted.length === refusals.length
    ? { kind: 'errors', errors: reasonWantedErrors(wanted, language) }
    : { kind: 'push', view: refusedView(refusals, language) };
}
