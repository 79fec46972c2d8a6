import type { KeyPairAction } from '../providers/contract.js';
import { isEscalated, missingApprovals, type Terms } from './awaiting.js';
import type { After, EventOf, Language, Selection, ThreadSetting, Warning } from './events.js';
import { accountsInPlan } from './planning/selections.js';
import {
  type Doubt,
  doubtAbout,
  mayApprove,
  mayRequest,
  namesAnybody,
  type Person,
  type Policy,
  policiesOf,
  policyFor,
} from './policy.js';
import type { Request } from './request.js';

/** What the config allows: which accounts there are, and what their policies ask. Pure. */

export type Accounts = ReadonlyMap<string, { regions: readonly string[]; warning?: string }>;
export type House = { accounts: Accounts; policies: readonly Policy[]; thread?: ThreadSetting };

export type NewRequest = {
  /** What it is made from (one slash command, one form): the same origin never makes a second request. */
  origin: string;
  requester: Person;
  channel: string;
  language: Language;
  /** A detach where it is left out. */
  action?: KeyPairAction;
  restart: boolean;
  reason: string;
  /** `region` left out: the account's only one. */
  selections: readonly (Omit<Selection, 'region'> & { region?: string | undefined })[];
  after?: After;
};

/** Why a request is not taken. Told to the requester alone. */
export type CreateRefusal =
  | { code: 'unknown-account'; account: string; known: readonly string[] }
  | { code: 'region-needed'; account: string; regions: readonly string[] }
  | { code: 'unknown-region'; account: string; region: string; regions: readonly string[] }
  | { code: 'wrong-channel'; account: string; channels: readonly string[] }
  | { code: 'no-policy'; account: string }
  | ({ code: 'not-a-requester'; account: string } & Doubt)
  | { code: 'reason-wanted'; account: string; pattern: string; example?: string }
  | { code: 'too-many'; count: number; max: number };

export type ReasonWanted = Extract<CreateRefusal, { code: 'reason-wanted' }>;

export type Checked = { selections: readonly Selection[]; refusals: readonly CreateRefusal[] };

type Asked = Pick<NewRequest, 'selections' | 'channel' | 'requester' | 'reason'>;

/**
 * Completes the regions and says all that stands against this request at once. Whoever may not ask for an account is
 * told that alone: which regions and channels it has, and what other accounts there are, is for those who may.
 */
export function checkNew(house: House, input: Asked): Checked {
  const checked = input.selections.map((selection) => checkSelection(house, input, selection));
  return {
    selections: checked.flatMap(({ selection }) => (selection ? [selection] : [])),
    refusals: checked.flatMap(({ refusals }) => refusals),
  };
}

function checkSelection(
  { accounts, policies }: House,
  { channel, requester, reason }: Omit<Asked, 'selections'>,
  asked: NewRequest['selections'][number],
): { selection?: Selection; refusals: CreateRefusal[] } {
  const { account } = asked;
  const known = accounts.get(account);
  const openTo = (name: string) => policiesOf(policies, name).filter((one) => mayRequest(one, requester));
  if (known === undefined) {
    const usable = [...accounts.keys()].filter((name) => openTo(name).length > 0);
    return { refusals: [{ code: 'unknown-account', account, known: usable }] };
  }
  const policy = policyFor(policies, account, channel);
  const governing = policy === undefined ? policiesOf(policies, account) : [policy];
  if (governing.length > 0 && !governing.some((one) => mayRequest(one, requester))) {
    const asking = governing.map(({ requesters }) => requesters);
    return { refusals: [{ code: 'not-a-requester', account, ...doubtAbout(asking, requester) }] };
  }
  const region = asked.region ?? (known.regions.length === 1 ? known.regions[0] : undefined);
  const refusals: CreateRefusal[] = [];
  if (region === undefined) refusals.push({ code: 'region-needed', account, regions: known.regions });
  else if (!known.regions.includes(region)) {
    refusals.push({ code: 'unknown-region', account, region, regions: known.regions });
  }
  if (policy === undefined) {
    const channels = openTo(account).flatMap((one) => one.channels ?? []);
    refusals.push(channels.length > 0 ? { code: 'wrong-channel', account, channels } : { code: 'no-policy', account });
  } else {
    refusals.push(...reasonWanted(policy, account, reason));
    const count = asked.instances === 'all' ? 0 : asked.instances.length;
    if (count > policy.maxInstances) refusals.push({ code: 'too-many', count, max: policy.maxInstances });
  }
  return refusals.length > 0 || region === undefined ? { refusals } : { selection: { ...asked, region }, refusals };
}

