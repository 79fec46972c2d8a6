import { stringify } from 'yaml';
import { loadConfig } from '../../src/config.js';
import type { Logger } from '../../src/logger.js';
import type { Account } from '../../src/providers/registry.js';
import { type Service, startService } from '../../src/service.js';
import type { Tuning } from '../../src/tuning.js';
import type { LocalSlack, SlackOptions } from '../slack/local-slack.js';
import { startSlack } from '../slack/slack.js';
import { KIND_IDS, type KindId, type Seed, type StageCloud, settingsFor, startStageCloud } from './clouds.js';

/** Everything around the service, and the service itself, started as in production: what tests and the demo play on. */
export type Stage = {
  slack: LocalSlack;
  clouds: Readonly<Record<KindId, StageCloud>>;
  service: Service;
  /** Starts one more service on the same Redis, Slack and clouds. */
  startAnother(role?: 'all' | 'bot' | 'worker'): Promise<Service>;
  stop(): Promise<void>;
};

export const CHANNEL = 'C0INCIDENT';
export const PEOPLE = { requester: 'U0ALICE', approver: 'U0BOB', other: 'U0DAN' } as const;

type People = { users?: readonly string[]; userGroups?: readonly string[]; schedules?: readonly string[] };
/** The config file, as it is written. */
export type StageFile = {
  language: string;
  accounts: Readonly<Record<string, Account>>;
  onCall?: {
    pagerduty?: { token: string; endpoint: string };
    opsgenie?: { apiKey: string; endpoint: string };
  };
  policies: readonly {
    accounts: readonly string[];
    channels?: readonly string[];
    requesters?: People;
    approvers: People;
    notify?: People;
    approvals: number;
    expiresAfter: string;
    remindBefore?: string;
    escalate?: { after: string; approvers: People };
    reason?: string;
    reasonExample?: string;
    maxInstances: number;
  }[];
};

export type StageOptions = {
  redisUrl: string;
  transport: 'socket' | 'http';
  seeds: Readonly<Record<KindId, Seed>>;
  tuning?: Partial<Tuning>;
  language?: 'en' | 'zh';
  approvals?: number;
  /** Changes what stands in the config file. */
  config?: (file: StageFile) => StageFile;
  slack?: Partial<SlackOptions>;
  logger?: Logger;
};

const TOKENS = {
  botToken: 'xoxb-canary-bot-token',
  appToken: 'xapp-canary-app-token',
  signingSecret: 'canary-signing-secret',
};
/** Everything that must show up in no log, job, message or error. */
export const slackSecrets: readonly string[] = Object.values(TOKENS);

/** What a person would not wait for on a screen, and a local cloud does not need. */
export const QUICK: Partial<Tuning> = {
  timing: {
    callMs: 5_000,
    settleMs: 500,
    slowMs: 60_000,
    restartGraceMs: 50,
    patienceMs: 20_000,
    pollMs: 50,
    pausedMs: 200,
    alarmMs: 10_000,
    giveUpMs: 600_000,
  },
  pace: { start: 10_000, most: 10_000, windowMs: 1_000, perRegion: false },
  gatherMs: 50,
  sweepEveryMs: 1_000,
  surveyPatienceMs: 5_000,
  stopLimitMs: 5_000,
};

/** For a Slack that takes as much as it is told. */
const UNLIMITED = { updates: { everyMs: 0, burst: 1 }, posts: { everyMs: 0, burst: 1 } };

export async function startStage(options: StageOptions): Promise<Stage> {
  const clouds = Object.fromEntries(
    await Promise.all(KIND_IDS.map(async (id) => [id, await startStageCloud(id, options.seeds[id])])),
  ) as Record<KindId, StageCloud>;
  const slack = await startSlack({ ...TOKENS, ...options.slack });
  const isLimited = options.slack?.rateLimits !== false;
  const tuning = { ...QUICK, ...(!isLimited && { turns: UNLIMITED }), ...options.tuning };
  const start = async (role: string) => {
    const service = await startService(configFor(options, slack, clouds, role), tuning, options.logger);
    if (options.transport === 'http' && role !== 'worker') {
      slack.deliverTo(`http://127.0.0.1:${service.port}/slack/events`);
    }
    return service;
  };
  const services: Service[] = [];
  const stop = async () => {
    const ends = await Promise.allSettled(services.map((one) => one.stop()));
    await slack.stop();
    await Promise.all(KIND_IDS.map((id) => clouds[id].cloud.stop()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  const startAnother = async (role: 'all' | 'bot' | 'worker' = 'all') => {
    const another = await start(role);
    services.push(another);
    return another;
  };
  try {
    return { slack, clouds, service: await startAnother(), startAnother, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configFor(options: StageOptions, slack: LocalSlack, clouds: Record<KindId, StageCloud>, role: string) {
  const { language = 'en', approvals = 1, redisUrl, transport } = options;
  const approvers = { users: [PEOPLE.requester], userGroups: ['S0ONCALL'] };
  const { config = (file) => file } = options;
  const file = config({
    language,
    accounts: Object.fromEntries(KIND_IDS.map((id) => [clouds[id].account, settingsFor(clouds[id])])),
    // Nobody is mentioned: most tests are about something else.
    policies: [
      {
        accounts: ['*'],
        channels: [CHANNEL],
        approvers,
        notify: {},
        approvals,
        expiresAfter: '30m',
        maxInstances: 2000,
      },
    ],
  });
  const read = loadConfig({
    env: {
      SLACK_BOT_TOKEN: TOKENS.botToken,
      ...(transport === 'socket'
        ? { SLACK_APP_TOKEN: TOKENS.appToken }
        : { SLACK_SIGNING_SECRET: TOKENS.signingSecret }),
      SLACK_API_URL: slack.apiUrl,
      REDIS_URL: redisUrl,
      DETACH_KEY_CONFIG: 'detach-key.yml',
      DETACH_KEY_ROLE: role,
      LOG_LEVEL: 'warn',
      PORT: '0',
    },
    readFile: () => stringify(file),
  });
  if (!read.ok) throw new Error(`the stage has a bad config: ${read.faults.join('; ')}`);
  return read.config;
}
