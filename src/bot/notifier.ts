import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { MessageRef, Notifier, Telling } from '../jobs/notifier.js';
import type { Request } from '../jobs/request.js';
import { METADATA } from './ids.js';
import { filesMessage, noFilesMessage } from './messages/evidence.js';
import { asTextOnly } from './messages/fallback.js';
import type { Message } from './messages/render.js';
import { rootMessage } from './messages/root.js';
import { type ThreadMessage, threadReplies } from './messages/thread.js';
import { isAboutForm, toNotifierError } from './slack/errors.js';
import { isOurs, type MarkedMessage, markedMessage, rootMark } from './slack/marks.js';

/** Slack's clock may be behind ours. */
const CLOCK_SKEW_MS = 60_000;
const PAGE = 200;
/** Nothing of ours is to be made a link or a mention that we did not write as one. */
const AS_WRITTEN = { parse: 'none', link_names: false } as const;
const UNFURL_NOTHING = { unfurl_links: false, unfurl_media: false } as const;

const posted = z.object({ channel: z.string(), ts: z.string() });
const toldMark = z.object({ request: z.string(), telling: z.string(), part: z.number() });
type HistoryPage = { messages?: unknown[]; response_metadata?: { next_cursor?: string } };

/** Speaks in Slack for the jobs. The client must make one attempt, reject when rate limited, and have a time limit. */
export function createNotifier(options: { client: WebClient; botUserId(): string }): Notifier {
  const { client } = options;

  const marked = (messages: readonly MarkedMessage[], type: string): { ts: string; payload: unknown }[] =>
    messages
      .filter((message) => isOurs(message, type, options.botUserId()))
      .map(({ ts, metadata }) => ({ ts, payload: metadata?.event_payload }));

  async function post(channel: string, told: ThreadMessage, mark: Mark, thread?: string): Promise<MessageRef> {
    const { broadcast, ...message } = told;
    const toAll = broadcast ? { reply_broadcast: true as const } : {};
    const place = thread === undefined ? {} : { thread_ts: thread, ...toAll };
    const { channel: where, ts } = await sayIt(message, async (content) =>
      posted.parse(
        await client.chat.postMessage({
          channel,
          ...content,
          ...AS_WRITTEN,
          ...UNFURL_NOTHING,
          metadata: mark,
          ...place,
        }),
      ),
    );
    return { channel: where, id: ts };
  }

  const threadOf = ({ channel, id: ts }: MessageRef) =>
    allPages((page) => client.conversations.replies({ channel, ts, ...page }));
  const findNoFiles = ({ id }: Request, messages: readonly MarkedMessage[]): boolean =>
    marked(messages, METADATA.noFiles).some(({ payload }) => rootMark.safeParse(payload).data?.request === id);

  return {
    postRoot: (request) => post(request.channel, rootOf(request), rootMarkOf(request)),

    async findRoot(request) {
      const oldest = String((request.createdAt - CLOCK_SKEW_MS) / 1_000);
      const { channel } = request;
      const messages = await allPages((page) => client.conversations.history({ channel, oldest, ...page }));
      const ours = marked(messages, METADATA.root)
        .filter(({ payload }) => rootMark.safeParse(payload).data?.request === request.id)
        .map(({ ts }) => ts)
        .sort();
      return ours[0] === undefined ? undefined : { channel, id: ours[0] };
    },

    async showRequester(request) {
      const { channel, requester: user } = request;
      await sayIt(rootOf(request), (content) =>
        client.chat.postEphemeral({ channel, user, ...content, ...AS_WRITTEN }),
      );
    },

    /**
     * A root message that is gone, or that the workspace no longer lets us edit, is `NotifierRefused` too, with
     * Slack's code: a new one would stand far from its thread and would ask for approval a second time. The thread
     * can still be told.
     */
    async updateRoot(request, root) {
      await sayIt(rootOf(request), (content) =>
        client.chat.update({ channel: root.channel, ts: root.id, ...content, ...AS_WRITTEN }),
      );
    },

    repliesOf: (request, entries, telling) =>
      threadReplies(request, entries, telling, request.language).map((reply, place) => ({
        async post(root) {
          await post(root.channel, reply, toldMarkOf(request, telling, place), root.id);
        },
      })),

    async showFiles(request, root, files) {
      await asked(() =>
        client.filesUploadV2({
          channel_id: root.channel,
          thread_ts: root.id,
          initial_comment: filesMessage(request).text,
          file_uploads: files.map(({ name, content }) => ({ file: Buffer.from(content), filename: name, title: name })),
        }),
      );
    },

    async tellNoFiles(request, root, code) {
      await post(root.channel, noFilesMessage(request, code), noFilesMarkOf(request), root.id);
    },

    async findFiles(request, root, files) {
      const messages = await threadOf(root);
      const names = files.map(({ name }) => name);
      const isFile = ({ user, files: there = [] }: MarkedMessage) =>
        user === options.botUserId() && there.some(({ name }) => names.includes(name ?? ''));
      return messages.some(isFile) || findNoFiles(request, messages);
    },

    async findReplies(request, root, telling) {
      const messages = await threadOf(root);
      const wanted = markedTelling(telling);
      const places = marked(messages, METADATA.told)
        .map(({ payload }) => toldMark.safeParse(payload).data)
        .filter((mark) => mark?.request === request.id && mark.telling === wanted)
        .flatMap((mark) => mark?.part ?? []);
      return new Set(places);
    },
  };
}

type Mark = { event_type: string; event_payload: Record<string, string | number> };

const rootOf = (request: Request): Message => rootMessage(request, { language: request.language });

const rootMarkOf = ({ id }: Request): Mark => ({ event_type: METADATA.root, event_payload: { request: id } });

const noFilesMarkOf = ({ id }: Request): Mark => ({ event_type: METADATA.noFiles, event_payload: { request: id } });

const toldMarkOf = ({ id }: Request, telling: Telling, part: number): Mark => ({
  event_type: METADATA.told,
  event_payload: { request: id, telling: markedTelling(telling), part },
});

const markedTelling = ({ news, results, last }: Telling): string => `${news}/${results ?? '-'}/${last}`;

type Content = { text: string; blocks?: KnownBlock[] };

/** Better words without blocks than no words: what Slack refuses for its form is said once more as text. */
async function sayIt<T>(message: Message, send: (content: Content) => Promise<T>): Promise<T> {
  try {
    return await send(message);
  } catch (error) {
    if (!isAboutForm(error)) throw toNotifierError(error);
  }
  return asked(() => send(asTextOnly(message)));
}

async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toNotifierError(error);
  }
}

type PageArguments = { limit: number; include_all_metadata: true; cursor?: string };

async function allPages(read: (page: PageArguments) => Promise<HistoryPage>): Promise<MarkedMessage[]> {
  const messages: MarkedMessage[] = [];
  let cursor: string | undefined;
  do {
    const from = cursor === undefined ? {} : { cursor };
    const page = await asked(() => read({ limit: PAGE, include_all_metadata: true, ...from }));
    for (const message of page.messages ?? []) {
      const read = markedMessage.safeParse(message);
      if (read.success) messages.push(read.data);
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return messages;
}
