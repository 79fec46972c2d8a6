/** Turns the cloud's words into one short line that holds no secret. */
export type Mask = (text: string) => string;

const MASKED = '***';
const MOST_CHARACTERS = 300;
/** Anything shorter would mask ordinary words. */
const SHORTEST_SECRET = 4;
const SHORTEST_DERIVED = 6;

export function makeMask(secrets: readonly string[]): Mask {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map(escapeForRegExp);
  const pattern = longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'g') : undefined;
  const hide = (text: string) => (pattern ? text.replace(pattern, MASKED) : text);
  // Cut last: half a secret at the end would not be recognised. Hidden twice: a line break can be part of a secret, or stand inside one.
  return (text) => hide(oneLine(hide(text))).slice(0, MOST_CHARACTERS);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = encodeURIComponent(bytes.toString());
  const derived = [
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    encodeURIComponent(encoded),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...base64FormsOf(bytes),
  ];
  return [secret, ...derived.filter((form) => form.length >= SHORTEST_DERIVED)];
}

/** Base64 depends on where in the text the secret begins: one form for each of the three places, without the shared edges. */
function base64FormsOf(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const firstOwn = Math.ceil((shift * 8) / 6);
    const lastOwn = Math.floor(((shift + bytes.length) * 8) / 6);
    const own = whole.slice(firstOwn, lastOwn);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(own)];
  });
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
