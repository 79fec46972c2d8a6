import type { SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { outdatedView } from '../messages/denial.js';
import type { FormListener } from './deny-form.js';
import { type ButtonListener, createButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

/** What this version does not know: without an ack the person would see a failure and no reason. */

export function createUnknownButtonListener(dependencies: ListenerDependencies): ButtonListener {
  return createButtonListener<never>(dependencies, { decode: () => undefined, answer: (value) => value });
}

export function createUnknownFormListener({ language }: Pick<ListenerDependencies, 'language'>): FormListener {
  return ({ ack }) => ack({ response_action: 'update', view: outdatedView(language) });
}

type ShortcutArguments = Pick<SlackShortcutMiddlewareArgs, 'ack' | 'shortcut'>;

export function createUnknownShortcutListener({ screens, language, logger }: ListenerDependencies) {
  return async ({ ack, shortcut }: ShortcutArguments): Promise<void> => {
    await ack();
    await screens
      .open(shortcut.trigger_id, outdatedView(language))
      .catch((error: unknown) => logger.warn({ error }, 'a shortcut could not be answered'));
  };
}
