import type { ModalView } from '@slack/types';
import { formView } from '../../messages/form/form.js';
import { emptyDraft, type FilledForm } from '../../views/draft.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';

/**
 * The form as it is now, with what stands against its channel. The channel is whatever was sent: in one that cannot be
 * used nothing is offered, and nothing is carried on.
 */
export async function drawForm(
  { identity }: Pick<ListenerDependencies, 'identity'>,
  filled: FilledForm,
  by: string,
): Promise<ModalView> {
  const { language, channel } = filled.draft;
  if (channel === undefined) return formView(filled);
  const place = await identity.lookAt(channel, by);
  return formView(
    place.kind === 'usable' ? { ...filled, place } : { draft: emptyDraft(language, channel), accounts: [], place },
  );
}
