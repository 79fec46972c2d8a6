import { say } from '../line.js';
import type { WaitingSentences } from '../sentences.js';

export const waiting: WaitingSentences = {
  plan: (digest) => say`Plan ${digest}.`,
  looking: (people, count) => say`👀 ${people} ${count === 1 ? 'is' : 'are'} looking at it.`,
  alsoMayApprove: (account, people) =>
    people.length > 0
      ? say`⏫ For ${account} these may approve too: ${people}`
      : say`⏫ For ${account} the next approvers may approve too.`,
  reminded: (at) => say`⏰ This still waits for approval, and expires ${at}. Approve or deny it above.`,
  escalated: (account, at) =>
    say`⏫ This still lacks approvals for ${account}. From now on you may approve it too. It expires ${at}. Approve or deny it above.`,
};
