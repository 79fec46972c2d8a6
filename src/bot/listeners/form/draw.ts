import type { ModalView } from '@slack/types';
import type { FilledForm } from '../../draft.js';
import { formView } from '../../messages/form/form.js';
import type { ListenerDependencies } from '../dependencies.js';

/** The form as it is now, with what stands against its channel. */
export async function drawForm(
  { identity }: Pick<ListenerDependencies, 'identity'>,
  filled: FilledForm,
): Promise<ModalView> {
  const { channel } = filled.draft;
  return formView(channel === undefined ? filled : { ...filled, place: await identity.lookAt(channel) });
}
