/** Runs it after so many milliseconds; what it gives takes that back. */
export type StartTimer = (ms: number, run: () => void) => () => void;

/** By the machine's own clock. */
export const startTimer: StartTimer = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** What the work gives, or undefined once this much time has passed; then the work goes on by itself. */
export function within<T>(startTimer: StartTimer, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = startTimer(ms, () => resolve(undefined));
    work.finally(stop).then(resolve, reject);
  });
}

/** Resolves once the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
