import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { ACTIONS } from '../ids.js';
import { createApproveListener } from './approve.js';
import { createUnknownButtonListener } from './buttons.js';
import { createCancelListener } from './cancel.js';
import { createCommandListener } from './command.js';
import { createDenyListener } from './deny.js';
import type { ListenerDependencies } from './dependencies.js';
import { createRequestAllListener } from './find.js';
import { createRestartListener } from './restart.js';
import { createRetryFailedListener } from './retry-failed.js';

/** Joins the gestures to their listeners, one file each. */
export function registerListeners(app: App, dependencies: ListenerDependencies): void {
  app.command(dependencies.command, createCommandListener(dependencies));
  const buttons = {
    [ACTIONS.approve]: createApproveListener(dependencies),
    [ACTIONS.deny]: createDenyListener(dependencies),
    [ACTIONS.cancel]: createCancelListener(dependencies),
    [ACTIONS.requestAll]: createRequestAllListener(dependencies),
    [ACTIONS.retryFailed]: createRetryFailedListener(dependencies),
    [ACTIONS.restart]: createRestartListener(dependencies),
  };
  for (const [id, listener] of Object.entries(buttons)) app.action<BlockAction<ButtonAction>>(id, listener);
  // Bolt runs every listener that matches, so this one must match nothing that has its own.
  const known = Object.keys(buttons).join('|');
  app.action<BlockAction<ButtonAction>>(new RegExp(`^(?!(?:${known})$)`), createUnknownButtonListener(dependencies));
}
