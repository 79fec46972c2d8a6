/** What keyboards and Slack make of what a person typed, undone. Pure. */

const QUOTES = {
  '"': '"\u201C\u201D\u201E\u201F\u2033\u301D\u301E\u301F\u300C\u300D\u300E\u300F\u00AB\u00BB\uFF02',
  "'": "'\u2018\u2019\u201A\u201B\u2032\uFF07",
  '`': '`',
} as const;
export type Quote = keyof typeof QUOTES;
const QUOTE_KINDS = ['"', "'", '`'] as const satisfies readonly Quote[];

/** The plain quote that this character stands for. */
export function quoteOf(character: string): Quote | undefined {
  if (character === '') return undefined;
  return QUOTE_KINDS.find((kind) => QUOTES[kind].includes(character));
}

/** How to type this word so that it is read as it is. */
export function typed(word: string): string {
  if (/^[^\s,\-—/][^\s,]*$/u.test(word) && quoteOf(word.charAt(0)) === undefined && syntaxWord(fold(word)) === word)
    return word;
  const escaped = Array.from(word, (sign) => (sign === '\\' || quoteOf(sign) !== undefined ? `\\${sign}` : sign));
  return `"${escaped.join('')}"`;
}

/**
 * Full-width letters, signs and spaces as plain ones, place by place, so that an index means the same in both
 * texts. A dash that a keyboard made of two hyphens becomes `—`, any other `-`; what parts words in any script
 * becomes `,`, and the fence of a code block becomes spaces.
 */
export function fold(text: string): string {
  const folded = Array.from(text, (character) => {
    const plain = character.normalize('NFKC');
    return plain.length === character.length ? plain : character;
  });
  return folded
    .join('')
    .replace(/[\u2012-\u2015\u2212\u2500\u2E3A\u2E3B\uFE58]/gu, '\u2014')
    .replace(/[\u2010\u2011\uFE63]/gu, '-')
    .replace(/[\u3001\u3002;]/gu, ',')
    .replaceAll('```', '   ');
}

/** One word of the syntax, from folded text, without signs that nobody sees. */
export const syntaxWord = (folded: string): string =>
  folded
    .normalize('NFKC')
    .replaceAll('\u2014', '-')
    .replace(/\p{Cf}/gu, '');

/** Mentions, channels and links in Slack's escaped form, as the person saw them. */
export function unescapeSlack(text: string): string {
  return text
    .replace(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/gu, asSeen)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function asSeen(whole: string, sign: string, target: string, label = ''): string {
  if (sign === '' && !/^(?:https?|ftp|mailto|tel):/iu.test(target)) return whole;
  if (sign === '!') return label || `@${target}`;
  const words = label || target.replace(/^(?:mailto|tel):/iu, '');
  return words.startsWith(sign) ? words : `${sign}${words}`;
}
