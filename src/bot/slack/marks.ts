import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { MessageRef } from '../../jobs/notifier.js';
import { METADATA } from '../ids.js';

/** Our own messages, found again by the metadata that they were posted with. */

export const markedMessage = z.object({
  ts: z.string(),
  user: z.string().optional(),
  files: z.array(z.object({ name: z.string().nullish() })).optional(),
  metadata: z.object({ event_type: z.string(), event_payload: z.unknown() }).optional(),
  reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })).optional(),
});
export type MarkedMessage = z.infer<typeof markedMessage>;

export const rootMark = z.object({ request: z.string() });

/** Metadata can be written by any app; only what we posted ourselves counts. */
export const isOurs = ({ user, metadata }: MarkedMessage, type: string, botUserId: string): boolean =>
  user === botUserId && metadata?.event_type === type;

/** A root message as it stands in the channel. */
export type SeenRoot = { request: string; reactions: readonly { name: string; users: readonly string[] }[] };

/** Undefined for any other message. */
export type ReadRoot = (message: MessageRef) => Promise<SeenRoot | undefined>;

export function createReadRoot(client: WebClient, botUserId: () => string): ReadRoot {
  return async ({ channel, id }) => {
    const just = { oldest: id, latest: id, inclusive: true, limit: 1, include_all_metadata: true } as const;
    const { messages } = await client.conversations.history({ channel, ...just });
    const message = markedMessage.safeParse(messages?.[0]).data;
    if (message === undefined || message.ts !== id || !isOurs(message, METADATA.root, botUserId())) return undefined;
    const mark = rootMark.safeParse(message.metadata?.event_payload).data;
    return mark && { request: mark.request, reactions: message.reactions ?? [] };
  };
}
