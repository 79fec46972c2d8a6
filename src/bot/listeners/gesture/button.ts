import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Language } from '../../../jobs/events.js';
import type { Person } from '../../../jobs/policy.js';
import type { Message } from '../../messages/render.js';
import { notOpenedReply, outdatedReply } from '../../messages/replies.js';
import { type Draw, openOrSay } from '../form/open-view.js';
import { answerGesture, type Gesture } from './answer.js';
import type { ListenerDependencies } from './dependencies.js';

export type ButtonArguments = Pick<
  SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs,
  'ack' | 'action' | 'body'
> &
  Pick<Gesture, 'respond'>;
export type ButtonListener = (click: ButtonArguments) => Promise<void>;

/** Who clicked, and where. */
export type Click = {
  person: Person;
  language: Language;
  /** Left out where that is no channel. */
  channel?: string;
};

type OnClick<Value> = {
  /** Undefined for a value that this version does not know. */
  decode(value: unknown): Value | undefined;
  /** What the value asks for is a proposal, and the request's rules decide. */
  answer(value: Value, click: Click): Promise<Message>;
  /** What to show on a view; undefined: there is an answer in words. A view opens before it is known who clicked. */
  opens?(value: Value, where: Pick<Click, 'channel'>): Promise<Draw | undefined>;
};

/** A button: whoever clicks is looked up now, and answered alone. */
export function createButtonListener<Value>(
  dependencies: ListenerDependencies,
  { decode, answer, opens }: OnClick<Value>,
): ButtonListener {
  return async ({ ack, action, body, respond }) => {
    await ack();
    const gesture = { userId: body.user.id, teamId: body.team?.id, respond };
    const value = decode(action.value);
    const channel = body.channel?.id;
    const where = channel === undefined ? {} : { channel };
    const draw = value === undefined ? undefined : await opens?.(value, where);
    if (draw !== undefined) {
      return openOrSay(dependencies, body.trigger_id, gesture, { draw, late: notOpenedReply });
    }
    await answerGesture(dependencies, gesture, async (person, language) =>
      value === undefined ? outdatedReply(language) : answer(value, { person, language, ...where }),
    );
  };
}
