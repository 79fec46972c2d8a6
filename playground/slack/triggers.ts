import { SlackRefusal } from './refusal.js';

/** A trigger may be exchanged once, within three seconds. */
const TRIGGER_MS = 3_000;

export type Triggers = {
  issue(user: string, viewId?: string): string;
  /** Who the trigger was given to, and on which view; throws what Slack answers to a bad one. */
  exchange(id: string): { user: string; viewId?: string };
};

type Trigger = { user: string; viewId?: string; at: number; used: boolean };

export function makeTriggers(now: () => number, newId: (prefix: string) => string): Triggers {
  const triggers = new Map<string, Trigger>();
  return {
    issue(user, viewId) {
      const id = `${Math.floor(now())}.1.${newId('').toLowerCase()}`;
      triggers.set(id, { user, ...(viewId !== undefined && { viewId }), at: now(), used: false });
      return id;
    },
    exchange(id) {
      const trigger = triggers.get(id);
      if (!trigger) throw new SlackRefusal('invalid_trigger_id');
      if (trigger.used) throw new SlackRefusal('exchanged_trigger_id');
      if (now() - trigger.at > TRIGGER_MS) throw new SlackRefusal('expired_trigger_id');
      trigger.used = true;
      return { user: trigger.user, ...(trigger.viewId !== undefined && { viewId: trigger.viewId }) };
    },
  };
}
