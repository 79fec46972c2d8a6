import { z } from 'zod';

/** Composition objects, with the lengths of the Block Kit reference. */

export const plainText = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });

export const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

export const blockId = z.string().min(1).max(255).optional();
export const actionId = z.string().min(1).max(255).optional();
export const url = z.string().min(1).max(3000);

export const confirm = z
  .strictObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
    style: z.enum(['primary', 'danger']).optional(),
  })
  .optional();

/** The documents name 75 in one place and 150 in another for `value`; the stricter one is held to. */
const optionWith = <T extends z.ZodType>(text: T) =>
  z.strictObject({
    text,
    value: z.string().min(1).max(75),
    description: plainText(75).optional(),
    url: url.optional(),
  });
export const option = optionWith(plainText(75));
export const richOption = optionWith(anyText(75));

export const optionGroup = z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) });

export type Option = z.output<typeof option>;
