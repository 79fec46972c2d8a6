import type { RespondArguments, SlashCommand } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { type Gate, makeGate } from '../../../playground/gate.js';
import type { Identity, Place } from '../../../src/bot/identity.js';
import { encodeDecision } from '../../../src/bot/ids.js';
import type { FormArguments } from '../../../src/bot/listeners/deny-form.js';
import type { ButtonArguments } from '../../../src/bot/listeners/gesture/button.js';
import type { ListenerDependencies } from '../../../src/bot/listeners/gesture/dependencies.js';
import { DENIAL_FIELD } from '../../../src/bot/messages/denial.js';
import type { HomeTab } from '../../../src/bot/messages/home.js';
import type { SeenRoot } from '../../../src/bot/slack/marks.js';
import type { Language } from '../../../src/jobs/events.js';
import type { Entry, RequestLog } from '../../../src/jobs/log.js';
import type { MessageRef } from '../../../src/jobs/notifier.js';
import type { Person } from '../../../src/jobs/policy.js';
import type { Request } from '../../../src/jobs/request.js';
import { createReader } from '../../../src/jobs/request-reader.js';
import { createRequestStore, createRequests, type RequestStore } from '../../../src/jobs/requests.js';
import { reasonsWanted } from '../../../src/jobs/terms.js';
import type { LogFields, Logger } from '../../../src/logger.js';
import { aHouse, aPolicy, CHANNEL, makeClock, member } from '../../jobs/house.js';
import { aGroup, anInstance, createCommand } from '../../jobs/samples.js';

/** What listeners are given, held in memory: people, places, requests, and all that was answered and logged. */

export const TEAM = 'T0LOCAL';
export const ASKER = 'U0ASKER';
export const LEAD = 'U0LEAD0';
export const WORKSPACE = 'https://acme.slack.example/';

export type Line = { level: string; fields: LogFields; message: string };
export type Desk = {
  dependencies: ListenerDependencies;
  people: Map<string, { person: Person; language: Language | undefined }>;
  places: Map<string, Place>;
  lines: Line[];
  /** What happened, in order: `ack`, `look`, `open`, `answer`. */
  steps: string[];
  answers: RespondArguments[];
  store: RequestStore;
  /** Where requests are shown. */
  roots: Map<string, MessageRef>;
  /** Identity does not answer until it is opened. */
  park(): Gate<void>;
  /** Slack does not answer about anybody, or about any place. */
  loseSlack(): void;
  /** Answers do not arrive any more. */
  loseAnswers(error: Error): void;
  /** Forms do not open any more. */
  loseForms(error: Error): void;
  /** The time of all timers that run is over. */
  ringTimers(): void;
  /** Forms that were opened. */
  /** Root messages as they stand in the channel, by the time that is their id. */
  seen: Map<string, SeenRoot>;
  forms: { trigger: string; view: ModalView }[];
  /** What was put on people’s Home tabs. */
  homes: { user: string; view: HomeTab; hash: string | undefined }[];
  /** So many milliseconds go by. */
  pass(ms: number): void;
  /** A request that waits for two approvals. */
  waiting(): Promise<Request>;
  click(userId: string, value: string | undefined, more?: { teamId?: string; actionId?: string }): ButtonArguments;
  /** Sends a form with this reason in it. */
  send(
    userId: string,
    view: Pick<ModalView, 'private_metadata'>,
    reason: string,
    more?: { teamId?: string },
  ): FormArguments;
  /** What forms were acked with. */
  acks: unknown[];
  type(userId: string, text: string, more?: Partial<SlashCommand>): Typed;
};
export type Typed = { ack(): Promise<void>; command: SlashCommand; respond: ButtonArguments['respond'] };

