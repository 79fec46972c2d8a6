/** What was just begun at a cloud, whose list of what it is at work on may not show it yet. */
export type UnderWay = {
  /** Counts it from now on, and for a while after its call has ended. */
  add<T>(id: string, call: Promise<T>): Promise<T>;
  /** How many there are with those that the list shows. */
  countWith(shown: Iterable<string>): number;
};

/** `shownWithinMs`: after so long a list that is read shows it, or it is over. */
export function createUnderWay(now: () => number, shownWithinMs: number): UnderWay {
  const until = new Map<string, number>();
  return {
    add(id, call) {
      until.set(id, Number.POSITIVE_INFINITY);
      return call.finally(() => until.set(id, now() + shownWithinMs));
    },
    countWith(shown) {
      for (const [id, end] of until) if (end <= now()) until.delete(id);
      return new Set([...shown, ...until.keys()]).size;
    },
  };
}
