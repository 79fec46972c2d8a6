import type { Language } from '../../jobs/events.js';
import { decodeDecision } from '../ids.js';
import { denialView } from '../messages/denial.js';
import { notOpenedReply, outdatedReply, refusalReply } from '../messages/replies.js';
import { encodeForm } from './deny-form.js';
import { answerGesture } from './gesture/answer.js';
import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

/** A trigger opens a form for three seconds: who it is may be asked for so long, then the form opens all the same. */
const LOOK_UP_MS = 1_500;

/**
 * Deny asks why. Opening the form decides nothing: whoever may not deny is told so here where that is known in
 * time, and in any case when they send it.
 */
export function createDenyListener(dependencies: ListenerDependencies): ButtonListener {
  const { requests, screens, logger, startTimer } = dependencies;
  return async ({ ack, action, body, respond }) => {
    await ack();
    const value = decodeDecision(action.value);
    let opening: Promise<boolean> | undefined;
    const open = (id: string, language: Language): Promise<boolean> => {
      const metadata = encodeForm({ value: action.value ?? '', channel: body.channel?.id, language });
      opening ??= screens.open(body.trigger_id, denialView(id, metadata, language)).then(
        ({ kind }) => kind !== 'late',
        (error: unknown) => {
          logger.warn({ error, request: id }, 'the form did not open');
          return false;
        },
      );
      return opening;
    };
    const stopTimer = startTimer(LOOK_UP_MS, () => {
      if (value !== undefined) void open(value.id, dependencies.language);
    });
    const gesture = { userId: body.user.id, teamId: body.team?.id, respond };
    await answerGesture(dependencies, gesture, async (person, language) => {
      if (value === undefined) return outdatedReply(language);
      const refusal = await requests.whyNotDeny(value.id, person, value.digest);
      if (refusal !== undefined) return refusalReply(refusal, language);
      return (await open(value.id, language)) ? undefined : notOpenedReply(language);
    });
    stopTimer();
  };
}
