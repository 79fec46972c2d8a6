/** Text from people and clouds, made harmless. Lengths are UTF-16 units: never fewer than the characters that Slack counts. */

const ELLIPSIS = '…';

/** One line without control characters and without signs that turn the direction of what follows. */
export function clean(text: string): string {
  const line = text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu, '')
    .trim();
  // First-strong isolate: a name that runs right to left leaves the order of its surroundings alone (UAX #9).
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(line)
    ? `\u2068${line}\u2069`
    : line;
}

/** At most `max` long, cut between graphemes, the cut marked. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = max - ELLIPSIS.length - (text.startsWith('\u2068') ? 1 : 0);
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, room + 1))) {
    if (kept.length + segment.length > room) break;
    kept += segment;
  }
  return `${kept}${ELLIPSIS}${kept.startsWith('\u2068') ? '\u2069' : ''}`;
}

/** Slack's three control characters. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** For the plain `text` of a message, which Slack reads as markup: what could be formatting becomes code. */
export function neutralise(text: string): string {
  const isPlain = /^[\p{L}\p{M}\p{N}\p{Cf} .,()/+=#…-]*$/u.test(text);
  return isPlain ? text : `\`${escaped(text).replaceAll('`', "'")}\``;
}
