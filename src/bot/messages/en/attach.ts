import { say } from '../line.js';
import type { ActionSentences } from '../sentences/action.js';
import { number, some, someDo } from './words.js';

/** What happens to the key, on those that get it back and on those that have it already. */
const attached = (key: string, place: string, count: number, on: number): string => {
  if (on === 0) return `Key ${key} goes back on ${some(count)} in ${place}: whoever holds it can log in there again.`;
  if (count === 0) return `Key ${key} is on ${some(on)} in ${place} already; a restart makes that take effect.`;
  return `Key ${key} goes back on ${some(count)} in ${place}, and is on ${number(on)} more already.`;
};

export const attach: ActionSentences = {
  goal: (key) => say`attach key ${key}`,
  goalOn: (key, count) => say`attach key ${key} to ${some(count)}`,
  result: (key, done, all) => say`key ${key} attached to ${number(done)} of ${some(all)}`,
  restartsOnly: (count) =>
    `🔄 ${number(count)} of these only ${count === 1 ? 'restarts' : 'restart'}: the key is on already.`,
  waitsForRestart: (count) => `⏰ The key does not open ${some(count)} yet, until a restart.`,
  already: (count) => `➖ ${someDo(count, 'has', 'have')} this key already.`,
  counts: {
    unrestarted: '⚠️ {} attached but the restart failed',
    now: '✅ {} attached',
    later: '⏰ {} attached but not yet restarted',
    already: '➖ {} had this key already',
  },
  waiting: (count) =>
    count === 1
      ? 'The key opens 1 instance only once it restarts.'
      : `The key opens ${some(count)} only once they restart.`,
  outcomes: {
    now: '✅ Attached',
    later: '⏰ Attached, takes effect after a restart',
    laterMeans: 'The key opens it only after a restart.',
    already: '➖ Nothing to do: the key was bound already',
    notRestarted: '⚠️ Attached, but the restart failed',
    notStarted: '⚠️ Attached, but starting it again failed',
    restartHelp: 'The key opens it only after a restart. Restart it by hand.',
  },
  skips: {
    cancelled: 'Not begun when the request was cancelled. The key is not on it.',
  },
  hints: {
    'unsupported-instance':
      'This kind of instance or image does not allow it. Add the public key inside the instance: ~/.ssh/authorized_keys.',
    'install-agent':
      'The cloud’s password agent is missing in the instance. Install it, restart the instance, then try again.',
    'authorized-keys-changed':
      'The cloud could not put the key back. Often the key file in the instance was changed, or its image does not allow this. Add the public key inside the instance: ~/.ssh/authorized_keys.',
    'changed-back':
      'The key is off again: it was put back, and somebody has taken it off since. Ask whoever did that before you try again.',
    'no-answer': 'The cloud gave no answer. When last read, the key was not on it. Try again.',
    'not-verified': 'The cloud took the call, but does not show it as done. Check the instance in the console.',
  },
  approveLabel: (key, count) => `Approve: attach key ${key} to ${some(count)}`,
  approveTitle: (count) => `Attach the key to ${some(count)}?`,
  approveText: ({ key, place, count, interrupted, restartsOnly, losesPassword }) =>
    `${attached(key, place, count - restartsOnly, restartsOnly)} ${
      interrupted === 0 ? 'None is restarted.' : `${some(interrupted)} will be down for a moment.`
    }${losesPassword ? ' Password login is turned off.' : ''}`,
  approveConfirm: (count) => `Attach ${number(count)}`,
  denyLabel: (key) => `Deny: leave key ${key} off`,
  cancelLabel: (key) => `Cancel: stop attaching key ${key}`,
  cancelText:
    'What has not begun is left as it is. What has begun is finished, and what was stopped is started again. What is attached stays attached.',
};
