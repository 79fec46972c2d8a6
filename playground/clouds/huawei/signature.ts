import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CloudCredentials, HttpRequest } from '../cloud.js';

/**
 * SDK-HMAC-SHA256, by "AK/SK Signing and Authentication" of the API gateway's documents. Answers what is
 * wrong with a request, or undefined.
 */

const SKEW_MS = 15 * 60_000;
const AUTHORIZATION =
  /^SDK-HMAC-SHA256 Access=(?<access>[^,]+), SignedHeaders=(?<names>[^,]+), Signature=(?<signature>[0-9a-f]{64})$/;

export function findSignatureFault(
  request: HttpRequest,
  credentials: CloudCredentials,
  now: number,
): string | undefined {
  const { access, names, signature } = AUTHORIZATION.exec(request.headers.authorization ?? '')?.groups ?? {};
  if (!access || !names || !signature) return 'the Authorization header is missing or malformed';
  if (access !== credentials.accessKey) return 'the access key is unknown';
  const time = readTime(request.headers['x-sdk-date']);
  if (time === undefined) return 'the x-sdk-date header is missing or malformed';
  if (Math.abs(now - time) > SKEW_MS) return 'the time differs by more than 15 minutes';
  if (request.headers['x-security-token'] !== credentials.sessionToken) return 'the security token is wrong';
  const signed = names.split(';');
  const needed = ['host', 'x-sdk-date', ...(credentials.sessionToken ? ['x-security-token'] : [])];
  const missing = needed.filter((name) => !signed.includes(name));
  if (missing.length > 0) return `not signed: ${missing.join(', ')}`;
  const expected = sign(request, signed, credentials.secretKey);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) ? undefined : 'verify aksk signature fail';
}

function readTime(value: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value ?? '');
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function sign(request: HttpRequest, signed: readonly string[], secretKey: string): string {
  const headers = [...signed].sort().map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`);
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.rawQuery),
    headers.join(''),
    [...signed].sort().join(';'),
    sha256(request.body),
  ].join('\n');
  const toSign = ['SDK-HMAC-SHA256', request.headers['x-sdk-date'], sha256(canonical)].join('\n');
  return createHmac('sha256', secretKey).update(toSign).digest('hex');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalPath(path: string): string {
  const segments = path.split('/').map((segment) => encode(decodeURIComponent(segment)));
  return segments.at(-1) === '' ? segments.join('/') : `${segments.join('/')}/`;
}

function canonicalQuery(rawQuery: string): string {
  return [...new URLSearchParams(rawQuery)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
