/** Closes what was opened, in reverse order and once, also when opening stopped half-way. */
export type Closers = {
  push(name: string, close: () => Promise<void>): void;
  /** Goes on past failures and rejects with all of them at the end. Twice is fine. */
  closeAll(): Promise<void>;
};

export function createClosers(): Closers {
  const open: { name: string; close: () => Promise<void> }[] = [];
  let closing: Promise<void> | undefined;
  const closeEach = async () => {
    const failures: Error[] = [];
    for (const { name, close } of open.reverse()) {
      try {
        await close();
      } catch (cause) {
        failures.push(new Error(`${name} did not close`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything closed');
  };
  return {
    push(name, close) {
      open.push({ name, close });
    },
    closeAll() {
      closing ??= closeEach();
      return closing;
    },
  };
}
