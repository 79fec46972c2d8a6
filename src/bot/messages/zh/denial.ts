import type { DenialSentences } from '../sentences/sentences.js';
import { number } from './words.js';

export const denial: DenialSentences = {
  title: (id) => `拒绝请求 ${id}`,
  intro: '请求就此结束，不做任何改动。发起人会在消息列中看到你的理由。',
  label: '理由',
  hint: '哪里不妥，或应当怎么做。',
  submit: '拒绝',
  goBack: '返回',
  empty: '请写明理由，好让发起人知道接下来怎么做。',
  tooLong: (length, max) => `理由有 ${number(length)} 个字，最多 ${number(max)} 个字。请缩短。`,
};
