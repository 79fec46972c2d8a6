import { CLOUD_WORDS_LENGTH } from './limits.js';
import type { Line } from './line.js';
import { code, quoted } from './line.js';
import type { Sentences } from './sentences/sentences.js';

/** A code with the words that came with it: the cloud's, or the bot's own where the cloud gave none. */
export function saidLine(
  { outcomes, own }: Pick<Sentences, 'outcomes' | 'own'>,
  told: { code: string; message: string },
): Line {
  const table: Readonly<Record<string, string | undefined>> = own;
  const isOwn = Object.hasOwn(table, told.code);
  const ours = isOwn ? table[told.code] : undefined;
  const said = outcomes.coded(code(told.code), ours ?? quoted(told.message, CLOUD_WORDS_LENGTH));
  return isOwn ? outcomes.botSaw(said) : outcomes.cloudSays(said);
}
