import type { PlanGroup } from '../../src/jobs/events.js';
import { UNPARTED } from '../../src/jobs/halving.js';
import { type Judged, judge } from '../../src/jobs/judge.js';
import type { Batch } from '../../src/jobs/request.js';
import type { Instance } from '../../src/providers/contract.js';
import type { Hint } from '../../src/providers/failures.js';

/** The codes that a reading alone ends with, each found by a reading that ends with it. */

export type JudgeCode = {
  code: string;
  /** Told after a restart that failed there is a sentence of its own. */
  hint: Hint | 'restart-by-hand';
};

const ID = 'i-1';
const KEY_PAIR = { name: 'deploy' };
const SHOWN: Instance = {
  id: ID,
  name: 'web-1',
  state: 'running',
  vendorState: 'Running',
  os: 'linux',
  keyPairs: [KEY_PAIR],
};
const GROUP: PlanGroup = {
  account: 'prod-hz',
  provider: 'alibaba',
  region: 'cn-hangzhou',
  keyPair: KEY_PAIR,
  limits: { stop: 1, detach: 1, attach: 1, restart: 1, start: 1 },
  parallelKeyPairWrites: 1,
  effectiveWhenRunning: 'after-restart',
  attachDisablesPassword: true,
  targets: [],
};
/** Called once, and accepted. */
const CALLED: Omit<Batch, 'step'> = {
  id: 'b1',
  group: 0,
  instances: [ID],
  pending: new Set([ID]),
  formedAt: 0,
  since: 0,
  epoch: 1,
  begunAt: 0,
  calls: new Map([[ID, { begunAt: 0, at: 0, putOffs: 0, answers: 1, mayBeDone: true }]]),
  halving: UNPARTED,
  stranded: new Set(),
  answeredAt: 0,
};
/** Long after the call. */
const TIMING = {
  now: 1_000,
  quietMs: 1,
  slowMs: 1,
  restartGraceMs: 1,
  patienceMs: 1,
  pausedMs: 1,
  alarmMs: 1,
  giveUpMs: 1,
};

const { answeredAt: _, ...UNANSWERED } = {
  ...CALLED,
  calls: new Map([[ID, { begunAt: 0, putOffs: 0, answers: 0, mayBeDone: false }]]),
};
const failedOperation = { id: 'o-1', state: 'failed' } as const;

type Reading = Pick<Batch, 'step'> & { instance: Instance | undefined; batch?: Omit<Batch, 'step'> };
const READINGS: readonly Reading[] = [
  { step: 'detach', instance: undefined },
  { step: 'detach', instance: SHOWN },
  { step: 'detach', instance: { ...SHOWN, operation: failedOperation } },
  { step: 'stop', instance: SHOWN },
  { step: 'start', instance: { ...SHOWN, state: 'unusable' } },
  { step: 'restart', instance: SHOWN },
  { step: 'restart', instance: { ...SHOWN, keyPairs: [], state: 'unusable' } },
  { step: 'restart', instance: { ...SHOWN, keyPairs: [], state: 'changing' } },
  { step: 'restart', instance: { ...SHOWN, keyPairs: [] }, batch: UNANSWERED },
];

export const judgeCodes = (): JudgeCode[] => READINGS.map(codeOf);

function codeOf({ step, instance, batch = CALLED }: Reading): JudgeCode {
  const traits: Judged['traits'] = { keyPairWritesIn: ['running'], idempotencyToken: false };
  const at = {
    action: 'detach',
    batch: { ...batch, step },
    group: GROUP,
    instanceId: ID,
    isVerified: false,
    timing: TIMING,
  } as const;
  const verdict = judge({ ...at, traits, instance });
  const outcome = verdict.kind === 'report' && verdict.result.kind === 'over' ? verdict.result.outcome : undefined;
  if (outcome?.kind === 'failed') return { code: outcome.code, hint: outcome.hint };
  if (outcome?.kind === 'detached' && outcome.restartFailed) {
    return { code: outcome.restartFailed.code, hint: 'restart-by-hand' };
  }
  throw new Error(`a ${step} is not over with a code: ${JSON.stringify(verdict)}`);
}
