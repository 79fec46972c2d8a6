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

export async function reach({ cloudFor, onUnbuilt }: Accounts, account: string): Promise<Reached> {
  try {
    const cloud = await cloudFor(account);
    return cloud === undefined ? { kind: 'unknown' } : { kind: 'cloud', cloud };
  } catch (error) {
    onUnbuilt(account, error);
    return { kind: 'fault', fault: NOT_BUILT };
  }
}
