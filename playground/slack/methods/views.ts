import type { Args } from '../args.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import { findView, openModal, publishHome, readView, replaceView, viewBody } from '../views.js';
import type { Methods } from './method.js';

const viewOf = (args: Args, state: State, type: 'modal' | 'home') =>
  readView(state, args.json('view', 'invalid_arguments'), type);

function open(args: Args, state: State) {
  const trigger = args.required('trigger_id');
  const shown = viewOf(args, state, 'modal');
  const { user } = state.triggers.exchange(trigger);
  return { view: viewBody(state, openModal(state, user, shown)) };
}

function push(args: Args, state: State) {
  const trigger = args.required('trigger_id');
  const shown = viewOf(args, state, 'modal');
  const { user, viewId = '' } = state.triggers.exchange(trigger);
  const under = findView(state, viewId);
  if (!under?.open || under.type !== 'modal') throw new SlackRefusal('not_found');
  return { view: viewBody(state, openModal(state, user, shown, under)) };
}

function update(args: Args, state: State) {
  const id = args.text('view_id');
  const externalId = id ? undefined : args.required('external_id');
  const old = id
    ? findView(state, id)
    : state.views.find((view) => view.open && view.type === 'modal' && view.external_id === externalId);
  if (!old?.open || old.type !== 'modal') throw new SlackRefusal('not_found');
  return { view: viewBody(state, replaceView(state, old, viewOf(args, state, 'modal'), args.text('hash'))) };
}

function publish(args: Args, state: State) {
  const user = args.required('user_id');
  if (!state.workspace.users.has(user)) throw new SlackRefusal('invalid_arguments', ['[ERROR] invalid `user_id`']);
  return { view: viewBody(state, publishHome(state, user, viewOf(args, state, 'home'), args.text('hash'))) };
}

const bot = { token: 'bot', scopes: [], limit: 'tier4' } as const;

export const viewMethods: Methods = {
  'views.open': { ...bot, run: open },
  'views.push': { ...bot, run: push },
  'views.update': { ...bot, run: update },
  'views.publish': { ...bot, run: publish },
};
