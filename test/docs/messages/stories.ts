import type { EventOf, PlanGroup, RequestEvent } from '../../../src/jobs/events.js';
import type { PausingHint } from '../../../src/jobs/holds/events.js';
import type { Outcome } from '../../../src/providers/answers.js';
import {
  approved,
  BUSY,
  group,
  LATER,
  NOW,
  planned,
  requested,
  type Story,
  settled,
  started,
  target,
  then,
} from '../../bot/messages/requests.js';

/** The incidents that the page is about. */

const WITHOUT_RESTART = { state: 'running', steps: ['detach', 'verify'] } as {
  state: 'running';
  steps: ['detach', 'verify'];
};

export const NEEDS_STOP: Outcome = { kind: 'skipped', reason: 'needs-stop' };
export const UNRESTARTED: Outcome = {
  kind: 'detached',
  effective: 'after-restart',
  restartFailed: { code: 'OperationConflict', message: 'The operation conflicts with another one.' },
};

const servers = [1, 2, 3].map((index) => target(index));
export const restarting: PlanGroup = group(servers);

/** Of every kind that a plan can have. */
export const mixed: PlanGroup = group([
  target(1),
  target(2, { steps: ['detach', 'verify'], state: 'stopped' }),
  target(3, WITHOUT_RESTART),
  target(4, { steps: ['stop', 'detach', 'verify', 'start'] }),
  target(5, { steps: ['restart'] }),
  target(6, { os: 'windows', steps: [], outcome: { kind: 'skipped', reason: 'windows' } }),
  target(7, { steps: [], outcome: { kind: 'not-bound' } }),
  target(8, { steps: [], outcome: { kind: 'skipped', reason: 'locked' } }),
]);
/** More than a message shows. */
export const many: PlanGroup[] = Array.from({ length: 7 }, (_, index) =>
  group(
    Array.from({ length: 9 }, (__, place) => target(index * 100 + place)),
    { account: `prod-${index}`, region: 'ap-guangzhou', keyPair: { name: `deploy-${index}` } },
  ),
);
export const untouched: PlanGroup = group([target(1, WITHOUT_RESTART), target(2, WITHOUT_RESTART)]);

export const asked = requested([restarting]);
export const waiting = planned([restarting]);
export const warned = planned([restarting], {
  warnings: [{ account: 'prod-hz', text: 'Production. Phone the duty manager first.' }],
});
export const once = approved(waiting, 'UBOB');
export const running = started(once, 'UCAROL');
export const halfway = settled(running, { 'i-0001': NOW });
export const failed = settled(halfway, { 'i-0002': BUSY, 'i-0003': NEEDS_STOP });
export const finished = then(failed, { type: 'finished' });

export const quiet = then(
  settled(started(planned([restarting], { thread: 'failures' }, 1), 'UBOB'), {
    'i-0001': NOW,
    'i-0002': NOW,
    'i-0003': BUSY,
  }),
  { type: 'finished' },
);

const start = (groups: PlanGroup[], more = {}): Story => started(planned(groups, more, 1), 'UBOB');
export const well = then(settled(start([untouched]), { 'i-0001': NOW, 'i-0002': NOW }), { type: 'finished' });
export const later = then(settled(start([untouched]), { 'i-0001': LATER, 'i-0002': LATER }), { type: 'finished' });
export const someSkipped = then(settled(start([untouched]), { 'i-0001': NOW, 'i-0002': NEEDS_STOP }), {
  type: 'finished',
});
export const halted = then(start([restarting]), { type: 'halted', by: 'UANNA' });
export const cancelled = then(
  settled(halted, { 'i-0001': NOW, 'i-0002': UNRESTARTED, 'i-0003': { kind: 'skipped', reason: 'cancelled' } }),
  { type: 'cancelled', by: 'UANNA' },
);

/** Shut down, and its key pair off: it waits for its start. */
const OFF: PlanGroup = group(
  [1, 2, 3].map((index) => target(index, { steps: ['stop', 'detach', 'verify', 'start'] })),
  { account: 'game-gz', region: 'ap-guangzhou' },
);
const isOff: RequestEvent[] = [
  { type: 'batched', batch: 'b1', group: 0, step: 'stop', instances: OFF.targets.map(({ id }) => id) },
  { type: 'begun', batch: 'b1', epoch: 1, instances: OFF.targets.map(({ id }) => id) },
  {
    type: 'stepped',
    batch: 'b1',
    epoch: 1,
    results: Object.fromEntries(OFF.targets.map(({ id }) => [id, { kind: 'done', changed: true }])),
  },
  { type: 'batched', batch: 'b2', group: 0, step: 'start', instances: OFF.targets.map(({ id }) => id) },
];
const shutDown = then(start([OFF]), ...isOff);

const SAID: Readonly<Record<PausingHint, { code: string; message: string }>> = {
  'check-credentials': { code: 'AuthFailure.SecretIdNotFound', message: 'The SecretId is not found.' },
  'no-credentials': { code: 'NoCredentials', message: 'no credentials were found' },
  'renew-credentials': { code: 'AuthFailure.TokenFailure', message: 'The token has expired.' },
  'check-role': { code: 'ResourceNotFound.RoleNotFound', message: 'The role does not exist.' },
  'check-project-id': { code: 'ProjectIdMissing', message: 'No project id is set for cn-north-4' },
  'check-clock': { code: 'AuthFailure.SignatureExpire', message: 'The signature has expired.' },
  'account-not-built': { code: 'NotBuilt', message: 'the account could not be loaded' },
  'account-not-configured': { code: 'NotConfigured', message: 'the account is not in the config' },
};
const paused = (hint: PausingHint, off: number): EventOf<'paused'> => ({
  type: 'paused',
  account: 'game-gz',
  ...SAID[hint],
  hint,
  byCall: false,
  off,
});
export const pausedFor = (hint: PausingHint): Story =>
  then(start([{ ...restarting, account: 'game-gz', region: 'ap-guangzhou' }]), paused(hint, 0));
export const pausedWhileOff = then(shutDown, paused('renew-credentials', 3));
export const pausedWhileOneIsOff = then(shutDown, paused('renew-credentials', 1));
export const wentOn = then(pausedWhileOff, { type: 'resumed', account: 'game-gz' });
export const haltedWhilePaused = then(pausedWhileOff, { type: 'halted', by: 'UANNA', paused: ['game-gz'] });

const stranded = (instances: string[]): EventOf<'stranded'> => ({
  type: 'stranded',
  batch: 'b2',
  code: 'ResourcesSoldOut.SpecifiedInstanceType',
  message: 'The specified instance type is sold out.',
  hint: 'sold-out',
  instances,
});
export const oneStranded = then(shutDown, stranded(['i-0001']));
export const allStranded = then(shutDown, stranded(['i-0001', 'i-0002', 'i-0003']));

const first = { users: ['UBOB'], userGroups: ['S0ONCALL'] };
export const lookedAt = then(waiting, { type: 'looking', by: 'UBOB' });
export const lookedAtByTwo = then(lookedAt, { type: 'looking', by: 'UCAROL' });
export const notified = then(waiting, { type: 'notified', mentions: { ...first, unknown: ['pagerduty:PABC123'] } });
export const reminded = then(waiting, { type: 'reminded', mentions: first });
export const escalated = then(waiting, {
  type: 'escalated',
  escalations: [{ account: 'prod-hz', users: ['UCAROL'], userGroups: ['S0BOSSES'] }],
});
export const escalatedToNobody = then(waiting, {
  type: 'escalated',
  escalations: [{ account: 'prod-hz', users: [], userGroups: [] }],
});
