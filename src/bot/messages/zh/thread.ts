import { joinLines, say } from '../line.js';
import type { ThreadSentences } from '../sentences/thread.js';
import { number, some } from './words.js';

export const thread: ThreadSentences = {
  approved: (by, digest, standing) =>
    standing.length === 0
      ? say`✅ ${by} 已批准计划 ${digest}。`
      : say`✅ ${by} 已批准计划 ${digest}（${joinLines(
          standing.map(({ account, given, wanted }) => say`${account}：${number(given)}/${number(wanted)}`),
          '，',
        )}）。`,
  started: (count) => `⏳ 开始处理 ${some(count)}。`,
  denied: (by, reason) => say`🚫 ${by} 拒绝了请求。没有做任何改动。理由：${reason}`,
  expired: '⌛ 无人及时审批，请求已过期。没有做任何改动。如仍需要，请重新发起。',
  rejected: (why) => say`❌ 无法执行：${why}`,
  cancelledEarly: (by) => say`🛑 ${by} 取消了请求。没有做任何改动。`,
  halted: (by) => say`🛑 ${by} 取消了其余的操作。尚未开始的保持原样；已开始的会做完，被关机的会重新开机。`,
  finished: (how) => `${how}。`,
  cancelled: (by) => say`🛑 已由 ${by} 取消。最终结果：`,
  lookAbove: (count) => `请处理 ${some(count)}：原因和办法见上文。`,
  namedInFile: (count) => `其余 ${some(count)}的结果见下方文件，也可点“查看全部实例”。`,
  askedAt: (at, planning) => say`发起：${at}，制定计划用时 ${planning}。`,
  approvedAt: (at, waiting) => say`批准：${at}，等待 ${waiting}。`,
  endedAt: (at, working) => say`结束：${at}，执行用时 ${working}。`,
  files: '📎 存证文件：谁发起、谁批准、对每台实例做了什么。CSV 为表格，JSON 供程序读取。',
  noFiles: (code) =>
    say`📎 存证文件无法上传：${code}。记录没有丢失，日志中都有。如果是 missing_scope，请管理员为应用添加 files:write 权限。`,
  at: (place, key) => say`${place}，密钥对 ${key}`,
  continued: '（续）',
};
