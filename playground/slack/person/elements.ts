import { z } from 'zod';
import { readShape } from '../block-rules.js';
import { actionsOf, type FoundAction } from '../blocks/find.js';
import { type Option, option, optionGroup } from '../blocks/text.js';
import type { Ack } from '../delivery.js';
import { GestureFailure } from '../refusal.js';
import type { ResponsePost } from '../response-urls.js';
import { enter, enteredIn } from '../views.js';
import type { Actor } from './actor.js';
import { type FormValues, fillIn, pick } from './form.js';
import { actionPayload, interaction, isView, placePayload, type Screen } from './payloads.js';

export type GestureResult = {
  acked: Ack & { text?: string; blocks?: unknown; response_type?: string };
  /** What the app posts to the response URL of this gesture; grows as it comes. */
  responses: readonly ResponsePost[];
};

const suggestions = z.union([
  z.strictObject({ options: z.array(option).max(100) }),
  z.strictObject({ option_groups: z.array(optionGroup).max(100) }),
]);

function findOnScreen(screen: Screen, actionId: string, value?: string): FoundAction {
  const all = screen.blocks.flatMap((block) => actionsOf(block).map((element) => ({ block, element })));
  const found = all.find(
    ({ element }) =>
      element.action_id === actionId && (value === undefined || ('value' in element && element.value === value)),
  );
  if (found) return found;
  const there = all.map(({ element }) => element.action_id).join(', ') || 'nothing';
  throw new GestureFailure('not_on_screen', `no "${actionId}" here to use; there is: ${there}`);
}

/** Sends `block_actions`, with a response URL where the element stands in a message. */
async function use(
  actor: Actor,
  screen: Screen,
  found: FoundAction,
  chosen: string | Option | undefined,
  entered: FormValues,
): Promise<GestureResult> {
  const { state, userId } = actor;
  actor.see(screen);
  const response = isView(screen) ? undefined : issueResponseUrl(actor, screen);
  const filled = fillIn(screen.blocks, entered, isView(screen) ? enteredIn(state, screen) : {});
  if (isView(screen)) enter(state, screen.id, filled.entered);
  const acked = await actor.send(
    'interactive',
    interaction(state, actor.me(), 'block_actions', {
      ...placePayload(state, screen, filled.state),
      trigger_id: state.triggers.issue(userId, isView(screen) ? screen.id : undefined),
      ...(response && { response_url: response.url }),
      actions: [actionPayload(found, state.newTs(), chosen)],
    }),
  );
  return { acked, responses: response?.posts ?? [] };
}

function issueResponseUrl({ state, userId }: Actor, screen: Exclude<Screen, { root_view_id: string }>) {
  const { channel, ts } = screen;
  return state.responseUrls.issue({ channel, user: userId, source: { ts, ephemeral: 'ephemeral' in screen } });
}

export async function click(actor: Actor, screen: Screen, actionId: string, value?: string): Promise<GestureResult> {
  const found = findOnScreen(screen, actionId, value);
  if (found.element.type !== 'button') throw new GestureFailure('not_on_screen', `"${actionId}" is no button`);
  return use(actor, screen, found, undefined, {});
}

export async function choose(
  actor: Actor,
  screen: Screen,
  actionId: string,
  chosen: string | Option,
  entered: FormValues,
): Promise<GestureResult> {
  const found = findOnScreen(screen, actionId);
  const { element } = found;
  if (element.type === 'button') throw new GestureFailure('not_on_screen', `"${actionId}" is a button`);
  if (element.type === 'overflow') {
    const picked = element.options.find(({ value }) => value === chosen);
    return use(actor, screen, found, picked, entered);
  }
  const picked = pick(element, chosen);
  return use(actor, screen, found, picked, { ...entered, [actionId]: picked });
}

export async function suggest(
  actor: Actor,
  screen: Screen,
  actionId: string,
  typed: string,
  entered: FormValues,
): Promise<readonly Option[]> {
  const { state } = actor;
  actor.see(screen);
  const { block, element } = findOnScreen(screen, actionId);
  if (element.type !== 'external_select' && element.type !== 'multi_external_select')
    throw new GestureFailure('not_on_screen', `"${actionId}" asks the app for nothing`);
  // The client does not ask before this many characters; three unless the element says otherwise.
  if (typed.length < (element.min_query_length ?? 3)) return [];
  if (isView(screen)) enter(state, screen.id, fillIn(screen.blocks, entered, enteredIn(state, screen)).entered);
  // Slack sends none of what stands in a view's other fields (slackapi/bolt-js issue 1146).
  const payload = interaction(state, actor.me(), 'block_suggestion', {
    ...placePayload(state, screen),
    block_id: block.block_id,
    action_id: element.action_id,
    value: typed,
  });
  const answer = readShape(suggestions, await actor.send('interactive', payload), 'invalid_options', '');
  return 'options' in answer ? answer.options : answer.option_groups.flatMap(({ options }) => options);
}
