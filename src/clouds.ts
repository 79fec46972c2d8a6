import { type AccountConfig, type Config, secretsOf } from './config.js';
import type { Cloud, CloudFor } from './jobs/read-selection.js';
import type { CallRecord } from './providers/calls.js';
import { pause } from './providers/deadline.js';
import { guard } from './providers/guard.js';
import type { PaceTraits } from './providers/pace.js';
import { createPacer, type PaceRecord } from './providers/pacer.js';
import { loadProvider } from './providers/registry.js';

/** The accounts' providers, each built behind its guard when it is first used. */
export type Clouds = { get: CloudFor; close(): Promise<void> };

export type CloudsOptions = {
  config: Config;
  timeoutMs: number;
  onCall(call: CallRecord): void;
  onPace(pace: PaceRecord): void;
  onPutOff(call: Omit<PaceRecord, 'callsPerSecond'>): void;
  now(): number;
  /** From 0 to 1; spreads what would else be tried again at the same moment. */
  random(): number;
  /** Replaces the clouds' own pace where the clouds are local. */
  pace?: PaceTraits | undefined;
};

export function createClouds(options: CloudsOptions): Clouds {
  const { config, timeoutMs, onCall, onPace, onPutOff, now, random } = options;
  const secrets = secretsOf(config);
  const built = new Map<string, Promise<Cloud>>();

  async function build(account: AccountConfig): Promise<Cloud> {
    const provider = await loadProvider(account.settings.reveal(), { timeoutMs, now });
    const pacer = createPacer({
      account: account.name,
      traits: options.pace ?? provider.traits.pace,
      now,
      random,
      sleep: pause,
      onPace,
      onPutOff,
    });
    const guarded = guard(provider, { account: account.name, timeoutMs, secrets, onCall, pacer, now });
    return { provider: account.provider, guarded };
  }

  return {
    async get(name) {
      const account = config.accounts.get(name);
      if (account === undefined) return undefined;
      const building = built.get(name) ?? build(account);
      built.set(name, building);
      building.catch(() => built.delete(name));
      return building;
    },
    async close() {
      const all = await Promise.allSettled(built.values());
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.guarded.close() : undefined)));
    },
  };
}
