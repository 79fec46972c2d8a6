import { randomUUID } from 'node:crypto';
import type { ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import { within } from '../../../within.js';
import { goBackView } from '../../messages/form/pages.js';
import { type Line, say } from '../../messages/line.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';

/** What a submitted view is answered with. */
export type ViewAnswer =
  | { kind: 'errors'; errors: Readonly<Record<string, string>> }
  /** On top of the submitted view, or in its place. */
  | { kind: 'push' | 'update'; view: ModalView };

export type ViewAck = (response: ViewResponseAction) => Promise<void>;

export type Waiting = {
  kind: 'push' | 'update';
  /** To wait on. */
  view: ModalView;
  language: Language;
};

/** Answers within Slack's three seconds: with the work's answer, or with a page that it replaces once it is there. */
export async function answerView(
  {
    screens,
    startTimer,
    answerMs,
    logger,
  }: Pick<ListenerDependencies, 'screens' | 'startTimer' | 'answerMs' | 'logger'>,
  ack: ViewAck,
  work: Promise<ViewAnswer>,
  waiting: Waiting,
): Promise<void> {
  const answer = await within(startTimer, answerMs, work);
  if (answer !== undefined) return ack(responseOf(answer));
  const externalId = randomUUID();
  await ack({ response_action: waiting.kind, view: { ...waiting.view, external_id: externalId } });
  const late = await work;
  // The fields are covered by then.
  const view = late.kind === 'errors' ? goBackView(wordsOf(late.errors), waiting.language) : late.view;
  const isThere = await screens.replaceComing(externalId, view).catch((error: unknown) => {
    logger.warn({ error }, 'an answer to a form did not arrive');
    return true;
  });
  if (!isThere) logger.info({}, 'a form was closed before its answer came');
}

const wordsOf = (errors: Readonly<Record<string, string>>): Line[] =>
  Object.values(errors).map((words) => say`${words}`);

function responseOf(answer: ViewAnswer): ViewResponseAction {
  if (answer.kind === 'errors') return { response_action: 'errors', errors: { ...answer.errors } };
  return { response_action: answer.kind, view: answer.view };
}
