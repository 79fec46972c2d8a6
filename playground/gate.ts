/** A promise and the function that settles it: what tests and local parts wait on instead of sleeping. */
export type Gate<T> = { promise: Promise<T>; open(value: T): void };

export function makeGate<T = void>(): Gate<T> {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
