import { VendorFailure } from './failures.js';

/** For what takes no signal: once started, it goes on unseen until its own time-out. */
export async function unlessAborted<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  const aborted = () => new VendorFailure({ message: 'the call was given up', transport: 'aborted' });
  if (signal.aborted) throw aborted();
  let stop: (() => void) | undefined;
  const given = new Promise<never>((_, reject) => {
    stop = () => reject(aborted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([start(), given]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
