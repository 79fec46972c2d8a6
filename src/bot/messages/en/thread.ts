import { joinLines, say } from '../line.js';
import type { ThreadSentences } from '../sentences/thread.js';
import { number, some } from './words.js';

export const thread: ThreadSentences = {
  approved: (by, digest, standing) =>
    standing.length === 0
      ? say`✅ ${by} approved plan ${digest}.`
      : say`✅ ${by} approved plan ${digest} (${joinLines(
          standing.map(({ account, given, wanted }) => say`${account}: ${number(given)} of ${number(wanted)}`),
          ', ',
        )}).`,
  started: (count) => `⏳ Starting on ${some(count)}.`,
  denied: (by, reason) => say`🚫 ${by} denied the request. Nothing was changed. Why: ${reason}`,
  expired: '⌛ Nobody decided in time, so the request expired. Nothing was changed. Ask again if it is still needed.',
  rejected: (why) => say`❌ Not possible: ${why}`,
  cancelledEarly: (by) => say`🛑 ${by} cancelled the request. Nothing was changed.`,
  halted: (by) =>
    say`🛑 ${by} cancelled the rest. What has not begun is left as it is; what has begun is finished, and what was stopped is started again.`,
  finished: (how) => `${how}.`,
  cancelled: (by) => say`🛑 Cancelled by ${by}. This is how it ended:`,
  lookAbove: (count) => `Look at ${some(count)}: the replies above say why, and what to do.`,
  namedInFile: (count) =>
    `The ${count === 1 ? 'other instance is' : `other ${number(count)} instances are`} in the file below, and under "Show all instances".`,
  askedAt: (at, planning) => say`Asked ${at}. The plan took ${planning}.`,
  approvedAt: (at, waiting) => say`Approved ${at}, after ${waiting}.`,
  endedAt: (at, working) => say`Ended ${at}. The work took ${working}.`,
  files:
    '📎 The evidence: who asked and approved, and what was done to each instance, as a table (CSV) and for programs (JSON).',
  noFiles: (code) =>
    say`📎 The evidence could not be put here as a file: ${code}. Nothing is lost, the log has all of it. If the code is missing_scope, an admin has to add files:write to the app.`,
  at: (place, key) => say`${place}, key ${key}`,
  continued: ' (continued)',
};
