import fc from 'fast-check';
import type { CallRecord, Command } from '../../src/jobs/decide.js';
import type { CallFault, PlanGroup, StepResult } from '../../src/jobs/events.js';
import type { Request } from '../../src/jobs/request.js';
import type { Outcome } from '../../src/providers/answers.js';
import { type Instance, KEY_PAIR_ACTIONS, type KeyPairAction } from '../../src/providers/contract.js';
import { ACCOUNT, aGroup, anInstance, STOPPED_ONLY, TRAITS } from './samples.js';

/** Any command at any time, of which a good part is one that fits: so that long stories come about. */

export const USERS = ['U0ASKER', 'U0A', 'U0B', 'U0C'] as const;
export const ACCOUNTS = [ACCOUNT, 'game-gz'] as const;

/** What is drawn; which command it stands for is found in the request as it is then. */
export type Draw = {
  kind: Command['type'] | 'honest';
  user: string;
  accounts: readonly string[];
  isRightDigest: boolean;
  /** Chooses one of what is there. */
  pick: number;
  epochOff: number;
  part: number;
  result: 'done' | 'done-already' | 'over' | 'mixed';
  fault: 'none' | 'later' | 'unknown' | 'refused';
  about: CallFault['about'];
  passMs: number;
};

const outcomes: readonly Outcome[] = [
  { kind: 'not-bound' },
  { kind: 'skipped', reason: 'state-changed' },
  { kind: 'failed', code: 'X', message: 'x', hint: 'cloud-trouble' },
];

export const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant('honest' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'create' as const,
        'survey' as const,
        'approve' as const,
        'approve' as const,
        'begin' as const,
        'record-call' as const,
        'report' as const,
        'report' as const,
        'pause' as const,
        'resume' as const,
        'strand' as const,
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('deny' as const, 'expire' as const, 'cancel' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('note-unread' as const, 'leave-out' as const, 'close-plan' as const),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'look' as const,
        'look-away' as const,
        'notify' as const,
        'remind' as const,
        'escalate' as const,
      ),
    },
  ),
  user: fc.constantFrom(...USERS),
  accounts: fc.constantFrom<readonly string[]>(ACCOUNTS, ACCOUNTS, [ACCOUNTS[0]], [ACCOUNTS[1]], []),
  isRightDigest: fc.boolean().map((value) => value || value),
  pick: fc.nat({ max: 20 }),
  epochOff: fc.constantFrom(0, 0, 0, 0, -1, 1),
  part: fc.nat({ max: 3 }),
  result: fc.constantFrom('done', 'done', 'done-already', 'over', 'mixed'),
  fault: fc.constantFrom('none', 'none', 'later', 'unknown', 'refused'),
  about: fc.constantFrom<CallFault['about']>(undefined, undefined, 'some', 'some-or-all', 'call'),
  /** The clocks of several machines do not agree. */
  passMs: fc.constantFrom(0, 0, 0, 1, 1_000, 60_000, 700_000, -500),
});

export const terms = (approvals: readonly number[]) => ({
  quorums: ACCOUNTS.slice(0, approvals.length).map((account, index) => ({
    account,
    approvals: approvals[index] ?? 1,
    escalateAfterMs: 500_000 + index * 100_000,
  })),
  notifies: true as const,
  remindBeforeMs: 300_000,
  expiresAfterMs: 1_000_000,
  maxInstances: 30,
});

const STATES = ['running', 'stopped', 'running', 'changing', 'running'] as const;

/** A plan of the shape that the seed says. */
export function groupOf(seed: number, account: string, action: KeyPairAction): PlanGroup {
  const count = 1 + (seed % 7);
  const instances = Array.from({ length: count }, (_, index): Instance => {
    const state = STATES[(seed + index) % STATES.length] ?? 'running';
    const isBound = ((seed + index) % 6 === 5) === (action === 'attach');
    return anInstance(`i-${index}`, { state, ...(!isBound && { keyPairs: [] }) });
  });
  const traits = seed % 3 === 0 ? TRAITS : STOPPED_ONLY;
  const limit = 1 + (seed % 4);
  return {
    ...aGroup(instances, { action, traits, restart: seed % 2 === 0, limit }),
    account,
    parallelKeyPairWrites: 1 + (seed % 2),
  };
}

