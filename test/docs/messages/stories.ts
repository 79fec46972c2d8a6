import type { PlanGroup } from '../../../src/jobs/events.js';
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
