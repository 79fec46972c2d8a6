import type { ButtonSentences } from '../sentences.js';
import { number, some } from './words.js';

export const buttons: ButtonSentences = {
  approve: '批准',
  approveLabel: (key, count) => `批准：从 ${some(count)}解绑密钥 ${key}`,
  approveTitle: (count) => `从 ${some(count)}解绑密钥？`,
  approveText: ({ key, place, count, interrupted }) =>
    `将从 ${place} 的 ${some(count)}解绑密钥 ${key}。${
      interrupted === 0 ? '不会重启任何实例。' : `其中 ${some(interrupted)}会短暂中断。`
    }没有密码的实例，解绑后将无法用 SSH 登录。`,
  approveConfirm: (count) => `解绑 ${number(count)} 台`,
  deny: '拒绝',
  denyLabel: (key) => `拒绝：保留密钥 ${key}`,
  cancel: '取消',
  cancelLabel: (key) => `取消：停止解绑密钥 ${key}`,
  cancelTitle: '取消其余的操作？',
  cancelText: '尚未开始的保持原样；已开始的会做完，被关机的会重新开机；已解绑的不会恢复。',
  cancelConfirm: '取消其余',
  goBack: '返回',
};
