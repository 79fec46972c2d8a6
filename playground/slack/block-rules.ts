import { z } from 'zod';
import { actionsOf } from './blocks/find.js';
import { type Block, block } from './blocks/schema.js';
import { SlackRefusal } from './refusal.js';

export type Surface = 'message' | 'modal' | 'home';

/** Block Kit reference: which block may stand where. */
const FORBIDDEN: Readonly<Record<Surface, readonly Block['type'][]>> = {
  message: ['alert'],
  modal: ['markdown', 'plan', 'table', 'task_card'],
  home: ['alert', 'markdown', 'plan', 'table', 'task_card'],
};
const MOST_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** Documented nowhere; several projects measured a ceiling of about this many bytes of JSON. */
const MOST_BYTES = 13_200;
const MOST_MARKDOWN = 12_000;

const at = (words: string, path: string) => `[ERROR] ${words} [json-pointer:${path}]`;

/** Says a schema's complaint the way Slack's `response_metadata.messages` do. */
function inSlacksWords(issue: z.core.$ZodIssue, base: string): string {
  const path = `${base}${issue.path.map((part) => `/${String(part)}`).join('')}`;
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? at(`must be less than ${Number(issue.maximum) + 1} characters`, path)
        : at(`no more than ${issue.maximum} items allowed`, path);
    case 'too_small':
      return issue.origin === 'string'
        ? at(`must be more than ${Number(issue.minimum) - 1} characters`, path)
        : at(`no fewer than ${issue.minimum} items allowed`, path);
    case 'unrecognized_keys':
      return at(`invalid additional property: ${issue.keys.join(', ')}`, path);
    case 'invalid_union':
      return at('unsupported type', path);
    default:
      return at(issue.message, path);
  }
}

/** Reads any part of a payload by its schema, or refuses with `error` and readable messages. */
export function readShape<T extends z.ZodType>(schema: T, value: unknown, error: string, base: string): z.output<T> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new SlackRefusal(
    error,
    read.error.issues.map((issue) => inSlacksWords(issue, base)),
  );
}

/** The blocks when Slack would take them on this surface; else it throws what Slack answers. */
export function checkBlocks(value: unknown, surface: Surface, error = 'invalid_blocks', base = '/blocks'): Block[] {
  if (!Array.isArray(value)) throw new SlackRefusal(surface === 'message' ? 'invalid_blocks_format' : error);
  if (value.length > MOST_BLOCKS[surface])
    throw new SlackRefusal(error, [at(`no more than ${MOST_BLOCKS[surface]} items allowed`, base)]);
  const blocks = readShape(z.array(block), value, error, base);
  const faults = [...misplaced(blocks, surface, base), ...repeated(blocks, base), ...tooMuchMarkdown(blocks, base)];
  if (faults.length > 0) throw new SlackRefusal(error, faults);
  if (blocks.filter(({ type }) => type === 'table').length > 1)
    throw new SlackRefusal('invalid_attachments', ['only_one_table_allowed']);
  if (surface === 'message' && Buffer.byteLength(JSON.stringify(value)) > MOST_BYTES)
    throw new SlackRefusal('msg_blocks_too_long');
  return blocks;
}

function misplaced(blocks: readonly Block[], surface: Surface, base: string): string[] {
  return blocks.flatMap((found, index) =>
    FORBIDDEN[surface].includes(found.type)
      ? [at(`unsupported type: ${found.type} in a ${surface}`, `${base}/${index}/type`)]
      : [],
  );
}

function repeated(blocks: readonly Block[], base: string): string[] {
  const seen = new Set<string>();
  return blocks.flatMap((found, index) => {
    const faults: string[] = [];
    const id = found.block_id;
    if (id !== undefined && seen.has(id))
      faults.push(at(`block_id "${id}" already exists`, `${base}/${index}/block_id`));
    if (id !== undefined) seen.add(id);
    const actions = actionsOf(found).flatMap(({ action_id }) => action_id ?? []);
    if (new Set(actions).size < actions.length) faults.push(at('`action_id` already exists', `${base}/${index}`));
    return faults;
  });
}

function tooMuchMarkdown(blocks: readonly Block[], base: string): string[] {
  const length = blocks.reduce((sum, found) => sum + (found.type === 'markdown' ? found.text.length : 0), 0);
  return length > MOST_MARKDOWN ? [at(`markdown must be less than ${MOST_MARKDOWN + 1} characters`, base)] : [];
}

/** Slack gives a block and an element that came without an id one of its own. */
export function withIds(blocks: readonly Block[], newId: () => string): Block[] {
  return blocks.map((found) => {
    const named = { ...found, block_id: found.block_id ?? newId() };
    const action = <T extends { action_id?: string | undefined }>(element: T): T => ({
      ...element,
      action_id: element.action_id ?? newId(),
    });
    switch (named.type) {
      case 'actions':
        return { ...named, elements: named.elements.map(action) };
      case 'input':
        return { ...named, element: action(named.element) };
      case 'section':
        return named.accessory && named.accessory.type !== 'image'
          ? { ...named, accessory: action(named.accessory) }
          : named;
      default:
        return named;
    }
  });
}
