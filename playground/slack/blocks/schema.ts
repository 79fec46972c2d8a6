import { z } from 'zod';
import { accessory, actionsElement, image as imageElement, inputElement } from './elements.js';
import { richText } from './rich-text.js';
import { anyText, blockId, mrkdwn, plainText, url } from './text.js';

/**
 * The blocks of the Block Kit reference, each with its limits. Kinds that are not here (card, carousel, container,
 * context_actions, data_table, file, video) are refused as unknown.
 */

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, { message: 'needs text or fields' });

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
  richText,
]);
const column = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});
const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(column.nullable()).max(20).optional(),
});

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id: blockId,
  task_id: z.string().min(1),
  title: z.string().min(1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url, text: z.string() })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

export const block = z.discriminatedUnion('type', [
  section,
  table,
  taskCard,
  richText,
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
  z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) }),
  z.strictObject({
    type: z.literal('context'),
    block_id: blockId,
    elements: z
      .array(z.discriminatedUnion('type', [imageElement, plainText(2000), mrkdwn(2000)]))
      .min(1)
      .max(10),
  }),
  z.strictObject({ type: z.literal('actions'), block_id: blockId, elements: z.array(actionsElement).min(1).max(25) }),
  z.strictObject({
    type: z.literal('image'),
    block_id: blockId,
    image_url: url,
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
  }),
  z.strictObject({
    type: z.literal('input'),
    block_id: blockId,
    label: plainText(2000),
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
    element: inputElement,
  }),
  z.strictObject({ type: z.literal('markdown'), block_id: blockId, text: z.string().min(1).max(12_000) }),
  z.strictObject({
    type: z.literal('alert'),
    block_id: blockId,
    text: anyText(3000),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  z.strictObject({
    type: z.literal('plan'),
    block_id: blockId,
    title: z.string().min(1),
    tasks: z.array(taskCard).optional(),
  }),
]);

export type Block = z.output<typeof block>;
