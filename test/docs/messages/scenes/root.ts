import { rootMessage } from '../../../../src/bot/messages/root.js';
import { emptyRequest } from '../../../../src/jobs/request.js';
import { group, planned, requested, type Story, target, then } from '../../../bot/messages/requests.js';
import {
  manyMissing,
  nothingPlanned,
  partly,
  partlyDone,
  shutAlone,
  trying,
  twoMissing,
  unreadAlone,
} from '../left-out-stories.js';
import type { Scene } from '../scene.js';
import {
  allStranded,
  asked,
  cancelled,
  escalated,
  escalatedToNobody,
  finished,
  halfway,
  halted,
  haltedWhilePaused,
  later,
  lookedAt,
  lookedAtByTwo,
  many,
  mixed,
  once,
  pausedFor,
  pausedWhileOff,
  restarting,
  someSkipped,
  untouched,
  waiting,
  warned,
  well,
} from '../stories.js';
import { cancelledUndo, finishedUndo, keepingUndo, restartingUndo, runningUndo, waitingUndo } from '../undo-stories.js';

const scene = (title: string, { request }: Pick<Story, 'request'>): Scene => ({
  title,
  message: (language) => rootMessage(request, { language }),
});

const rejected = then(asked, {
  type: 'rejected',
  rejection: { code: 'key-pair-not-found', account: 'prod-hz', region: 'cn-hangzhou', key: 'deploy-2024' },
});
const goesOn = (why: 'retry' | 'restart' | 'left-out') =>
  planned([restarting], { after: { request: 'B4XR2M', why }, reason: '' }, 1);

export const rootScenes: readonly Scene[] = [
  scene('The plan is being made', asked),
  scene('The plan is being made, for many places', requested(many)),
  scene('The plan is being made, and the cloud does not answer', unreadAlone),
  scene('The plan is being made, and the account lets nobody in', shutAlone),
  scene('The plan is being made, and of three places one is read', trying),
  scene('The plan waits for approval', waiting),
  scene('The plan waits for approval, without some places', partly),
  scene('The plan waits for approval, without many places', manyMissing),
  scene('The plan waits for approval, for an account with a warning', warned),
  scene('One of two has approved', once),
  scene('Somebody looks at it', lookedAt),
  scene('Two look at it', lookedAtByTwo),
  scene('Others may approve too', escalated),
  scene('Others may approve too, and nobody could be named', escalatedToNobody),
  scene('A plan of every kind', planned([mixed])),
  scene('A plan that restarts nothing', planned([untouched])),
  scene('A plan of many places', planned(many)),
  scene('A plan that only restarts', planned([group([target(1, { steps: ['restart'] })])])),
  scene('Retry of what failed', goesOn('retry')),
  scene('Going on with a restart', goesOn('restart')),
  scene('Going on with what was not in the plan', goesOn('left-out')),
  scene('Undo', waitingUndo),
  scene('Undo where passwords stay', keepingUndo),
  scene('Undo that only restarts', restartingUndo),
  scene('Undo, running', runningUndo),
  scene('Undo, finished', finishedUndo),
  scene('Undo, cancelled', cancelledUndo),
  scene('Running', halfway),
  scene('Running, being cancelled', halted),
  scene('Running, its account paused', pausedFor('renew-credentials')),
  scene('Running, its account paused while instances are off', pausedWhileOff),
  scene('Cancelling, its account paused', haltedWhilePaused),
  scene('Running, with instances that cannot be started again', allStranded),
  scene('Finished, all well', well),
  scene('Finished, with failures', finished),
  scene('Finished, with some skipped', someSkipped),
  scene('Finished, waiting for restarts', later),
  scene('Finished, without a place', partlyDone),
  scene('Finished, without two places', twoMissing),
  scene('Cancelled while running', cancelled),
  scene('Cancelled before it ran', then(waiting, { type: 'cancelled', by: 'UANNA' })),
  scene('Denied', then(waiting, { type: 'denied', by: 'UBOB', reason: 'This key is still in use on web-2' })),
  scene('Expired', then(waiting, { type: 'expired' })),
  scene('Not possible', rejected),
  scene('Not possible, of several places', nothingPlanned),
  scene('A request without an entry', { request: emptyRequest('K7QM') }),
];
