/** What can go wrong at a vendor, and what that means: the words that error tables and faults are made of. */

/** What went wrong at the vendor or on the way there, with nothing of an SDK's error object in it. */
export class VendorFailure extends Error {
  override readonly name = 'VendorFailure';
  readonly facts: VendorFailureFacts;
  constructor(facts: VendorFailureFacts) {
    super(facts.message);
    this.facts = facts;
  }
}
export type VendorFailureFacts = {
  message: string;
  /** The vendor's own code, where it gave one. */
  code?: string;
  httpStatus?: number;
  requestId?: string;
  /**
   * There when the vendor gave no answer that could be used. `refused`: no connection, so nothing was sent.
   * `ambiguous`: what was to name one key pair names several.
   */
  transport?: 'timeout' | 'network' | 'refused' | 'malformed' | 'ambiguous' | 'aborted' | 'no-credentials';
  /** Milliseconds that the vendor asked us to wait. */
  retryAfterMs?: number;
  /** It was met before the call was sent, which so has changed nothing. */
  unsent?: true;
  /** It was met while the account's role was assumed: what is refused there is refused to the account as a whole. */
  ofRole?: true;
  /** The keys were refused, and the next call is made with others. */
  otherKeys?: true;
};

/** A refusal of the keys of a call, where the next one has others. */
export function withOtherKeys({ facts }: VendorFailure): VendorFailure {
  return new VendorFailure({ ...facts, otherKeys: true });
}

/** A failure to assume the account's role, as one of the call that needed its keys. */
export function beforeSending({ facts }: VendorFailure): VendorFailure {
  const message = `no credentials for the role: ${facts.message}`;
  return new VendorFailure({ ...facts, message, unsent: true, ofRole: true });
}

/** The vendor's words without these secrets, which it may repeat. */
export const withoutSecrets = (words: string, secrets: readonly (string | undefined)[]): string =>
  secrets
    .flatMap((secret) => (secret ? [secret, encodeURIComponent(secret)] : []))
    .reduce((text, secret) => text.replaceAll(secret, '***'), words);

export const ERROR_KINDS = [
  'auth',
  'forbidden',
  'not-found',
  'invalid',
  'unsupported',
  'conflict',
  'quota',
  'rate-limited',
  'unavailable',
  'timeout',
  'malformed',
  'aborted',
  'bug',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * Keys of the sentences that tell a person what an error means and what to do next; the words stand in
 * the bot's catalogue.
 */
export const HINTS = [
  'check-credentials',
  'no-credentials',
  'renew-credentials',
  'check-role',
  'check-project-id',
  'check-clock',
  'account-not-built',
  'account-not-configured',
  'grant-permission',
  'unknown-user',
  'allow-address',
  'confirm-mfa',
  'check-key-pair',
  'name-not-unique',
  'check-instance',
  'windows',
  'unsupported-instance',
  'install-agent',
  'stop-first',
  'instance-busy',
  'instance-state',
  'instance-locked',
  'stop-timed-out',
  'sold-out',
  'stopped-without-charge',
  'account-frozen',
  'risk-control',
  'account-busy',
  'rate-limited',
  'cloud-trouble',
  'quota',
  'authorized-keys-changed',
  'start-by-hand',
  'changed-back',
  'not-verified',
  'not-shown',
  'not-reached',
  'no-answer',
  'unread',
  'sent-twice',
  'unknown-code',
  'report-bug',
] as const;
export type Hint = (typeof HINTS)[number];

/** One vendor code. */
export type ErrorRow = {
  kind: ErrorKind;
  /** `no` has to be earned row by row: a write that ended with this code has certainly changed nothing. */
  mayBeDone: 'no' | 'yes';
  /** `later`: the same call may succeed by itself. `settled`: once the instance has come to rest. */
  repeat: 'never' | 'later' | 'settled';
  hint: Hint;
};
export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** An error as the rest of the house sees it; `code` and `message` are the cloud's own words, masked. */
export type Fault = {
  kind: ErrorKind;
  code: string;
  message: string;
  hint: Hint;
  repeat: ErrorRow['repeat'];
  requestId?: string;
  retryAfterMs?: number;
};

/** Our own pacing kept the call at home: the cloud was not asked, so this says nothing of it. */
export const isHeldBack = ({ code }: Pick<Fault, 'code'>): boolean => code === 'Paced';
