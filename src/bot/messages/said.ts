import { CLOUD_WORDS_LENGTH } from './limits.js';
import type { Line } from './line.js';
import { code, quoted, say } from './line.js';
import type { Sentences } from './sentences/sentences.js';

/** A code with the words that came with it: the cloud's, or the bot's own where the cloud gave none. */
export function saidLine(
  { outcomes, own }: Pick<Sentences, 'outcomes' | 'own'>,
  told: { code: string; message: string },
): Line {
  const table: Readonly<Record<string, string | undefined>> = own;
  const isOwn = Object.hasOwn(table, told.code);
  const ours = isOwn ? table[told.code] : undefined;
  const isSilent = ours === undefined && told.message === '';
  const words = ours ?? quoted(told.message, CLOUD_WORDS_LENGTH);
  const said = isSilent ? say`${code(told.code)}` : outcomes.coded(code(told.code), words);
  return isOwn ? outcomes.botSaw(said) : outcomes.cloudSays(said);
}
