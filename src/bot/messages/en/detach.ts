import { say } from '../line.js';
import type { ActionSentences } from '../sentences/action.js';
import { number, some, someDo } from './words.js';

/** What happens to the key, on those that have it and on those that it is off already. */
const detached = (key: string, place: string, count: number, off: number): string => {
  if (off === 0) return `Key ${key} comes off ${some(count)} in ${place}.`;
  if (count === 0) return `Key ${key} is off ${some(off)} in ${place} already; a restart makes that take effect.`;
  return `Key ${key} comes off ${some(count)} in ${place}, and is off ${number(off)} more already.`;
};

export const detach: ActionSentences = {
  goal: (key) => say`detach key ${key}`,
  goalOn: (key, count) => say`detach key ${key} from ${some(count)}`,
  result: (key, done, all) => say`key ${key} detached from ${number(done)} of ${some(all)}`,
  restartsOnly: (count) =>
    `🔄 ${number(count)} of these only ${count === 1 ? 'restarts' : 'restart'}: the key is off already.`,
  waitsForRestart: (count) => `⏰ The key still opens ${some(count)} afterwards, until a restart.`,
  already: (count) => `➖ ${someDo(count, 'does', 'do')} not have this key.`,
  counts: {
    unrestarted: '⚠️ {} detached but the restart failed',
    now: '✅ {} detached',
    later: '⏰ {} detached but not yet restarted',
    already: '➖ {} had no such key',
  },
  waiting: (count) =>
    count === 1
      ? 'The key still opens 1 instance until it restarts.'
      : `The key still opens ${some(count)} until they restart.`,
  outcomes: {
    now: '✅ Detached',
    later: '⏰ Detached, takes effect after a restart',
    laterMeans: 'The key still opens it until a restart.',
    already: '➖ Nothing to do: the key was not bound',
    notRestarted: '⚠️ Detached, but the restart failed',
    notStarted: '⚠️ Detached, but starting it again failed',
    restartHelp: 'The key still opens it until a restart. Restart it by hand.',
  },
  skips: {},
  hints: {},
  approveLabel: (key, count) => `Approve: detach key ${key} from ${some(count)}`,
  approveTitle: (count) => `Detach the key from ${some(count)}?`,
  approveText: ({ key, place, count, interrupted, restartsOnly }) =>
    `${detached(key, place, count - restartsOnly, restartsOnly)} ${
      interrupted === 0 ? 'None is restarted.' : `${some(interrupted)} will be down for a moment.`
    } Instances without a password cannot be reached by SSH afterwards.`,
  approveConfirm: (count) => `Detach ${number(count)}`,
  denyLabel: (key) => `Deny: leave key ${key} as it is`,
  cancelLabel: (key) => `Cancel: stop detaching key ${key}`,
  cancelText:
    'What has not begun is left as it is. What has begun is finished, and what was stopped is started again. What is detached stays detached.',
};
