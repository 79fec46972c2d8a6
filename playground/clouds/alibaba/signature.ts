import { createHash, createHmac } from 'node:crypto';
import type { CloudCredentials, HttpRequest } from '../cloud.js';
import { Refused } from './answers.js';

/*
 * "Request syntax and signature method V3" of Alibaba Cloud OpenAPI: ACS3-HMAC-SHA256 over method, path,
 * sorted query, signed headers and the hash of the body.
 */

const ALGORITHM = 'ACS3-HMAC-SHA256';
/** A request is good for 15 minutes on either side. */
const SKEW_MS = 15 * 60_000;

/** Throws `Refused` unless the request is signed by these credentials, is fresh, and is here for the first time. */
export function checkSignature(
  request: HttpRequest,
  account: CloudCredentials,
  now: number,
  nonces: Set<string>,
): void {
  const { headers } = request;
  if (!headers.authorization) throw new Refused('MissingAccessKeyId', 'AccessKeyId is mandatory for this action.');
  const form = /^(\S+) Credential=([^,\s]+),SignedHeaders=([^,\s]+),Signature=([0-9a-f]{64})$/;
  const [, algorithm, accessKey, signedHeaders, signature] = form.exec(headers.authorization) ?? [];
  if (!accessKey || !signedHeaders || !signature) {
    throw new Refused('IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
  }
  if (algorithm !== ALGORITHM) throw new Refused('InvalidSignatureMethod', 'The specified algorithm is not supported.');
  checkDate(headers['x-acs-date'], now);
  const nonce = headers['x-acs-signature-nonce'];
  if (!nonce) throw new Refused('MissingSignatureNonce', 'SignatureNonce is mandatory for this action.');
  if (accessKey !== account.accessKey) {
    throw new Refused('InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  }
  checkToken(headers['x-acs-security-token'], account.sessionToken);
  const canonical = canonicalRequest(request, signedHeaders.split(';'));
  const toSign = `${ALGORITHM}\n${sha256(canonical)}`;
  const expected = createHmac('sha256', account.secretKey).update(toSign).digest('hex');
  const bodyIsSigned = headers['x-acs-content-sha256'] === sha256(request.body);
  if (signature !== expected || !bodyIsSigned || !coversEnough(headers, signedHeaders.split(';'))) {
    // The cloud repeats what it has signed, headers and all.
    throw new Refused(
      'SignatureDoesNotMatch',
      `Specified signature does not match our calculation. server StringToSign is [${toSign}] server CanonicalRequest is [${canonical}]`,
    );
  }
  if (nonces.has(nonce)) throw new Refused('SignatureNonceUsed', 'Specified signature nonce was used already.');
  nonces.add(nonce);
}

function checkDate(date: string | undefined, now: number): void {
  if (!date) throw new Refused('MissingTimestamp', 'Timestamp is mandatory for this action.');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) {
    throw new Refused('InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
  }
  if (Math.abs(Date.parse(date) - now) > SKEW_MS) {
    throw new Refused('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
}

function checkToken(given: string | undefined, expected: string | undefined): void {
  if (given === expected) return;
  if (!given) throw new Refused('MissingSecurityToken', 'SecurityToken is mandatory for this action.');
  if (!expected) throw new Refused('InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
  throw new Refused(
    'InvalidSecurityToken.MismatchWithAccessKey',
    'Specified SecurityToken mismatch with the AccessKey.',
  );
}

function canonicalRequest(request: HttpRequest, signedHeaders: readonly string[]): string {
  // By name alone: with the "=" behind it, `Id.10` would come before `Id.1`.
  const query = [...request.query]
    .map(([name, value]) => ({ name: encoded(name), value: encoded(value) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`).join('');
  const hash = request.headers['x-acs-content-sha256'] ?? '';
  return [request.method, request.path, query, headers, signedHeaders.join(';'), hash].join('\n');
}

/** Every `x-acs-` header, the host and the content type have to be signed. */
function coversEnough(headers: HttpRequest['headers'], signed: readonly string[]): boolean {
  const needed = Object.keys(headers).filter((name) => name.startsWith('x-acs-') || name === 'content-type');
  return ['host', ...needed].every((name) => signed.includes(name));
}

const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');

const encoded = (value: string) =>
  encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
