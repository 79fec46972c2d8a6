import type { FoundAction } from '../blocks/find.js';
import type { Option } from '../blocks/text.js';
import { messageBody } from '../messages.js';
import type { Ephemeral, Message, View } from '../model.js';
import { GestureFailure } from '../refusal.js';
import type { State } from '../state.js';
import { viewBody } from '../views.js';
import type { Channel, User } from '../workspace.js';

/** What the app is told of a gesture, in the shapes of the documents ("Interaction payloads", "Slash commands"). */

type Payload = Record<string, unknown>;
/** Where a button stands. */
export type Screen = Message | Ephemeral | View;

export const isView = (screen: Screen): screen is View => 'root_view_id' in screen;
const isEphemeral = (screen: Message | Ephemeral): screen is Ephemeral => 'ephemeral' in screen;

function common({ workspace }: State, user: User): Payload {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: workspace.appId,
    token: 'verification-tokens-are-not-used',
    team: { id: workspace.teamId, domain: workspace.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function commandPayload(
  { workspace }: State,
  user: User,
  channel: Channel,
  given: { command: string; text: string; trigger_id: string; response_url: string },
): Payload {
  return {
    token: 'verification-tokens-are-not-used',
    team_id: workspace.teamId,
    team_domain: workspace.domain,
    channel_id: channel.id,
    channel_name: channel.isIm ? 'directmessage' : channel.isPrivate ? 'privategroup' : channel.name,
    user_id: user.id,
    user_name: user.name,
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    ...given,
  };
}

/** The place of an interaction: what it happened in, and, outside of a view, its channel. */
export function placePayload(state: State, screen: Screen, values: Payload = {}): Payload {
  if (isView(screen)) return { container: { type: 'view', view_id: screen.id }, view: viewBody(state, screen, values) };
  const channel = state.workspace.channels.get(screen.channel);
  const ephemeral = isEphemeral(screen);
  return {
    container: {
      type: 'message',
      message_ts: screen.ts,
      channel_id: screen.channel,
      is_ephemeral: ephemeral,
      ...(screen.thread_ts !== undefined && { thread_ts: screen.thread_ts }),
    },
    channel: { id: screen.channel, name: channel?.isPrivate ? 'privategroup' : channel?.name },
    // An ephemeral message is not kept, so Slack has nothing of it to send.
    ...(!ephemeral && { message: messageBody(state, screen, { metadata: true }) }),
    state: { values },
  };
}

export function actionPayload(
  { block, element }: FoundAction,
  ts: string,
  chosen: string | Option | undefined,
): Payload {
  const head = { type: element.type, action_id: element.action_id, block_id: block.block_id, action_ts: ts };
  if (element.type === 'button') {
    const { text, value, style, url, confirm } = element;
    return JSON.parse(JSON.stringify({ ...head, text, value, style, url, confirm })) as Payload;
  }
  if (chosen === undefined) throw new GestureFailure('not_on_screen', `nothing was chosen in ${head.action_id}`);
  return { ...head, ...selection(element.type, [chosen]) };
}

const optionOf = (chosen: string | Option): Option =>
  typeof chosen === 'string' ? { text: { type: 'plain_text', text: chosen, emoji: true }, value: chosen } : chosen;
const idOf = (chosen: string | Option) => (typeof chosen === 'string' ? chosen : chosen.value);

/** What an element holds, by the names that its kind has for it. */
export function selection(type: FoundAction['element']['type'], chosen: readonly (string | Option)[]): Payload {
  const [first] = chosen;
  const one = first === undefined ? null : idOf(first);
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return { selected_option: first === undefined ? null : optionOf(first) };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { selected_options: chosen.map(optionOf) };
    case 'users_select':
      return { selected_user: one };
    case 'multi_users_select':
      return { selected_users: chosen.map(idOf) };
    case 'conversations_select':
      return { selected_conversation: one };
    case 'datepicker':
      return { selected_date: one };
    default:
      return { value: one || null };
  }
}

export function interaction(state: State, user: User, type: string, more: Payload): Payload {
  return { type, ...common(state, user), ...more };
}

export function eventPayload(state: State, event: Payload): Payload {
  const { workspace } = state;
  return {
    token: 'verification-tokens-are-not-used',
    team_id: workspace.teamId,
    api_app_id: workspace.appId,
    event,
    type: 'event_callback',
    event_id: state.newId('Ev'),
    event_time: Math.floor(state.now() / 1000),
    authorizations: [
      { team_id: workspace.teamId, user_id: workspace.botUserId, is_bot: true, is_enterprise_install: false },
    ],
  };
}
