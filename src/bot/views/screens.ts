import type { ModalView } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { asTextView } from '../messages/fallback.js';
import type { HomeTab } from '../messages/home.js';
import type { Message } from '../messages/render.js';

/** What is put before one person alone, where a gesture brings no response URL. */
export type Screens = {
  /** `late`: the three seconds of the trigger are over. `again`: this trigger has opened a view already. */
  open(trigger: string, view: ModalView): Promise<{ kind: 'opened'; id: string } | { kind: 'late' | 'again' }>;
  /**
   * Puts the view in the place of another. False where that is not there any more: closed, or, where its `hash` is
   * given, changed since.
   */
  replace(old: { id: string; hash?: string }, view: ModalView): Promise<boolean>;
  /** The same for one that an answer to Slack has only just named: it may not be there yet. */
  replaceComing(externalId: string, view: ModalView): Promise<boolean>;
  /** Where `hash` is given, only in the place of that view: one that is newer stays. */
  showHome(user: string, view: HomeTab, hash?: string): Promise<void>;
  tell(reader: { user: string; channel: string }, message: Message): Promise<void>;
};

const opened = z.object({ view: z.object({ id: z.string() }) });

const LATE = new Set(['expired_trigger_id', 'invalid_trigger_id', 'trigger_expired']);
const AGAIN = new Set(['exchanged_trigger_id', 'trigger_exchanged']);
const GONE = new Set(['not_found', 'hash_conflict', 'view_expired']);

/** Slack took the view for wrong in its form. */
const ABOUT_FORM = new Set(['invalid_arguments', 'invalid_blocks', 'invalid_blocks_format', 'view_too_large']);

/** Slack takes our answer and the view's replacement by two ways. */
const TRIES = 6;
const FIRST_PAUSE_MS = 100;

/** `pause` waits so many milliseconds. */
export function createScreens(client: WebClient, pause: (ms: number) => Promise<void>): Screens {
  async function update(at: { view_id: string; hash?: string } | { external_id: string }, view: ModalView) {
    try {
      await updateOnce(at, view);
      return true;
    } catch (error) {
      if (GONE.has(codeOf(error))) return false;
      throw error;
    }
  }

  /** Better words alone than no words. */
  async function updateOnce(at: { view_id: string; hash?: string } | { external_id: string }, view: ModalView) {
    try {
      await client.views.update({ ...at, view });
    } catch (error) {
      const plainer = ABOUT_FORM.has(codeOf(error)) ? asTextView(view) : undefined;
      if (plainer === undefined) throw error;
      await client.views.update({ ...at, view: plainer });
    }
  }

  return {
    async open(trigger, view) {
      try {
        const reply = opened.parse(await client.views.open({ trigger_id: trigger, view }));
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
    async showHome(user, view, hash) {
      try {
        await client.views.publish({ user_id: user, view, ...(hash !== undefined && { hash }) });
      } catch (error) {
        if (hash === undefined || !GONE.has(codeOf(error))) throw error;
      }
    },
    async tell({ user, channel }, { text, blocks }) {
      await client.chat.postEphemeral({ channel, user, text, blocks, parse: 'none', link_names: false });
    },
  };
}

const codeOf = (error: unknown): string => (error instanceof WebAPIPlatformError ? error.data.error : '');
