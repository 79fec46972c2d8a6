import type { z } from 'zod';
import type { Language } from '../../../jobs/events.js';
import type { Person } from '../../../jobs/policy.js';
import { outdatedView } from '../../messages/denial.js';
import { privateKeyErrors, reasonErrors } from '../../messages/form/mistakes.js';
import { sendingView, troubleView, uncheckedView } from '../../messages/form/pages.js';
import { holdsPrivateKey } from '../../typed/private-key.js';
import { readCarried } from '../../views/carried.js';
import { type How, readHow, wordsIn } from '../../views/draft.js';
import { forPerson } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import type { SubmitArguments } from './preview.js';
import { answerView, type ViewAnswer } from './view-answer.js';

/** What was sent: what the form carries, what was entered, by whom, and the view, which is good for one request. */
export type Sent<T> = { carried: T; how: How; person: Person; view: string };

/**
 * A form that is about something known already, and asks only how and why. What is wrong with the reason stands at its
 * field; anything else comes on top of the form, which is kept.
 */
export function createHowListener<T extends { language: Language }>(
  dependencies: ListenerDependencies,
  schema: z.ZodType<T>,
  send: (sent: Sent<T>) => Promise<ViewAnswer>,
) {
  return async ({ ack, body, view }: SubmitArguments): Promise<void> => {
    const carried = readCarried(schema, view.private_metadata);
    const how = readHow(view);
    if (carried === undefined || how === undefined) {
      return ack({ response_action: 'update', view: outdatedView(dependencies.language) });
    }
    const { language } = carried;
    const leaked = wordsIn(view).filter(({ words }) => holdsPrivateKey(words));
    const blocks = leaked.map(({ block }) => block);
    const errors = blocks.length > 0 ? privateKeyErrors(blocks, { language }) : reasonErrors(how.reason, language);
    if (errors !== undefined) return ack({ response_action: 'errors', errors });
    const doer = { userId: body.user.id, teamId: body.team?.id };
    const work = forPerson<ViewAnswer>(dependencies, doer, (person) => send({ carried, how, person, view: view.id }), {
      unchecked: (own) => ({ kind: 'push', view: uncheckedView(own) }),
      trouble: (errorId, own) => ({ kind: 'push', view: troubleView(errorId, own) }),
    });
    await answerView(dependencies, ack, work, { kind: 'push', view: sendingView(language), language });
  };
}
