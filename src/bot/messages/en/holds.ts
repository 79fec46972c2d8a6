import { say } from '../line.js';
import type { HoldSentences } from '../sentences/hold.js';
import { some, someDo } from './words.js';

export const holds: HoldSentences = {
  offTitle: (key, count) => say`🚨 ${someDo(count, 'is', 'are')} still off: key ${key}`,
  pausedTitle: (key, count) => say`⏸️ Paused: key ${key}, ${some(count)}`,
  causes: {
    'check-credentials': 'the cloud does not accept its access key. Check the credentials',
    'no-credentials': 'no credentials were found for it. Set them',
    'renew-credentials': 'its temporary credentials have run out, or are not valid. Renew them',
    'check-role': 'its role (or agency) cannot be assumed. Check its name in the config, and its trust policy',
    'check-project-id': 'a project id is missing in its config. Add it',
    'check-clock': 'the clock of the bot’s machine is off. Set it right',
    'account-not-built': 'the bot could not load it. Tell the bot’s maintainers: the cause is in its log',
    'account-not-configured': 'it is not in the bot’s config any more. Put it back under the same name',
  },
  paused: (account, cause) =>
    say`⏸️ Account ${account} is paused: ${cause}. It then goes on by itself; nothing is lost.`,
  offUntilThen: (count) =>
    count === 1
      ? '🚨 1 instance that the bot shut down stays off until then. If it is needed now, start it by hand in the cloud’s console.'
      : `🚨 ${some(count)} that the bot shut down stay off until then. Where one is needed now, start it by hand in the cloud’s console.`,
  resumed: (account) => say`▶️ Account ${account} goes on.`,
  stranded: (count) =>
    count === 1
      ? '🚨 1 instance is still off: the bot shut it down and cannot start it. Start it by hand now, in the cloud’s console; the message on top names it. The bot keeps trying.'
      : `🚨 ${some(count)} are still off: the bot shut them down and cannot start them. Start them by hand now, in the cloud’s console; the message on top names them. The bot keeps trying.`,
  to: (people) => say`For ${people}.`,
  stillOff: (instances) =>
    say`🚨 Still off, start by hand now: ${instances}. The bot shut them down, cannot start them, and keeps trying.`,
  waitOff: (instances) => say`🚨 Shut down by the bot, and off until then: ${instances}.`,
  haltedWhilePaused: (accounts) =>
    say`In ${accounts} the rest ends only when the account goes on. Until then, what was stopped there stays off.`,
};
