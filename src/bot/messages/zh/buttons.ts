import type { ButtonSentences } from '../sentences.js';
import { number, some } from './words.js';

const detached = (key: string, place: string, count: number, off: number): string => {
  if (off === 0) return `将从 ${place} 的 ${some(count)}解绑密钥 ${key}。`;
  if (count === 0) return `${place} 的 ${some(off)}已解绑密钥 ${key}，重启后生效。`;
  return `将从 ${place} 的 ${some(count)}解绑密钥 ${key}，另有 ${number(off)} 台已经解绑。`;
};

export const buttons: ButtonSentences = {
  approve: '批准',
  approveLabel: (key, count) => `批准：从 ${some(count)}解绑密钥 ${key}`,
  approveTitle: (count) => `从 ${some(count)}解绑密钥？`,
  approveText: ({ key, place, count, interrupted, restartsOnly }) =>
    `${detached(key, place, count - restartsOnly, restartsOnly)}${
      interrupted === 0 ? '不会重启任何实例。' : `其中 ${some(interrupted)}会短暂中断。`
    }没有密码的实例，解绑后将无法用 SSH 登录。`,
  approveConfirm: (count) => `解绑 ${number(count)} 台`,
  restartTitle: (count) => `重启 ${some(count)}？`,
  restartConfirm: (count) => `重启 ${number(count)} 台`,
  deny: '拒绝',
  denyLabel: (key) => `拒绝：保留密钥 ${key}`,
  cancel: '取消',
  cancelLabel: (key) => `取消：停止解绑密钥 ${key}`,
  cancelTitle: '取消其余的操作？',
  cancelText: '尚未开始的保持原样；已开始的会做完，被关机的会重新开机；已解绑的不会恢复。',
  cancelConfirm: '取消其余',
  goBack: '返回',
  goOn: {
    retry: {
      button: (count) => `重试失败的 ${number(count)} 台`,
      label: (key, count) => `重试失败的 ${some(count)}：密钥 ${key}`,
      title: (count) => `重试 ${some(count)}？`,
      text: '将为这些失败的实例发起一个新请求。新请求会另行制定计划，经他人审批后才会执行。',
      confirm: '发起新请求',
    },
    restart: {
      button: (count) => `重启并继续（${number(count)} 台）`,
      label: (key, count) => `重启并继续：密钥 ${key}，${some(count)}`,
      title: (count) => `继续处理 ${some(count)}？`,
      text: '将为等待关机或重启的实例发起一个新请求，并允许关机和重启。新请求会另行制定计划，经他人审批后才会执行。',
      confirm: '发起新请求',
    },
  },
};
