/** Reading of a request's parameters by the rules that all CVM actions share. */

/** An error as CVM answers with it: one code for the whole call. */
export class CvmError extends Error {
  override readonly name = 'CvmError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Parameters = Readonly<Record<string, unknown>>;

export const INSTANCE_ID = /^ins-[a-z0-9]{8}$/;
export const KEY_ID = /^skey-[a-z0-9]{8}$/;

const MAX_IDS = 100;
const MAX_FILTERS = 10;
const MAX_FILTER_VALUES = 5;
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

export function onlyKnown(parameters: Parameters, known: readonly string[]): void {
  for (const name of Object.keys(parameters)) {
    if (!known.includes(name)) throw new CvmError('UnknownParameter', `The parameter ${name} is not known.`);
  }
}

/** `undefined` where the parameter was left out. */
export function readIds(parameters: Parameters, name: string, pattern: RegExp, malformed: string) {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new CvmError('InvalidParameterValue', `${name} is not a list.`);
  if (value.length > MAX_IDS) {
    throw new CvmError('InvalidParameterValue.LimitExceeded', `${name} holds more than ${MAX_IDS} ids.`);
  }
  return value.map((id: unknown) => {
    if (typeof id !== 'string' || !pattern.test(id)) throw new CvmError(malformed, `An id in ${name} is malformed.`);
    return id;
  });
}

export function readRequiredIds(parameters: Parameters, name: string, pattern: RegExp, malformed: string) {
  const ids = readIds(parameters, name, pattern, malformed) ?? [];
  if (ids.length === 0) throw new CvmError('MissingParameter', `The parameter ${name} is missing.`);
  return ids;
}

export function readFlag(parameters: Parameters, name: string): boolean {
  const value = parameters[name] ?? false;
  if (typeof value !== 'boolean') throw new CvmError('InvalidParameterValue', `${name} is not a boolean.`);
  return value;
}

export function readWord(parameters: Parameters, name: string, words: readonly [string, ...string[]]): string {
  const value = parameters[name] ?? words[0];
  if (typeof value !== 'string' || !words.includes(value)) {
    throw new CvmError('InvalidParameterValue', `${name} is none of ${words.join(', ')}.`);
  }
  return value;
}

export function readPage(parameters: Parameters): { offset: number; limit: number } {
  const offset = parameters.Offset ?? 0;
  const limit = parameters.Limit ?? DEFAULT_LIMIT;
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) {
    throw new CvmError('InvalidParameterValueOffset', 'Offset is not right.');
  }
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new CvmError('InvalidParameterValueLimit', `Limit is not between 1 and ${MAX_LIMIT}.`);
  }
  return { offset, limit };
}

export type Filter = { name: string; values: readonly string[] };

/** Ids and filters exclude each other. */
export function readFilters(parameters: Parameters, ids: string, known: readonly string[]): readonly Filter[] {
  const value = parameters.Filters ?? [];
  if (!Array.isArray(value)) throw new CvmError('InvalidParameterValue', 'Filters is not a list.');
  if (value.length > 0 && parameters[ids] !== undefined) {
    throw new CvmError('InvalidParameter', `${ids} and Filters cannot be used together.`);
  }
  if (value.length > MAX_FILTERS) throw new CvmError('InvalidFilterValue.LimitExceeded', 'There are too many filters.');
  return value.map((filter: { Name?: unknown; Values?: unknown }) => {
    const name = filter?.Name;
    const values = filter?.Values;
    if (typeof name !== 'string' || !known.includes(name) || !Array.isArray(values)) {
      throw new CvmError('InvalidFilter', 'The filter is not valid.');
    }
    if (values.length > MAX_FILTER_VALUES) {
      throw new CvmError('InvalidFilterValue.LimitExceeded', 'A filter has too many values.');
    }
    return { name, values: values.map(String) };
  });
}
