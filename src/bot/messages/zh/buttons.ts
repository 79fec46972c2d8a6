import type { ButtonSentences } from '../sentences/sentences.js';
import { number, some } from './words.js';

export const buttons: ButtonSentences = {
  approve: '批准',
  restartTitle: (count) => `重启 ${some(count)}？`,
  restartConfirm: (count) => `重启 ${number(count)} 台`,
  deny: '拒绝',
  cancel: '取消',
  cancelTitle: '取消其余的操作？',
  cancelConfirm: '取消其余',
  withdraw: {
    label: (key) => `取消请求：密钥对 ${key}`,
    title: '取消这个请求？',
    text: '目前没有做任何改动。请求到此结束，之后无法再审批。',
    confirm: '取消请求',
  },
  goBack: '返回',
  goOn: {
    retry: {
      button: (count) => `重试失败的 ${number(count)} 台`,
      label: (key, count) => `重试失败的 ${some(count)}：密钥对 ${key}`,
      title: (count) => `重试 ${some(count)}？`,
      text: '将为这些失败的实例发起一个新请求。新请求会另行制定计划，经他人审批后才会执行。',
      confirm: '发起新请求',
    },
    'left-out': {
      button: (count) => `为未列入的 ${number(count)} 处发起请求`,
      label: (key, count) => `为未列入计划的 ${number(count)} 处发起请求：密钥对 ${key}`,
      title: (count) => `为未列入的 ${number(count)} 处发起请求？`,
      text: '将为未能读取的部分发起一个新请求。新请求会另行制定计划，经他人审批后才会执行。',
      confirm: '发起新请求',
    },
    restart: {
      button: (count) => `重启并继续（${number(count)} 台）`,
      label: (key, count) => `重启并继续：密钥对 ${key}，${some(count)}`,
      title: (count) => `继续处理 ${some(count)}？`,
      text: '将为等待关机或重启的实例发起一个新请求，并允许关机和重启。新请求会另行制定计划，经他人审批后才会执行。',
      confirm: '发起新请求',
    },
  },
};
