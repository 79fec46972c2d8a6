import { z } from 'zod';
import { actionId, confirm, option, optionGroup, plainText, richOption, url } from './text.js';

const placeholder = plainText(150).optional();
const focus = z.boolean().optional();
const maxSelected = z.number().int().min(1).optional();
const dispatch = z
  .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1) })
  .optional();

const actionable = { action_id: actionId, confirm };
const select = { ...actionable, placeholder, focus_on_load: focus };
const multi = { ...select, max_selected_items: maxSelected };
const typed = { action_id: actionId, placeholder, focus_on_load: focus, dispatch_action_config: dispatch };

export const button = z.strictObject({
  type: z.literal('button'),
  ...actionable,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: url.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().min(1).max(75).optional(),
});

export const image = z.strictObject({
  type: z.literal('image'),
  image_url: url,
  alt_text: z.string().min(1).max(2000),
});

const lists = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
/** Told apart from the shape, so that the union can still look at `type`. */
const oneList = (element: { options?: unknown; option_groups?: unknown }) =>
  (element.options === undefined) !== (element.option_groups === undefined);
const oneListOnly = { message: 'needs exactly one of options and option_groups' };

const staticSelect = z
  .strictObject({ type: z.literal('static_select'), ...select, ...lists, initial_option: option.optional() })
  .refine(oneList, oneListOnly);
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...multi,
    ...lists,
    initial_options: z.array(option).min(1).optional(),
  })
  .refine(oneList, oneListOnly);
const minQuery = z.number().int().min(0).optional();
const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  ...select,
  min_query_length: minQuery,
  initial_option: option.optional(),
});
const multiExternalSelect = z.strictObject({
  type: z.literal('multi_external_select'),
  ...multi,
  min_query_length: minQuery,
  initial_options: z.array(option).min(1).optional(),
});
const usersSelect = z.strictObject({ type: z.literal('users_select'), ...select, initial_user: z.string().optional() });
const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  ...multi,
  initial_users: z.array(z.string()).optional(),
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...select,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .refine((filter) => Object.keys(filter).length > 0, { message: 'needs at least one of its fields' })
    .optional(),
  response_url_enabled: z.boolean().optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...actionable,
  options: z.array(option).min(1).max(5),
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...actionable,
  focus_on_load: focus,
  options: z.array(richOption).min(1).max(10),
  initial_options: z.array(richOption).min(1).max(10).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...actionable,
  focus_on_load: focus,
  options: z.array(richOption).min(1).max(10),
  initial_option: richOption.optional(),
});
const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...select,
  initial_date: z.iso.date().optional(),
});
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...typed,
  initial_value: z.string().optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
});
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...typed,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

const choices = [
  staticSelect,
  multiStaticSelect,
  externalSelect,
  multiExternalSelect,
  usersSelect,
  multiUsersSelect,
  conversationsSelect,
  checkboxes,
  radioButtons,
  datepicker,
] as const;

export const actionsElement = z.discriminatedUnion('type', [button, overflow, ...choices]);
export const accessory = z.discriminatedUnion('type', [button, image, overflow, ...choices]);
export const inputElement = z.discriminatedUnion('type', [plainTextInput, numberInput, ...choices]);

export type Button = z.output<typeof button>;
export type InputElement = z.output<typeof inputElement>;
/** An element that sends `block_actions` when it is used. */
export type ActionElement = z.output<typeof actionsElement>;
