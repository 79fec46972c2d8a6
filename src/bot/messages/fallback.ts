import type { ModalView } from '@slack/types';
import { LIMITS } from './limits.js';
import type { Message } from './render.js';
import { clip } from './text.js';

/** The same message for when Slack refuses its blocks. */
export const asTextOnly = ({ text }: Message): { text: string } => ({ text });

type Worded = { text?: string | { text: string }; elements?: readonly Worded[]; fallback?: string; user_id?: string };

/** The same for a view; one that something is entered in cannot be words alone. */
export function asTextView(view: ModalView): ModalView | undefined {
  if (view.submit !== undefined) return undefined;
  const text = clip((view.blocks as Worded[]).map(wordsOf).filter(Boolean).join('\n'), LIMITS.sectionText);
  if (text === '') return undefined;
  return { ...view, blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }] };
}

function wordsOf({ text, elements = [], fallback, user_id }: Worded): string {
  const own = typeof text === 'object' ? text.text : (text ?? fallback ?? user_id ?? '');
  return own + elements.map(wordsOf).join('');
}
