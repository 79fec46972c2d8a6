import type { ModalView } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';

/** A person's screen. */
export type Views = {
  /** `late`: the three seconds of the trigger are over. `again`: this trigger has opened a view already. */
  open(triggerId: string, view: ModalView): Promise<{ kind: 'opened'; id: string } | { kind: 'late' | 'again' }>;
  /**
   * Puts the view in the place of another. False where that is not there any more: closed, or, where its `hash` is
   * given, changed since.
   */
  replace(old: { id: string; hash?: string }, view: ModalView): Promise<boolean>;
  /** The same for one that an answer to Slack has only just named: it may not be there yet. */
  replaceComing(externalId: string, view: ModalView): Promise<boolean>;
};

const opened = z.object({ view: z.object({ id: z.string() }) });

const LATE = new Set(['expired_trigger_id', 'invalid_trigger_id', 'trigger_expired']);
const AGAIN = new Set(['exchanged_trigger_id', 'trigger_exchanged']);
const GONE = new Set(['not_found', 'hash_conflict', 'view_expired']);

/** Slack takes our answer and the view's replacement by two ways. */
const TRIES = 6;
const FIRST_PAUSE_MS = 100;

export function createViews(client: WebClient, pause: (ms: number) => Promise<void>): Views {
  async function update(at: { view_id: string; hash?: string } | { external_id: string }, view: ModalView) {
    try {
      await client.views.update({ ...at, view });
      return true;
    } catch (error) {
      if (GONE.has(codeOf(error))) return false;
      throw error;
    }
  }

  return {
    async open(triggerId, view) {
      try {
        const reply = opened.parse(await client.views.open({ trigger_id: triggerId, view }));
        return { kind: 'opened', id: reply.view.id };
      } catch (error) {
        const code = codeOf(error);
        if (LATE.has(code)) return { kind: 'late' };
        if (AGAIN.has(code)) return { kind: 'again' };
        throw error;
      }
    },
    replace: ({ id, hash }, view) => update({ view_id: id, ...(hash !== undefined && { hash }) }, view),
    async replaceComing(externalId, view) {
      for (let tried = 1; ; tried++) {
        if (await update({ external_id: externalId }, view)) return true;
        if (tried === TRIES) return false;
        await pause(FIRST_PAUSE_MS * 2 ** (tried - 1));
      }
    },
  };
}

const codeOf = (error: unknown): string => (error instanceof WebAPIPlatformError ? error.data.error : '');
