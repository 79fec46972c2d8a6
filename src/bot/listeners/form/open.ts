import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  SlackActionMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
} from '@slack/bolt';
import { emptyDraft } from '../../draft.js';
import { openingView, troubleView, uncheckedView } from '../../messages/form/pages.js';
import { formLateReply } from '../../messages/replies.js';
import { answerGesture, type Doer, forPerson, type Gesture } from '../answer.js';
import type { ListenerDependencies } from '../dependencies.js';
import { drawForm } from './draw.js';

type ShortcutArguments = Pick<SlackShortcutMiddlewareArgs<GlobalShortcut> & AllMiddlewareArgs, 'ack' | 'shortcut'>;
type ClickArguments = Pick<SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs, 'ack' | 'body'>;

/** `/detach-key` with nothing behind it: the form, for this channel. */
export async function openFormFromCommand(
  dependencies: ListenerDependencies,
  command: { trigger_id: string; channel_id: string; channel_name: string },
  gesture: Gesture,
): Promise<void> {
  // A plan is shown to those who approve it: a direct message is no place for one.
  const isDirect = command.channel_name === 'directmessage';
  const asked = { trigger: command.trigger_id, ...(!isDirect && { channel: command.channel_id }) };
  if (await openForm(dependencies, asked, gesture)) return;
  await answerGesture(dependencies, gesture, async (_person, language) => formLateReply(language));
}

/** The global shortcut: the person says which channel. */
export function createOpenFormShortcut(dependencies: ListenerDependencies) {
  return async ({ ack, shortcut }: ShortcutArguments): Promise<void> => {
    await ack();
    await openForm(dependencies, { trigger: shortcut.trigger_id }, doerOf(shortcut));
  };
}

/** A button, in the Home tab or wherever else it stands. */
export function createOpenFormListener(dependencies: ListenerDependencies) {
  return async ({ ack, body }: ClickArguments): Promise<void> => {
    await ack();
    await openForm(dependencies, { trigger: body.trigger_id }, doerOf(body));
  };
}

const doerOf = ({ user, team }: { user: { id: string }; team?: { id: string } | null }): Doer => ({
  userId: user.id,
  teamId: team?.id,
});

/** A view goes up before anything else is done, as its trigger does not last. False: it came too late. */
async function openForm(
  dependencies: ListenerDependencies,
  { trigger, channel }: { trigger: string; channel?: string },
  doer: Doer,
): Promise<boolean> {
  const { screens, language: shared, logger } = dependencies;
  try {
    const opened = await screens.open(trigger, openingView(shared));
    if (opened.kind === 'late') logger.warn({ user: doer.userId }, 'the form could not be opened in time');
    if (opened.kind !== 'opened') return opened.kind === 'again';
    const view = await forPerson(
      dependencies,
      doer,
      async (person, language) => {
        const accounts = channel === undefined ? [] : dependencies.choices.accounts({ person, channel });
        return drawForm(dependencies, { draft: emptyDraft(language, channel), accounts });
      },
      { unchecked: uncheckedView, trouble: troubleView },
    );
    await screens.replace({ id: opened.id }, view);
    return true;
  } catch (error) {
    logger.error({ error, user: doer.userId }, 'the form could not be shown');
    return false;
  }
}
