import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import type { Decided } from '../../jobs/requests.js';
import { type ButtonValue, decodeDecision } from '../ids.js';
import type { Message } from '../messages/render.js';
import { outdatedReply, refusalReply } from '../messages/replies.js';
import { answerGesture, type Gesture } from './answer.js';
import type { ListenerDependencies } from './dependencies.js';

export type ButtonArguments = Pick<
  SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs,
  'ack' | 'action' | 'body'
> &
  Pick<Gesture, 'respond'>;
export type ButtonListener = (click: ButtonArguments) => Promise<void>;

type OnClick = {
  /** What the click asks for; it is a proposal, and the request's rules decide. */
  decide(requests: ListenerDependencies['requests'], value: ButtonValue, person: Person): Promise<Decided>;
  reply(request: Extract<Decided, { ok: true }>['request'], language: Language): Message;
};

/** A button on a request's message: whoever clicks is looked up now, and answered alone. */
export function createButtonListener(dependencies: ListenerDependencies, { decide, reply }: OnClick): ButtonListener {
  return async ({ ack, action, body, respond }) => {
    await ack();
    const gesture = { userId: body.user.id, teamId: body.team?.id, respond };
    await answerGesture(dependencies, gesture, async (person, language) => {
      const value = decodeDecision(action.value);
      if (value === undefined) return outdatedReply(language);
      const decided = await decide(dependencies.requests, value, person);
      return decided.ok ? reply(decided.request, language) : refusalReply(decided.refusal, language);
    });
  };
}

/** A button that this version does not know: without an answer the person would see a failure and no reason. */
export function createUnknownButtonListener(dependencies: ListenerDependencies): ButtonListener {
  return async ({ ack, body, respond }) => {
    await ack();
    const gesture = { userId: body.user.id, teamId: body.team?.id, respond };
    await answerGesture(dependencies, gesture, async (_person, language) => outdatedReply(language));
  };
}
