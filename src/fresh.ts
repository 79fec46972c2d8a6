/** What was loaded a moment ago. Whoever asks for the same while it is being loaded waits for that one load. */
export type Fresh<T> = {
  get(key: string, load: () => Promise<T>): Promise<T>;
  /** The newest that is known, however old. */
  last(key: string): T | undefined;
  /** The next one who asks loads it anew. */
  forget(key: string): void;
};

/** `most`: entries that are kept; those that were loaded longest ago go first. */
export type FreshOptions<T> = { now(): number; freshMs(value: T): number; most: number };

export function createFresh<T>({ now, freshMs, most }: FreshOptions<T>): Fresh<T> {
  const loaded = new Map<string, { at: number; value: T }>();
  const loading = new Map<string, Promise<T>>();

  function keep(key: string, value: T): T {
    loaded.delete(key);
    loaded.set(key, { at: now(), value });
    const oldest = loaded.keys().next().value;
    if (loaded.size > most && oldest !== undefined) loaded.delete(oldest);
    return value;
  }

  function renew(key: string, load: () => Promise<T>): Promise<T> {
    const renewed = load()
      .then((value) => keep(key, value))
      .finally(() => loading.delete(key));
    loading.set(key, renewed);
    return renewed;
  }

  return {
    get(key, load) {
      const known = loaded.get(key);
      if (known !== undefined && now() - known.at < freshMs(known.value)) return Promise.resolve(known.value);
      return loading.get(key) ?? renew(key, load);
    },
    last: (key) => loaded.get(key)?.value,
    forget: (key) => void loaded.delete(key),
  };
}
