import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import { ACTIONS, VIEWS } from '../ids.js';
import { createApproveListener } from './approve.js';
import { createCancelListener } from './cancel.js';
import { createCommandListener } from './command.js';
import { createDenyListener } from './deny.js';
import { createDenialFormListener } from './deny-form.js';
import { createOpenFormListener } from './form/open.js';
import { registerForm } from './form/register.js';
import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { createOlderListener } from './history.js';
import { answeringOnHome, createHomeListener } from './home.js';
import { createShowInstancesListener, registerInstances } from './instances.js';
import { createLeftOutListener } from './left-out.js';
import { createLookingListener } from './looking.js';
import { createRequestAllListener } from './request-all.js';
import { createRestartListener } from './restart.js';
import { createRetryFailedListener } from './retry-failed.js';
import { createUnknownButtonListener, createUnknownFormListener, createUnknownShortcutListener } from './unknown.js';

/** Joins the gestures to their listeners, one file each. */
export function registerListeners(app: App, dependencies: ListenerDependencies): void {
  app.command(dependencies.command, createCommandListener(dependencies));
  app.event('app_home_opened', createHomeListener(dependencies));
  const look = createLookingListener(dependencies);
  app.event('reaction_added', look);
  app.event('reaction_removed', look);
  const buttons = {
    [ACTIONS.approve]: createApproveListener(dependencies),
    [ACTIONS.deny]: createDenyListener(dependencies),
    [ACTIONS.cancel]: createCancelListener(dependencies),
    [ACTIONS.requestAll]: createRequestAllListener(dependencies),
    [ACTIONS.historyOlder]: createOlderListener(dependencies),
    [ACTIONS.retryFailed]: createRetryFailedListener(dependencies),
    [ACTIONS.showInstances]: createShowInstancesListener(dependencies),
    [ACTIONS.restart]: createRestartListener(dependencies),
    [ACTIONS.requestLeftOut]: createLeftOutListener(dependencies),
    [ACTIONS.openForm]: createOpenFormListener(dependencies),
  };
  const onClick = (id: string | RegExp, listener: ButtonListener) =>
    app.action<BlockAction<ButtonAction>>(id, answeringOnHome(dependencies, listener));
  for (const [id, listener] of Object.entries(buttons)) onClick(id, listener);
  const forms = { [VIEWS.deny]: createDenialFormListener(dependencies) };
  for (const [id, listener] of Object.entries(forms)) app.view<ViewSubmitAction>(id, listener);
  const form = registerForm(app, dependencies);
  const list = registerInstances(app, dependencies);
  // Bolt runs every listener that matches, so these must match nothing that has its own; what no listener matches would
  // never be acked.
  const unknownButton = noneOf([...Object.keys(buttons), ...form.actions, ...list]);
  onClick(unknownButton, createUnknownButtonListener(dependencies));
  const unknownForm = noneOf([...Object.keys(forms), ...form.views]);
  app.view<ViewSubmitAction>(unknownForm, createUnknownFormListener(dependencies));
  app.view({ type: 'view_closed', callback_id: /^/ }, ({ ack }) => ack());
  app.options(noneOf(form.searches), ({ ack }) => ack({ options: [] }));
  app.shortcut(noneOf(form.shortcuts), createUnknownShortcutListener(dependencies));
}

const noneOf = (known: readonly string[]): RegExp => new RegExp(`^(?!(?:${known.join('|')})$)`);
