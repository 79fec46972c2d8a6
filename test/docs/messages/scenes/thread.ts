import { filesMessage, noFilesMessage } from '../../../../src/bot/messages/evidence.js';
import { threadReplies } from '../../../../src/bot/messages/thread.js';
import { PAUSING_HINTS } from '../../../../src/jobs/holds/events.js';
import { group, planned, type Story, settled, started, target, then } from '../../../bot/messages/requests.js';
import { tellingOf } from '../../../bot/messages/telling.js';
import { nothingPlanned, partly, partlyDone, twoMissing } from '../left-out-stories.js';
import type { Scene } from '../scene.js';
import {
  allStranded,
  asked,
  cancelled,
  escalated,
  failed,
  finished,
  halted,
  haltedWhilePaused,
  later,
  mixed,
  notified,
  once,
  oneStranded,
  pausedFor,
  pausedWhileOff,
  pausedWhileOneIsOff,
  quiet,
  reminded,
  restarting,
  running,
  UNRESTARTED,
  waiting,
  wentOn,
} from '../stories.js';
import { finishedUndo, toldUndo, troubledUndo } from '../undo-stories.js';

/** What the newest entries of a story say, as one message. */
function scene(title: string, { request, entries }: Story, newest = 1, part = 0): Scene {
  return {
    title,
    message: (language) => {
      const message = threadReplies(request, entries, tellingOf(entries.slice(-newest)), language)[part];
      if (message === undefined) throw new Error(`nothing is told of: ${title}`);
      return message;
    },
  };
}

const ofEveryKind = settled(started(planned([mixed], {}, 1), 'UBOB'), {
  'i-0001': { kind: 'detached', effective: 'now' },
  'i-0002': { kind: 'detached', effective: 'now' },
  'i-0003': { kind: 'detached', effective: 'after-restart' },
  'i-0004': UNRESTARTED,
  'i-0005': UNRESTARTED,
  'i-0006': { kind: 'skipped', reason: 'windows' },
  'i-0007': { kind: 'not-bound' },
});

const large = group(Array.from({ length: 400 }, (_, index) => target(index)));
const afterLarge = settled(
  started(planned([large], {}, 1), 'UBOB'),
  Object.fromEntries(large.targets.map(({ id }) => [id, { kind: 'detached', effective: 'now' } as const])),
);

const twoPlaces = [restarting, { ...restarting, account: 'game-gz', region: 'ap-guangzhou' }];

const evidenceScenes: readonly Scene[] = [
  { title: 'Beside the evidence', message: (language) => filesMessage({ language }) },
  { title: 'Evidence that Slack does not take', message: (language) => noFilesMessage({ language }, 'missing_scope') },
];

export const threadScenes: readonly Scene[] = [
  scene('An approval that is not the last', once),
  scene('The last approval', running),
  scene('Places that are not in the plan', partly),
  scene('An approval is needed', notified),
  scene('A reminder', reminded),
  scene('Escalated', escalated),
  scene('Outcomes of every kind', ofEveryKind),
  scene('A failure, with the cloud’s words', failed),
  scene('In one of several places', settled(started(planned(twoPlaces, {}, 1), 'UBOB'), { 'i-0001': UNRESTARTED }, 1)),
  scene('The end of a long list', afterLarge, 1, 1),
  scene('Outcomes of an undo', toldUndo),
  scene('What is said otherwise of an undo', troubledUndo),
  scene('The end of an undo', finishedUndo),
  ...PAUSING_HINTS.map((hint) => scene(`An account is paused: ${hint}`, pausedFor(hint))),
  scene('An account is paused while an instance is off', pausedWhileOneIsOff),
  scene('An account is paused while instances are off', pausedWhileOff),
  scene('An account goes on', wentOn),
  scene('An instance that cannot be started again', oneStranded),
  scene('Instances that cannot be started again', allStranded),
  scene('Finished', finished),
  scene('Finished, where the thread names only what failed or was skipped', quiet),
  scene('Finished, waiting for restarts', later),
  scene('Finished, without a place', partlyDone),
  scene('Finished, without two places', twoMissing),
  scene('Cancelling', halted),
  scene('Cancelling while an account is paused', haltedWhilePaused),
  scene('Cancelled', cancelled),
  scene('Cancelled before it ran', then(waiting, { type: 'cancelled', by: 'UANNA' })),
  scene('Denied', then(waiting, { type: 'denied', by: 'UBOB', reason: 'This key is still in use on web-2' })),
  scene('Expired', then(waiting, { type: 'expired' })),
  scene('Not possible, of several places', nothingPlanned),
  scene('Not possible', then(asked, { type: 'rejected', rejection: { code: 'nothing-to-do' } })),
  ...evidenceScenes,
];
