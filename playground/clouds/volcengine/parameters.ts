/** Reads the flat parameters of a GET request; what is not in the document of its action is refused. */

/** Thrown while a call is being read or done: the whole call is refused with this code. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message?: string) {
    super(message ?? '');
    this.code = code;
  }
}

/** `Name.1=…&Name.2=…` */
export function readList(query: URLSearchParams, name: string): string[] {
  const list: string[] = [];
  for (let n = 1; ; n += 1) {
    const value = query.get(`${name}.${n}`);
    if (value === null) return list;
    list.push(value);
  }
}

export function readInstanceIds(query: URLSearchParams): string[] {
  const ids = readList(query, 'InstanceIds');
  if (ids.length > 100) throw new Refused('LimitExceeded.MaximumInstanceIds');
  return ids;
}

export function requireKnown(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys()) {
    const plain = name.replace(/\.\d+$/, '');
    if (plain !== 'Action' && plain !== 'Version' && !names.includes(plain)) {
      throw new Refused('InvalidArgument', `The specified argument ${name} is not known.`);
    }
  }
}

export function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? 'false';
  if (value !== 'true' && value !== 'false') throw new Refused('InvalidArgument');
  return value === 'true';
}

/** 64 ASCII characters at most. */
export function readClientToken(query: URLSearchParams): string | undefined {
  const token = query.get('ClientToken') ?? '';
  if (!/^[\x20-\x7e]{0,64}$/.test(token)) throw new Refused('InvalidClientToken.Malformed');
  return token || undefined;
}

export type Page<T> = { items: T[]; NextToken: string };

/** `MaxResults` (10 where left out) and `NextToken`, which is good only for the query it came from. */
export function readPage<T>(query: URLSearchParams, all: readonly T[], most: number): Page<T> {
  const size = Number(query.get('MaxResults') ?? '10');
  if (!Number.isInteger(size) || size < 1 || size > most) throw new Refused('InvalidArgument');
  const key = [...query].filter(([name]) => name !== 'NextToken').join('&');
  const token = query.get('NextToken') ?? '';
  const [start, from] = token === '' ? [0, key] : readToken(token);
  if (from !== key) throw new Refused('InvalidArgument');
  const end = start + size;
  const next = end < all.length ? Buffer.from(`${end} ${key}`).toString('base64url') : '';
  return { items: all.slice(start, end), NextToken: next };
}

function readToken(token: string): [start: number, from: string] {
  const [, start, from] = /^(\d+) (.*)$/s.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? [];
  if (start === undefined || from === undefined) throw new Refused('InvalidArgument');
  return [Number(start), from];
}
