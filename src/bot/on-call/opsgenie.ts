import { z } from 'zod';
import type { OnCallService } from './on-call.js';
import { readJson } from './read.js';

/** With `flat`, user names, which are e-mail addresses. */
const reply = z.object({ data: z.object({ onCallRecipients: z.array(z.string()) }) });

/** Opsgenie, `GET /v2/schedules/{id}/on-calls`. */
export function createOpsgenie({ secret, endpoint }: { secret: string; endpoint: string }): OnCallService {
  return {
    async ask(id, signal) {
      const headers = { authorization: `GenieKey ${secret}` };
      const { data } = await readJson(scheduleUrl(endpoint, id), headers, reply, signal);
      return data.onCallRecipients;
    },
  };
}

function scheduleUrl(endpoint: string, id: string): URL {
  const url = new URL(`/v2/schedules/${encodeURIComponent(id)}/on-calls`, endpoint);
  url.searchParams.set('scheduleIdentifierType', 'id');
  url.searchParams.set('flat', 'true');
  return url;
}
