import { stringify } from 'yaml';
import { type Config, loadConfig } from '../../src/config.js';

/** A config that loads, and ways to change it. */
export const ENV = {
  SLACK_BOT_TOKEN: 'xoxb-bot-token',
  SLACK_APP_TOKEN: 'xapp-app-token',
  REDIS_URL: 'redis://:redis-pass@127.0.0.1:6379/2',
};

export function file(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    accounts: { prod: account() },
    policies: [policy()],
    ...change,
  };
}
export function account(change: Record<string, unknown> = {}): Record<string, unknown> {
  const credentials = { accessKeyId: 'AKIDPROD', accessKeySecret: 'prod-secret' };
  return { provider: 'alibaba', regions: ['cn-hangzhou'], credentials, ...change };
}
export function policy(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { accounts: ['prod*'], approvers: { users: ['U1', 'U2'] }, ...change };
}
export const load = (content: unknown, env: Record<string, string | undefined> = ENV) =>
  loadConfig({ env, readFile: () => (typeof content === 'string' ? content : stringify(content)) });

export function configOf(content: unknown, env?: Record<string, string | undefined>): Config {
  const result = load(content, env);
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config;
}
export function faultsOf(content: unknown, env?: Record<string, string | undefined>): readonly string[] {
  const result = load(content, env);
  return result.ok ? [] : result.faults;
}
