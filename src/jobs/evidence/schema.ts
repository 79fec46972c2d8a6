import { z } from 'zod';

/** What the evidence file holds, as `docs/evidence.md` tells it. A change of meaning needs a new version. */
export const EVIDENCE_VERSION = 1;

/** ISO 8601, UTC. */
const time = z.string();

const fault = z.object({
  kind: z.string(),
  code: z.string(),
  message: z.string(),
});

const call = z.object({
  at: time,
  /** Left out where the cloud did not answer. */
  answeredAt: time.exactOptional(),
  requestId: z.string().exactOptional(),
  operation: z.string().exactOptional(),
  fault: fault.exactOptional(),
});
export type EvidenceCall = z.infer<typeof call>;

const step = z.object({
  step: z.string(),
  plannedAt: time,
  calls: z.array(call),
  endedAt: time.exactOptional(),
  /** `already`: nothing had to be done. `over`: the instance goes no further. */
  result: z.enum(['done', 'already', 'over']).exactOptional(),
});
export type EvidenceStep = z.infer<typeof step>;

const outcome = z.object({
  kind: z.string(),
  at: time,
  effective: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  detail: z.string().exactOptional(),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
});
export type EvidenceOutcome = z.infer<typeof outcome>;

const instance = z.object({
  account: z.string(),
  provider: z.string(),
  region: z.string(),
  keyPair: z.object({ name: z.string(), id: z.string().exactOptional(), fingerprint: z.string().exactOptional() }),
  id: z.string(),
  name: z.string(),
  os: z.string(),
  stateWhenPlanned: z.string(),
  plannedSteps: z.array(z.string()),
  steps: z.array(step),
  outcome: outcome.exactOptional(),
});
export type EvidenceInstance = z.infer<typeof instance>;

const decision = z.object({
  kind: z.string(),
  at: time,
  by: z.string().exactOptional(),
  accounts: z.array(z.string()).exactOptional(),
  digest: z.string().exactOptional(),
  reason: z.string().exactOptional(),
});
export type EvidenceDecision = z.infer<typeof decision>;

export const evidenceSchema = z.object({
  schemaVersion: z.literal(EVIDENCE_VERSION),
  request: z.object({
    id: z.string(),
    action: z.string(),
    requester: z.string(),
    channel: z.string(),
    reason: z.string(),
    restart: z.boolean(),
    state: z.string(),
    askedAt: time,
    endedAt: time,
    after: z.object({ request: z.string(), why: z.string() }).exactOptional(),
    asked: z.array(
      z.object({
        account: z.string(),
        region: z.string(),
        key: z.string(),
        instances: z.union([z.literal('all'), z.array(z.string())]),
        leftOut: z
          .object({ why: z.string(), code: z.string().exactOptional(), message: z.string().exactOptional() })
          .exactOptional(),
      }),
    ),
  }),
  plan: z.object({
    digest: z.string(),
    expiresAt: time,
    quorums: z.array(z.object({ account: z.string(), approvals: z.number() })),
  }),
  decisions: z.array(decision),
  instances: z.array(instance),
  log: z.object({ version: z.number(), hash: z.string() }),
});
export type Evidence = z.infer<typeof evidenceSchema>;
