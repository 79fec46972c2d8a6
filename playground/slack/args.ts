import type { HttpRequest } from './http.js';
import { SlackRefusal } from './refusal.js';

/** The arguments of a Web API call, form-encoded or JSON: both give the same. */
export type Args = {
  readonly raw: Readonly<Record<string, unknown>>;
  text(name: string): string | undefined;
  /** Refuses with `invalid_arguments` when it is not there. */
  required(name: string): string;
  flag(name: string): boolean;
  count(name: string, fallback: number): number;
  /** A structure, which a form carries as JSON text; refuses with `error` when it cannot be read. */
  json(name: string, error: string): unknown;
};

export const missing = (name: string) =>
  new SlackRefusal('invalid_arguments', [`[ERROR] missing required field: ${name}`]);

export function readBody({ headers, body }: HttpRequest): Record<string, unknown> {
  const text = body.toString('utf8');
  if (text === '') return {};
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(text));
  const read = parse(text, 'invalid_json');
  if (read === null || typeof read !== 'object' || Array.isArray(read)) throw new SlackRefusal('json_not_object');
  return { ...read };
}

export function parse(text: string, error: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SlackRefusal(error);
  }
}

export function makeArgs(raw: Readonly<Record<string, unknown>>): Args {
  const text = (name: string) => {
    const value = raw[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return {
    raw,
    text,
    required(name) {
      const value = text(name);
      if (value === undefined || value === '') throw missing(name);
      return value;
    },
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    count(name, fallback) {
      const value = text(name);
      if (value === undefined) return fallback;
      if (!/^\d+$/.test(value) || Number(value) < 1)
        throw new SlackRefusal('invalid_arguments', [`[ERROR] must be a number above 0: ${name}`]);
      return Number(value);
    },
    json(name, error) {
      const value = raw[name];
      return typeof value === 'string' ? parse(value, error) : value;
    },
  };
}
