import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { closedView, troubleView, uncheckedView } from '../../messages/form/pages.js';
import { outdatedLine } from '../../messages/replies.js';
import { readForm } from '../../views/draft.js';
import { forPerson } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { drawForm } from './draw.js';

type ChangeArguments = Pick<SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs, 'ack' | 'body'>;

/** Something was chosen that other fields hang on. */
export function createChangeFormListener(dependencies: ListenerDependencies) {
  return async ({ ack, body }: ChangeArguments): Promise<void> => {
    await ack();
    const { view } = body;
    if (view === undefined) return;
    const doer = { userId: body.user.id, teamId: body.team?.id };
    const next = await forPerson(
      dependencies,
      doer,
      async (person, language) => {
        const filled = readForm(view, (channel) => dependencies.choices.accounts({ person, channel }));
        return filled ? drawForm(dependencies, filled, person.id) : closedView(outdatedLine(language), language);
      },
      { unchecked: uncheckedView, trouble: troubleView },
    );
    // Where the view has changed meanwhile, its own change draws it: what is still missing then, submitting it shows.
    await dependencies.screens
      .replace({ id: view.id, hash: view.hash }, next)
      .catch((error: unknown) => dependencies.logger.warn({ error }, 'a form could not be drawn anew'));
  };
}
