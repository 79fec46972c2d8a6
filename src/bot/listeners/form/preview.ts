import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { Person } from '../../../jobs/policy.js';
import { formView, isOnScreen } from '../../messages/form/form.js';
import {
  draftMistakes,
  errorsAt,
  type FieldMistake,
  placeMistake,
  privateKeyErrors,
  refusalMistakes,
  tooMuchMistake,
} from '../../messages/form/mistakes.js';
import { closedView, readingView, troubleView, uncheckedView } from '../../messages/form/pages.js';
import { previewView } from '../../messages/form/preview.js';
import { outdatedLine } from '../../messages/replies.js';
import { holdsPrivateKey } from '../../typed/private-key.js';
import { decodeDraft, encodeDraft, type FilledForm, readForm, wordsIn } from '../../views/draft.js';
import { forPerson } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { newRequestOf } from './new-request.js';
import { answerView, type ViewAnswer } from './view-answer.js';

export type SubmitArguments = Pick<
  SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs,
  'ack' | 'body' | 'view'
>;

/** The form is filled in: what would become of it, or what is wrong with it. Nothing is stored yet. */
export function createPreviewListener(dependencies: ListenerDependencies) {
  return async ({ ack, body, view }: SubmitArguments): Promise<void> => {
    const language = decodeDraft(view.private_metadata)?.language ?? dependencies.language;
    const leaked = wordsIn(view).filter(({ words }) => holdsPrivateKey(words));
    if (leaked.length > 0) {
      const blocks = leaked.map(({ block }) => block);
      return ack({ response_action: 'errors', errors: privateKeyErrors(blocks, { language }) });
    }
    const doer = { userId: body.user.id, teamId: body.team?.id };
    const work = forPerson<ViewAnswer>(dependencies, doer, (person) => look(dependencies, view, person), {
      unchecked: (own) => ({ kind: 'push', view: uncheckedView(own) }),
      trouble: (errorId, own) => ({ kind: 'push', view: troubleView(errorId, own) }),
    });
    await answerView(dependencies, ack, work, { kind: 'push', view: readingView(language), language });
  };
}

async function look(
  dependencies: ListenerDependencies,
  view: SubmitArguments['view'],
  person: Person,
): Promise<ViewAnswer> {
  const { choices, identity, previewer } = dependencies;
  const filled = readForm(view, (channel) => choices.accounts({ person, channel }));
  if (filled === undefined) {
    const { language } = dependencies;
    return { kind: 'push', view: closedView(outdatedLine(language), language) };
  }
  const shown = view.blocks.map(({ block_id }) => block_id ?? '');
  const fresh = formView({ ...filled, hasChanged: true });
  if (!isOnScreen(fresh, shown)) return { kind: 'update', view: fresh };
  const wrong = (found: readonly FieldMistake[]): ViewAnswer => ({
    kind: 'errors',
    errors: errorsAt(found, filled.draft, shown),
  });
  const mistakes = draftMistakes(filled);
  if (mistakes.length > 0) return wrong(mistakes);
  const place = await identity.lookAt(filled.draft.channel ?? '', person.id);
  if (place.kind !== 'usable') return wrong([placeMistake(place.kind, filled.draft)]);
  return previewOf({ previewer, shared: dependencies.language }, filled, person, wrong);
}

async function previewOf(
  { previewer, shared }: Pick<ListenerDependencies, 'previewer'> & { shared: ListenerDependencies['language'] },
  { draft }: FilledForm,
  person: Person,
  wrong: (found: readonly FieldMistake[]) => ViewAnswer,
): Promise<ViewAnswer> {
  const asked = newRequestOf(draft, { requester: person, language: shared, origin: '' });
  const carries = encodeDraft(draft);
  if (asked === undefined || carries === undefined) return wrong([tooMuchMistake(draft)]);
  const preview = await previewer.preview(asked);
  if (preview.kind === 'refused') return wrong(refusalMistakes(preview.refusals, draft));
  return { kind: 'push', view: previewView(preview, draft, carries) };
}
