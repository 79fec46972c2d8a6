import type { Person } from '../../../jobs/policy.js';
import {
  closedView,
  refusedView,
  sendingView,
  takenView,
  troubleView,
  uncheckedView,
  wrongPlaceView,
} from '../../messages/form/pages.js';
import { outdatedLine } from '../../messages/replies.js';
import { type Draft, decodeDraft } from '../../views/draft.js';
import { forPerson } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { newRequestOf } from './new-request.js';
import type { SubmitArguments } from './preview.js';
import { answerView, type ViewAnswer } from './view-answer.js';

/** The button under the preview: makes the request, once for each preview. */
export function createSendListener(dependencies: ListenerDependencies) {
  return async ({ ack, body, view }: SubmitArguments): Promise<void> => {
    const draft = decodeDraft(view.private_metadata);
    const language = draft?.language ?? dependencies.language;
    const doer = { userId: body.user.id, teamId: body.team?.id };
    const work = forPerson<ViewAnswer>(
      dependencies,
      doer,
      async (person, own) => ({
        kind: 'update',
        view: draft ? await send(dependencies, draft, { person, view: view.id }) : closedView(outdatedLine(own), own),
      }),
      {
        unchecked: (own) => ({ kind: 'update', view: uncheckedView(own) }),
        trouble: (errorId, own) => ({ kind: 'update', view: troubleView(errorId, own) }),
      },
    );
    await answerView(dependencies, ack, work, { kind: 'update', view: sendingView(language), language });
  };
}

async function send(
  { identity, requests, language: shared }: ListenerDependencies,
  draft: Draft,
  { person, view }: { person: Person; view: string },
) {
  const { language } = draft;
  const asked = newRequestOf(draft, { requester: person, language: shared, origin: `form/${view}` });
  if (asked === undefined) return closedView(outdatedLine(language), language);
  const place = await identity.lookAt(asked.channel, person.id);
  if (place.kind !== 'usable') return wrongPlaceView(place.kind, language);
  const created = await requests.create(asked);
  return created.ok ? takenView(created.request, created.isNew, draft) : refusedView(created.refusals, language);
}
