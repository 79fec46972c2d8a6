import { type Deliveries, type Delivery, makeDeliveries, type Retry } from './delivery.js';
import { makeFaults } from './faults.js';
import { type Answer, type HttpRequest, jsonReply, listen } from './http.js';
import { makeHttpCarrier } from './http-delivery.js';
import type { LocalSlack, SlackOptions } from './local-slack.js';
import { threadOf } from './messages.js';
import { authMethods } from './methods/auth.js';
import { chatMethods } from './methods/chat.js';
import { conversationMethods } from './methods/conversations.js';
import { fileMethods } from './methods/files.js';
import { reactionMethods } from './methods/reactions.js';
import { userGroupMethods } from './methods/usergroups.js';
import { userMethods } from './methods/users.js';
import { viewMethods } from './methods/views.js';
import { makeActor } from './person/actor.js';
import { eventPayload } from './person/payloads.js';
import { makePerson } from './person/person.js';
import { makeRateLimits } from './rate-limits.js';
import { route } from './routes.js';
import { makeSocketMode } from './socket-mode.js';
import { makeState, type State } from './state.js';
import { waitFor } from './wait-for.js';
import type { WebApiParts } from './web-api.js';
import { makeWorkspace } from './workspace.js';

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
