import { randomUUID } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import { Writable } from 'node:stream';
import { Redis } from 'ioredis';
import type { Message, View } from '../../playground/slack/model.js';
import type { GestureResult } from '../../playground/slack/person/elements.js';
import { renderMessage } from '../../playground/slack/render.js';
import { CHANNEL, PEOPLE, type Stage, type StageOptions, startStage } from '../../playground/stage/stage.js';
import { METADATA, VIEWS } from '../../src/bot/ids.js';
import type { RequestEvent } from '../../src/jobs/events.js';
import { createLog, EMPTY_HEAD, type Entry } from '../../src/jobs/log.js';
import { createLogger } from '../../src/logger.js';

/** What the tests of the whole road share: a stage with its log lines, people's gestures, and what can be read afterwards. */
export type Play = Stage & {
  prefix: string;
  /** Lines that the service logged, from debug on; nothing is masked by value, so a leak shows. */
  logged: string[];
  /** The next line that matches, from now on. */
  nextLine(matches: RegExp): Promise<string>;
  redis: Redis;
};

export const COMMAND = '/detach-key';
export const NO_SEEDS = {
  alibaba: { states: ['running'] },
  tencent: { states: ['stopped'] },
  volcengine: { states: ['running'] },
  huawei: { states: ['stopped'] },
} as const;

export async function openPlay(options: Partial<StageOptions> = {}): Promise<Play> {
  const logged: string[] = [];
  const lines = new EventEmitter();
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      lines.emit('line', String(chunk));
      done();
    },
  });
  const nextLine = async (matches: RegExp): Promise<string> => {
    for await (const [line] of on(lines, 'line', { signal: AbortSignal.timeout(10_000) })) {
      if (matches.test(String(line))) return String(line);
    }
    throw new Error('no more lines');
  };
  const prefix = `e2e-${randomUUID()}`;
  const redisUrl = process.env.REDIS_URL ?? '';
  const stage = await startStage({
    redisUrl,
    transport: 'socket',
    seeds: NO_SEEDS,
    logger: createLogger({ level: 'debug', secrets: [], destination }),
    ...options,
    tuning: { keyPrefix: prefix, ...options.tuning },
  });
  const redis = new Redis(redisUrl);
  const stop = async () => {
    await stage.stop().finally(() => redis.disconnect());
  };
  return { ...stage, stop, prefix, logged, nextLine, redis };
}

type Who = { by?: string; channel?: string };

/** What the person alone is told; it may be more than one answer only by mistake. */
export async function answerTo({ slack }: Pick<Play, 'slack'>, gesture: Promise<GestureResult>): Promise<string> {
  const { responses } = await gesture;
  await slack.waitFor(() => responses.length > 0, 'the private answer', 30_000);
  const [first, ...more] = responses;
  if (first?.response_type !== 'ephemeral' || more.length > 0) throw new Error('not one answer to one person');
  return plainly(first.text ?? '');
}

/** Without the marks that keep a name from being read as markup. */
const plainly = (text: string) => text.replaceAll('`', '');

export function type(play: Play, text: string, { by = PEOPLE.requester, channel = CHANNEL }: Who = {}) {
  return answerTo(play, play.slack.as(by).command(channel, COMMAND, text));
}

export function click(play: Play, by: string, screen: Message, action: string): Promise<string> {
  return answerTo(play, play.slack.as(by).click(screen, action));
}

/** The form behind Deny, on the screen of whoever pressed it. */
export async function openDenial({ slack }: Pick<Play, 'slack'>, by: string, screen: Message): Promise<View> {
  await slack.as(by).click(screen, 'deny');
  const form = () => {
    const view = slack.as(by).modal();
    return view?.callback_id === VIEWS.deny && view;
  };
  return slack.waitFor(form, 'the form that asks why');
}

/** Sends the form; gives what that person alone is told. */
export async function sendDenial(play: Pick<Play, 'slack'>, form: View, reason: string): Promise<string> {
  const { slack } = play;
  const told = () => [...slack.workspace.channels.keys()].flatMap((channel) => slack.ephemerals(channel, form.user));
  const before = new Set(told());
  const { errors } = await slack.as(form.user).submitView(form, { reason });
  if (errors !== undefined) throw new Error(`not taken: ${JSON.stringify(errors)}`);
  const answer = await slack.waitFor(() => told().find((one) => !before.has(one)), 'the answer to the form');
  return plainly(answer.text);
}

export async function deny(play: Pick<Play, 'slack'>, by: string, screen: Message, reason = 'Not now') {
  return sendDenial(play, await openDenial(play, by, screen), reason);
}

/** The list of all instances, or what stands in its place, as the person who clicked reads it. */
export async function show(play: Pick<Play, 'slack'>, by: string, screen: Message): Promise<string> {
  return readView(play, await nextModal(play, by, () => play.slack.as(by).click(screen, 'show_instances')));
}

/** What the gesture puts on the screen in the end: a list opens empty, and is filled then. */
export async function nextModal(play: Pick<Play, 'slack'>, by: string, gesture: () => Promise<unknown>): Promise<View> {
  const { slack } = play;
  const before = slack.as(by).modal();
  await gesture();
  return slack.waitFor(() => {
    const view = slack.as(by).modal();
    return view && view.hash !== before?.hash && !OPENING.test(readView(play, view)) && view;
  }, `what is put before ${by}`);
}

