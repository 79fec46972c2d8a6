import { type Deliveries, type Delivery, makeDeliveries, type Retry } from './delivery.js';
import { type Faults, makeFaults } from './faults.js';
import { type Answer, type HttpRequest, jsonReply, listen } from './http.js';
import { makeHttpCarrier } from './http-delivery.js';
import { threadOf } from './messages.js';
import { authMethods } from './methods/auth.js';
import { chatMethods } from './methods/chat.js';
import { conversationMethods } from './methods/conversations.js';
import { fileMethods } from './methods/files.js';
import { reactionMethods } from './methods/reactions.js';
import { userGroupMethods } from './methods/usergroups.js';
import { userMethods } from './methods/users.js';
import { viewMethods } from './methods/views.js';
import type { ApiCall, Ephemeral, Message, View } from './model.js';
import { makeActor } from './person/actor.js';
import { eventPayload } from './person/payloads.js';
import { makePerson, type Person } from './person/person.js';
import { makeRateLimits } from './rate-limits.js';
import { route } from './routes.js';
import { type DisconnectReason, makeSocketMode } from './socket-mode.js';
import { makeState, type State } from './state.js';
import { waitFor } from './wait-for.js';
import type { WebApiParts } from './web-api.js';
import { makeWorkspace, type Workspace } from './workspace.js';

export type SlackOptions = {
  botToken: string;
  appToken: string;
  signingSecret: string;
  port?: number;
  /** Milliseconds since 1970; everything but the ack limit and the signature's timestamp goes by it. */
  now?: () => number;
  workspace?: Partial<Workspace>;
  /** True unless told. */
  rateLimits?: boolean;
  /** How long the app has to ack, by the machine's own clock; three seconds unless told. */
  ackLimitMs?: number;
};

export type LocalSlack = Pick<Faults, 'fail' | 'hold'> & {
  readonly url: string;
  readonly apiUrl: string;
  readonly workspace: Workspace;
  /** Everything in a channel, replies among it, oldest first. */
  messages(channel: string): readonly Message[];
  thread(channel: string, ts: string): readonly Message[];
  ephemerals(channel: string, user: string): readonly Ephemeral[];
  readonly views: readonly View[];
  /** Calls of the Web API and posts to response URLs, oldest first. */
  readonly calls: readonly ApiCall[];
  /** What the app was told, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** The bytes that were uploaded under a file's id. */
  file(id: string): Buffer | undefined;
  clearFaults(): void;
  as(userId: string): Person;
  /** Resolves with what `find` finds, which is asked again at each change; rejects after `limitMs` with all that is there. */
  waitFor<T>(
    find: (slack: LocalSlack) => T | undefined | null | false,
    description: string,
    limitMs?: number,
  ): Promise<T>;
  /** Sends an event that is no person's gesture, for example `user_change`. */
  emit(event: { type: string; [more: string]: unknown }): Promise<void>;
  /** Sends an envelope once more, the same in all but the retry; the last one unless told. */
  redeliver(options?: { delivery?: Delivery; retry?: Retry }): Promise<void>;
  /** From now on the app is in HTTP mode, with this request URL. */
  deliverTo(requestUrl: string): void;
  /** Socket Mode connections that are open. */
  sockets(): number;
  /** The oldest so many Socket Mode connections; all of them unless told. */
  disconnect(reason: DisconnectReason, connections?: number): void;
  stop(): Promise<void>;
};

/** Starts a Slack on loopback, written from Slack's documents: one workspace, one app installed in it. */
export async function startSlack(options: SlackOptions): Promise<LocalSlack> {
  const now = options.now ?? Date.now;
  let handle: (request: HttpRequest) => Promise<Answer> = async () => jsonReply({ ok: false }, 503);
  const { server, origin, close } = await listen(options.port ?? 0, (request) => handle(request));
  const state = makeState(origin, makeWorkspace(options.workspace), now);
  const { appId } = state.workspace;
  const sockets = makeSocketMode({ server, origin, appId, newId: state.newId, changed: state.changed });
  const faults = makeFaults();
  const parts: WebApiParts = {
    state,
    faults,
    tokens: { bot: options.botToken, app: options.appToken },
    methods: methodsOf(sockets.newUrl),
    ...(options.rateLimits !== false && { limits: makeRateLimits(now) }),
  };
  handle = (request) => route(parts, request);
  let carrier = sockets.carrier;
  const deliveries = makeDeliveries(() => carrier, options.ackLimitMs ?? 3_000, state.changed);
  const slack: LocalSlack = {
    ...reading(state),
    ...telling(state, deliveries),
    fail: faults.fail,
    hold: faults.hold,
    clearFaults: faults.clear,
    waitFor: (find, description, limitMs) => waitFor(slack, state.nextChange, find, description, limitMs),
    deliverTo: (requestUrl) => {
      carrier = makeHttpCarrier(requestUrl, options.signingSecret);
    },
    sockets: sockets.open,
    disconnect: sockets.disconnect,
    stop: async () => {
      deliveries.stop();
      faults.release();
      sockets.stop();
      await close();
    },
  };
  return slack;
}

const methodsOf = (newSocketUrl: () => string) => ({
  ...authMethods(newSocketUrl),
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...reactionMethods,
  ...userGroupMethods,
  ...userMethods,
  ...viewMethods,
});

const reading = (state: State) => ({
  url: state.origin,
  apiUrl: `${state.origin}/api/`,
  workspace: state.workspace,
  views: state.views,
  calls: state.calls,
  messages: (channel: string) => [...(state.messages.get(channel) ?? [])],
  thread: (channel: string, ts: string) => threadOf(state, channel, ts),
  ephemerals: (channel: string, user: string) =>
    state.ephemerals.filter((one) => one.channel === channel && one.user === user),
  file: (id: string) => state.files.get(id)?.bytes,
});

const telling = (state: State, deliveries: Deliveries) => ({
  deliveries: deliveries.log,
  as: (userId: string) => makePerson(makeActor(state, deliveries, userId)),
  emit: async (event: Record<string, unknown>) => {
    const payload = eventPayload(state, { event_ts: state.newTs(), ...event });
    await deliveries.deliver({ id: state.newId('envelope'), type: 'events_api', payload });
  },
  redeliver: async ({ delivery = deliveries.log.at(-1), retry }: { delivery?: Delivery; retry?: Retry } = {}) => {
    if (!delivery) throw new Error('nothing was delivered yet');
    await deliveries.deliver(delivery.envelope, retry);
  },
});
