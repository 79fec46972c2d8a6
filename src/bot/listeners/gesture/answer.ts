import { randomUUID } from 'node:crypto';
import type { Language } from '../../../jobs/events.js';
import type { Person } from '../../../jobs/policy.js';
import type { Message } from '../../messages/render.js';
import { troubleReply, uncheckedReply } from '../../messages/replies.js';
import type { ListenerDependencies } from './dependencies.js';

/** An answer that one person sees, and that leaves the message as it is. */
export type PrivateAnswer = Message & { response_type: 'ephemeral'; replace_original: false };

/** Who did it, as Slack says in the payload. */
export type Doer = { userId: string; teamId: string | undefined };
export type Gesture = Doer & { respond(answer: PrivateAnswer): Promise<unknown> };

type AnswerDependencies = Pick<ListenerDependencies, 'identity' | 'speaker' | 'language' | 'logger'>;

/** What is said where the work could not be done. */
export type Otherwise<T> = { unchecked(language: Language): T; trouble(errorId: string, language: Language): T };

/**
 * The one error boundary of gestures: finds out who it is, and does the work. Where it cannot be found out, nothing
 * is done.
 */
export async function forPerson<T>(
  { identity, speaker, language, logger }: AnswerDependencies,
  { userId, teamId }: Doer,
  work: (person: Person, language: Language) => Promise<T>,
  otherwise: Otherwise<T>,
): Promise<T> {
  if (teamId !== speaker.home().teamId) return otherwise.unchecked(language);
  const who = await identity.lookUp(userId).catch((error: unknown) => {
    logger.warn({ error, user: userId }, 'Slack did not say who this is');
    return undefined;
  });
  if (who === undefined) return otherwise.unchecked(language);
  const own = who.language ?? language;
  try {
    return await work(who.person, own);
  } catch (error) {
    const errorId = randomUUID().slice(0, 8);
    logger.error({ error, errorId, user: userId }, 'a gesture failed');
    return otherwise.trouble(errorId, own);
  }
}

const IN_WORDS: Otherwise<Message> = { unchecked: uncheckedReply, trouble: troubleReply };

/** Answers that person alone with what anybody may read: where Slack is silent, in the language that all share. */
export async function answerAnybody(
  dependencies: AnswerDependencies,
  { respond, userId }: Gesture,
  words: (language: Language) => Message,
): Promise<void> {
  const { identity, language, logger } = dependencies;
  const own = await identity.readLanguage(userId).catch((error: unknown) => {
    logger.warn({ error, user: userId }, 'Slack did not say which language this person reads');
    return undefined;
  });
  await answerAlone(dependencies, respond, words(own ?? language));
}

/** Answers that person alone. Work that answered in another way gives no message. */
export async function answerGesture(
  dependencies: AnswerDependencies,
  { respond, ...doer }: Gesture,
  work: (person: Person, language: Language) => Promise<Message | undefined>,
): Promise<void> {
  const message = await forPerson(dependencies, doer, work, IN_WORDS);
  if (message !== undefined) await answerAlone(dependencies, respond, message);
}

async function answerAlone(
  { logger }: Pick<AnswerDependencies, 'logger'>,
  respond: Gesture['respond'],
  message: Message,
): Promise<void> {
  await respond({ response_type: 'ephemeral', replace_original: false, ...message }).catch((error: unknown) =>
    logger.warn({ error }, 'a private answer did not arrive'),
  );
}
