import type { ActionElement, InputElement } from '../blocks/elements.js';
import { actionsOf } from '../blocks/find.js';
import type { Block } from '../blocks/schema.js';
import type { Option } from '../blocks/text.js';
import type { Entered } from '../model.js';
import { GestureFailure } from '../refusal.js';
import { selection } from './payloads.js';

/** What a person enters, by `action_id`. An option is given whole, or by its value. */
export type FormValues = Readonly<Record<string, string | Option | readonly (string | Option)[]>>;
type Chosen = readonly (string | Option)[];
type Field = { block: Block; element: InputElement };

const fieldsOf = (blocks: readonly Block[]): readonly Field[] =>
  blocks.flatMap((block) => actionsOf(block).flatMap((element) => (isField(element) ? { block, element } : [])));
const isField = (element: ActionElement | InputElement): element is InputElement =>
  element.type !== 'button' && element.type !== 'overflow';

/** What stands in an element before anyone touches it. */
function initialOf(element: InputElement): Chosen {
  const given: Readonly<Record<string, unknown>> = element;
  const first =
    given.initial_value ??
    given.initial_option ??
    given.initial_user ??
    given.initial_conversation ??
    given.initial_date;
  return (given.initial_options ?? given.initial_users ?? (first === undefined ? [] : [first])) as Chosen;
}

function offerOf(element: InputElement): readonly Option[] | undefined {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap(({ options }) => options)];
    case 'radio_buttons':
    case 'checkboxes':
      return element.options as readonly Option[];
    default:
      return undefined;
  }
}

/** An option's value has to be one that is on offer; what an external select offers is not known here. */
export function pick(element: InputElement, chosen: string | Option): string | Option {
  const offered = offerOf(element);
  if (!offered) return chosen;
  const value = typeof chosen === 'string' ? chosen : chosen.value;
  const found = offered.find((option) => option.value === value);
  if (!found) throw new GestureFailure('not_on_screen', `${element.action_id} has no option "${value}"`);
  return found;
}

/** What Slack's client itself says before it sends a form. */
function complaint({ block, element }: Field, [first]: Chosen): string | undefined {
  if (block.type !== 'input') return undefined;
  if (first === undefined || first === '') return block.optional ? undefined : 'Please complete this required field.';
  if (element.type !== 'plain_text_input' || typeof first !== 'string') return undefined;
  const { min_length: min = 0, max_length: max = 3000 } = element;
  if (first.length < min) return `Please enter at least ${min} characters.`;
  return first.length > max ? `Please enter at most ${max} characters.` : undefined;
}

/**
 * Fills a form in, over what was entered before: the `state.values` that Slack sends, what its client complains of, by
 * `block_id`, and all that has been entered now.
 */
export function fillIn(blocks: readonly Block[], values: FormValues, before: Entered = {}) {
  const entered: Record<string, Record<string, Chosen>> = {};
  const state: Record<string, Record<string, unknown>> = {};
  const errors: Record<string, string> = {};
  const fields = fieldsOf(blocks);
  const unknown = Object.keys(values).find((id) => !fields.some(({ element }) => element.action_id === id));
  if (unknown !== undefined) throw new GestureFailure('not_on_screen', `there is no field "${unknown}"`);
  for (const field of fields) {
    const { block_id = '' } = field.block;
    const { action_id = '', type } = field.element;
    const given = values[action_id];
    const typed = given === undefined ? before[block_id]?.[action_id] : ([given].flat() as Chosen);
    const picked = (typed ?? initialOf(field.element)).map((one) => pick(field.element, one));
    if (typed !== undefined) entered[block_id] = { ...entered[block_id], [action_id]: picked };
    const error = complaint(field, picked);
    if (error !== undefined) errors[block_id] = error;
    state[block_id] = { ...state[block_id], [action_id]: { type, ...selection(type, picked) } };
  }
  return { state, errors, entered };
}
