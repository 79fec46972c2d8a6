/** Runs it after so many milliseconds; what it gives takes that back. */
export type StartTimer = (ms: number, run: () => void) => () => void;

/** What the work gives, or undefined once this much time has passed; then the work goes on by itself. */
export function within<T>(startTimer: StartTimer, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = startTimer(ms, () => resolve(undefined));
    work.finally(stop).then(resolve, reject);
  });
}
