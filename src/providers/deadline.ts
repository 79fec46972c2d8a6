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
