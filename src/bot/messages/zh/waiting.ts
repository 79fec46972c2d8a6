import { say } from '../line.js';
import type { WaitingSentences } from '../sentences/sentences.js';

export const waiting: WaitingSentences = {
  plan: (digest) => say`计划编号 ${digest}。`,
  looking: (people) => say`👀 ${people} 正在查看。`,
  alsoMayApprove: (accounts, people) =>
    people.length > 0
      ? say`⏫ 账号 ${accounts} 现在也可由以下人员审批：${people}`
      : say`⏫ 账号 ${accounts} 的审批已升级，下一级审批人现在也可审批。`,
  notified: (goal, at) => say`🔑 请你审批：${goal}。请阅读上方的计划，并在那里批准或拒绝。将于 ${at} 过期。`,
  unknownDuty: (schedules) => say`⚠️ ${schedules} 没有告知当前值班人，因此未能通知其值班人。如有需要，请自行联系。`,
  reminded: (at) => say`🔔 这个请求仍在等待审批，将于 ${at} 过期。请在上方批准或拒绝。`,
  escalated: (accounts, at) =>
    say`⏫ 账号 ${accounts} 仍缺审批，现在你也可以审批。请求将于 ${at} 过期，请在上方批准或拒绝。`,
};
