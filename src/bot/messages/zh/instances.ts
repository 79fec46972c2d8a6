import { say } from '../line.js';
import type { InstanceSentences } from '../sentences/instance.js';
import { number, some } from './words.js';

export const instances: InstanceSentences = {
  button: '查看全部实例',
  label: (key, count) => `查看全部实例：密钥对 ${key}，${some(count)}`,
  title: '全部实例',
  close: '关闭',
  opening: '正在读取请求……',
  head: (id, state) => say`请求 ${id}，${state}。以下是当前情况。`,
  waiting: '⚪ 未开始',
  working: '⏳ 进行中',
  show: '显示',
  all: '全部',
  choice: (kind, count) => `${kind}（${number(count)}）`,
  none: '目前没有这类实例。',
  page: (page, pages, count) => `第 ${number(page)}/${number(pages)} 页，共 ${some(count)}`,
  previous: '上一页',
  next: '下一页',
};
