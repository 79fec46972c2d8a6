import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Mentions } from '../../jobs/awaiting-events.js';
import type { WhoIs } from '../../jobs/notifier.js';
import type { OnCall } from './on-call.js';

export type WhoIsOptions = {
  client: WebClient;
  onCall: OnCall;
  onUnknown(schedule: string, error: unknown): void;
};

const reply = z.object({ user: z.object({ id: z.string() }) });

/** Finds whoever is on call among the people of Slack, by their e-mail addresses. What cannot be found out is named. */
export function createWhoIs({ client, onCall, onUnknown }: WhoIsOptions): WhoIs {
  async function usersOn(schedule: string, emails: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      emails.map(async (email) => {
        try {
          return [reply.parse(await client.users.lookupByEmail({ email })).user.id];
        } catch (error) {
          onUnknown(schedule, error);
          return [];
        }
      }),
    );
    return found.flat();
  }

  return async ({ users, userGroups, schedules }): Promise<Mentions> => {
    const duties = await onCall.ask(schedules);
    const found = await Promise.all(
      schedules.map(async (schedule) => ({ schedule, users: await usersOn(schedule, duties.get(schedule) ?? []) })),
    );
    const unknown = found.filter((one) => one.users.length === 0).map(({ schedule }) => schedule);
    return {
      users: [...new Set([...users, ...found.flatMap((one) => one.users)])],
      userGroups,
      ...(unknown.length > 0 && { unknown }),
    };
  };
}
