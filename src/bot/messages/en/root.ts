import type { Line } from '../line.js';
import { say, strong } from '../line.js';
import type { Counts, RootSentences, Sentences } from '../sentences.js';
import { number, some, someDo } from './words.js';

export const states: Sentences['states'] = {
  none: 'unknown',
  planning: 'making the plan',
  'awaiting-approval': 'waiting for approval',
  running: 'running',
  finished: 'finished',
  rejected: 'not possible',
  denied: 'denied',
  expired: 'expired',
  cancelled: 'cancelled',
};

const title: RootSentences['title'] = (state, { key, count, halted, counts, hasRun }): Line => {
  const detached = counts.now + counts.later + counts.unrestarted;
  const failures = counts.failed + counts.unrestarted;
  const result = say`key ${key} detached from ${number(detached)} of ${some(detached + counts.failed + counts.skipped)}`;
  switch (state) {
    case 'none':
    case 'planning':
      return say`⏳ Making the plan: detach key ${key}`;
    case 'awaiting-approval':
      return say`🔑 Approval needed: detach key ${key} from ${some(count)}`;
    case 'running':
      return halted
        ? say`🛑 Cancelling: detach key ${key} from ${some(count)}`
        : say`⏳ Running: detach key ${key} from ${some(count)}`;
    case 'finished':
      if (failures > 0) return say`⚠️ Finished, not all well: ${result}`;
      if (counts.open > 0) return say`🔄 Finished, but ${number(counts.open)} must restart first: ${result}`;
      return counts.skipped > 0 ? say`⏭️ Finished, with some skipped: ${result}` : say`✅ Finished: ${result}`;
    case 'rejected':
      return say`❌ Not possible: detach key ${key}`;
    case 'denied':
      return say`❌ Denied: detach key ${key}`;
    case 'expired':
      return say`⌛ Expired: detach key ${key}`;
    case 'cancelled':
      return hasRun ? say`🛑 Cancelled: ${result}` : say`🛑 Cancelled: detach key ${key}`;
  }
};

const counted = (counts: Counts): string[] =>
  [
    { count: counts.failed, words: '❌ {} failed' },
    { count: counts.unrestarted, words: '⚠️ {} detached but not back up' },
    { count: counts.now, words: '✅ {} detached' },
    { count: counts.later, words: '🔄 {} detached, effective after a restart' },
    { count: counts.skipped, words: '⏭️ {} skipped' },
    { count: counts.already, words: '➖ {} had no such key' },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => words.replace('{}', number(count)));

export const root: RootSentences = {
  title,
  requested: (by, at, id) => say`Requested by ${by}, ${at}. Request ${id}.`,
  goesOn: (id, why) =>
    why === 'retry'
      ? say`Goes on from request ${id}, with what failed there.`
      : say`Goes on from request ${id}, with what waits there for a stop or a restart.`,
  reason: (words) => say`${strong('Reason:')} ${words}`,
  warning: (account, text) => say`⚠️ ${account}: ${text}`,
  noReason: 'No reason was given.',
  wanted: (key, place, instances) => say`Key ${key} in ${place}: ${instances}`,
  allOfKey: 'every instance that it is bound to',
  place: (key, place, count) => say`Key ${key} in ${place}: ${some(count)}`,
  planned: (instance, state, steps) => say`• ${instance}, ${state}: ${steps}`,
  moreInstances: (count) => `… and ${number(count)} more ${count === 1 ? 'instance' : 'instances'}`,
  morePlaces: (count) => `… and ${number(count)} more ${count === 1 ? 'place' : 'places'}`,
  planning: 'Reading the cloud to make the plan. Nothing is changed yet.',
  restartsOnly: (count) => `🔄 The key is off ${some(count)} already: nothing but a restart is left to do there.`,
  restarts: (count) => `🔄 ${someDo(count, 'restarts', 'restart')}.`,
  powerOffs: (count) => `🔌 ${someDo(count, 'is', 'are')} shut down, and started again afterwards.`,
  waitsForRestart: (count) =>
    `⏰ On ${some(count)} it takes effect only after a restart: until then the key still works there.`,
  noRestart: 'No instance is restarted or stopped.',
  skipped: (count, reasons) => say`⏭️ ${someDo(count, 'is', 'are')} skipped: ${reasons}.`,
  skippedSort: (count, sort) => `${number(count)} ${sort}`,
  alreadyOff: (count) => `➖ ${someDo(count, 'does', 'do')} not have this key.`,
  lockOut:
    '⚠️ Lock-out: no cloud tells whether an instance has a password. One without cannot be reached by SSH afterwards. Make sure of another way in.',
  approvals: (account, given, wanted, by) =>
    by.length > 0
      ? say`${strong('Approvals')} for ${account}: ${given} of ${wanted} (${by})`
      : say`${strong('Approvals')} for ${account}: ${given} of ${wanted}`,
  approvalRule: 'The requester cannot approve.',
  expires: (at) => say`Expires ${at}.`,
  progress: (bar, done, work) => say`${bar}${number(done)} of ${some(work)} done`,
  counts: counted,
  halted: (by) => say`${by} cancelled. What has begun is finished, and what was stopped is started again.`,
  ended: (state, by, at) => {
    const words = {
      denied: 'Denied',
      expired: 'Nobody decided in time. Expired',
      cancelled: 'Cancelled',
      finished: 'Finished',
    }[state];
    return by === undefined ? say`${words} ${at}.` : say`${words} by ${by} ${at}.`;
  },
  denial: (words) => say`${strong('Why:')} ${words}`,
  nothingTouched: 'Nothing was changed.',
  seeThread: 'What became of each instance stands in the thread.',
};
