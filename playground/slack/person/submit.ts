import { z } from 'zod';
import { readShape } from '../block-rules.js';
import type { Ack } from '../delivery.js';
import type { View } from '../model.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import {
  closeAll,
  closeView,
  enter,
  enteredIn,
  findView,
  openModal,
  readView,
  replaceView,
  viewBody,
} from '../views.js';
import type { User } from '../workspace.js';
import type { Actor } from './actor.js';
import { type FormValues, fillIn } from './form.js';
import { interaction } from './payloads.js';

export type Submitted = {
  acked: Ack;
  /** What the form complains of, by `block_id`: said by the app, or by Slack's client, which then does not ask the app. */
  errors?: Readonly<Record<string, string>>;
  /** The view that came in the place of the form, or on top of it. */
  next?: View;
};

const answerShape = z.discriminatedUnion('response_action', [
  z.strictObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string().min(1)) }),
  z.strictObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('push'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('clear') }),
]);

/** Submits a modal, and does with it what the app's ack says. */
export async function submit(actor: Actor, view: View, values: FormValues): Promise<Submitted> {
  const { state } = actor;
  actor.see(view);
  const user = actor.me();
  const filled = fillIn(view.blocks, values, enteredIn(state, view));
  enter(state, view.id, filled.entered);
  if (Object.keys(filled.errors).length > 0) return { acked: {}, errors: filled.errors };
  const acked = await actor.send(
    'interactive',
    interaction(state, user, 'view_submission', {
      trigger_id: state.triggers.issue(user.id, view.id),
      view: viewBody(state, view, filled.state),
      response_urls: [],
    }),
  );
  const result = follow(state, user, view, acked);
  state.changed();
  return { acked, ...result };
}

function follow(state: State, user: User, view: View, acked: Ack): Omit<Submitted, 'acked'> {
  if (Object.keys(acked).length === 0) {
    closeView(state, view.id);
    return {};
  }
  const answer = readShape(answerShape, acked, 'invalid_view_submission_response', '');
  switch (answer.response_action) {
    case 'errors': {
      const unknown = Object.keys(answer.errors).filter((id) => !view.blocks.some(({ block_id }) => block_id === id));
      if (unknown.length > 0)
        throw new SlackRefusal('invalid_view_submission_response', [`no such block_id: ${unknown.join(', ')}`]);
      return { errors: answer.errors };
    }
    case 'update':
      return { next: replaceView(state, findView(state, view.id) ?? view, readView(state, answer.view, 'modal')) };
    case 'push':
      return { next: openModal(state, user.id, readView(state, answer.view, 'modal'), view) };
    case 'clear':
      closeAll(state, user.id);
      return {};
  }
}
