import type { PlanGroup } from '../../../src/jobs/events.js';
import type { Outcome } from '../../../src/providers/answers.js';
import type { Hint } from '../../../src/providers/failures.js';
import { group, planned, settled, started, target, then } from '../../bot/messages/requests.js';

/** What was detached is attached again. */

const UNRESTARTED: Outcome = {
  kind: 'attached',
  effective: 'after-restart',
  restartFailed: { code: 'OperationConflict', message: 'The operation conflicts with another one.' },
};
const DIFFERING: readonly Hint[] = [
  'unsupported-instance',
  'install-agent',
  'authorized-keys-changed',
  'changed-back',
  'no-answer',
  'not-verified',
];

/** Of every kind that a plan can have. */
const mixed: PlanGroup = group([
  target(1, { steps: ['attach', 'verify', 'restart'] }),
  target(2, { steps: ['attach', 'verify'], state: 'stopped' }),
  target(3, { steps: ['attach', 'verify'] }),
  target(4, { steps: ['stop', 'attach', 'verify', 'start'] }),
  target(5, { steps: ['restart'] }),
  target(6, { steps: [], outcome: { kind: 'skipped', reason: 'other-key-pair' } }),
  target(7, { steps: [], outcome: { kind: 'already-bound' } }),
]);
const plain = target(1, { steps: ['stop', 'attach', 'verify', 'start'] });
const keepsPassword: PlanGroup = group([plain], { provider: 'huawei', attachDisablesPassword: false });

const asked = { action: 'attach', after: { request: 'B4XR2M', why: 'undo' }, reason: '' } as const;

export const waitingUndo = planned([mixed], asked, 1);
export const keepingUndo = planned([keepsPassword], asked, 1);
export const runningUndo = started(waitingUndo, 'UBOB');
export const toldUndo = settled(runningUndo, {
  'i-0001': { kind: 'attached', effective: 'now' },
  'i-0002': { kind: 'attached', effective: 'now' },
  'i-0003': { kind: 'attached', effective: 'after-restart' },
  'i-0004': UNRESTARTED,
  'i-0005': UNRESTARTED,
  'i-0006': { kind: 'skipped', reason: 'other-key-pair' },
  'i-0007': { kind: 'already-bound' },
});
export const finishedUndo = then(toldUndo, { type: 'finished' });

const ids = DIFFERING.map((_, index) => target(index));
const unbegun = target(9);
export const troubledUndo = settled(started(planned([group([...ids, unbegun])], asked, 1), 'UBOB'), {
  ...Object.fromEntries(
    DIFFERING.map((hint, index) => [target(index).id, { kind: 'failed', code: 'Code', message: 'Words.', hint }]),
  ),
  [unbegun.id]: { kind: 'skipped', reason: 'cancelled' },
});
export const restartingUndo = planned([group([target(1, { steps: ['restart'] })])], asked, 1);
export const cancelledUndo = then(waitingUndo, { type: 'cancelled', by: 'UANNA' });