export function commandOf(drawn: Draw, request: Request, approvals: readonly number[]): Command {
  const kind = drawn.kind === 'honest' ? fitting(request, drawn.pick) : drawn.kind;
  const honest: Draw = { ...drawn, epochOff: 0, isRightDigest: true, user: USERS[1 + (drawn.pick % 3)] ?? 'U0A' };
  const from = drawn.kind === 'honest' ? { ...honest, accounts: ACCOUNTS } : drawn;
  const digest = from.isRightDigest ? (request.plan?.digest ?? '') : 'other';
  switch (kind) {
    case 'create':
      return { type: 'create', facts: factsOf(from, approvals.length) };
    case 'survey': {
      const missing = request.selections.findIndex((_, index) => request.groups[index] === undefined);
      const selection = drawn.kind === 'honest' ? Math.max(0, missing) : from.pick % 3;
      const account = ACCOUNTS[selection] ?? ACCOUNT;
      return { type: 'survey', selection, group: groupOf(from.pick, account, request.action), terms: terms(approvals) };
    }
    case 'note-unread': {
      const complaint = { cloudCode: `Busy${from.pick % 2}`, message: 'busy', hint: 'cloud-trouble' } as const;
      return { type: kind, unread: { selection: from.pick % 3, ...complaint }, terms: terms(approvals) };
    }
    case 'leave-out': {
      const selection = from.pick % 3;
      const why = { code: 'account-not-usable', account: ACCOUNTS[selection] ?? ACCOUNT } as const;
      return { type: kind, selection, why, terms: terms(approvals) };
    }
    case 'close-plan':
      return { type: kind, terms: terms(approvals) };
    case 'approve':
      return { type: kind, by: from.user, accounts: from.accounts, digest };
    case 'deny':
      return { type: kind, by: from.user, accounts: from.accounts, digest, reason: 'no' };
    case 'look':
      return { type: kind, by: from.user, accounts: from.accounts };
    case 'look-away':
      return { type: kind, by: from.user };
    case 'notify':
    case 'remind':
    case 'escalate':
      return { type: kind, calls: from.accounts.map((account) => ({ account, users: USERS, userGroups: [] })) };
    case 'cancel':
      return { type: 'cancel', by: from.user };
    case 'expire':
      return { type: 'expire' };
    case 'pause':
    case 'resume': {
      const seen = {
        account: ACCOUNTS[from.pick % 2] ?? ACCOUNT,
        askedAt: from.pick * 1_000 + request.changedAt - 9_000,
      };
      const fault = { code: 'Expired', message: 'expired', hint: 'renew-credentials' } as const;
      return { type: kind, ...seen, byCall: from.pick % 3 === 0, ...(kind === 'pause' && { fault }) } as Command;
    }
    case 'strand': {
      const batches = [...request.batches.values()].filter(({ step }) => step === 'start');
      const batch = batches[from.pick % Math.max(1, batches.length)];
      const trouble = { code: 'NoStock', message: 'none left', hint: 'sold-out' } as const;
      const instances = [...(batch?.instances ?? ['i-0'])].slice(0, 1 + from.part);
      return { type: 'strand', batch: batch?.id ?? 'b7', troubles: [{ ...trouble, instances }] };
    }
    default:
      return aboutBatch(kind, from, request);
  }
}

/** The command that takes a request in this state further. */
function fitting(request: Request, pick: number): Command['type'] {
  if (request.state === 'none') return 'create';
  if (request.state === 'planning') return 'survey';
  if (request.state === 'awaiting-approval') return 'approve';
  return (['begin', 'record-call', 'report', 'report'] as const)[pick % 4] ?? 'report';
}

const factsOf = ({ user, pick }: Draw, selections: number) => ({
  id: 'K7M2QX',
  origin: 'o',
  requester: user === 'U0ASKER' ? user : 'U0ASKER',
  channel: 'C0INCIDENT',
  language: 'en' as const,
  action: KEY_PAIR_ACTIONS[pick % 2] ?? 'detach',
  restart: true,
  reason: '',
  selections: ACCOUNTS.slice(0, selections).map((account) => ({
    account,
    region: 'r',
    key: 'deploy',
    instances: 'all' as const,
  })),
});

function aboutBatch(type: 'begin' | 'record-call' | 'report', drawn: Draw, request: Request): Command {
  const open = [...request.batches.values()].filter(({ pending }) => pending.size > 0);
  const all = drawn.epochOff === 0 ? open : [...request.batches.values()];
  const batch = all[drawn.pick % Math.max(1, all.length)];
  const id = batch?.id ?? 'b7';
  const epoch = Math.max(0, (batch?.epoch ?? 0) + drawn.epochOff);
  const pending = [...(batch?.pending ?? ['i-0'])];
  const part = pending.slice(0, Math.max(1, pending.length - drawn.part));
  const result = (index: number): StepResult => {
    const isOver = drawn.result === 'over' || (drawn.result === 'mixed' && index % 2 === 0);
    const outcome = outcomes[(drawn.pick + index) % outcomes.length] ?? { kind: 'not-bound' };
    return isOver ? { kind: 'over', outcome } : { kind: 'done', changed: drawn.result !== 'done-already' };
  };
  if (type === 'begin') return { type, batch: id, epoch, instances: part };
  if (type === 'record-call') return { type, batch: id, epoch, call: callOf(drawn, part) };
  return { type, batch: id, epoch, results: Object.fromEntries(part.map((one, index) => [one, result(index)])) };
}

function callOf({ fault, about }: Draw, instances: string[]): CallRecord {
  if (fault === 'none') return { operations: {}, faults: [], refused: {} };
  const outcome: Outcome = { kind: 'failed', code: 'No', message: 'no', hint: 'check-instance' };
  if (fault === 'refused') {
    return { faults: [], refused: Object.fromEntries(instances.map((id) => [id, { kind: 'over', outcome }])) };
  }
  const what = { kind: fault, code: 'Busy', message: 'busy', hint: 'rate-limited' } as const;
  const one: CallFault = { ...what, ...(about && { about }), instances };
  return { faults: [one], refused: {} };
}
