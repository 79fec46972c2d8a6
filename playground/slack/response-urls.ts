import { SlackRefusal } from './refusal.js';

/** Slack's documents: a response URL works five times within thirty minutes. */
const MOST_USES = 5;
const LIFE_MS = 30 * 60_000;

export type ResponsePost = { text?: string; blocks?: unknown; response_type?: string; [more: string]: unknown };

export type ResponseUrl = {
  channel: string;
  user: string;
  /** The message whose button was used, where there was one. */
  source?: { ts: string; ephemeral: boolean; thread_ts?: string };
  /** What the app posted to it, oldest first. */
  posts: ResponsePost[];
};

export type ResponseUrls = {
  issue(of: Omit<ResponseUrl, 'posts'>): { url: string; posts: readonly ResponsePost[] };
  /** Counts a use; throws when there is none left. */
  use(id: string): ResponseUrl;
};

export function makeResponseUrls(origin: string, now: () => number, newId: (prefix: string) => string): ResponseUrls {
  const issued = new Map<string, { of: ResponseUrl; at: number; uses: number }>();
  return {
    issue(of) {
      const id = newId('R');
      const posts: ResponsePost[] = [];
      issued.set(id, { of: { ...of, posts }, at: now(), uses: 0 });
      return { url: `${origin}/response/${id}`, posts };
    },
    use(id) {
      const found = issued.get(id);
      if (!found) throw new SlackRefusal('invalid_url');
      if (now() - found.at > LIFE_MS) throw new SlackRefusal('expired_url');
      if (found.uses >= MOST_USES) throw new SlackRefusal('used_url');
      found.uses += 1;
      return found.of;
    },
  };
}
