import type { InstanceAnswer } from './answers.js';
import type { ErrorKind, ErrorRow, ErrorTable, Fault, VendorFailureFacts } from './failures.js';
import { VendorFailure } from './failures.js';
import type { Mask } from './masking.js';

/** What went wrong, and whether a write that ended so may have been done all the same. */
export type Verdict = {
  fault: Fault;
  mayBeDone: ErrorRow['mayBeDone'];
  /** The keys were refused, and the next call is made with others. */
  otherKeys?: true;
};

type Transport = NonNullable<VendorFailureFacts['transport']>;

/** The guard's own codes, for what no vendor has a code for. */
export const GUARD_ERRORS = Object.freeze({
  InvalidInput: { kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint: 'check-instance' },
  InvalidKeyPair: { kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint: 'check-key-pair' },
  SeveralKeyPairs: { kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint: 'name-not-unique' },
  Closed: { kind: 'aborted', mayBeDone: 'no', repeat: 'never', hint: 'not-reached' },
  NotSent: { kind: 'aborted', mayBeDone: 'no', repeat: 'later', hint: 'not-reached' },
  Paced: { kind: 'rate-limited', mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' },
  Aborted: { kind: 'aborted', mayBeDone: 'yes', repeat: 'later', hint: 'no-answer' },
  Timeout: { kind: 'timeout', mayBeDone: 'yes', repeat: 'later', hint: 'no-answer' },
  Network: { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'no-answer' },
  ConnectionRefused: { kind: 'unavailable', mayBeDone: 'no', repeat: 'later', hint: 'not-reached' },
  Malformed: { kind: 'malformed', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' },
  NoReply: { kind: 'malformed', mayBeDone: 'yes', repeat: 'settled', hint: 'not-verified' },
  NoCredentials: { kind: 'auth', mayBeDone: 'no', repeat: 'never', hint: 'no-credentials' },
  Bug: { kind: 'bug', mayBeDone: 'yes', repeat: 'never', hint: 'report-bug' },
} satisfies ErrorTable);
export type GuardCode = keyof typeof GUARD_ERRORS;

const TRANSPORT_CODES: Readonly<Record<Transport, GuardCode>> = Object.freeze({
  timeout: 'Timeout',
  network: 'Network',
  refused: 'ConnectionRefused',
  malformed: 'Malformed',
  ambiguous: 'SeveralKeyPairs',
  aborted: 'Aborted',
  'no-credentials': 'NoCredentials',
});

/** Nothing but the HTTP status is known, so a write may have been done: that it was not has to be earned by a row. */
const STATUS_ROWS: Readonly<Record<string, ErrorRow>> = Object.freeze({
  401: { kind: 'auth', mayBeDone: 'yes', repeat: 'never', hint: 'check-credentials' },
  403: { kind: 'forbidden', mayBeDone: 'yes', repeat: 'never', hint: 'grant-permission' },
  404: { kind: 'not-found', mayBeDone: 'yes', repeat: 'never', hint: 'check-instance' },
  409: { kind: 'conflict', mayBeDone: 'yes', repeat: 'settled', hint: 'instance-busy' },
  429: { kind: 'rate-limited', mayBeDone: 'yes', repeat: 'later', hint: 'rate-limited' },
  '4xx': { kind: 'invalid', mayBeDone: 'yes', repeat: 'never', hint: 'unknown-code' },
  '5xx': { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' },
});

/** A vendor's code that its table does not have, of which no status tells more. */
const UNKNOWN_CODE: ErrorRow = Object.freeze({ ...GUARD_ERRORS.Bug, hint: 'unknown-code' });

/**
 * A role that cannot be assumed, whatever the cloud's code for it: the code of a permission that is missing there, read
 * as that of a normal call, would be held against single instances.
 */
const ROLE_REFUSED: ErrorRow = Object.freeze({ kind: 'auth', mayBeDone: 'no', repeat: 'never', hint: 'check-role' });

/** The row of a vendor's code: its own, else the longest `prefix.*` that holds it. */
export function findRow(errors: ErrorTable, code: string): ErrorRow | undefined {
  if (Object.hasOwn(errors, code)) return errors[code];
  for (let prefix = code; prefix !== ''; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf('.'), 0))) {
    if (Object.hasOwn(errors, `${prefix}.*`)) return errors[`${prefix}.*`];
  }
  return undefined;
}

export function guardVerdict(code: GuardCode, message: string, retryAfterMs?: number): Verdict {
  const facts = { message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return verdictOf(facts, code, GUARD_ERRORS[code], (text) => text);
}

/** Reads whatever an adapter threw. */
export function judge(error: unknown, errors: ErrorTable, mask: Mask): Verdict {
  if (!(error instanceof VendorFailure)) return guardVerdict('Bug', mask(placeOf(error)));
  const { facts } = error;
  // With a transport there the vendor's answer could not be read, so a code that stands beside it is not the vendor's.
  const listed = facts.transport === undefined && facts.code !== undefined ? findRow(errors, facts.code) : undefined;
  if (listed) return verdictOf(facts, facts.code, listed, mask);
  const byStatus = statusRow(facts.httpStatus);
  if (byStatus) return verdictOf(facts, facts.code ?? `Http${facts.httpStatus}`, byStatus, mask);
  if (facts.transport !== undefined) {
    const own = TRANSPORT_CODES[facts.transport];
    return verdictOf(facts, own, GUARD_ERRORS[own], mask);
  }
  return verdictOf(facts, facts.code, facts.code === undefined ? GUARD_ERRORS.Bug : UNKNOWN_CODE, mask);
}

export function toInstanceAnswer({ fault, mayBeDone }: Verdict): InstanceAnswer {
  if (mayBeDone === 'yes') return { kind: 'unknown', fault };
  return { kind: fault.repeat === 'never' ? 'refused' : 'later', fault };
}

function statusRow(httpStatus: number | undefined): ErrorRow | undefined {
  if (httpStatus === undefined || httpStatus < 400) return undefined;
  return STATUS_ROWS[httpStatus] ?? STATUS_ROWS[httpStatus < 500 ? '4xx' : '5xx'];
}

function verdictOf(facts: VendorFailureFacts, code: string | undefined, known: ErrorRow, mask: Mask): Verdict {
  const isRoleRefused = facts.ofRole && known.repeat !== 'later' && known.kind !== 'auth';
  const row = isRoleRefused ? ROLE_REFUSED : known;
  const fault: Fault = {
    kind: row.kind satisfies ErrorKind,
    code: mask(code ?? 'Bug'),
    message: mask(facts.message),
    hint: row.hint,
    repeat: row.repeat,
  };
  if (facts.requestId !== undefined) fault.requestId = mask(facts.requestId);
  if (facts.retryAfterMs !== undefined) fault.retryAfterMs = facts.retryAfterMs;
  const otherKeys = facts.otherKeys && row.kind === 'auth' ? { otherKeys: facts.otherKeys } : {};
  return { fault, mayBeDone: facts.unsent ? 'no' : row.mayBeDone, ...otherKeys };
}

/** The type and the place only: the message of an error that is not ours may hold a signed address. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an error was thrown';
  const frame = /^\s+at .*?([^/\\\s(]+:\d+):\d+\)?$/m.exec(error.stack ?? '');
  return frame?.[1] === undefined ? error.constructor.name : `${error.constructor.name} at ${frame[1]}`;
}
