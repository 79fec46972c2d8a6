/** What was just begun at a cloud, whose list of what it is at work on may not show it yet. */
export type UnderWay = {
  /** Counts it while it is called, and for each list whose reading began before its call had ended. */
  add<T>(id: string, call: Promise<T>): Promise<T>;
  /** Before a list is read: what `countWith` wants to know. */
  mark(): number;
  /** How many there are with those that the list shows. */
  countWith(shown: Iterable<string>, mark: number): number;
};

type Begun = { endedAt: number; mark: number };

/** Longer than the reading of a list takes. */
const FORGET_MS = 60_000;

export function createUnderWay(now: () => number): UnderWay {
  const begun = new Map<string, Begun>();
  let marks = 0;
  return {
    add(id, call) {
      begun.set(id, { endedAt: Number.POSITIVE_INFINITY, mark: Number.POSITIVE_INFINITY });
      return call.finally(() => begun.set(id, { endedAt: now(), mark: marks }));
    },
    mark() {
      marks += 1;
      return marks;
    },
    countWith(shown, mark) {
      for (const [id, { endedAt }] of begun) if (now() > endedAt + FORGET_MS) begun.delete(id);
      const unshown = [...begun].filter(([, one]) => one.mark >= mark).map(([id]) => id);
      return new Set([...shown, ...unshown]).size;
    },
  };
}
