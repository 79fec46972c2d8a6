import { randomUUID } from 'node:crypto';
import type { Language } from '../../jobs/events.js';
import type { Person } from '../../jobs/policy.js';
import type { Message } from '../messages/render.js';
import { troubleReply, uncheckedReply } from '../messages/replies.js';
import type { ListenerDependencies } from './dependencies.js';

/** An answer that one person sees, and that leaves the message as it is. */
export type PrivateAnswer = Message & { response_type: 'ephemeral'; replace_original: false };

export type Gesture = {
  userId: string;
  teamId: string | undefined;
  respond(answer: PrivateAnswer): Promise<unknown>;
};

type AnswerDependencies = Pick<ListenerDependencies, 'identity' | 'speaker' | 'language' | 'logger'>;

/**
 * The one error boundary of gestures: finds out who it is, does the work, and answers that person alone. Where
 * it cannot be found out, nothing is done. Work that answered in another way gives no message.
 */
export async function answerGesture(
  { identity, speaker, language, logger }: AnswerDependencies,
  { userId, teamId, respond }: Gesture,
  work: (person: Person, language: Language) => Promise<Message | undefined>,
): Promise<void> {
  const tell = (message: Message) =>
    respond({ response_type: 'ephemeral', replace_original: false, ...message }).catch((error: unknown) =>
      logger.warn({ error }, 'a private answer did not arrive'),
    );
  if (teamId !== speaker.home().teamId) return void (await tell(uncheckedReply(language)));
  const who = await identity.lookUp(userId).catch((error: unknown) => {
    logger.warn({ error, user: userId }, 'Slack did not say who this is');
    return undefined;
  });
  if (who === undefined) return void (await tell(uncheckedReply(language)));
  const own = who.language ?? language;
  try {
    const message = await work(who.person, own);
    if (message !== undefined) await tell(message);
  } catch (error) {
    const errorId = randomUUID().slice(0, 8);
    logger.error({ error, errorId, user: userId }, 'a gesture failed');
    await tell(troubleReply(errorId, own));
  }
}
