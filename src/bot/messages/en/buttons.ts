import type { ButtonSentences } from '../sentences.js';
import { number, some } from './words.js';

export const buttons: ButtonSentences = {
  approve: 'Approve',
  approveLabel: (key, count) => `Approve: detach key ${key} from ${some(count)}`,
  approveTitle: (count) => `Detach the key from ${some(count)}?`,
  approveText: ({ key, place, count, interrupted }) =>
    `Key ${key} comes off ${some(count)} in ${place}. ${
      interrupted === 0 ? 'None is restarted.' : `${some(interrupted)} will be down for a moment.`
    } Instances without a password cannot be reached by SSH afterwards.`,
  approveConfirm: (count) => `Detach ${number(count)}`,
  deny: 'Deny',
  denyLabel: (key) => `Deny: leave key ${key} as it is`,
  cancel: 'Cancel',
  cancelLabel: (key) => `Cancel: stop detaching key ${key}`,
  cancelTitle: 'Cancel the rest?',
  cancelText:
    'What has not begun is left as it is. What has begun is finished, and what was stopped is started again. What is detached stays detached.',
  cancelConfirm: 'Cancel the rest',
  goBack: 'Go back',
};