const OPENING = /^(Reading the request|正在读取请求)/;

/** A view as a person reads it. */
export function readView({ slack }: Pick<Play, 'slack'>, { blocks }: View): string {
  const message = { channel: '', user: 'U0BOT', ts: '1', text: '', blocks, versions: [] };
  return renderMessage(slack.workspace, message)
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .join('\n');
}

/** Asks, and gives the request's id. */
export async function ask(play: Play, text: string, who: Who = {}): Promise<string> {
  const answer = await type(play, text, who);
  const [, id] = /[Rr]equest ([0-9A-Z]{6})\b/.exec(answer) ?? [];
  if (id === undefined) throw new Error(`not taken: ${answer}`);
  return id;
}

/** The root message, once it asks for approval. */
export function planned({ slack }: Pick<Play, 'slack'>, id: string): Promise<Message> {
  return slack.waitFor(() => {
    const root = findRoot({ slack }, id);
    return root && hasButton(root, 'approve') ? root : undefined;
  }, `the plan of ${id}`);
}

/** Asks, and waits for the plan. */
export async function plan(play: Play, text: string, who: Who = {}): Promise<{ id: string; root: Message }> {
  const id = await ask(play, text, who);
  return { id, root: await planned(play, id) };
}

export const hasButton = ({ blocks }: Pick<Message, 'blocks'>, id: string): boolean =>
  JSON.stringify(blocks).includes(`"action_id":"${id}"`);

export function rootsOf({ slack }: Pick<Play, 'slack'>, id: string): Message[] {
  return [...slack.workspace.channels.keys()]
    .flatMap((channel) => slack.messages(channel))
    .filter(
      (message) => message.metadata?.event_type === METADATA.root && message.metadata.event_payload.request === id,
    );
}

export const findRoot = (play: Pick<Play, 'slack'>, id: string): Message | undefined => rootsOf(play, id)[0];

export function rootOf(play: Pick<Play, 'slack'>, id: string): Message {
  const root = findRoot(play, id);
  if (root === undefined) throw new Error(`no root message of ${id}`);
  return root;
}

/** The thread without its root. */
export function repliesOf(play: Pick<Play, 'slack'>, id: string): readonly Message[] {
  const { channel, ts } = rootOf(play, id);
  return play.slack.thread(channel, ts).slice(1);
}

const OPEN = /^(?:⏳|🔑|⏸️|🚨|🛑 Cancelling)/u;
const BEGINNING = /^⏳/mu;
/** An ending calls the requester; others are called with other signs, to approve. */
const LAST_WORD = /^<@U\w+> (?:✅|⏭️|⏰|⚠️|🛑|🚫|❌|⌛)/mu;

/** What the requester alone was told, where no plan could be made. */
export const toldAlone = ({ slack }: Pick<Play, 'slack'>, id: string): string[] =>
  slack
    .ephemerals(CHANNEL, PEOPLE.requester)
    .map(({ text }) => plainly(text))
    .filter((text) => text.includes(id) && text.includes('Not possible'));

/** Waits until root and thread are told to the end; gives the thread's texts but for the evidence, or what the requester alone was told. */
export async function ending(play: Pick<Play, 'slack'>, id: string, limitMs = 30_000): Promise<string[]> {
  await play.slack.waitFor(
    () => {
      const root = findRoot(play, id);
      if (!root) return toldAlone(play, id).length > 0;
      const replies = repliesOf(play, id);
      if (OPEN.test(root.text) || !replies.some(({ text }) => LAST_WORD.test(text))) return false;
      // What ran has evidence, which comes last.
      return !replies.some(({ text }) => BEGINNING.test(text)) || replies.some(({ text }) => text.startsWith('📎'));
    },
    `the end of ${id}`,
    limitMs,
  );
  if (!findRoot(play, id)) return toldAlone(play, id);
  const words = repliesOf(play, id).filter(({ files }) => files === undefined);
  return words.map(({ text }) => plainly(text));
}

/** How many lines name this instance. */
export const naming = (texts: readonly string[], instanceId: string): number =>
  texts
    .join('\n')
    .split(/[^\w-]+/u)
    .filter((word) => word === instanceId).length;

export const entriesOf = ({ redis, prefix }: Play, id: string): Promise<readonly Entry[]> =>
  createLog(redis, prefix).read(id, EMPTY_HEAD);

export async function eventsOf(play: Play, id: string): Promise<RequestEvent[]> {
  return (await entriesOf(play, id)).flatMap(({ events }) => events);
}

export const kindsOf = async (play: Play, id: string): Promise<string[]> =>
  (await eventsOf(play, id)).map(({ type: kind }) => kind);

/** Requests that have a log. */
export async function requestsIn({ redis, prefix }: Play): Promise<string[]> {
  const keys: string[] = [];
  for await (const found of redis.scanStream({ match: `${prefix}:*:log`, count: 1000 }))
    keys.push(...(found as string[]));
  return keys.map((key) => /\{(\w+)\}/.exec(key)?.[1] ?? key);
}
