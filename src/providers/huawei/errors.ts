import type { ErrorKind, ErrorRow, ErrorTable, VendorFailureFacts } from '../failures.js';

/**
 * Codes of KPS ("SSH key pair error codes" of the DEW API reference), of ECS ("Error Codes" of the ECS
 * API reference), of IAM ("Error Codes" of its API reference), of the API gateway in front of them, and the
 * adapter's own at the end.
 *
 * `mayBeDone: 'no'` stands where the document describes a check that comes before any work. What fails
 * inside (5xx, a dependency, a task) may have been done in part.
 */

const row = (
  kind: ErrorRow['kind'],
  mayBeDone: ErrorRow['mayBeDone'],
  repeat: ErrorRow['repeat'],
  hint: ErrorRow['hint'],
): ErrorRow => Object.freeze({ kind, mayBeDone, repeat, hint });

const badCall = row('invalid', 'no', 'never', 'report-bug');
const badCredentials = row('auth', 'no', 'never', 'check-credentials');
const badRole = row('auth', 'no', 'never', 'check-role');
const noPermission = row('forbidden', 'no', 'never', 'grant-permission');
const frozenAccount = row('forbidden', 'no', 'never', 'account-frozen');
const noKeyPair = row('not-found', 'no', 'never', 'check-key-pair');
const noServer = row('not-found', 'no', 'never', 'check-instance');
const trouble = row('unavailable', 'yes', 'later', 'cloud-trouble');
const failedInside = row('unavailable', 'yes', 'never', 'cloud-trouble');

const kps = {
  'KPS.0001': badCall,
  'KPS.0002': badCall,
  'KPS.0003': trouble,
  'KPS.0004': trouble,
  'KPS.0005': badCall,
  // About a user that KPS does not know, which is answered once the signature was taken.
  'KPS.0006': row('forbidden', 'no', 'never', 'unknown-user'),
  'KPS.4016': noKeyPair,
  'KPS.5001': trouble,
  'KPS.5002': trouble,
  'KPS.5003': trouble,
  'KPS.5004': trouble,
  'KPS.6004': noKeyPair,
  'KPS.6005': row('unsupported', 'no', 'never', 'check-key-pair'),
  'KPS.6007': trouble,
  'KPS.6008': failedInside,
  'KPS.6009': row('forbidden', 'no', 'never', 'check-key-pair'),
  'KPS.6010': failedInside,
  'KPS.6011': row('invalid', 'no', 'never', 'check-key-pair'),
  'KPS.9001': badCredentials,
  'KPS.9002': noPermission,
  'KPS.9003': noPermission,
  'KPS.9004': frozenAccount,
  'KPS.9005': frozenAccount,
  'KPS.9006': noPermission,
};

/** States of a KPS task, told as the code where "ListFailedTask" gives no code of its own. */
const tasks = {
  FAILED_UNBIND: row('conflict', 'yes', 'never', 'authorized-keys-changed'),
  FAILED_RESET: row('conflict', 'yes', 'never', 'cloud-trouble'),
  FAILED_REPLACE: row('conflict', 'yes', 'never', 'cloud-trouble'),
  FAILED_BIND: row('conflict', 'yes', 'never', 'cloud-trouble'),
  /** The failed tasks could not be read. */
  ReasonNotRead: row('conflict', 'yes', 'never', 'authorized-keys-changed'),
};

const ecs = {
  'Ecs.0000': row('invalid', 'yes', 'never', 'report-bug'),
  'Ecs.0001': row('quota', 'no', 'never', 'quota'),
  'Ecs.0002': trouble,
  'Ecs.0003': noPermission,
  'Ecs.0004': row('auth', 'yes', 'never', 'check-credentials'),
  'Ecs.0005': badCall,
  'Ecs.0030': frozenAccount,
  'Ecs.0066': frozenAccount,
  'Ecs.0067': frozenAccount,
  'Ecs.0071': frozenAccount,
  'Ecs.0100': row('conflict', 'no', 'settled', 'instance-state'),
  'Ecs.0101': failedInside,
  'Ecs.0110': noPermission,
  'Ecs.0114': noServer,
  'Ecs.0118': badCall,
  'Ecs.0226': failedInside,
  'Ecs.0227': failedInside,
  'Ecs.0314': noKeyPair,
  'Ecs.0603': row('conflict', 'no', 'settled', 'instance-busy'),
  'Ecs.0605': row('conflict', 'no', 'never', 'instance-state'),
  'Ecs.0611': failedInside,
  'Ecs.0614': noServer,
  'Ecs.0615': trouble,
  'Ecs.1000': trouble,
  'Ecs.1001': trouble,
  'Ecs.1002': trouble,
  'Ecs.1100': trouble,
  'Ecs.1200': trouble,
  'Ecs.1201': trouble,
  'Ecs.1300': trouble,
};

