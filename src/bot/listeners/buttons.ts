import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import type { Message } from '../messages/render.js';
import { outdatedReply } from '../messages/replies.js';
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
  trigger: string;
};

type OnClick<Value> = {
  /** Undefined for a value that this version does not know. */
  decode(value: unknown): Value | undefined;
  /** What the value asks for is a proposal, and the request's rules decide. */
  answer(value: Value, click: Click): Promise<Message>;
};

/** A button: whoever clicks is looked up now, and answered alone. */
export function createButtonListener<Value>(
  dependencies: ListenerDependencies,
  { decode, answer }: OnClick<Value>,
): ButtonListener {
  return async ({ ack, action, body, respond }) => {
    await ack();
    const gesture = { userId: body.user.id, teamId: body.team?.id, respond };
    await answerGesture(dependencies, gesture, async (person, language) => {
      const value = decode(action.value);
      if (value === undefined) return outdatedReply(language);
      const channel = body.channel?.id;
      const place = { ...(channel !== undefined && { channel }), trigger: body.trigger_id };
      return answer(value, { person, language, ...place });
    });
  };
}
