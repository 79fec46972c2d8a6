import { z } from 'zod';
import type { OnCallService } from './on-call.js';
import { OnCallFault, readJson } from './read.js';

/** The most that a page of PagerDuty has. */
const PAGE = 100;
/** More people than this are not on call at once; an answer that never ends is a fault. */
const PAGES = 20;

const page = z.object({
  oncalls: z.array(z.object({ user: z.object({ email: z.string().optional() }) })),
  more: z.boolean().default(false),
});

/**
 * PagerDuty REST API v2, `GET /oncalls`. It lists a schedule once for each escalation policy that uses it, and one that
 * none uses not at all.
 */
export function createPagerDuty({ secret, endpoint }: { secret: string; endpoint: string }): OnCallService {
  return {
    async ask(id, signal) {
      const emails = new Set<string>();
      for (let number = 0; number < PAGES; number += 1) {
        const { oncalls, more } = await readJson(pageUrl(endpoint, id, number), headersFor(secret), page, signal);
        for (const { user } of oncalls) if (user.email !== undefined) emails.add(user.email);
        if (!more) return [...emails];
      }
      throw new OnCallFault('PagerDuty has more pages than people can be on call');
    },
  };
}

const headersFor = (secret: string) => ({
  authorization: `Token token=${secret}`,
  accept: 'application/vnd.pagerduty+json;version=2',
});

function pageUrl(endpoint: string, id: string, number: number): URL {
  const url = new URL('/oncalls', endpoint);
  url.searchParams.set('schedule_ids[]', id);
  url.searchParams.set('include[]', 'users');
  url.searchParams.set('limit', String(PAGE));
  url.searchParams.set('offset', String(number * PAGE));
  return url;
}
