import { createFresh } from '../fresh.js';

/** What was found, and until when it is good, in milliseconds since 1970. */
export type Found<T> = { value: T; expiresAt: number };

export type Current<T> = {
  get(): Promise<T>;
  /** The next one who asks gets another than this one. False: there is no other. */
  forget(refused: T): boolean;
};

/** What stands in the config: there is no other. */
export const keepGiven = <T>(value: T): Current<T> => ({ get: async () => value, forget: () => false });

/** So long before the end a new one is looked for: longer than any call takes, and with time to try again. */
export const EARLY_MS = 300_000;

const ONE = '';

/** Keeps what was found until shortly before it ends. One look-up at a time; one that failed is not kept. */
export function keepCurrent<T>(find: () => Promise<Found<T>>, now: () => number): Current<T> {
  type Kept = Found<T> & { foundAt: number };
  const freshMs = ({ expiresAt, foundAt }: Kept) => expiresAt - EARLY_MS - foundAt;
  const fresh = createFresh<Kept>({ now, freshMs, most: 1 });
  return {
    async get() {
      try {
        return (await fresh.get(ONE, async () => ({ ...(await find()), foundAt: now() }))).value;
      } catch (error) {
        const last = fresh.last(ONE);
        if (last === undefined || now() >= last.expiresAt) throw error;
        return last.value;
      }
    },
    forget(refused) {
      // Of calls that are refused together, the later ones are not to forget what the first has found since.
      if (fresh.last(ONE)?.value === refused) fresh.forget(ONE);
      return true;
    },
  };
}
