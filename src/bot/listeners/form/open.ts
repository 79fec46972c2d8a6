import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  SlackActionMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
} from '@slack/bolt';
import { formLateReply } from '../../messages/replies.js';
import { emptyDraft } from '../../views/draft.js';
import type { Doer, Gesture } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';
import { drawForm } from './draw.js';
import { type Draw, openOrSay, openView } from './open-view.js';

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
  const draw = drawEmpty(dependencies, isDirect ? undefined : command.channel_id);
  await openOrSay(dependencies, command.trigger_id, gesture, { draw, late: formLateReply });
}

/** The global shortcut: the person says which channel. */
export function createOpenFormShortcut(dependencies: ListenerDependencies) {
  return async ({ ack, shortcut }: ShortcutArguments): Promise<void> => {
    await ack();
    await openView(dependencies, shortcut.trigger_id, doerOf(shortcut), drawEmpty(dependencies));
  };
}

/** A button, in the Home tab or wherever else it stands. */
export function createOpenFormListener(dependencies: ListenerDependencies) {
  return async ({ ack, body }: ClickArguments): Promise<void> => {
    await ack();
    await openView(dependencies, body.trigger_id, doerOf(body), drawEmpty(dependencies));
  };
}

const doerOf = ({ user, team }: { user: { id: string }; team?: { id: string } | null }): Doer => ({
  userId: user.id,
  teamId: team?.id,
});

const drawEmpty =
  (dependencies: ListenerDependencies, channel?: string): Draw =>
  async (person, language) => {
    const accounts = channel === undefined ? [] : dependencies.choices.accounts({ person, channel });
    return drawForm(dependencies, { draft: emptyDraft(language, channel), accounts }, person.id);
  };
