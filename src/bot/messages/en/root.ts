import type { Line } from '../line.js';
import { say, strong } from '../line.js';
import type { RootSentences, Sentences } from '../sentences/sentences.js';
import { number, some } from './words.js';

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

const finished: RootSentences['finished'] = (counts) => {
  if (counts.failed + counts.unrestarted > 0)
    return `⚠️ Finished, ${number(counts.failed + counts.unrestarted)} to look at`;
  if (counts.unplanned > 0)
    return `⚠️ Finished, but ${number(counts.unplanned)} ${counts.unplanned === 1 ? 'place was' : 'places were'} not in the plan`;
  if (counts.waiting > 0)
    return `⏰ Finished, but ${number(counts.waiting)} ${counts.waiting === 1 ? 'waits' : 'wait'} for a restart`;
  return counts.skipped > 0 ? '⏭️ Finished, with some skipped' : '✅ Finished';
};

const title: RootSentences['title'] = (state, { goal, goalOn, result, halted, counts, hasRun }): Line => {
  switch (state) {
    case 'none':
    case 'planning':
      return say`⏳ Making the plan: ${goal}`;
    case 'awaiting-approval':
      return say`🔑 Approval needed: ${goalOn}`;
    case 'running':
      return halted ? say`🛑 Cancelling: ${goalOn}` : say`⏳ Running: ${goalOn}`;
    case 'finished':
      return say`${finished(counts)}: ${result}`;
    case 'rejected':
      return say`❌ Not possible: ${goal}`;
    case 'denied':
      return say`🚫 Denied: ${goal}`;
    case 'expired':
      return say`⌛ Expired: ${goal}`;
    case 'cancelled':
      return hasRun ? say`🛑 Cancelled: ${result}` : say`🛑 Cancelled: ${goal}`;
  }
};

const counted: RootSentences['counts'] = (counts, own) =>
  [
    { count: counts.failed, words: '❌ {} failed' },
    { count: counts.unrestarted, words: own.unrestarted },
    { count: counts.now, words: own.now },
    { count: counts.later, words: own.later },
    { count: counts.skipped, words: '⏭️ {} skipped' },
    { count: counts.already, words: own.already },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => words.replace('{}', number(count)));

export const root: RootSentences = {
  title,
  finished,
  requested: (by, at, id) => say`Requested by ${by}, ${at}. Request ${id}.`,
  goesOn: (id, why) =>
    ({
      retry: say`Tries again what failed in request ${id}.`,
      restart: say`Goes on with what waits for a stop or a restart in request ${id}.`,
      'left-out': say`Goes on with what was not in the plan of request ${id}.`,
      undo: say`Undoes request ${id}: attaches again what was detached there.`,
    })[why],
  reason: (words) => say`${strong('Reason:')} ${words}`,
  warning: (account, text) => say`❗ ${account}: ${text}`,
  noReason: 'No reason was given.',
  wanted: (key, place, instances) => say`Key ${key} in ${place}: ${instances}`,
  allOfKey: 'every instance that it is bound to',
  place: (key, place, count) => say`Key ${key} in ${place}: ${some(count)}`,
  planned: (instance, state, steps) => say`• ${instance}, ${state}: ${steps}`,
  moreInstances: (count) => `… and ${number(count)} more ${count === 1 ? 'instance' : 'instances'}`,
  morePlaces: (count) => `… and ${number(count)} more ${count === 1 ? 'place' : 'places'}`,
  planning: 'Reading the cloud to make the plan. Nothing is changed yet.',
  restarts: (count) => `🔄 ${some(count)} will restart.`,
  powerOffs: (count) => `🔌 ${some(count)} will be shut down, and started again.`,
  noRestart: 'No instance will be restarted or stopped.',
  skipped: (count, reasons) => say`⏭️ ${some(count)} will be skipped: ${reasons}.`,
  skippedSort: (count, sort) => `${number(count)} ${sort}`,
  lockOut:
    '⚠️ Lock-out: an instance without a password cannot be reached by SSH afterwards. No cloud tells which have one. Make sure of another way in.',
  inexact: (places) =>
    places === undefined
      ? say`⚠️ Whoever holds this key can log in again. Not an exact undo: an instance that has another key pair by now is left alone.`
      : say`⚠️ Whoever holds this key can log in again. Not an exact undo: attaching turns password login off in ${places}, and an instance that has another key pair by now is left alone.`,
  approvals: (account, given, wanted, by) =>
    by.length > 0
      ? say`${strong('Approvals')} for ${account}: ${number(given)} of ${number(wanted)} (${by})`
      : say`${strong('Approvals')} for ${account}: ${number(given)} of ${number(wanted)}`,
  approvalRule: 'The requester cannot approve.',
  expires: (at) => say`Expires ${at}.`,
  progress: (bar, done, work) => say`${bar}${number(done)} of ${some(work)} done`,
  counts: counted,
  halted: (by) => say`${by} cancelled the rest. What has begun is finished, and what was stopped is started again.`,
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
  seeThread: 'The thread tells what became of each instance.',
};
