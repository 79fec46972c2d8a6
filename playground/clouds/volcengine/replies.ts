import type { Call, HttpReply } from '../cloud.js';

/**
 * Codes, HTTP statuses and words of the ECS documents (DetachKeyPair, AttachKeyPair, Stop-, Start- and
 * RebootInstances, API 2020-04-01) and of the gateway's common error codes.
 */
const CODES: Readonly<Record<string, readonly [httpStatus: number, message: string]>> = Object.freeze({
  'MissingParameter.KeyPairNameAndKeyPairId': [
    400,
    'The required parameters KeyPairName and KeyPairId are not supplied.',
  ],
  'MissingParameter.InstanceIds': [400, 'The required parameter InstanceIds is not supplied.'],
  'LimitExceeded.MaximumInstanceIds': [400, "You've reach the limit on the number of InstanceIds that you can set."],
  'InvalidClientToken.Malformed': [400, 'The specified ClientToken is malformed.'],
  'InvalidStoppedMode.Malformed': [400, 'The specified StoppedMode is malformed.'],
  InvalidArgument: [400, 'The specified argument is invalid.'],
  IdempotentParameterMismatch: [
    400,
    'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.',
  ],
  'InvalidKeyPair.NotFound': [404, 'The specified KeyPair does not exist.'],
  IdempotentProcessing: [412, 'The request uses the same client token as a previous one that is still in process.'],
  InternalError: [500, 'An internal error has occurred.'],
  'InvalidInstance.NotFound': [200, 'The specified instance does not exist.'],
  'InvalidKeyPairForWindows.Unsupported': [
    200,
    'The OSType of this specified instance is Windows, which does not support key pairs.',
  ],
  'InvalidResetAuthenticationAgent.NotFound': [
    200,
    'The specified reset-authentication agent does not install on the instance.',
  ],
  InvalidInstanceStatus: [200, 'The status of the specified instance does not support this request.'],
  MissingAuthenticationToken: [401, 'Request is missing Authentication Token.'],
  InvalidAuthorization: [400, 'The Authorization header of the request is invalid.'],
  InvalidCredential: [400, 'The Credential in the Authorization header is invalid.'],
  MissingSignature: [401, 'The request is missing signature.'],
  InvalidTimestamp: [400, 'The signature of the request is expired.'],
  ServiceNotFound: [404, 'This service not found.'],
  InvalidActionOrVersion: [404, 'Could not find operation for version.'],
  InvalidAccessKey: [401, 'The accesskey included in the request is invalid.'],
  SignatureDoesNotMatch: [401, 'The request signature we calculated does not match the signature you provided.'],
  InvalidSecretToken: [401, 'The security token included in the request is invalid.'],
  LackPolicy: [403, 'Request was rejected because of lack of policy.'],
  AccessDenied: [403, 'User is not authorized to perform this action on this resource.'],
  FlowLimitExceeded: [429, "You've reach the limit on request rate of resources."],
});

export const messageOf = (code: string): string => CODES[code]?.[1] ?? 'No words are known for this code.';

/** The one error shape of service and gateway; a code of an instance only, raised for a whole call, is a 400. */
export function refusal(
  requestId: string,
  code: string,
  call?: Call,
  httpStatus?: number,
  message?: string,
): HttpReply {
  const known = CODES[code]?.[0];
  const status = httpStatus ?? (known === undefined || known === 200 ? 400 : known);
  const error = { CodeN: 0, Code: code, Message: message ?? messageOf(code) };
  return { status, body: JSON.stringify({ ResponseMetadata: { ...metadata(requestId, call), Error: error } }) };
}

export function success(requestId: string, call: Call, Result: unknown): HttpReply {
  return { status: 200, body: JSON.stringify({ ResponseMetadata: metadata(requestId, call), Result }) };
}

const metadata = (RequestId: string, call?: Call) => ({
  RequestId,
  Action: call?.operation ?? '',
  Version: '2020-04-01',
  Service: 'ecs',
  Region: call?.region ?? '',
});
