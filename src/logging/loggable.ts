import { types } from 'node:util';

const DEEPEST = 6;
const MOST_ITEMS = 100;
const MOST_CAUSES = 3;
const HIDDEN = '[secret]';

/** Keys whose values are not printed, whatever they hold; compared without case, `-` and `_`. */
const SECRET_KEYS = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'credentials',
  'password',
  'passphrase',
  'privatekey',
  'secret',
  'signingsecret',
  'token',
  'apptoken',
  'bottoken',
  'usertoken',
  'sessiontoken',
  'securitytoken',
  'accesskeysecret',
  'secretaccesskey',
  'secretkey',
  'xslacksignature',
  // Whoever has it may answer in the channel for half an hour.
  'responseurl',
]);

/** A copy that holds plain data only: an error or an SDK's object never brings its request, headers or client along. */
export function toLoggable(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return copyFields(fields, 0);
}

function copyFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, isSecretKey(key) ? HIDDEN : copy(value, depth + 1)]),
  );
}

function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key.toLowerCase().replaceAll(/[-_]/g, ''));
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return copyError(value, 0);
  if (depth > DEEPEST) return '[deep]';
  if (hasToJson(value)) return copyJson(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return copyFields(Object.fromEntries(value), depth);
  if (Array.isArray(value) || value instanceof Set) {
    return [...value].slice(0, MOST_ITEMS).map((item) => copy(item, depth + 1));
  }
  return copyFields(value, depth);
}

/** Dates and secrets say themselves how they are written. */
function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function' && !ArrayBuffer.isView(value);
}

function copyJson(value: { toJSON(): unknown }, depth: number): unknown {
  try {
    return copy(value.toJSON(), depth + 1);
  } catch {
    return '[unprintable]';
  }
}

/** Also one of another realm. */
function isError(value: object): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

function copyError(error: Error, causes: number): Record<string, unknown> {
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? { code: error.code } : {};
  const { cause } = error;
  const nested =
    typeof cause === 'object' && cause !== null && isError(cause) && causes < MOST_CAUSES
      ? { cause: copyError(cause, causes + 1) }
      : {};
  return { name: error.name, message: error.message, ...code, stack: error.stack, ...nested };
}
