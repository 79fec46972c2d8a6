import type { App, BlockAction, ButtonAction, SlackActionMiddlewareArgs, StaticSelectAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { decodeDecision, LIST_ACTIONS } from '../ids.js';
import { instancesView, KINDS, openingInstancesView, type Shown, wordsView } from '../messages/instances.js';
import type { Message } from '../messages/render.js';
import { notOpenedReply, outdatedReply, troubleReply, uncheckedReply, unseenReply } from '../messages/replies.js';
import { readCarried } from '../views/carried.js';
import { type Doer, forPerson } from './gesture/answer.js';
import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';

/** What the list carries: which request, where its message stands, and what is shown of it. */
const carried = z.object({
  request: z.string(),
  channel: z.string().optional(),
  filter: z.enum(['all', ...KINDS]),
  page: z.number().int().positive(),
});
type Carried = z.infer<typeof carried>;

/** The list opens at once, since a trigger is good for three seconds; then it is found out who looks, and at what. */
export function createShowInstancesListener(dependencies: ListenerDependencies): ButtonListener {
  const { screens, language, logger } = dependencies;
  return async ({ ack, action, body, respond }) => {
    await ack();
    const tell = (message: Message) => respond({ response_type: 'ephemeral', replace_original: false, ...message });
    const value = decodeDecision(action.value);
    try {
      if (value === undefined) return void (await tell(outdatedReply(language)));
      const opened = await screens.open(body.trigger_id, openingInstancesView(language));
      if (opened.kind === 'late') return void (await tell(notOpenedReply(language)));
      if (opened.kind !== 'opened') return;
      const channel = body.channel?.id;
      const wanted: Carried = { request: value.id, filter: 'all', page: 1, ...(channel !== undefined && { channel }) };
      await show(dependencies, { id: opened.id }, { userId: body.user.id, teamId: body.team?.id }, wanted);
    } catch (error) {
      logger.warn({ error }, 'the list of instances did not open');
      await tell(notOpenedReply(language)).catch((failure: unknown) =>
        logger.warn({ error: failure }, 'a private answer did not arrive'),
      );
    }
  };
}

type ListArguments = Pick<
  SlackActionMiddlewareArgs<BlockAction<ButtonAction | StaticSelectAction>>,
  'ack' | 'action' | 'body'
>;

/** Registers what turns pages and chooses kinds; gives the ids that have a listener here. */
export function registerInstances(app: App, dependencies: ListenerDependencies): readonly string[] {
  const ids = Object.values(LIST_ACTIONS);
  const turn = createTurnListener(dependencies);
  for (const id of ids) app.action<BlockAction<ButtonAction | StaticSelectAction>>(id, turn);
  return ids;
}

export function createTurnListener(dependencies: ListenerDependencies): (click: ListArguments) => Promise<void> {
  return async ({ ack, action, body }) => {
    await ack();
    const { view, user, team } = body;
    if (view === undefined) return;
    const now = readCarried(carried, view.private_metadata);
    const doer = { userId: user.id, teamId: team?.id };
    const wanted = now && wantedBy(action, now);
    // Of two quick clicks the later finds another page than it was made on, and changes nothing.
    const old = { id: view.id, hash: view.hash };
    const { language, logger } = dependencies;
    await (wanted === undefined
      ? dependencies.screens.replace(old, wordsView(outdatedReply(language), language))
      : show(dependencies, old, doer, wanted)
    ).catch((error: unknown) => logger.warn({ error }, 'the list of instances did not turn'));
  };
}

function wantedBy(action: ButtonAction | StaticSelectAction, now: Carried): Carried | undefined {
  const asked =
    action.type === 'button'
      ? { ...now, page: Number(action.value) }
      : { ...now, page: 1, filter: action.selected_option?.value };
  return carried.safeParse(asked).data;
}

type Place = { id: string; hash?: string };

async function show(dependencies: ListenerDependencies, old: Place, doer: Doer, wanted: Carried): Promise<void> {
  const { screens, reader, logger } = dependencies;
  const view = await forPerson<ModalView>(
    dependencies,
    doer,
    async (person, language) => {
      const { request: id, channel } = wanted;
      const request = await reader.lookAt(id, { person, ...(channel !== undefined && { channel }) });
      if (request === undefined) return wordsView(unseenReply(person, language), language);
      const carry = (shown: Shown) => JSON.stringify({ ...wanted, ...shown });
      return instancesView(request, wanted, carry, language);
    },
    {
      unchecked: (language) => wordsView(uncheckedReply(language), language),
      trouble: (errorId, language) => wordsView(troubleReply(errorId, language), language),
    },
  );
  if (!(await screens.replace(old, view))) logger.info({}, 'a list of instances was gone before it was shown');
}
