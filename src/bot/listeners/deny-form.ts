import type { SlackViewMiddlewareArgs, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { decodeDecision } from '../ids.js';
import { DENIAL_FIELD, denialFault, outdatedView } from '../messages/denial.js';
import type { Message } from '../messages/render.js';
import { deniedReply, refusalReply } from '../messages/replies.js';
import { carriedLanguage, readCarried } from '../views/carried.js';
import { answerGesture } from './gesture/answer.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { showHome } from './home.js';

export type FormArguments = Pick<SlackViewMiddlewareArgs<ViewSubmitAction>, 'ack'> & {
  body: Pick<ViewSubmitAction, 'user' | 'team'>;
  view: Pick<ViewOutput, 'private_metadata' | 'state'>;
};
export type FormListener = (form: FormArguments) => Promise<void>;

/** What the form carries from the click: the button's value, where it stood, and the reader's language. */
const carried = z.object({
  value: z.string(),
  channel: z.string().optional(),
  language: carriedLanguage,
});

export const encodeForm = (form: z.input<typeof carried>): string => JSON.stringify(carried.parse(form));

const entered = z.object({
  [DENIAL_FIELD]: z.object({ [DENIAL_FIELD]: z.object({ value: z.string().nullish() }) }),
});

/** The form behind Deny was sent: who sent it is looked up now, and the request is as it is now. */
export function createDenialFormListener(dependencies: ListenerDependencies): FormListener {
  const { requests, screens } = dependencies;
  return async ({ ack, body, view }) => {
    const form = readForm(view);
    if (form === undefined) {
      return ack({ response_action: 'update', view: outdatedView(dependencies.language) });
    }
    const { id, digest, reason, language } = form;
    const fault = denialFault(reason, language);
    if (fault !== undefined) return ack({ response_action: 'errors', errors: { [DENIAL_FIELD]: fault } });
    // Who it is can take longer to find out than Slack waits for an ack, so the answer comes as a message.
    await ack();
    const user = body.user.id;
    const reader = { userId: user, teamId: body.team?.id };
    // Without a channel it was pressed on the Home tab.
    const respond = (answer: Message) =>
      form.channel === undefined
        ? showHome(dependencies, reader, answer)
        : screens.tell({ user, channel: form.channel }, answer);
    const gesture = { ...reader, respond };
    await answerGesture(dependencies, gesture, async (person, own) => {
      const denied = await requests.deny(id, person, digest, reason);
      return denied.ok ? deniedReply(denied.request, own) : refusalReply(denied.refusal, own);
    });
  };
}

function readForm(view: FormArguments['view']) {
  const form = readCarried(carried, view.private_metadata);
  const values = entered.safeParse(view.state.values).data;
  const decision = decodeDecision(form?.value);
  if (form === undefined || values === undefined || decision === undefined) return undefined;
  return { ...form, ...decision, reason: (values[DENIAL_FIELD][DENIAL_FIELD].value ?? '').trim() };
}
