import type { ButtonSentences } from '../sentences.js';
import { number, some } from './words.js';

/** What happens to the key, on those that have it and on those that it is off already. */
const detached = (key: string, place: string, count: number, off: number): string => {
  if (off === 0) return `Key ${key} comes off ${some(count)} in ${place}.`;
  if (count === 0) return `Key ${key} is off ${some(off)} in ${place} already; a restart makes that take effect.`;
  return `Key ${key} comes off ${some(count)} in ${place}, and is off ${number(off)} more already.`;
};

export const buttons: ButtonSentences = {
  approve: 'Approve',
  approveLabel: (key, count) => `Approve: detach key ${key} from ${some(count)}`,
  approveTitle: (count) => `Detach the key from ${some(count)}?`,
  approveText: ({ key, place, count, interrupted, restartsOnly }) =>
    `${detached(key, place, count - restartsOnly, restartsOnly)} ${
      interrupted === 0 ? 'None is restarted.' : `${some(interrupted)} will be down for a moment.`
    } Instances without a password cannot be reached by SSH afterwards.`,
  approveConfirm: (count) => `Detach ${number(count)}`,
  restartTitle: (count) => `Restart ${some(count)}?`,
  restartConfirm: (count) => `Restart ${number(count)}`,
  deny: 'Deny',
  denyLabel: (key) => `Deny: leave key ${key} as it is`,
  cancel: 'Cancel',
  cancelLabel: (key) => `Cancel: stop detaching key ${key}`,
  cancelTitle: 'Cancel the rest?',
  cancelText:
    'What has not begun is left as it is. What has begun is finished, and what was stopped is started again. What is detached stays detached.',
  cancelConfirm: 'Cancel the rest',
  goBack: 'Go back',
  goOn: {
    retry: {
      button: (count) => `Retry failed (${number(count)})`,
      label: (key, count) => `Retry failed: key ${key}, ${some(count)}`,
      title: (count) => `Try ${some(count)} again?`,
      text: 'A new request is made of exactly the failed instances. It gets a plan of its own, and runs only once somebody else approves.',
      confirm: 'Make the request',
    },
    restart: {
      button: (count) => `Go on with restart (${number(count)})`,
      label: (key, count) => `Go on with restart: key ${key}, ${some(count)}`,
      title: (count) => `Go on with ${some(count)}?`,
      text: 'A new request is made of exactly those that wait for a stop or a restart, and allows both. It gets a plan of its own, and runs only once somebody else approves.',
      confirm: 'Make the request',
    },
  },
};
