import type { Cloud } from '../../../playground/clouds/cloud.js';
import type { GuardedProvider } from '../../../src/providers/answers.js';

/** Credentials that expire before a call (counted from 1, once it is armed), and are renewed so much later. */
export type Expiry = { call: number; renewedAfterMs: number };

export type Expiring = {
  guarded: GuardedProvider;
  /** From here on calls count. */
  arm(): void;
  /** Renews them once it is time. */
  renew(): void;
};

export function withExpiry(
  guarded: GuardedProvider,
  cloud: Pick<Cloud, 'hasExpired'>,
  expiry: Expiry | undefined,
  now: () => number,
): Expiring {
  let calls = Number.NEGATIVE_INFINITY;
  let renewAt = Number.POSITIVE_INFINITY;
  const counted =
    <A extends unknown[], R>(make: (...input: A) => R) =>
    (...input: A): R => {
      calls += 1;
      if (expiry !== undefined && calls === expiry.call) {
        cloud.hasExpired = true;
        renewAt = now() + expiry.renewedAfterMs;
      }
      return make(...input);
    };
  return {
    guarded: {
      ...guarded,
      readInstances: counted(guarded.readInstances),
      detach: counted(guarded.detach),
      attach: counted(guarded.attach),
      power: counted(guarded.power),
    },
    arm() {
      calls = 0;
    },
    renew() {
      if (now() >= renewAt) cloud.hasExpired = false;
    },
  };
}
