export type Settled<T> =
  | { kind: 'answered'; value: T }
  | { kind: 'threw'; error: unknown }
  | { kind: 'timeout' }
  | { kind: 'aborted' };

/**
 * Runs one call and settles at the latest when the time is over or the caller's signal fires, also when
 * the call ignores the signal that it is given. What it answers afterwards is dropped. Never rejects.
 */
export function settleWithin<T>(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const finish = (settled: Settled<T>) => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onAbort);
      resolve(settled);
    };
    const giveUp = (kind: 'timeout' | 'aborted') => {
      finish({ kind });
      controller.abort();
    };
    const onAbort = () => giveUp('aborted');
    const timer = setTimeout(() => giveUp('timeout'), timeoutMs);
    caller?.addEventListener('abort', onAbort, { once: true });
    void (async () => run(controller.signal))().then(
      (value) => finish({ kind: 'answered', value }),
      (error: unknown) => finish({ kind: 'threw', error }),
    );
  });
}

/** Over after so many milliseconds, or as soon as the signal fires. Never rejects. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
    if (signal?.aborted) finish();
  });
}
