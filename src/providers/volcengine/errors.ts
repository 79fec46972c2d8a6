import type { ErrorKind, ErrorRow, ErrorTable, Hint } from '../failures.js';

/**
 * Sources: DetachKeyPair, AttachKeyPair, StopInstances, StartInstances, RebootInstances (ECS API 2020-04-01)
 * and the common error codes of the Volcengine OpenAPI gateway. Whole-call refusals by the gateway come
 * before the service is reached; those of the service are said by the documents to be checks of the input.
 */

const row = (kind: ErrorKind, mayBeDone: 'no' | 'yes', repeat: ErrorRow['repeat'], hint: Hint): ErrorRow =>
  Object.freeze({ kind, mayBeDone, repeat, hint });

const ourBug = row('bug', 'no', 'never', 'report-bug');
const badKey = row('auth', 'no', 'never', 'check-credentials');
const denied = row('forbidden', 'no', 'never', 'grant-permission');
const trouble = row('unavailable', 'yes', 'later', 'cloud-trouble');

export const errors: ErrorTable = Object.freeze({
  // The whole call, by the service.
  'MissingParameter.KeyPairNameAndKeyPairId': ourBug,
  'MissingParameter.InstanceIds': ourBug,
  'LimitExceeded.MaximumInstanceIds': ourBug,
  'InvalidClientToken.Malformed': ourBug,
  'InvalidStoppedMode.Malformed': ourBug,
  InvalidArgument: ourBug,
  // An earlier call had this token and may have reached some of these instances.
  IdempotentParameterMismatch: row('conflict', 'yes', 'never', 'report-bug'),
  // The earlier call with this token is the same write, and is being done right now.
  IdempotentProcessing: row('conflict', 'yes', 'later', 'instance-busy'),
  'InvalidKeyPair.NotFound': row('not-found', 'no', 'never', 'check-key-pair'),
  InternalError: trouble,

  // One instance of a call.
  'InvalidInstance.NotFound': row('not-found', 'no', 'never', 'check-instance'),
  'InvalidKeyPairForWindows.Unsupported': row('unsupported', 'no', 'never', 'windows'),
  'InvalidResetAuthenticationAgent.NotFound': row('unsupported', 'no', 'never', 'install-agent'),
  InvalidInstanceStatus: row('conflict', 'no', 'settled', 'instance-state'),
  'MissingParameter.InstanceId': ourBug,
  'Insufficient.Balance': row('quota', 'no', 'never', 'account-frozen'),
  // Also the gateway's answer for the whole call, with HTTP 429.
  FlowLimitExceeded: row('rate-limited', 'no', 'later', 'rate-limited'),

  // The whole call, by the gateway.
  MissingParameter: ourBug,
  InvalidParameter: ourBug,
  MissingRequestInfo: ourBug,
  MissingAuthenticationToken: badKey,
  MissingSignature: badKey,
  InvalidAuthorization: badKey,
  InvalidCredential: badKey,
  InvalidAccessKey: badKey,
  SignatureDoesNotMatch: badKey,
  InvalidSecretToken: row('auth', 'no', 'never', 'renew-credentials'),
  InvalidTimestamp: row('auth', 'no', 'never', 'check-clock'),
  LackPolicy: denied,
  AccessDenied: denied,
  ServiceNotFound: ourBug,
  InvalidActionOrVersion: ourBug,
  InternalServiceError: trouble,
  InternalServiceTimeout: row('timeout', 'yes', 'later', 'cloud-trouble'),
  ServiceUnavailableTemp: trouble,
  ServiceUnavailableTemporarily: trouble,
});