function reasonWanted({ reason: wanted }: Policy, account: string, reason: string): ReasonWanted[] {
  if (wanted === undefined || wanted.matches(reason)) return [];
  const { source: pattern, example } = wanted;
  return [{ code: 'reason-wanted', account, pattern, ...(example !== undefined && { example }) }];
}

/** What the policies of these accounts want of a reason that this one is not. */
export function reasonsWanted(
  { policies }: House,
  { accounts, channel, reason }: { accounts: readonly string[]; channel: string; reason: string },
): ReasonWanted[] {
  return [...new Set(accounts)].flatMap((account) => {
    const policy = policyFor(policies, account, channel);
    return policy === undefined ? [] : reasonWanted(policy, account, reason);
  });
}

/** What a new request's log begins with, but for what names it. */
export function factsOf(
  house: House,
  { requester, channel, language, action = 'detach', restart, reason, after }: NewRequest,
  selections: readonly Selection[],
): Omit<EventOf<'requested'>, 'type' | 'id' | 'origin'> {
  const warnings = warningsOf(house, selections);
  return {
    requester: requester.id,
    channel,
    language,
    action,
    restart,
    reason,
    selections: [...selections],
    ...(house.thread && { thread: house.thread }),
    ...(after && { after }),
    ...(warnings.length > 0 && { warnings }),
  };
}

/** What the config says of these accounts to whoever asks and whoever approves. */
export function warningsOf(house: House, selections: readonly Selection[]): Warning[] {
  const names = [...new Set(selections.map(({ account }) => account))];
  return names.flatMap((account) => {
    const text = house.accounts.get(account)?.warning;
    return text === undefined ? [] : [{ account, text }];
  });
}

/**
 * What the policies of these accounts ask together: every quorum, the shortest time, the first reminder, the smallest
 * limit. An account that cannot be used any more has no quorum.
 */
export function termsFor(house: House, { channel }: Pick<Request, 'channel'>, accounts: readonly string[]): Terms {
  const found = [...new Set(accounts)].flatMap((account) => {
    const policy = house.accounts.has(account) ? policyFor(house.policies, account, channel) : undefined;
    return policy === undefined ? [] : [{ account, policy }];
  });
  const expiresAfterMs = Math.min(...found.map(({ policy }) => policy.expiresAfterMs));
  const reminders = found.flatMap(({ policy }) => policy.remindBeforeMs ?? []).filter((ms) => ms < expiresAfterMs);
  return {
    quorums: found.map(({ account, policy: { approvals, escalate } }) => ({
      account,
      approvals,
      ...(escalate && { escalateAfterMs: escalate.afterMs }),
    })),
    ...(found.some(({ policy }) => namesAnybody(policy.notify)) && { notifies: true as const }),
    ...(reminders.length > 0 && { remindBeforeMs: Math.max(...reminders) }),
    expiresAfterMs,
    maxInstances: Math.min(...found.map(({ policy }) => policy.maxInstances)),
  };
}

/**
 * Accounts of this request that this person may approve: escalated ones by the log, the rest by the policies of now.
 * What is left out of the plan is not approved with it.
 */
export function approvableAccounts(
  house: House,
  request: Request,
  person: Person,
  accounts: readonly string[] = accountsInPlan(request),
): readonly string[] {
  return accounts.filter((account) => {
    const policy = policyFor(house.policies, account, request.channel);
    return policy !== undefined && mayApprove(policy, person, isEscalated(request, account));
  });
}

/** What is not known about the others; to an approver of some, only those matter that still miss approvals. */
export function approvalDoubt(house: House, request: Request, person: Person): Doubt {
  const known = approvableAccounts(house, request, person);
  const names = known.length === 0 ? accountsInPlan(request) : missingApprovals(request).map(({ account }) => account);
  const asked = names
    .filter((account) => !known.includes(account))
    .flatMap((account) => {
      const policy = policyFor(house.policies, account, request.channel);
      return [policy?.approvers, isEscalated(request, account) ? policy?.escalate?.approvers : undefined];
    });
  return doubtAbout(asked, person);
}
