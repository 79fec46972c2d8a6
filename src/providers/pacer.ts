import type { CallOperation } from './contract.js';
import type { Fault } from './failures.js';
import { afterAnswer, afterThrottle, callsPerSecond, freshPace, type PaceTraits, takeTurn, waitFor } from './pace.js';

/**
 * The pace of one account, each of its APIs for itself, so that reading never takes the turn of a write. In this
 * process only: several find the cloud's limit each for itself.
 */
export type Pacer = {
  /** Takes a turn and answers 0, or takes none and answers how many milliseconds to wait. */
  take(call: PacedCall): number;
  /** Takes a turn for a call that can wait a little. Answers 0, or how long to stay away. */
  wait(call: PacedCall, signal: AbortSignal | undefined): Promise<number>;
  /** Learns from how a call ended. */
  learn(call: PacedCall, ended: { calledAt: number; fault?: Fault }): void;
};
export type PacedCall = { operation: CallOperation; region: string };

/** For metrics. */
export type PaceRecord = { account: string; api: string; region: string; callsPerSecond: number };

export type PacerOptions = {
  account: string;
  traits: PaceTraits;
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Resolves after so many milliseconds, or when the signal fires. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  onPace?(record: PaceRecord): void;
  /** A call was put off. */
  onPutOff?(record: Omit<PaceRecord, 'callsPerSecond'>): void;
};

/** What the operations are to a cloud that counts each API: those that ask for the same share its limit. */
const APIS: Readonly<Record<CallOperation, string>> = Object.freeze({
  readInstances: 'instances',
  listInstances: 'instances',
  findKeyPair: 'key-pairs',
  listKeyPairs: 'key-pairs',
  detach: 'detach',
  attach: 'attach',
  stop: 'stop',
  start: 'start',
  restart: 'restart',
  close: 'close',
});

/** A job that waits holds a worker, and a person who asks looks at a screen. */
const LONGEST_WAIT_MS = 2_000;

export function createPacer({ account, traits, now, random, sleep, onPace, onPutOff }: PacerOptions): Pacer {
  const paces = new Map<string, ReturnType<typeof freshPace>>();
  const placeOf = ({ operation, region }: PacedCall) => ({
    api: APIS[operation],
    region: traits.perRegion ? region : '',
  });
  const keyOf = (call: PacedCall) => Object.values(placeOf(call)).join(' ');
  const paceOf = (call: PacedCall) => paces.get(keyOf(call)) ?? freshPace(traits);

  function take(call: PacedCall): number {
    const pace = paceOf(call);
    const at = now();
    const ms = Math.ceil(waitFor(pace, traits, at));
    if (ms === 0) paces.set(keyOf(call), takeTurn(pace, traits, at));
    return ms;
  }

  function takeOrTell(call: PacedCall): number {
    const ms = take(call);
    if (ms > 0) onPutOff?.({ account, ...placeOf(call) });
    return ms;
  }

  return {
    take: takeOrTell,
    async wait(call, signal) {
      let ms = takeOrTell(call);
      for (let left = LONGEST_WAIT_MS; ms > 0 && ms <= left && !signal?.aborted; ms = take(call)) {
        left -= ms;
        await sleep(ms, signal);
      }
      return ms;
    },
    learn(call, { calledAt, fault }) {
      const pace = paceOf(call);
      if (fault !== undefined && fault.kind !== 'rate-limited') return;
      const next =
        fault === undefined
          ? afterAnswer(pace, traits)
          : afterThrottle(pace, traits, { now: now(), calledAt, retryAfterMs: fault.retryAfterMs, random: random() });
      paces.set(keyOf(call), next);
      if (next.rate !== pace.rate)
        onPace?.({ account, ...placeOf(call), callsPerSecond: callsPerSecond(next, traits) });
    },
  };
}
