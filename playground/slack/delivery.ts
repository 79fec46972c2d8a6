import { makeGate } from '../gate.js';
import { GestureFailure } from './refusal.js';

/** Something that Slack tells the app. */
export type Envelope = {
  id: string;
  type: 'slash_commands' | 'interactive' | 'events_api';
  payload: Readonly<Record<string, unknown>>;
};
/** There when Slack tries again; the documents know the reasons `http_timeout`, `http_error`, `connection_failed` and others. */
export type Retry = { attempt: number; reason: string };
/** What the app answered: an empty one when it only said that it has it. */
export type Ack = Readonly<Record<string, unknown>>;
/** A way to the app; rejects with a `GestureFailure` when there is none. */
export type Carrier = (envelope: Envelope, retry: Retry | undefined) => Promise<Ack>;

export type Delivery = { envelope: Envelope; retry?: Retry; ack?: Ack };

export type Deliveries = {
  /** Every envelope that was sent, oldest first. */
  readonly log: readonly Delivery[];
  /** Resolves with the ack; rejects as Slack's client shows it when none came in time. */
  deliver(envelope: Envelope, retry?: Retry): Promise<Ack>;
  stop(): void;
};

export function makeDeliveries(carrier: () => Carrier, ackLimitMs: number, changed: () => void): Deliveries {
  const log: Delivery[] = [];
  const stopped = makeGate<'stopped'>();
  return {
    log,
    async deliver(envelope, retry) {
      const delivery: Delivery = { envelope, ...(retry && { retry }) };
      log.push(delivery);
      const late = makeGate<'late'>();
      const timer = setTimeout(() => late.open('late'), ackLimitMs);
      try {
        const ack = await Promise.race([carrier()(envelope, retry), late.promise, stopped.promise]);
        if (ack === 'late')
          throw new GestureFailure('operation_timeout', `no ack of ${envelope.type} in ${ackLimitMs} ms`);
        if (ack === 'stopped') throw new GestureFailure('dispatch_failed', 'the local Slack was stopped');
        delivery.ack = ack;
        return ack;
      } finally {
        clearTimeout(timer);
        changed();
      }
    },
    stop: () => stopped.open('stopped'),
  };
}
