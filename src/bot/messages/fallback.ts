import type { Message } from './render.js';

/** The same message for when Slack refuses its blocks. */
export const asTextOnly = ({ text }: Message): { text: string } => ({ text });
