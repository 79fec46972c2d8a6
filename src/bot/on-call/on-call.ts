/** Who is on call now. Nothing is kept: a hand-over counts at the next question. */
export type OnCall = {
  /** For each schedule the e-mail addresses of those on call, as `normal` makes them; none for one without an answer. */
  ask(schedules: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
};

/** One service, asked for one of its own schedules; rejects where it does not say. */
export type OnCallService = { ask(id: string, signal: AbortSignal): Promise<readonly string[]> };

export type OnCallOptions = {
  /** By the word before the colon in a schedule's name. */
  services: Readonly<Record<string, OnCallService>>;
  /** A person waits for the answer to a click. */
  timeoutMs: number;
  onUnanswered(schedule: string, error: unknown): void;
};

export function createOnCall({ services, timeoutMs, onUnanswered }: OnCallOptions): OnCall {
  return {
    async ask(schedules) {
      const signal = AbortSignal.timeout(timeoutMs);
      const answers = await Promise.all(
        schedules.map(async (schedule) => {
          const [name = '', id = ''] = schedule.split(':');
          try {
            const emails = await services[name]?.ask(id, signal);
            return emails === undefined ? [] : [[schedule, emails.map(normal)] as const];
          } catch (error) {
            onUnanswered(schedule, error);
            return [];
          }
        }),
      );
      return new Map(answers.flat());
    },
  };
}

/** As addresses are compared. */
export const normal = (email: string): string => email.trim().toLowerCase();
