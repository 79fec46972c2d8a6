import type { App } from '@slack/bolt';
import { FIELDS, SHORTCUTS, VIEWS } from '../../ids.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { createGoOnFormListener } from '../go-on/form.js';
import { createRequestAllFormListener } from '../request-all.js';
import { createChangeFormListener } from './change.js';
import { createOpenFormShortcut } from './open.js';
import { createPreviewListener } from './preview.js';
import { createSendListener } from './send.js';
import { createSuggestListener } from './suggest.js';

/** Fields that others hang on: Slack tells of each choice. */
const DISPATCHING = [FIELDS.channel, FIELDS.account, FIELDS.region, FIELDS.key, FIELDS.scope];
/** Fields that are searched. */
const SEARCHED = [FIELDS.account, FIELDS.region, FIELDS.key, FIELDS.instances];

/** What has a listener here. */
type Joined = {
  actions: readonly string[];
  views: readonly string[];
  searches: readonly string[];
  shortcuts: readonly string[];
};

/** Joins the gestures of forms that make requests to their listeners. */
export function registerForm(app: App, dependencies: ListenerDependencies): Joined {
  app.shortcut(SHORTCUTS.openForm, createOpenFormShortcut(dependencies));
  const change = createChangeFormListener(dependencies);
  for (const field of DISPATCHING) app.action(field, change);
  const suggest = createSuggestListener(dependencies);
  for (const field of SEARCHED) app.options<'block_suggestion'>(field, suggest);
  app.view(VIEWS.form, createPreviewListener(dependencies));
  app.view(VIEWS.preview, createSendListener(dependencies));
  app.view(VIEWS.requestAll, createRequestAllFormListener(dependencies));
  app.view(VIEWS.goOn, createGoOnFormListener(dependencies));
  return {
    actions: DISPATCHING,
    views: [VIEWS.form, VIEWS.preview, VIEWS.requestAll, VIEWS.goOn],
    searches: SEARCHED,
    shortcuts: [SHORTCUTS.openForm],
  };
}
