/** Text about keys, as words. Pure. */

/** Without what keyboards, Slack and JSON make of a text: invisible signs, other dashes, escaped line breaks. */
export const tidy = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Dash}/gu, '-')
    .replace(/\\[nrt]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();

/** What is between marks that neither a key nor a fingerprint nor a cloud's name of a key pair holds. */
export const wordsIn = (tidied: string): string[] =>
  tidied
    .split(/[\s"'`*~<>|,;。\\\p{Ps}\p{Pe}\p{Pi}\p{Pf}]+/u)
    .map((word) => word.replace(/^[.!?]+|[.!?]+$/gu, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));

export const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
