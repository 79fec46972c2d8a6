import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CloudCredentials, HttpRequest } from '../cloud.js';

/**
 * HMAC-SHA256 as in "Signature method" of the Volcengine OpenAPI documents, read from the request alone:
 * canonical request, credential scope `<date>/<region>/<service>/request`, key derived step by step.
 */

export type Signed = { region: string; service: string } | { code: string };

const SKEW_MS = 15 * 60 * 1000;
const AUTHORIZATION =
  /^HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const X_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

export function checkSignature(request: HttpRequest, credentials: CloudCredentials, now: number): Signed {
  const { authorization, 'x-date': xDate = '', 'x-security-token': sessionToken } = request.headers;
  if (!authorization) return { code: 'MissingAuthenticationToken' };
  const match = AUTHORIZATION.exec(authorization);
  if (!match) return { code: authorization.includes('Signature=') ? 'InvalidAuthorization' : 'MissingSignature' };
  const [, accessKey, date = '', region = '', service = '', signedHeaders = '', signature = ''] = match;
  const when = toMillis(xDate);
  if (when === undefined || Math.abs(now - when) > SKEW_MS) return { code: 'InvalidTimestamp' };
  if (!xDate.startsWith(date)) return { code: 'InvalidCredential' };
  if (accessKey !== credentials.accessKey) return { code: 'InvalidAccessKey' };
  if (sessionToken !== credentials.sessionToken) return { code: 'InvalidSecretToken' };

  const names = signedHeaders.split(';');
  const required = ['host', 'x-date', ...(sessionToken === undefined ? [] : ['x-security-token'])];
  const payload = sha256(request.body);
  const claimed = request.headers['x-content-sha256'] ?? payload;
  const scope = [date, region, service, 'request'];
  const toSign = ['HMAC-SHA256', xDate, scope.join('/'), sha256(canonical(request, names, payload))].join('\n');
  const key = scope.reduce<Buffer | string>((from, part) => hmac(from, part), credentials.secretKey);
  const right = timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'));
  if (!right || claimed !== payload || !required.every((name) => names.includes(name))) {
    return { code: 'SignatureDoesNotMatch' };
  }
  return { region, service };
}

function canonical(request: HttpRequest, names: readonly string[], payload: string): string {
  // By name and not by the whole pair: `=` would come after the digits of `InstanceIds.10`.
  const query = [...request.query]
    .map(([name, value]) => [escapeRfc3986(name), escapeRfc3986(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = names
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`)
    .join('');
  return [request.method, request.path, query, headers, names.join(';'), payload].join('\n');
}

function toMillis(xDate: string): number | undefined {
  const parts = X_DATE.exec(xDate)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
const escapeRfc3986 = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
