import type { EventOf, PlanGroup, PlannedTarget, RequestEvent } from '../../../src/jobs/events.js';
import { evolve } from '../../../src/jobs/evolve.js';
import type { TellableEntry } from '../../../src/jobs/notifier.js';
import type { Request } from '../../../src/jobs/request.js';
import { emptyRequest } from '../../../src/jobs/request.js';
import type { Outcome } from '../../../src/providers/answers.js';

/** Requests as their logs make them. */

export const START = Date.UTC(2026, 10, 23, 3, 4, 5);
export const DIGEST = '5c0f3e9ab27d41e8'.repeat(4);
export const MINUTE = 60_000;

export type Story = { request: Request; entries: TellableEntry[] };

export const emptyStory = (id = 'K7QM'): Story => ({ request: emptyRequest(id), entries: [] });

/** The story with one more entry, a minute later. */
export function then({ request, entries }: Story, ...events: RequestEvent[]): Story {
  const at = START + entries.length * MINUTE;
  const version = entries.length + 1;
  const next = events.reduce((state, event) => evolve(state, event, at), request);
  return { request: { ...next, version }, entries: [...entries, { version, at, events }] };
}

export function target(index: number, more: Partial<PlannedTarget> = {}): PlannedTarget {
  return {
    id: `i-${String(index).padStart(4, '0')}`,
    name: `web-${index}`,
    state: 'running',
    os: 'linux',
    steps: ['detach', 'verify', 'restart'],
    ...more,
  };
}

export function group(targets: PlannedTarget[], more: Partial<PlanGroup> = {}): PlanGroup {
  return {
    account: 'prod-hz',
    provider: 'alibaba',
    region: 'cn-hangzhou',
    keyPair: { name: 'deploy-2024' },
    limits: { stop: 50, detach: 50, attach: 50, restart: 50, start: 50 },
    parallelKeyPairWrites: 1,
    effectiveWhenRunning: 'after-restart',
    attachDisablesPassword: true,
    targets,
    ...more,
  };
}

export type Asked = Partial<Omit<Extract<RequestEvent, { type: 'requested' }>, 'type'>>;

export function requested(groups: readonly PlanGroup[], more: Asked = {}): Story {
  const selections = groups.map(({ account, region, keyPair }) => ({
    account,
    region,
    key: keyPair.name,
    instances: 'all' as const,
  }));
  return then(emptyStory(), {
    type: 'requested',
    id: 'K7QM',
    origin: 'test',
    requester: 'UANNA',
    channel: 'C0INCIDENT',
    language: 'en',
    action: 'detach',
    restart: true,
    reason: 'Laptop stolen',
    selections,
    ...more,
  });
}

type Part = { among: readonly PlanGroup[]; leftOut: readonly EventOf<'left-out'>[] };

/** `among`: what was asked for, of which these groups are the first; the rest was left out. */
export function planned(
  groups: readonly PlanGroup[],
  more: Asked = {},
  approvals = 2,
  { among, leftOut }: Part = { among: groups, leftOut: [] },
): Story {
  const accounts = [...new Set(groups.map(({ account }) => account))];
  return then(
    requested(among, more),
    ...leftOut,
    ...groups.map((found, selection): RequestEvent => ({ type: 'surveyed', selection, group: found })),
    {
      type: 'planned',
      digest: DIGEST,
      quorums: accounts.map((account) => ({ account, approvals })),
      expiresAt: START + 30 * MINUTE,
    },
  );
}

const approvedBy = (story: Story, by: string): RequestEvent => {
  const accounts = story.request.plan?.quorums.map(({ account }) => account) ?? [];
  return { type: 'approved', by, accounts, digest: DIGEST };
};

export const approved = (story: Story, by: string): Story => then(story, approvedBy(story, by));

export const started = (story: Story, by: string): Story => then(story, approvedBy(story, by), { type: 'started' });

export const settled = (story: Story, outcomes: Record<string, Outcome>, index = 0): Story =>
  then(story, { type: 'settled', group: index, outcomes });

export const NOW: Outcome = { kind: 'detached', effective: 'now' };
export const LATER: Outcome = { kind: 'detached', effective: 'after-restart' };
export const BUSY: Outcome = {
  kind: 'failed',
  code: 'IncorrectInstanceStatus',
  message: 'The current status of the resource i-0005 does not support this operation.',
  hint: 'instance-state',
  requestId: 'B61C08E5-403A-46A2-96C1-F7B1216DB10C',
};
