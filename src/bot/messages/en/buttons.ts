import type { ButtonSentences } from '../sentences/sentences.js';
import { number, places, some } from './words.js';

export const buttons: ButtonSentences = {
  approve: 'Approve',
  restartTitle: (count) => `Restart ${some(count)}?`,
  restartConfirm: (count) => `Restart ${number(count)}`,
  deny: 'Deny',
  cancel: 'Cancel',
  cancelTitle: 'Cancel the rest?',
  cancelConfirm: 'Cancel the rest',
  withdraw: {
    label: (key) => `Cancel the request: key ${key}`,
    title: 'Cancel this request?',
    text: 'Nothing was changed yet. The request ends here, and nobody can approve it any more.',
    confirm: 'Cancel the request',
  },
  goBack: 'Go back',
  goOn: {
    retry: {
      button: (count) => `Retry failed (${number(count)})`,
      label: (key, count) => `Retry failed: key ${key}, ${some(count)}`,
      title: (count) => `Try ${some(count)} again?`,
      text: 'A new request is made of exactly the failed instances. It gets a plan of its own, and runs only once somebody else approves.',
      confirm: 'Make the request',
    },
    'left-out': {
      button: (count) => `Request what is missing (${number(count)})`,
      label: (key, count) => `Request what is not in the plan: key ${key}, ${places(count)}`,
      title: (count) => `Request what is missing: ${places(count)}?`,
      text: 'A new request is made of exactly what could not be read. It gets a plan of its own, and runs only once somebody else approves.',
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