/** IAM is asked for nothing but the keys of an agency, so what it refuses is the agency. */
const iam = {
  'IAM.*': badRole,
  'IAM.0006': trouble,
  'IAM.0012': row('rate-limited', 'no', 'later', 'rate-limited'),
  'IAM.0020': trouble,
  'IAM.1108': row('auth', 'no', 'never', 'renew-credentials'),
};

const gateway = {
  '0101': badCall,
  '0103': badCall,
  '0201': badCall,
  '0202': trouble,
  '0203': trouble,
  '0301': badCredentials,
  '0302': noPermission,
  '0303': badCredentials,
  '0305': badCredentials,
  '0306': noPermission,
  '0307': row('auth', 'no', 'never', 'renew-credentials'),
  '0308': row('rate-limited', 'no', 'later', 'rate-limited'),
  '0310': row('forbidden', 'no', 'never', 'account-frozen'),
  '0401': noPermission,
  '0402': noPermission,
  '0601': trouble,
  '0602': badCall,
  '0605': trouble,
  '0606': trouble,
  '0607': badCall,
  '0609': trouble,
};
/** The same gateway signs as APIGW on shared and as APIG on some services. */
const gatewayRows = Object.fromEntries(
  ['APIGW', 'APIG'].flatMap((prefix) => Object.entries(gateway).map(([code, value]) => [`${prefix}.${code}`, value])),
);

/** Told by the adapter before it sends the write, so none of them has changed anything. */
const own = {
  ProjectIdMissing: row('invalid', 'no', 'never', 'check-project-id'),
  KeyPairChanged: row('conflict', 'no', 'never', 'check-key-pair'),
  TaskRunning: row('conflict', 'no', 'settled', 'instance-busy'),
  /** Of the account: DEW, "Binding a Key Pair", at most 10 servers at a time. */
  TooManyTasks: row('conflict', 'no', 'later', 'account-busy'),
  ServerNotShown: row('not-found', 'no', 'never', 'not-shown'),
  ServerNotShutOff: row('conflict', 'no', 'settled', 'stop-first'),
  WindowsServer: row('unsupported', 'no', 'never', 'windows'),
  /** The reading right before got no answer, so the write was given up. */
  NotSent: row('aborted', 'no', 'later', 'not-reached'),
};

export const errors: ErrorTable = Object.freeze({
  ...kps,
  ...tasks,
  ...ecs,
  ...iam,
  ...gatewayRows,
  /** Denials of identity policies (IAM 5.0). */
  'PAP5.*': noPermission,
  ...own,
});

const rowOf = (code: string) => errors[code] ?? errors[code.replace(/\..*$/, '.*')];

/** Whether a failure says that nothing can have been done, whatever kind of call it ended. */
export function isCertain({ code, transport, unsent }: VendorFailureFacts): boolean {
  if (unsent) return true;
  if (code !== undefined) return rowOf(code)?.mayBeDone === 'no';
  return transport === 'aborted' || transport === 'refused' || transport === 'no-credentials';
}

/** Whether other keys may help: what has ended may have been renewed where it came from. */
export function refusesKeys({ code, httpStatus }: VendorFailureFacts): boolean {
  return httpStatus === 401 || (code !== undefined && rowOf(code)?.kind === 'auth');
}

/** What keeps the reading of a task from telling more, as far as it has to be told apart. */
export function kindOf({ code, httpStatus }: VendorFailureFacts): ErrorKind | undefined {
  const listed = code === undefined ? undefined : rowOf(code);
  if (listed) return listed.kind;
  return httpStatus === 429 ? 'rate-limited' : httpStatus === 403 ? 'forbidden' : undefined;
}
