import { z } from 'zod';
import { checkBlocks, readShape, withIds } from './block-rules.js';
import { actionIdsOf } from './blocks/find.js';
import { plainText } from './blocks/text.js';
import type { View } from './model.js';
import { SlackRefusal } from './refusal.js';
import type { State } from './state.js';

const MOST_BYTES = 250_000;
/** A modal and two more on top of it. */
const MOST_STACKED = 3;

const common = {
  blocks: z.array(z.unknown()),
  callback_id: z.string().max(255).default(''),
  private_metadata: z.string().max(3000).default(''),
  external_id: z.string().max(255).default(''),
};
const home = z.strictObject({ type: z.literal('home'), ...common });
const modal = z.strictObject({
  type: z.literal('modal'),
  ...common,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().default(false),
  notify_on_close: z.boolean().default(false),
});

type Shown = Omit<View, 'id' | 'user' | 'open' | 'hash' | 'root_view_id' | 'previous_view_id' | 'entered'>;

/** Reads the `view` argument, or an ack's; refuses what Slack refuses. */
export function readView(state: State, raw: unknown, type: View['type']): Shown {
  if (raw === undefined) throw new SlackRefusal('invalid_arguments', ['[ERROR] missing required field: view']);
  if (Buffer.byteLength(JSON.stringify(raw)) > MOST_BYTES) throw new SlackRefusal('view_too_large');
  const read =
    type === 'home'
      ? { clear_on_close: false, notify_on_close: false, ...readShape(home, raw, 'invalid_arguments', '/view') }
      : readModal(raw);
  const blocks = withIds(checkBlocks(read.blocks, type, 'invalid_arguments', '/view/blocks'), () => state.newId('b'));
  if (read.type === 'modal' && read.submit === undefined && blocks.some((block) => block.type === 'input'))
    throw new SlackRefusal('invalid_arguments', [
      '[ERROR] `submit` is required when an `input` block is within blocks [json-pointer:/view]',
    ]);
  return { ...read, blocks };
}

function readModal(raw: unknown) {
  const { title, submit, close, ...rest } = readShape(modal, raw, 'invalid_arguments', '/view');
  return { ...rest, title, ...(submit && { submit }), ...(close && { close }) };
}

function unused(state: State, externalId: string, except?: string): void {
  const taken = state.views.some((view) => view.open && view.external_id === externalId && view.id !== except);
  if (externalId !== '' && taken) throw new SlackRefusal('duplicate_external_id');
}

/** Puts a modal on a person's screen: alone, or on top of `under`. */
export function openModal(state: State, user: string, shown: Shown, under?: View): View {
  unused(state, shown.external_id);
  const stacked = state.views.filter((view) => view.open && view.root_view_id === under?.root_view_id).length;
  if (under && stacked >= MOST_STACKED) throw new SlackRefusal('push_limit_reached');
  if (!under) closeAll(state, user);
  const id = state.newId('V');
  const view: View = {
    ...shown,
    id,
    user,
    open: true,
    hash: state.newId('h'),
    root_view_id: under?.root_view_id ?? id,
    previous_view_id: under?.id ?? null,
    entered: {},
  };
  state.views.push(view);
  return view;
}

export function publishHome(state: State, user: string, shown: Shown, hash: string | undefined): View {
  const old = homeOf(state, user);
  if (old) return replaceView(state, old, shown, hash);
  const id = state.newId('V');
  const place = { id, user, open: true, root_view_id: id, previous_view_id: null };
  const view: View = { ...shown, ...place, hash: state.newId('h'), entered: {} };
  state.views.push(view);
  return view;
}

export function replaceView(state: State, old: View, shown: Shown, hash?: string): View {
  if (hash !== undefined && hash !== old.hash) throw new SlackRefusal('hash_conflict');
  unused(state, shown.external_id, old.id);
  const { id, user, open, root_view_id, previous_view_id } = old;
  const entered = keptOf(old, shown.blocks);
  const view: View = { ...shown, id, user, open, root_view_id, previous_view_id, hash: state.newId('h'), entered };
  state.views[state.views.findIndex((one) => one.id === id)] = view;
  return view;
}

/** What was entered stays where a field of the same `block_id` and `action_id` stands in the new view. */
function keptOf({ entered }: View, blocks: View['blocks']): View['entered'] {
  const kept = blocks.flatMap((block) => {
    const { block_id: id = '' } = block;
    const ids = actionIdsOf([block]);
    const fields = Object.entries(entered[id] ?? {}).filter(([action]) => ids.includes(action));
    return fields.length > 0 ? [[id, Object.fromEntries(fields)] as const] : [];
  });
  return Object.fromEntries(kept);
}

export const enteredIn = (state: State, { id }: View): View['entered'] => findView(state, id)?.entered ?? {};

/** Remembers what the person has entered. */
export function enter(state: State, id: string, entered: View['entered']): void {
  const index = state.views.findIndex((view) => view.id === id);
  const view = state.views[index];
  if (view) state.views[index] = { ...view, entered };
}

export function closeView(state: State, id: string): void {
  const index = state.views.findIndex((view) => view.id === id);
  const view = state.views[index];
  if (view) state.views[index] = { ...view, open: false };
}

export function closeAll(state: State, user: string): void {
  for (const view of state.views.filter((one) => one.user === user && one.type === 'modal')) closeView(state, view.id);
}

export const findView = (state: State, id: string) => state.views.find((view) => view.id === id);
export const homeOf = (state: State, user: string) =>
  state.views.find((view) => view.type === 'home' && view.user === user);
/** The modal that is on top. */
export const modalOf = (state: State, user: string) =>
  state.views.findLast((view) => view.type === 'modal' && view.open && view.user === user);

/** A view as the Web API and the payloads show it. */
export function viewBody({ workspace }: State, view: View, values: Record<string, unknown> = {}) {
  const { user: _user, open: _open, entered: _entered, ...shown } = view;
  return {
    ...shown,
    title: view.title ?? null,
    submit: view.submit ?? null,
    close: view.close ?? null,
    team_id: workspace.teamId,
    app_id: workspace.appId,
    bot_id: workspace.botId,
    app_installed_team_id: workspace.teamId,
    state: { values },
  };
}
