import { say } from '../line.js';
import type { HomeSentences } from '../sentences/overview.js';
import { number } from './words.js';

export const home: HomeSentences = {
  ask: 'Take a key pair off instances',
  waiting: '🔑 Waits for your approval',
  waitingCount: (count) =>
    count === 0
      ? 'Nothing waits for you.'
      : count === 1
        ? '1 request waits for you.'
        : `${number(count)} requests wait for you.`,
  doubt: (schedules) =>
    say`⚠️ More may wait for you: ${schedules} did not say whether you are on call. Open this tab again in a minute.`,
  own: '🙋 You asked for',
  noOwn: 'Nothing of yours is open.',
  others: '👥 Open, asked for by others',
  ended: '🗂️ Ended',
  noEnded: 'No request that you may see has ended yet.',
  accounts: '☁️ Accounts',
  noAccounts: 'There is no account that you can use. Ask the bot’s maintainers if there should be one.',
  account: (account, health, at, code) =>
    code === undefined
      ? say`${health.sign} ${account}: ${health.words} (${at})`
      : say`${health.sign} ${account}: ${health.words} (${at}, ${code})`,
  accountUnknown: (account) => say`❔ ${account}: not known, as nothing was asked of it in the last day`,
  health: {
    well: { sign: '✅', words: 'well' },
    slow: { sign: '🐢', words: 'slow, or asks the bot to wait' },
    silent: { sign: '⚠️', words: 'does not answer; look at the cloud’s status page' },
    credentials: { sign: '❌', words: 'its credentials do not work; the bot’s maintainers have to renew them' },
    rights: { sign: '⚠️', words: 'its access key lacks a right; the bot’s maintainers have to grant it' },
  },
  stranger:
    'This app takes SSH key pairs off cloud instances in an incident. Only people of this workspace who may ask or approve see more here.',
};
