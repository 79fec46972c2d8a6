import type { Outcome } from '../../providers/answers.js';
import type { RequestEvent } from '../events.js';
import type { Entry } from '../log.js';
import type { Request } from '../request.js';
import { EVIDENCE_VERSION, type Evidence, type EvidenceDecision, type EvidenceOutcome } from './schema.js';
import { stepsIn } from './steps.js';

/** What a request did, and who let it, out of its log alone. Pure. Undefined where it never had a plan. */
export function evidenceOf(request: Request, entries: readonly Entry[]): Evidence | undefined {
  const { plan, after } = request;
  const head = entries.at(-1);
  if (plan === undefined || head === undefined) return undefined;
  return {
    schemaVersion: EVIDENCE_VERSION,
    request: {
      id: request.id,
      action: request.action,
      requester: request.requester,
      channel: request.channel,
      reason: request.reason,
      restart: request.restart,
      state: request.state,
      askedAt: iso(request.createdAt),
      endedAt: iso(request.changedAt),
      ...(after && { after: { request: after.request, why: after.why } }),
      asked: request.selections.map(({ account, region, key, instances }, place) => ({
        account,
        region,
        key,
        instances: instances === 'all' ? instances : [...instances],
        ...leftOutOf(request, place),
      })),
    },
    plan: {
      digest: plan.digest,
      expiresAt: iso(plan.expiresAt),
      quorums: plan.quorums.map(({ account, approvals }) => ({ account, approvals })),
    },
    decisions: entries.flatMap(({ at, events }) => events.flatMap((event) => decisionOf(event, at))),
    instances: instancesIn(request, entries),
    log: { version: head.version, hash: head.hash },
  };
}

/** Why a part of what was asked for is not in the plan. */
function leftOutOf({ leftOut }: Request, place: number): Pick<Evidence['request']['asked'][number], 'leftOut'> {
  const why = leftOut.get(place);
  if (why === undefined) return {};
  const said = why.code === 'cloud-failed' ? { code: why.cloudCode, message: why.message } : {};
  return { leftOut: { why: why.code, ...said } };
}

export const iso = (at: number): string => new Date(at).toISOString();

function decisionOf(event: RequestEvent, at: number): EvidenceDecision[] {
  switch (event.type) {
    case 'approved': {
      const { by, accounts, digest } = event;
      return [{ kind: event.type, at: iso(at), by, accounts: [...accounts], digest }];
    }
    case 'denied':
      return [{ kind: event.type, at: iso(at), by: event.by, reason: event.reason }];
    case 'halted':
    case 'cancelled':
      return [{ kind: event.type, at: iso(at), by: event.by }];
    case 'started':
    case 'expired':
      return [{ kind: event.type, at: iso(at) }];
    default:
      return [];
  }
}

function instancesIn({ groups }: Request, entries: readonly Entry[]): Evidence['instances'] {
  const outcomes = outcomesIn(entries);
  const steps = stepsIn(entries);
  return groups.flatMap((found, group) =>
    (found?.targets ?? []).map((target) => {
      const { name, id, fingerprint } = found?.keyPair ?? { name: '' };
      const outcome = outcomes.get(`${group}/${target.id}`);
      return {
        account: found?.account ?? '',
        provider: found?.provider ?? '',
        region: found?.region ?? '',
        keyPair: { name, ...(id !== undefined && { id }), ...(fingerprint !== undefined && { fingerprint }) },
        id: target.id,
        name: target.name,
        os: target.os,
        stateWhenPlanned: target.state,
        plannedSteps: [...target.steps],
        steps: steps.get(`${group}/${target.id}`) ?? [],
        ...(outcome && { outcome }),
      };
    }),
  );
}

function outcomesIn(entries: readonly Entry[]): Map<string, EvidenceOutcome> {
  const outcomes = new Map<string, EvidenceOutcome>();
  for (const { at, events } of entries) {
    for (const event of events) {
      if (event.type !== 'settled') continue;
      for (const [id, outcome] of Object.entries(event.outcomes))
        outcomes.set(`${event.group}/${id}`, { ...factsOf(outcome), at: iso(at) });
    }
  }
  return outcomes;
}

function factsOf(outcome: Outcome): Omit<EvidenceOutcome, 'at'> {
  const { kind } = outcome;
  switch (outcome.kind) {
    case 'detached':
    case 'attached': {
      const { effective, restartFailed } = outcome;
      return { kind, effective, ...(restartFailed && { code: restartFailed.code, message: restartFailed.message }) };
    }
    case 'skipped':
      return { kind, reason: outcome.reason, ...(outcome.detail !== undefined && { detail: outcome.detail }) };
    case 'failed': {
      const { code, message, requestId } = outcome;
      return { kind, code, message, ...(requestId !== undefined && { requestId }) };
    }
    case 'not-bound':
    case 'already-bound':
      return { kind };
  }
}
