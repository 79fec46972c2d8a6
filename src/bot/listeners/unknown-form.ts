import { outdatedView } from '../messages/denial.js';
import type { FormListener } from './denial-form.js';
import type { ListenerDependencies } from './dependencies.js';

/** A form that this version does not know: without an ack the person would see a failure and no reason. */
export function createUnknownFormListener({ language }: Pick<ListenerDependencies, 'language'>): FormListener {
  return ({ ack }) => ack({ response_action: 'update', view: outdatedView(language) });
}
