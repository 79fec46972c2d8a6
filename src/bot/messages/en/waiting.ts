import { say } from '../line.js';
import type { WaitingSentences } from '../sentences/sentences.js';

export const waiting: WaitingSentences = {
  plan: (digest) => say`Plan ${digest}.`,
  looking: (people, count) => say`👀 ${people} ${count === 1 ? 'is' : 'are'} looking at it.`,
  alsoMayApprove: (accounts, people) =>
    people.length > 0
      ? say`⏫ For ${accounts} these may approve too: ${people}`
      : say`⏫ For ${accounts} the next approvers may approve too.`,
  notified: (goal, at) =>
    say`🔑 Your approval is needed: ${goal}. Read the plan above, and approve or deny it there. It expires ${at}.`,
  unknownDuty: (schedules) =>
    say`⚠️ ${schedules} did not say who is on call, so nobody from there was told. Call them yourself if they are needed.`,
  reminded: (at) => say`🔔 This still waits for approval, and expires ${at}. Approve or deny it above.`,
  escalated: (accounts, at) =>
    say`⏫ This still lacks approvals for ${accounts}. From now on you may approve it too. It expires ${at}. Approve or deny it above.`,
};
