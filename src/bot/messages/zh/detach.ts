import { say } from '../line.js';
import type { ActionSentences } from '../sentences/action.js';
import { number, some } from './words.js';

const detached = (key: string, place: string, count: number, off: number): string => {
  if (off === 0) return `将从 ${place} 的 ${some(count)}解绑密钥对 ${key}。`;
  if (count === 0) return `${place} 的 ${some(off)}已解绑密钥对 ${key}，重启后生效。`;
  return `将从 ${place} 的 ${some(count)}解绑密钥对 ${key}，另有 ${number(off)} 台已经解绑。`;
};

export const detach: ActionSentences = {
  goal: (key) => say`解绑密钥对 ${key}`,
  goalOn: (key, count) => say`从 ${some(count)}解绑密钥对 ${key}`,
  result: (key, done, all) => say`密钥对 ${key} 已从 ${number(done)}/${some(all)}解绑`,
  restartsOnly: (count) => `🔄 其中 ${number(count)} 台已经解绑，只需重启。`,
  waitsForRestart: (count) => `⏰ ${some(count)}重启后才生效：重启之前，仍能用这个密钥登录。`,
  already: (count) => `➖ ${some(count)}本来就没有绑定这个密钥对。`,
  counts: {
    unrestarted: '⚠️ 已解绑但重启失败 {} 台',
    now: '✅ 已解绑 {} 台',
    later: '⏰ 已解绑、重启后生效 {} 台',
    already: '➖ 本来未绑定 {} 台',
  },
  waiting: (count) => `${some(count)}在重启之前，仍能用这个密钥登录。`,
  outcomes: {
    now: '✅ 已解绑',
    later: '⏰ 已解绑，重启后生效',
    laterMeans: '重启之前，仍能用这个密钥登录。',
    already: '➖ 无需处理：本来就没有绑定这个密钥对',
    notRestarted: '⚠️ 已解绑，但重启失败',
    notStarted: '⚠️ 已解绑，但重新开机失败',
    restartHelp: '重启之前，仍能用这个密钥登录。请手动重启。',
  },
  skips: {},
  hints: {},
  approveLabel: (key, count) => `批准：从 ${some(count)}解绑密钥对 ${key}`,
  approveTitle: (count) => `从 ${some(count)}解绑密钥对？`,
  approveText: ({ key, place, count, interrupted, restartsOnly }) =>
    `${detached(key, place, count - restartsOnly, restartsOnly)}${
      interrupted === 0 ? '不会重启任何实例。' : `其中 ${some(interrupted)}会短暂中断。`
    }没有密码的实例，解绑后将无法用 SSH 登录。`,
  approveConfirm: (count) => `解绑 ${number(count)} 台`,
  denyLabel: (key) => `拒绝：保留密钥对 ${key}`,
  cancelLabel: (key) => `取消：停止解绑密钥对 ${key}`,
  cancelText: '尚未开始的保持原样；已开始的会做完，被关机的会重新开机；已解绑的不会恢复。',
};
