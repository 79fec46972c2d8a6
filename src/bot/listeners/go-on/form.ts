import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Person } from '../../../jobs/policy.js';
import type { Request } from '../../../jobs/request.js';
import { goneOnView, goOnView } from '../../messages/form/go-on.js';
import { reasonWantedErrors } from '../../messages/form/mistakes.js';
import {
  closedView,
  refusalLines,
  refusedView,
  toldView,
  wrongPlaceLine,
  wrongPlaceView,
} from '../../messages/form/pages.js';
import { carriedLanguage } from '../../views/carried.js';
import { createHowListener, type Sent } from '../form/ask-how.js';
import type { ViewAnswer } from '../form/view-answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { goOn } from './go-on.js';

/** Which request is gone on from, and in which way. */
const carried = z.object({
  request: z.string(),
  why: z.enum(['retry', 'restart', 'left-out']),
  language: carriedLanguage,
});
type Wanted = z.infer<typeof carried>;
const carry = (wanted: Wanted): string => JSON.stringify(wanted);

/** What the click asks for is tried first: it may be refused for another reason, or need no other words by now. */
export async function drawGoOn(
  dependencies: ListenerDependencies,
  earlier: Request,
  { why, person, language }: Pick<Wanted, 'why' | 'language'> & { person: Person },
): Promise<ModalView> {
  const went = await goOn(dependencies, { id: earlier.id, why, person });
  switch (went.kind) {
    case 'taken':
      return goneOnView(went.request, language);
    case 'reason-wanted':
      return goOnView(
        earlier,
        { why, wanted: went.wanted, carries: carry({ request: earlier.id, why, language }) },
        language,
      );
    case 'refused':
      return toldView([refusalLines(went.refusals, language)], language);
    case 'wrong-place':
      return closedView(wrongPlaceLine(went.place, language), language);
  }
}

export const createGoOnFormListener = (dependencies: ListenerDependencies) =>
  createHowListener(dependencies, carried, (sent) => send(dependencies, sent));

async function send(
  dependencies: ListenerDependencies,
  { carried: { request: id, why, language }, how: { reason }, person }: Sent<Wanted>,
): Promise<ViewAnswer> {
  const went = await goOn(dependencies, { id, why, person, reason });
  switch (went.kind) {
    case 'taken':
      return { kind: 'update', view: goneOnView(went.request, language) };
    case 'reason-wanted':
      return { kind: 'errors', errors: reasonWantedErrors(went.wanted, language) };
    case 'refused':
      return { kind: 'push', view: refusedView(went.refusals, language) };
    case 'wrong-place':
      return { kind: 'push', view: wrongPlaceView(went.place, language) };
  }
}
