import type { Policy } from './jobs/policy.js';
import type { ProviderId } from './providers/registry.js';
import type { Secret } from './secret.js';

export type SlackMode =
  | { kind: 'socket'; appToken: Secret }
  | { kind: 'http'; signingSecret: Secret }
  | { kind: 'none' };
export type Role = 'all' | 'bot' | 'worker';
export type Language = 'en' | 'zh';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export type AccountConfig = {
  name: string;
  provider: ProviderId;
  regions: readonly string[];
  settings: Secret<unknown>;
};

export type Config = {
  slack: { botToken: Secret; mode: SlackMode; apiUrl: string };
  port: number;
  role: Role;
  logLevel: LogLevel;
  redisUrl: Secret;
  language: Language;
  accounts: ReadonlyMap<string, AccountConfig>;
  policies: readonly Policy[];
  warnings: readonly string[];
};

export type ConfigSources = {
  env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
};
export type ConfigResult = { ok: true; config: Config } | { ok: false; faults: readonly string[] };

export function loadConfig(_sources: ConfigSources): ConfigResult {
  return { ok: false, faults: ['the config is not read yet'] };
}

export function readProcessConfig(): ConfigResult {
  return loadConfig({ env: process.env, readFile: () => '' });
}

export function secretsOf(_config: Config): readonly string[] {
  return [];
}
