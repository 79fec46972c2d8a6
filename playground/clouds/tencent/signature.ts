import { createHash, createHmac } from 'node:crypto';
import type { CloudCredentials, HttpRequest } from '../cloud.js';

/** The service is part of the scope that is signed for. */
export type SignedWith = CloudCredentials & { service: 'cvm' | 'sts' };

export type Refusal = { code: string; message: string };

const ALGORITHM = 'TC3-HMAC-SHA256';
const MAX_SKEW_SECONDS = 300;
const AUTHORIZATION =
  /^TC3-HMAC-SHA256 Credential=([^/\s]+)\/([^/\s]+)\/([^/\s]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text, 'utf8').digest();

/** Checks a request by "Signature Method v3" of the Tencent Cloud API; a refusal says what is wrong. */
export function checkSignature(request: HttpRequest, credentials: SignedWith, now: number): Refusal | undefined {
  const timestamp = request.headers['x-tc-timestamp'];
  if (timestamp === undefined) return missing('X-TC-Timestamp');
  if (request.headers.authorization === undefined) return missing('Authorization');
  const [, secretId, date, service, signedHeaders, signature] = AUTHORIZATION.exec(request.headers.authorization) ?? [];
  const names = signedHeaders?.split(';') ?? [];
  if (!names.includes('content-type') || !names.includes('host') || names.some((name) => !(name in request.headers))) {
    return { code: 'AuthFailure.InvalidAuthorization', message: 'The Authorization header is not of the right form.' };
  }
  const seconds = Number(timestamp);
  if (!Number.isInteger(seconds) || Math.abs(now / 1000 - seconds) > MAX_SKEW_SECONDS) {
    return { code: 'AuthFailure.SignatureExpire', message: 'The signature has expired.' };
  }
  if (service !== credentials.service || date !== new Date(seconds * 1000).toISOString().slice(0, 10)) {
    return { code: 'AuthFailure.SignatureFailure', message: 'The credential scope is not right.' };
  }
  if (secretId !== credentials.accessKey) {
    return { code: 'AuthFailure.SecretIdNotFound', message: 'The SecretId is not found.' };
  }
  if (request.headers['x-tc-token'] !== credentials.sessionToken) {
    return { code: 'AuthFailure.TokenFailure', message: 'The token is not right.' };
  }
  const right = hostsOf(request).some(
    (host) => sign(request, { ...request.headers, host }, names, timestamp, credentials) === signature,
  );
  return right ? undefined : { code: 'AuthFailure.SignatureFailure', message: 'The signature is not right.' };
}

/** Clients for a port of their own sign the host as sent, or, as the vendor's SDKs do, without the port. */
function hostsOf({ headers }: HttpRequest): readonly string[] {
  const host = headers.host ?? '';
  return [host, host.replace(/:\d+$/, '')];
}

function sign(
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  timestamp: string,
  { secretKey, service }: SignedWith,
): string {
  const canonicalHeaders = names.map((name) => `${name}:${(headers[name] ?? '').trim().toLowerCase()}\n`).join('');
  const canonicalRequest = [
    request.method,
    request.path,
    request.rawQuery,
    canonicalHeaders,
    names.join(';'),
    sha256(request.body),
  ].join('\n');
  const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  return hmac(key, [ALGORITHM, timestamp, scope, sha256(canonicalRequest)].join('\n')).toString('hex');
}

const missing = (name: string): Refusal => ({
  code: 'MissingParameter',
  message: `The common parameter ${name} is missing.`,
});
