import type { ModalView } from '@slack/types';
import type { Language } from '../../../jobs/events.js';
import type { Person } from '../../../jobs/policy.js';
import { openingView, troubleView, uncheckedView } from '../../messages/form/pages.js';
import type { Message } from '../../messages/render.js';
import { answerGesture, type Doer, forPerson, type Gesture } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';

/** What is shown, once it is known to whom. */
export type Draw = (person: Person, language: Language) => Promise<ModalView>;

/** A view goes up before anything else is done, as its trigger does not last. False: it came too late. */
export async function openView(
  dependencies: ListenerDependencies,
  trigger: string,
  doer: Doer,
  draw: Draw,
): Promise<boolean> {
  const { screens, language: shared, logger } = dependencies;
  try {
    const opened = await screens.open(trigger, openingView(shared));
    if (opened.kind === 'late') logger.warn({ user: doer.userId }, 'the form could not be opened in time');
    if (opened.kind !== 'opened') return opened.kind === 'again';
    const view = await forPerson(dependencies, doer, draw, { unchecked: uncheckedView, trouble: troubleView });
    await screens.replace({ id: opened.id }, view);
    return true;
  } catch (error) {
    logger.error({ error, user: doer.userId }, 'the form could not be shown');
    return false;
  }
}

/** The same for a gesture that has an answer: `late`, where nothing opened. */
export async function openOrSay(
  dependencies: ListenerDependencies,
  trigger: string,
  gesture: Gesture,
  { draw, late }: { draw: Draw; late(language: Language): Message },
): Promise<void> {
  if (await openView(dependencies, trigger, gesture, draw)) return;
  await answerGesture(dependencies, gesture, async (_person, language) => late(language));
}
