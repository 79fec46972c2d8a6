import type { Fault } from '../providers/failures.js';
import type { Cloud, CloudFor } from './read-selection.js';

/** How jobs get at an account's cloud. */
export type Accounts = {
  cloudFor: CloudFor;
  /** Told each time; the error may hold what nobody but the log may see. */
  onUnbuilt(account: string, error: unknown): void;
};

export type Reached = { kind: 'cloud'; cloud: Cloud } | { kind: 'unknown' } | { kind: 'fault'; fault: Fault };

/** Like a fault of the cloud: it may be mended, and whoever waits for it is told. */
export const NOT_BUILT: Fault = Object.freeze({
  kind: 'bug',
  code: 'NotBuilt',
  message: 'the account could not be loaded',
  hint: 'account-not-built',
  repeat: 'later',
});

/** The config has lost it since the request was made. It may come back. */
export const NOT_CONFIGURED: Fault = Object.freeze({
  kind: 'bug',
  code: 'NotConfigured',
  message: 'the account is not in the config',
  hint: 'account-not-configured',
  repeat: 'later',
});

export async function reach({ cloudFor, onUnbuilt }: Accounts, account: string): Promise<Reached> {
  try {
    const cloud = await cloudFor(account);
    return cloud === undefined ? { kind: 'unknown' } : { kind: 'cloud', cloud };
  } catch (error) {
    onUnbuilt(account, error);
    return { kind: 'fault', fault: NOT_BUILT };
  }
}
