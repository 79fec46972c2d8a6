import { say } from '../line.js';
import type { HomeSentences } from '../sentences/overview.js';
import { number } from './words.js';

export const home: HomeSentences = {
  ask: '发起解绑',
  waiting: '🔑 等你审批',
  waitingCount: (count) => (count === 0 ? '没有等你审批的请求。' : `有 ${number(count)} 个请求等你审批。`),
  doubt: (schedules) => say`⚠️ 可能还有等你审批的请求：${schedules} 未能告知你是否在值班。请一分钟后重新打开本页。`,
  own: '🙋 我发起的',
  noOwn: '你没有未结束的请求。',
  others: '👥 他人发起、尚未结束',
  ended: '🗂️ 已结束',
  noEnded: '还没有你可以查看的已结束请求。',
  accounts: '☁️ 账号状态',
  noAccounts: '没有你可以使用的账号。如有疑问，请联系机器人的维护者。',
  account: (account, health, at, code) =>
    code === undefined
      ? say`${health.sign} ${account}：${health.words}（${at}）`
      : say`${health.sign} ${account}：${health.words}（${at}，${code}）`,
  accountUnknown: (account) => say`❔ ${account}：未知，最近一天没有调用过`,
  health: {
    well: { sign: '✅', words: '正常' },
    slow: { sign: '🐢', words: '响应慢，或被限流' },
    silent: { sign: '⚠️', words: '没有响应，请查看云平台的状态页' },
    credentials: { sign: '❌', words: '凭证无效，请联系机器人的维护者更换' },
    rights: { sign: '⚠️', words: '访问密钥缺少权限，请联系机器人的维护者授权' },
  },
  stranger: '本应用用于在故障中从云实例上解绑 SSH 密钥对。只有本工作区中可以发起或审批请求的人能在这里看到更多内容。',
};
