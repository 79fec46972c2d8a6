import type { ErrorRow, ErrorTable, Hint } from '../failures.js';

/**
 * Codes of CVM 2017-03-12 for associating and disassociating key pairs, stopping, starting and rebooting
 * instances and describing both, with the common codes of the Tencent Cloud API.
 *
 * Where a row says that nothing was done: the call is refused by a check before its task is taken in.
 * The documents do not say whether a call for many instances checks all of them before it begins with
 * the first, so those are read again before any part of the call is repeated.
 */

const auth = (hint: Hint): ErrorRow => ({ kind: 'auth', mayBeDone: 'no', repeat: 'never', hint });
const forbidden = (hint: Hint): ErrorRow => ({ kind: 'forbidden', mayBeDone: 'no', repeat: 'never', hint });
const invalid = (hint: Hint): ErrorRow => ({ kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint });
const notFound = (hint: Hint): ErrorRow => ({ kind: 'not-found', mayBeDone: 'no', repeat: 'never', hint });
const unsupported = (hint: Hint): ErrorRow => ({ kind: 'unsupported', mayBeDone: 'no', repeat: 'never', hint });
const wrongState = (hint: Hint): ErrorRow => ({ kind: 'conflict', mayBeDone: 'no', repeat: 'never', hint });
const ourBug: ErrorRow = { kind: 'bug', mayBeDone: 'no', repeat: 'never', hint: 'report-bug' };
const busy: ErrorRow = { kind: 'conflict', mayBeDone: 'no', repeat: 'settled', hint: 'instance-busy' };
const throttled: ErrorRow = { kind: 'rate-limited', mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' };
const trouble: ErrorRow = { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' };
const broken: ErrorRow = { kind: 'unavailable', mayBeDone: 'yes', repeat: 'never', hint: 'cloud-trouble' };

export const errors: ErrorTable = Object.freeze({
  InternalServerError: trouble,
  InternalError: trouble,
  ServiceUnavailable: trouble,
  ResourceUnavailable: trouble,
  ResponseSizeLimitExceeded: trouble,
  'FailedOperation.DisassociateKeyPairFailed': { ...trouble, repeat: 'settled' },
  'FailedOperation.*': broken,

  'InvalidInstance.NotSupported': unsupported('unsupported-instance'),
  'InvalidInstanceId.Malformed': invalid('check-instance'),
  'InvalidInstanceId.NotFound': notFound('check-instance'),
  'InvalidParameterValue.InstanceIdMalformed': invalid('check-instance'),
  'InvalidParameterValue.ZoneNotSupported': unsupported('unsupported-instance'),
  'InvalidKeyPairId.Malformed': invalid('check-key-pair'),
  'InvalidKeyPairId.NotFound': notFound('check-key-pair'),
  'InvalidParameterValue.KeyPairNotFound': notFound('check-key-pair'),
  'InvalidParameterValue.KeyPairNotSupported': unsupported('check-key-pair'),
  'ResourceNotFound.KeyPairNotFound': notFound('check-key-pair'),

  InvalidParameterValue: ourBug,
  'InvalidParameterValue.LimitExceeded': ourBug,
  'InvalidParameterValue.*': ourBug,
  MissingParameter: ourBug,
  'InvalidParameter.*': ourBug,
  InvalidParameterCombination: ourBug,
  InvalidParameterValueLimit: ourBug,
  InvalidParameterValueOffset: ourBug,
  InvalidFilter: ourBug,
  'InvalidFilterValue.LimitExceeded': ourBug,
  'InvalidKeyPair.LimitExceeded': ourBug,
  InvalidAction: ourBug,
  InvalidRequest: ourBug,
  UnknownParameter: ourBug,
  NoSuchProduct: ourBug,
  NoSuchVersion: ourBug,
  ActionOffline: ourBug,
  UnsupportedProtocol: ourBug,
  UnsupportedRegion: ourBug,
  RequestSizeLimitExceeded: ourBug,
  DryRunOperation: ourBug,

  'MutexOperation.TaskRunning': busy,
  'OperationDenied.InstanceOperationInProgress': busy,
  ResourceInUse: { ...busy, mayBeDone: 'yes' },
  'UnsupportedOperation.InstanceStatePending': busy,
  'UnsupportedOperation.InstanceStateStarting': busy,
  'UnsupportedOperation.InstanceStateStopping': busy,
  'UnsupportedOperation.InstanceStateRebooting': busy,
  'UnsupportedOperation.InstanceStateEnterRescueMode': busy,
  'UnsupportedOperation.InstanceStateExitRescueMode': busy,
  'UnsupportedOperation.InstanceStateEnterServiceLiveMigrate': busy,
  'UnsupportedOperation.InstanceStateServiceLiveMigrate': busy,
  'UnsupportedOperation.InstanceStateExitServiceLiveMigrate': busy,

  'UnsupportedOperation.InstanceStateRunning': wrongState('stop-first'),
  'UnsupportedOperation.InstanceStateStopped': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateNotRunning': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateBanning': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateCorrupted': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateFreezing': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateIsolating': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateLaunchFailed': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateRescueMode': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateShutdown': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateTerminated': wrongState('instance-state'),
  'UnsupportedOperation.InstanceStateTerminating': wrongState('instance-state'),
  'UnsupportedOperation.InstanceReinstallFailed': wrongState('instance-state'),
  InvalidInstanceState: wrongState('instance-state'),
  'UnsupportedOperation.StoppedModeStopCharging': wrongState('stopped-without-charge'),
  'UnsupportedOperation.InstanceOsWindows': unsupported('windows'),
  'UnsupportedOperation.KeyPairUnsupportedWindows': unsupported('windows'),
  'UnsupportedOperation.HibernationForNormalInstance': unsupported('unsupported-instance'),
  'UnsupportedOperation.*': { ...unsupported('unsupported-instance'), mayBeDone: 'yes' },
  'OperationDenied.*': { ...wrongState('instance-state'), mayBeDone: 'yes' },

  'AuthFailure.SignatureExpire': auth('check-clock'),
  'AuthFailure.TokenFailure': auth('renew-credentials'),
  'AuthFailure.MFAFailure': forbidden('confirm-mfa'),
  'AuthFailure.UnauthorizedOperation': forbidden('grant-permission'),
  'AuthFailure.*': auth('check-credentials'),
  'UnauthorizedOperation.InvalidToken': auth('renew-credentials'),
  'UnauthorizedOperation.MFAExpired': forbidden('confirm-mfa'),
  'UnauthorizedOperation.MFANotFound': forbidden('confirm-mfa'),
  'UnauthorizedOperation.*': forbidden('grant-permission'),
  IpInBlacklist: forbidden('allow-address'),
  IpNotInWhitelist: forbidden('allow-address'),

  'RequestLimitExceeded.*': throttled,
  'LimitExceeded.*': { kind: 'quota', mayBeDone: 'yes', repeat: 'never', hint: 'quota' },
  'ResourceInsufficient.*': { kind: 'quota', mayBeDone: 'yes', repeat: 'never', hint: 'sold-out' },
  'ResourcesSoldOut.*': { kind: 'quota', mayBeDone: 'yes', repeat: 'never', hint: 'sold-out' },
  // STS, for the role of an account.
  'ResourceNotFound.RoleNotFound': auth('check-role'),
  'ResourceNotFound.*': notFound('check-instance'),
} satisfies ErrorTable);
