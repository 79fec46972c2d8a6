import type { ErrorRow, ErrorTable } from '../failures.js';

/*
 * From the documents of DetachKeyPair, AttachKeyPair, StartInstances, StopInstances, RebootInstances,
 * DescribeInstances and DescribeKeyPairs, and from the tables of common errors of ECS. Instance-level
 * codes arrive in the results with HTTP 200, request-level codes with the HTTP status.
 */

const notDone = { mayBeDone: 'no', repeat: 'never' } as const;

const credentials: ErrorRow = { kind: 'auth', ...notDone, hint: 'check-credentials' };
const token: ErrorRow = { kind: 'auth', ...notDone, hint: 'renew-credentials' };
const clock: ErrorRow = { kind: 'auth', ...notDone, hint: 'check-clock' };
const role: ErrorRow = { kind: 'auth', ...notDone, hint: 'check-role' };
const permission: ErrorRow = { kind: 'forbidden', ...notDone, hint: 'grant-permission' };
const ourMistake: ErrorRow = { kind: 'bug', ...notDone, hint: 'report-bug' };
const noInstance: ErrorRow = { kind: 'not-found', ...notDone, hint: 'check-instance' };
const noKeyPair: ErrorRow = { kind: 'not-found', ...notDone, hint: 'check-key-pair' };
const instanceState: ErrorRow = { kind: 'conflict', mayBeDone: 'no', repeat: 'settled', hint: 'instance-state' };
const busy: ErrorRow = { kind: 'conflict', mayBeDone: 'no', repeat: 'settled', hint: 'instance-busy' };
const account: ErrorRow = { kind: 'forbidden', ...notDone, hint: 'account-frozen' };
/** Counted by the minute, for each account, region and action. */
const throttled: ErrorRow = { kind: 'rate-limited', mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' };
const trouble: ErrorRow = { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' };

const rows = {
  // The key pair and its instances
  'DependencyViolation.WindowsInstance': { kind: 'unsupported', ...notDone, hint: 'windows' },
  'InvalidKeyPairName.NotFound': noKeyPair,
  'InvalidKeyPair.NotFound': noKeyPair,
  'InvalidInstanceIds.ValueNotSupported': { kind: 'invalid', ...notDone, hint: 'check-instance' },
  'InvalidInstanceIds.Malformed': { kind: 'invalid', ...notDone, hint: 'check-instance' },
  'InvalidInstanceId.NotFound': noInstance,
  'InvalidInstanceId.Malformed': { kind: 'invalid', ...notDone, hint: 'check-instance' },
  'Forbidden.InstanceNotFound': noInstance,
  'InvalidInstanceType.*': { kind: 'unsupported', ...notDone, hint: 'unsupported-instance' },

  // What the instance is doing
  'IncorrectInstanceStatus.*': instanceState,
  'InvalidInstanceStatus.*': instanceState,
  'OperationConflict.*': busy,
  'Operation.Conflict': busy,
  InstanceLockedForSecurity: { kind: 'forbidden', ...notDone, hint: 'instance-locked' },
  InstanceExpired: account,
  InstanceExpiredOrInArrears: account,
  InsufficientBalance: account,
  'Account.Arrearage': account,
  /** A start after a stop in economical mode, where the capacity is gone. */
  'OperationDenied.NoStock': { kind: 'quota', ...notDone, hint: 'sold-out' },
  'OperationDenied.*': { kind: 'unsupported', ...notDone, hint: 'unsupported-instance' },
  'QuotaExceeded.*': { kind: 'quota', ...notDone, hint: 'quota' },

  // Who is calling
  MissingAccessKeyId: credentials,
  'InvalidAccessKeyId.*': credentials,
  SignatureDoesNotMatch: credentials,
  IncompleteSignature: credentials,
  InvalidSignatureMethod: ourMistake,
  MissingSecurityToken: token,
  'InvalidSecurityToken.*': token,
  // STS, for the role of an account.
  'EntityNotExist.Role': role,
  'InvalidParameter.RoleArn': role,
  'AuthenticationFail.NoPermission': role,
  'InvalidTimeStamp.*': clock,
  IllegalTimestamp: clock,
  MissingTimestamp: clock,
  /** Each request has a nonce of its own: this one came in twice, and the first may have been done. */
  SignatureNonceUsed: { kind: 'conflict', mayBeDone: 'yes', repeat: 'later', hint: 'sent-twice' },
  MissingSignatureNonce: ourMistake,
  'Forbidden.*': permission,
  'NoPermission.*': permission,
  ActionUnauthorized: permission,
  UnauthorizedOperation: permission,
  'Forbidden.RiskControl': { kind: 'forbidden', ...notDone, hint: 'risk-control' },

  // How the request is written
  'MissingParameter.*': ourMistake,
  'InvalidParameter.*': { kind: 'invalid', ...notDone, hint: 'report-bug' },
  UnsupportedParameter: ourMistake,
  'UnsupportedOperation.*': ourMistake,
  UnsupportedHTTPMethod: ourMistake,
  'InvalidAction.*': ourMistake,
  NoSuchVersion: ourMistake,
  InvalidVersion: ourMistake,
  'InvalidRegionId.*': { kind: 'invalid', ...notDone, hint: 'report-bug' },
  DryRunOperation: ourMistake,
  'DRYRUN.SUCCESS': ourMistake,

  // How the cloud is doing
  'Throttling.*': throttled,
  'Rejected.Throttling': throttled,
  'InternalError.*': trouble,
  InternalFailure: trouble,
  'ServiceUnavailable.*': trouble,
} satisfies ErrorTable;

export const errors: ErrorTable = Object.freeze(rows);
