/** The words for why, wherever they were written. Pure. */

/** Characters that a reason may have: what the approval message can show whole. */
export const MAX_REASON = 1_000;

export type ReasonMistake = { code: 'reason-too-long'; length: number; max: number };

/** On one line, as it is shown. */
export const tidyReason = (words: string): string => words.replace(/\s+/gu, ' ').trim();

export function reasonMistake(reason: string): ReasonMistake | undefined {
  const { length } = [...reason];
  return length > MAX_REASON ? { code: 'reason-too-long', length, max: MAX_REASON } : undefined;
}
