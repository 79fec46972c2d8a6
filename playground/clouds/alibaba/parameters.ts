import type { HttpRequest } from '../cloud.js';
import { Refused } from './answers.js';

export type Given = Readonly<Record<string, string>>;

/** RPC style: in the query, or as a form in the body. */
export function givenIn(request: HttpRequest): Given {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? request.body : '';
  return Object.fromEntries([...request.query, ...new URLSearchParams(form)]);
}

/** Refuses what is missing, and what this cloud does not know: an option that is silently dropped would hide a mistake. */
export function checkNames(given: Given, required: readonly string[], optional: readonly string[]): void {
  for (const name of required) {
    if (!given[name] && !given[`${name}.1`]) {
      throw new Refused('MissingParameter', `The input parameter "${name}" that is mandatory is not supplied.`);
    }
  }
  for (const name of Object.keys(given)) {
    const plain = name.replace(/\.\d+$/, '');
    if (![...required, ...optional, 'Action', 'Version', 'Format'].includes(plain)) {
      throw new Refused('UnsupportedParameter', `The parameter "${name}" is not supported.`);
    }
  }
}

/** `Name.1`, `Name.2`, … */
export function numbered(given: Given, name: string): readonly string[] {
  const values: string[] = [];
  for (let n = 1; given[`${name}.${n}`] !== undefined; n += 1) values.push(given[`${name}.${n}`] ?? '');
  return values;
}

/** A JSON array of strings; undefined where it is anything else. */
export function jsonList(value: string | undefined): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(value ?? '');
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

export function flag(given: Given, name: string): boolean {
  const value = given[name] ?? 'false';
  if (value !== 'true' && value !== 'false') throw new Refused('InvalidParameter', `${name} is not a boolean.`);
  return value === 'true';
}

export function whole(given: Given, name: string, otherwise: number): number {
  const value = given[name] ?? String(otherwise);
  if (!/^\d+$/.test(value)) throw new Refused('InvalidParameter', `${name} is not a number.`);
  return Number(value);
}
