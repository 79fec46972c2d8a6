import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { HomeTab } from './messages/home.js';
import type { Message } from './messages/render.js';

/** What is put before one person alone, where a gesture brings no response URL. */
export type Screens = {
  /** Rejects where the trigger is used up: it lives three seconds. */
  openForm(trigger: string, view: ModalView): Promise<void>;
  /** Rejects where `hash` is no longer that of what is shown there. */
  showHome(user: string, view: HomeTab, hash?: string): Promise<void>;
  tell(reader: { user: string; channel: string }, message: Message): Promise<void>;
};

export function createScreens(client: WebClient): Screens {
  return {
    async openForm(trigger, view) {
      await client.views.open({ trigger_id: trigger, view });
    },
    async showHome(user, view, hash) {
      await client.views.publish({ user_id: user, view, ...(hash !== undefined && { hash }) });
    },
    async tell({ user, channel }, { text, blocks }) {
      await client.chat.postEphemeral({ channel, user, text, blocks, parse: 'none', link_names: false });
    },
  };
}
