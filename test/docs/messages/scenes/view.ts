import type { ActionsBlock, Button, ModalView } from '@slack/types';
import type { Message } from '../../../../src/bot/messages/render.js';
import type { Language } from '../../../../src/jobs/events.js';
import type { Scene } from '../scene.js';

/** A view as a message would show it: its title above, its buttons below. */
function asMessage({ title, blocks, submit, close }: ModalView): Message {
  const buttons = [submit, close].flatMap((text, index): Button[] =>
    text ? [{ type: 'button', action_id: `b${index}`, text }] : [],
  );
  const actions: ActionsBlock[] = buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : [];
  return { text: title.text, blocks: [{ type: 'header', text: title }, ...(blocks as Message['blocks']), ...actions] };
}

export const viewScene = (title: string, view: (language: Language) => ModalView): Scene => ({
  title,
  message: (language) => asMessage(view(language)),
});
