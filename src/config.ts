import { readFileSync } from 'node:fs';
import { type Environment, readEnvironment } from './config/environment.js';
import { type ConfigFile, fileSchema } from './config/file.js';
import { checkPolicies } from './config/policies.js';
import { validate } from './config/sentences.js';
import { parseYaml, substitute } from './config/yaml.js';
import type { Policy } from './jobs/policy.js';
import { type Account, type ProviderId, secretsOf as secretsOfAccount } from './providers/registry.js';
import { Secret } from './secret.js';

export type SlackMode =
  | { kind: 'socket'; appToken: Secret }
  | { kind: 'http'; signingSecret: Secret }
  /** A worker speaks and does not listen. */
  | { kind: 'none' };

export type AccountConfig = {
  name: string;
  provider: ProviderId;
  regions: readonly string[];
  /** Shown to whoever asks and whoever approves. */
  warning?: string;
  /** What `loadProvider` of the registry takes, credentials included. */
  settings: Secret<Account>;
};

/** How an on-call service is asked. */
export type OnCallAccess = { secret: Secret; endpoint: string };

export type Config = {
  slack: { botToken: Secret; mode: SlackMode; apiUrl: string };
  port: number;
  role: 'all' | 'bot' | 'worker';
  logLevel: Environment['LOG_LEVEL'];
  redisUrl: Secret;
  language: 'en' | 'zh';
  /** How much the thread says. */
  thread: 'full' | 'failures';
  accounts: ReadonlyMap<string, AccountConfig>;
  onCall: { pagerduty?: OnCallAccess; opsgenie?: OnCallAccess };
  policies: readonly Policy[];
  /** What does not stop the start and should be told. */
  warnings: readonly string[];
};

export type ConfigSources = {
  env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
};
export type ConfigResult = { ok: true; config: Config } | { ok: false; faults: readonly string[] };

/** Reads everything and names every fault at once. A fault never holds what a variable or the file holds. */
export function loadConfig(sources: ConfigSources): ConfigResult {
  const { environment, configPath, faults } = readEnvironment(sources.env);
  const read = readConfigFile(configPath, sources);
  if (environment === undefined || read.file === undefined || faults.length + read.faults.length > 0) {
    return { ok: false, faults: [...faults, ...read.faults] };
  }
  return { ok: true, config: { ...fromEnvironment(environment), ...fromFile(read.file), warnings: read.warnings } };
}

export function readProcessConfig(): ConfigResult {
  return loadConfig({ env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
}

/** Everything that must not be printed, for masks. */
export function secretsOf(config: Config): readonly string[] {
  const { mode, botToken } = config.slack;
  const redis = new URL(config.redisUrl.reveal());
  const secrets = [
    botToken.reveal(),
    ...(mode.kind === 'socket' ? [mode.appToken.reveal()] : []),
    ...(mode.kind === 'http' ? [mode.signingSecret.reveal()] : []),
    redis.password,
    decodeURIComponent(redis.password),
    ...Object.values(config.onCall).map(({ secret }) => secret.reveal()),
    ...[...config.accounts.values()].flatMap(({ settings }) => secretsOfAccount(settings.reveal())),
  ];
  return [...new Set(secrets.filter((secret) => secret !== ''))];
}

type FileResult = { file?: ConfigFile; faults: readonly string[]; warnings: readonly string[] };

function readConfigFile(path: string, { env, readFile }: ConfigSources): FileResult {
  const failed = (faults: readonly string[]) => ({ faults, warnings: [] });
  let text: string;
  try {
    text = readFile(path);
  } catch (cause) {
    return failed([unreadable(cause)]);
  }
  const yaml = parseYaml(text, 'The config file');
  if (yaml.faults.length > 0) return failed(yaml.faults);
  if (yaml.value === null) return failed(['The config file is empty; detach-key.example.yml shows what it holds.']);
  const { value, faults, places } = substitute(yaml.value, env);
  const valid = validate(fileSchema, value, places);
  const policies = checkPolicies(value, places);
  return {
    ...(valid.value !== undefined && { file: valid.value }),
    faults: [...faults, ...valid.faults, ...policies.faults],
    warnings: policies.warnings,
  };
}

/** The path itself is not told: it is what a variable holds. */
function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') {
    return 'There is no config file (DETACH_KEY_CONFIG, or ./detach-key.yml); copy detach-key.example.yml and change it.';
  }
  return `The config file (DETACH_KEY_CONFIG, or ./detach-key.yml) cannot be read (${String(code ?? 'unknown')}); see its permissions.`;
}

function fromEnvironment(environment: Environment) {
  return {
    slack: {
      botToken: new Secret(environment.SLACK_BOT_TOKEN),
      mode: slackMode(environment),
      apiUrl: environment.SLACK_API_URL,
    },
    port: environment.PORT,
    role: environment.DETACH_KEY_ROLE,
    logLevel: environment.LOG_LEVEL,
    redisUrl: new Secret(environment.REDIS_URL),
  };
}

function slackMode(environment: Environment): SlackMode {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = environment;
  if (environment.DETACH_KEY_ROLE === 'worker') return { kind: 'none' };
  if (appToken !== undefined) return { kind: 'socket', appToken: new Secret(appToken) };
  return signingSecret === undefined ? { kind: 'none' } : { kind: 'http', signingSecret: new Secret(signingSecret) };
}

function fromFile({ language, thread, accounts, onCall, policies }: ConfigFile) {
  const entries = Object.entries(accounts).map(([name, { warning, ...settings }]): [string, AccountConfig] => {
    const { provider, regions } = settings;
    const shown = { name, provider, regions, ...(warning !== undefined && { warning }) };
    return [name, { ...shown, settings: new Secret(settings) }];
  });
  return { language, thread, accounts: new Map(entries), onCall: toAccess(onCall), policies: policies.map(toPolicy) };
}

function toAccess({ pagerduty, opsgenie }: ConfigFile['onCall']): Config['onCall'] {
  return {
    ...(pagerduty && { pagerduty: { secret: new Secret(pagerduty.token), endpoint: pagerduty.endpoint } }),
    ...(opsgenie && { opsgenie: { secret: new Secret(opsgenie.apiKey), endpoint: opsgenie.endpoint } }),
  };
}

function toPolicy(written: ConfigFile['policies'][number]): Policy {
  const { expiresAfter, remindBefore, escalate, notify, reason, reasonExample, ...policy } = written;
  return {
    ...policy,
    notify: notify ?? policy.approvers,
    expiresAfterMs: expiresAfter,
    ...(remindBefore !== undefined && { remindBeforeMs: remindBefore }),
    ...(escalate && { escalate: { afterMs: escalate.after, approvers: escalate.approvers } }),
    ...(reason && { reason: { ...reason, ...(reasonExample !== undefined && { example: reasonExample }) } }),
  };
}