export function openDesk({ language = 'en' as Language } = {}): Desk {
  const people: Desk['people'] = new Map(
    [member(ASKER), member(LEAD), member('U0LEAD1'), member('U0OTHER')].map((person) => [
      person.id,
      { person, language: undefined },
    ]),
  );
  const places: Desk['places'] = new Map([[CHANNEL, { kind: 'usable' }]]);
  const lines: Line[] = [];
  const steps: string[] = [];
  const answers: RespondArguments[] = [];
  const { log, store, now, pass } = makeStore();
  const forms: Desk['forms'] = [];
  const seen: Desk['seen'] = new Map();
  const acks: unknown[] = [];
  const homes: Desk['homes'] = [];
  const timers = new Set<() => void>();
  const roots: Desk['roots'] = new Map();
  const house = aHouse({ policies: [aPolicy({ approvals: 2 })] });
  let gate: Gate<void> | undefined;
  let isLost = false;
  let lostAnswer: Error | undefined;
  let lostForm: Error | undefined;
  const found = async <T>(value: T | undefined): Promise<T> => {
    steps.push('look');
    await gate?.promise;
    if (isLost || value === undefined) throw new Error('Slack does not answer');
    return value;
  };
  const identity: Identity = {
    lookUp: (id) => found(people.get(id)),
    readLanguage: async (id) => (await found(people.get(id))).language,
    lookAt: (id) => found(places.get(id) ?? { kind: 'not-in-channel' }),
  };
  const ack = async () => void steps.push('ack');
  const respond = async (message: string | RespondArguments) => {
    steps.push('answer');
    if (lostAnswer !== undefined) throw lostAnswer;
    answers.push(typeof message === 'string' ? { text: message } : message);
    return new Response('ok');
  };
  return {
    dependencies: {
      requests: createRequests(store, { house, now }),
      reader: createReader(store, { log, house }),
      rootOf: async (id) => roots.get(id),
      signs: { read: async (accounts) => accounts.map((account) => ({ account, health: { kind: 'unknown' } })) },
      identity,
      finder: { search: async () => ({ kind: 'no-accounts' }) },
      choices: {
        accounts: () => [],
        keys: async () => undefined,
        instances: async () => undefined,
        reasonsWanted: (asked) => reasonsWanted(house, asked),
      },
      previewer: { preview: async () => ({ kind: 'refused', refusals: [] }) },
      readRoot: async ({ id }) => seen.get(id),
      screens: {
        async open(trigger, view) {
          steps.push('open');
          if (lostForm !== undefined) throw lostForm;
          forms.push({ trigger, view });
          return { kind: 'opened', id: `V${forms.length}` };
        },
        async showHome(user, view, hash) {
          steps.push('home');
          homes.push({ user, view, hash });
        },
        replace: async () => false,
        replaceComing: async () => false,
        async tell(_reader, message) {
          await respond(message);
        },
      },
      speaker: { home: () => ({ teamId: TEAM, botUserId: 'U0BOT', url: WORKSPACE }) },
      language,
      logger: makeLogger(lines),
      command: '/detach-key',
      now: () => 0,
      startTimer: (_ms, run) => {
        timers.add(run);
        return () => timers.delete(run);
      },
      answerMs: 1,
    },
    people,
    places,
    lines,
    steps,
    answers,
    store,
    roots,
    park: () => {
      gate = makeGate();
      return gate;
    },
    loseSlack: () => {
      isLost = true;
    },
    loseAnswers: (error) => {
      lostAnswer = error;
    },
    loseForms: (error) => {
      lostForm = error;
    },
    ringTimers: () => {
      for (const run of timers) run();
    },
    forms,
    seen,
    pass,
    homes,
    waiting: () => makeWaiting(store),
    click: (userId, value, { teamId = TEAM, actionId = 'approve' } = {}) => ({
      ack,
      respond,
      action: {
        type: 'button',
        action_id: actionId,
        block_id: 'b',
        text: { type: 'plain_text', text: 'x' },
        action_ts: '1',
        ...(value !== undefined && { value }),
      },
      body: {
        type: 'block_actions',
        actions: [],
        team: { id: teamId, domain: 'local' },
        channel: { id: CHANNEL, name: 'incident' },
        user: { id: userId, username: userId },
        token: '',
        response_url: '',
        trigger_id: '',
        api_app_id: '',
        container: {},
      },
    }),
    send: (userId, view, reason, { teamId = TEAM } = {}) => ({
      ack: async (response) => {
        acks.push(response);
        steps.push('ack');
      },
      body: { team: { id: teamId, domain: 'local' }, user: { id: userId, name: userId } },
      view: {
        private_metadata: view.private_metadata ?? '',
        state: {
          values: { [DENIAL_FIELD]: { [DENIAL_FIELD]: { type: 'plain_text_input', value: reason } } },
        },
      },
    }),
    acks,
    type: (userId, text, more = {}) => ({ ack, respond, command: { ...COMMAND, user_id: userId, text, ...more } }),
  };
}

const COMMAND: SlashCommand = {
  token: '',
  command: '/detach-key',
  text: '',
  response_url: '',
  trigger_id: 'trigger-1',
  user_id: '',
  user_name: '',
  team_id: TEAM,
  team_domain: 'local',
  channel_id: CHANNEL,
  channel_name: 'incident',
  api_app_id: '',
};

function makeStore(): { log: RequestLog; store: RequestStore } & ReturnType<typeof makeClock> {
  const entries = new Map<string, Entry[]>();
  const open = new Map<string, number>();
  const log: RequestLog = {
    read: async (id, { version }) => (entries.get(id) ?? []).slice(version),
    async append(id, { version }, at, events) {
      const known = entries.get(id) ?? [];
      if (known.length !== version) return undefined;
      const entry = { version: version + 1, hash: '', at, events };
      entries.set(id, [...known, entry]);
      return entry;
    },
    noteOpen: async (id, at) => void open.set(id, at),
    noteClosed: async (id) => void open.delete(id),
    listOpen: async () => [...open].map(([id, since]) => ({ id, since })),
    async listRecent(limit, after) {
      const ids = [...entries.keys()].reverse();
      const from = after === undefined ? 0 : ids.indexOf(after) + 1;
      return ids.slice(from, from + limit);
    },
  };
  const { now, pass } = makeClock();
  return { log, now, pass, store: createRequestStore({ log, now, onAppended: async () => {} }) };
}

async function makeWaiting(store: RequestStore): Promise<Request> {
  const { facts } = createCommand();
  await store.transact(facts.id, () => ({ type: 'create', facts: { ...facts, channel: CHANNEL } }));
  const group = aGroup([anInstance('i-1')]);
  const quorums = [{ account: group.account, approvals: 2 }];
  const terms = { quorums, expiresAfterMs: 60_000, maxInstances: 9 };
  await store.transact(facts.id, () => ({ type: 'survey', selection: 0, group, terms }));
  return store.load(facts.id);
}

export const buttonValueOf = (request: Request): string => encodeDecision(request);

function makeLogger(lines: Line[]): Logger {
  const at = (level: string) => (first: LogFields | string, message?: string) => {
    lines.push(
      typeof first === 'string'
        ? { level, fields: {}, message: first }
        : { level, fields: first, message: message ?? '' },
    );
  };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

/** The only answer that there is. */
export function answerOf({ answers }: Desk): RespondArguments {
  const [answer, ...others] = answers;
  if (answer === undefined || others.length > 0) throw new Error(`there are ${answers.length} answers`);
  return answer;
}
