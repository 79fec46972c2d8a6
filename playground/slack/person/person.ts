import type { Option } from '../blocks/text.js';
import { postMessage } from '../messages.js';
import type { Message, View } from '../model.js';
import { showResponse } from '../response-post.js';
import { closeAll, closeView, homeOf, modalOf, viewBody } from '../views.js';
import type { Actor } from './actor.js';
import { choose, click, type GestureResult, suggest } from './elements.js';
import type { FormValues } from './form.js';
import { commandPayload, eventPayload, interaction, type Screen } from './payloads.js';
import { react } from './react.js';
import { type Submitted, submit } from './submit.js';

/** What a person does in Slack. Each gesture resolves when the app has acked it, and rejects with a `GestureFailure`. */
export type Person = {
  command(channel: string, command: string, text?: string): Promise<GestureResult>;
  /**
   * Presses a button of a message, a modal or the Home tab as it is on the screen, which may be older than what Slack
   * has by now. `value` tells two buttons of one `action_id` apart. A `confirm` is taken as confirmed.
   */
  click(screen: Screen, actionId: string, which?: { value?: string }): Promise<GestureResult>;
  /** Chooses in a select or an overflow; `entered` is what stands in the form's other fields. */
  choose(screen: Screen, actionId: string, chosen: string | Option, entered?: FormValues): Promise<GestureResult>;
  /** Types into an external select, and sees what the app offers. */
  suggest(screen: Screen, actionId: string, typed: string, entered?: FormValues): Promise<readonly Option[]>;
  /** Sends what was entered before, and `values` over it. */
  submitView(view: View, values: FormValues): Promise<Submitted>;
  /** Chooses a global shortcut of the app from Slack's menu. */
  shortcut(callbackId: string): Promise<void>;
  /** `all`: the whole stack goes, as it does by itself where the view says `clear_on_close`. */
  closeView(view: View, which?: { all: boolean }): Promise<void>;
  openHome(): Promise<void>;
  /** Puts an emoji under a message. */
  react(message: Message, emoji: string): Promise<void>;
  unreact(message: Message, emoji: string): Promise<void>;
  /** Writes a message; the app is not told. */
  say(channel: string, text: string, threadTs?: string): Message;
  /** The modal on top. */
  modal(): View | undefined;
  home(): View | undefined;
};

export function makePerson(actor: Actor): Person {
  const { state, userId } = actor;
  return {
    command: (channel, words, text = '') => command(actor, channel, words, text),
    click: (screen, actionId, { value } = {}) => click(actor, screen, actionId, value),
    choose: (screen, actionId, chosen, entered = {}) => choose(actor, screen, actionId, chosen, entered),
    suggest: (screen, actionId, typed, entered = {}) => suggest(actor, screen, actionId, typed, entered),
    submitView: (view, values) => submit(actor, view, values),
    shortcut: (callbackId) => useShortcut(actor, callbackId),
    closeView: (view, { all } = { all: false }) => close(actor, view, all || view.clear_on_close),
    openHome: () => openHome(actor),
    react: (message, emoji) => react(actor, message, emoji, true),
    unreact: (message, emoji) => react(actor, message, emoji, false),
    say(channel, text, thread_ts) {
      const draft = { channel: actor.inChannel(channel).id, user: userId, text };
      const message = postMessage(state, { ...draft, ...(thread_ts !== undefined && { thread_ts }) });
      state.changed();
      return message;
    },
    modal: () => modalOf(state, userId),
    home: () => homeOf(state, userId),
  };
}

async function command(actor: Actor, channelId: string, words: string, text: string): Promise<GestureResult> {
  const { state, userId } = actor;
  const channel = actor.inChannel(channelId);
  const place = { channel: channel.id, user: userId };
  const { url, posts } = state.responseUrls.issue(place);
  const trigger_id = state.triggers.issue(userId);
  const given = { command: words, text, trigger_id, response_url: url };
  const acked = await actor.send('slash_commands', commandPayload(state, actor.me(), channel, given));
  if (Object.keys(acked).length > 0) showResponse(state, place, acked);
  state.changed();
  return { acked, responses: posts };
}

async function useShortcut(actor: Actor, callbackId: string): Promise<void> {
  const { state, userId } = actor;
  const given = { callback_id: callbackId, trigger_id: state.triggers.issue(userId), action_ts: state.newTs() };
  await actor.send('interactive', interaction(state, actor.me(), 'shortcut', given));
}

async function close(actor: Actor, view: View, all: boolean): Promise<void> {
  const { state, userId } = actor;
  actor.see(view);
  const shown = viewBody(state, view);
  if (all) closeAll(state, userId);
  else closeView(state, view.id);
  state.changed();
  if (!view.notify_on_close) return;
  await actor.send('interactive', interaction(state, actor.me(), 'view_closed', { view: shown, is_cleared: all }));
}

async function openHome(actor: Actor): Promise<void> {
  const { state, userId } = actor;
  const view = homeOf(state, userId);
  const event = {
    type: 'app_home_opened',
    user: actor.me().id,
    channel: `D${userId.slice(1)}`,
    tab: 'home',
    event_ts: state.newTs(),
    ...(view && { view: viewBody(state, view) }),
  };
  await actor.send('events_api', eventPayload(state, event));
}
