import { makeGate } from '../gate.js';

export type SlackFault =
  /** HTTP 429; nothing is done. */
  | { kind: 'ratelimited'; retryAfterSeconds: number }
  /** Slack's own error code; nothing is done. */
  | { kind: 'error'; error: string }
  | { kind: 'http'; status: number }
  /** No answer; nothing is done. */
  | { kind: 'hang' }
  /** It is done, and the connection is cut before the answer. */
  | { kind: 'reply-lost' };

export type Hold = { arrived: Promise<void>; release(): void };

export type Faults = {
  fail(method: string, fault: SlackFault, times?: number): void;
  hold(method: string): Hold;
  clear(): void;
  /** Waits while the call is held. */
  pass(method: string): Promise<void>;
  take(method: string): SlackFault | undefined;
  /** Lets everything go that is held. */
  release(): void;
};

export function makeFaults(): Faults {
  let faults: { method: string; fault: SlackFault; left: number }[] = [];
  const holds: { method: string; arrive(): void; open(): void; gate: Promise<void> }[] = [];
  const held: { open(): void }[] = [];
  return {
    fail(method, fault, times = 1) {
      faults.push({ method, fault, left: times });
    },
    hold(method) {
      const arrived = makeGate();
      const gate = makeGate();
      const hold = { method, arrive: arrived.open, open: gate.open, gate: gate.promise };
      holds.push(hold);
      held.push(hold);
      return { arrived: arrived.promise, release: gate.open };
    },
    clear() {
      faults = [];
    },
    async pass(method) {
      const index = holds.findIndex((hold) => hold.method === method);
      const hold = index < 0 ? undefined : holds.splice(index, 1)[0];
      hold?.arrive();
      await hold?.gate;
    },
    take(method) {
      const found = faults.find((fault) => fault.method === method && fault.left > 0);
      if (found) found.left -= 1;
      return found?.fault;
    },
    release() {
      for (const hold of held) hold.open();
    },
  };
}
