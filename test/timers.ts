import { makeGate } from '../playground/gate.js';

/** Timers that a test runs out. */
export function makeTimers() {
  const waiting: { ms: number; run(): void }[] = [];
  const watchers = new Map<number, () => void>();
  const take = (timer: (typeof waiting)[number]) => {
    if (!waiting.includes(timer)) return;
    waiting.splice(waiting.indexOf(timer), 1);
    watchers.get(waiting.length)?.();
  };
  return {
    startTimer(ms: number, run: () => void) {
      const timer = { ms, run };
      waiting.push(timer);
      return () => take(timer);
    },
    /** When only so many are left of more. */
    downTo(count: number): Promise<void> {
      const { promise, open } = makeGate();
      watchers.set(count, open);
      return promise;
    },
    left: () => waiting.map(({ ms }) => ms).sort((a, b) => a - b),
    runOut(ms: number) {
      for (const timer of waiting.filter((one) => one.ms === ms)) {
        take(timer);
        timer.run();
      }
    },
  };
}
