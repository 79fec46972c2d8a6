import { type Command, decide } from '../../src/jobs/decide.js';
import type { PlanGroup, RequestEvent } from '../../src/jobs/events.js';
import { evolve } from '../../src/jobs/evolve.js';
import { emptyRequest, type Request } from '../../src/jobs/request.js';
import { planTarget } from '../../src/jobs/steps.js';
import type { Instance, KeyPairAction, Traits } from '../../src/providers/contract.js';

/** Requests in every state, made only by commands that were taken. */

export const REQUESTER = 'U0ASKER';
export const APPROVER = 'U0LEAD';
export const SECOND = 'U0SECOND';
export const ACCOUNT = 'prod-hz';
export const START = 1_700_000_000_000;
export const KEY_PAIR = { name: 'deploy', id: 'kp-1' };

export const anInstance = (id: string, changes: Partial<Instance> = {}): Instance => ({
  id,
  name: `web-${id}`,
  state: 'running',
  vendorState: 'Running',
  os: 'linux',
  keyPairs: [{ name: KEY_PAIR.name }],
  ...changes,
});

export const TRAITS = {
  keyPairWritesIn: ['running', 'stopped'],
  effectiveWhenRunning: 'after-restart',
} as const satisfies Pick<Traits, 'keyPairWritesIn' | 'effectiveWhenRunning'>;
export const STOPPED_ONLY = { keyPairWritesIn: ['stopped'], effectiveWhenRunning: 'now' } as const;

export function aGroup(
  instances: readonly Instance[],
  {
    action = 'detach' as KeyPairAction,
    restart = false,
    traits = TRAITS as Pick<Traits, 'keyPairWritesIn' | 'effectiveWhenRunning'>,
    limit = 2,
  } = {},
): PlanGroup {
  return {
    account: ACCOUNT,
    provider: 'alibaba',
    region: 'cn-hangzhou',
    keyPair: KEY_PAIR,
    limits: { stop: limit, detach: limit, attach: limit, restart: limit, start: limit },
    parallelKeyPairWrites: 10,
    effectiveWhenRunning: traits.effectiveWhenRunning,
    attachDisablesPassword: true,
    targets: instances.map((instance) => planTarget(traits, instance, KEY_PAIR, { action, restart })),
  };
}

export const TERMS = { quorums: [{ account: ACCOUNT, approvals: 2 }], expiresAfterMs: 1_800_000, maxInstances: 200 };

export function take(request: Request, command: Command, at: number): Request {
  const decision = decide(request, command, at);
  if (!decision.ok) throw new Error(`refused: ${JSON.stringify(decision.refusal)}`);
  return fold(request, decision.events, at);
}

export function fold(request: Request, events: readonly RequestEvent[], at: number): Request {
  const next = events.reduce((state, event) => evolve(state, event, at), request);
  return { ...next, version: request.version + 1 };
}

export const createCommand = (
  restart = false,
  action: KeyPairAction = 'detach',
): Extract<Command, { type: 'create' }> => ({
  type: 'create',
  facts: {
    id: 'K7M2QX',
    origin: 'origin',
    requester: REQUESTER,
    channel: 'C0INCIDENT',
    language: 'en',
    action,
    restart,
    reason: 'key leaked',
    selections: [{ account: ACCOUNT, region: 'cn-hangzhou', key: 'deploy', instances: 'all' }],
  },
});

export type Stages = Record<'none' | 'planning' | 'awaiting-approval' | 'running', Request>;

export function stages(group: PlanGroup, restart = false, action: KeyPairAction = 'detach'): Stages {
  const none = emptyRequest('K7M2QX');
  const planning = take(none, createCommand(restart, action), START);
  const waiting = take(planning, { type: 'survey', selection: 0, group, terms: TERMS }, START + 1);
  const approve = (request: Request, by: string): Request =>
    take(request, { type: 'approve', by, accounts: [ACCOUNT], digest: digestOf(waiting) }, START + 2);
  const running = approve(approve(waiting, APPROVER), SECOND);
  return { none, planning, 'awaiting-approval': waiting, running };
}

export const digestOf = (request: Request): string => request.plan?.digest ?? '';
