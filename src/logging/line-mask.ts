const MASKED = '[secret]';
/** Anything shorter would mask ordinary words. */
const SHORTEST_SECRET = 4;

/** What is secret by its form, also where nobody told it: Slack's tokens, and private keys with their line breaks as JSON writes them. */
const FORMS = [
  String.raw`\bxox[a-z]-[\w-]{6,}`,
  String.raw`\bxapp-[\w-]{6,}`,
  String.raw`-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[^"\\]|\\.)*`,
  String.raw`(?<=\bhooks\.slack\.com/)[\w/-]+`,
];

/** Hides secrets anywhere in a line of JSON, whatever field they are in, and keeps it a line of JSON. */
export function makeLineMask(secrets: readonly string[]): (line: string) => string {
  const literal = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(spellings))]
    .sort((a, b) => b.length - a.length)
    .map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`));
  const pattern = new RegExp([...literal, ...FORMS].join('|'), 'g');
  return (line) => line.replace(pattern, MASKED);
}

/** As it is, as JSON writes it, and as it stands in an address. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(Buffer.from(secret).toString())];
}
