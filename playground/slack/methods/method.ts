import type { Args } from '../args.js';
import type { RateLimit } from '../rate-limits.js';
import { SlackRefusal } from '../refusal.js';
import type { State } from '../state.js';
import { type Channel, conversation } from '../workspace.js';

/** One method of the Web API. What it returns is sent with `ok: true`; a `SlackRefusal` that it throws with `ok: false`. */
export type Method = {
  token: 'bot' | 'app';
  /** One of these must have been granted. */
  scopes: readonly string[];
  limit: RateLimit;
  run(args: Args, state: State): Record<string, unknown>;
};
export type Methods = Readonly<Record<string, Method>>;

export function needScope({ workspace }: State, ...anyOf: readonly string[]): void {
  if (anyOf.length === 0 || anyOf.some((scope) => workspace.scopes.has(scope))) return;
  throw new SlackRefusal('missing_scope', [], { needed: anyOf.join(','), provided: [...workspace.scopes].join(',') });
}

/** The conversation of the argument; a private one that the app is not in does not exist for it. */
export function findChannel({ workspace }: State, id: string): Channel {
  const found = conversation(workspace, id);
  if (!found || (found.isPrivate && !found.members.has(workspace.botUserId))) {
    throw new SlackRefusal('channel_not_found');
  }
  return found;
}

/** The conversation of the argument, when the app may write there. */
export function writableChannel(state: State, id: string): Channel {
  const channel = findChannel(state, id);
  if (channel.isArchived) throw new SlackRefusal('is_archived');
  if (!channel.members.has(state.workspace.botUserId) && !state.workspace.scopes.has('chat:write.public'))
    throw new SlackRefusal('not_in_channel');
  return channel;
}

/** Cuts a page out of a list; the cursor names the place where the next page begins. */
export function page<T>(items: readonly T[], args: Args, fallback: number, most: number) {
  const limit = Math.min(args.count('limit', fallback), most);
  const cursor = args.text('cursor');
  const start = cursor ? readCursor(cursor) : 0;
  const next = start + limit < items.length ? Buffer.from(`next:${start + limit}`).toString('base64') : '';
  return { items: items.slice(start, start + limit), metadata: { next_cursor: next }, more: next !== '' };
}

function readCursor(cursor: string): number {
  const start = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1];
  if (start === undefined) throw new SlackRefusal('invalid_cursor');
  return Number(start);
}
