import { COMMAND } from '../../ids.js';
import { code, say } from '../line.js';
import type { FormSentences } from '../sentences/form.js';
import { number, some } from './words.js';

export const form: FormSentences = {
  title: '解绑密钥对',
  previewTitle: '预览',
  takenTitle: '已受理',
  goOnTitle: '发起新请求',
  preview: '预览',
  send: '提交审批',
  sendUnread: '仍然提交',
  cancel: '取消',
  back: '返回',
  close: '关闭',
  opening: '请稍候，正在打开表单。',
  openedLate: say`表单没能及时打开。请再次输入 ${code(COMMAND)}。也可以直接输入完整命令，写法见 ${code(`${COMMAND} help`)}`,
  intro: '由他人审批通过之前，不会做任何改动。',
  fields: {
    channel: { label: '故障频道', hint: '计划会显示在这个频道，并在这里审批。' },
    account: { label: '云账号', placeholder: '选择账号' },
    region: { label: '地域', placeholder: '选择地域' },
    key: { label: '密钥对', placeholder: '输入名称的一部分' },
    scope: { label: '实例' },
    instances: { label: '哪些实例', placeholder: '输入名称或实例 ID 的一部分' },
    restart: {
      label: '重启',
      hint: '有的云平台须先关机才能解绑，或重启之后才生效。如不勾选，这些实例会被跳过，或者在重启之前仍能用这个密钥登录。',
    },
    reason: { label: '原因', placeholder: '笔记本被盗' },
  },
  scopeAll: '绑定了这个密钥对的所有实例',
  scopeNamed: '只处理我选择的实例',
  mayRestart: '允许关机或重启实例',
  changed: '可选的内容有变化。请重新检查表单，再继续。',
  choose: {
    channel: '请选择故障频道。',
    account: '请选择账号。',
    region: '请选择地域。',
    key: '请选择密钥对，或输入它的名称。',
    instances: '请选择实例，或改选所有实例。',
  },
  tooMuch: '内容超出了表单的容量。请减少实例，或改选所有实例。',
  reasonWanted: ({ account, pattern, example }) =>
    example === undefined
      ? say`账号 ${code(account)} 要求原因符合 ${code(pattern, 200)}。`
      : say`账号 ${code(account)} 要求写明原因，例如：${code(example)}。`,
  otherReason: (id) => say`请求 ${id} 没有符合现在要求的原因。请写明原因，提交后即发起新请求。`,
  options: {
    asTyped: (words) => `直接使用：${words}`,
    more: (count) => `…… 另有 ${number(count)} 个，请多输入几个字`,
    late: '⏳ 云平台响应较慢。请稍后再输入，或输入完整名称',
    failed: '⚠️ 无法读取云平台。请再次输入，或输入完整名称',
    tooLong: (count) => `${number(count)} 个名称过长，未列出：请直接输入命令`,
    none: '没有找到',
    chooseFirst: '请先选择账号和地域',
    privateKey: '⛔ 刚才输入的是私钥：请视为已泄露，立即更换',
    unchecked: 'Slack 未能告知你的身份。请稍后再输入',
  },
  reading: '正在读取云平台，查看将会做些什么。尚未提交。',
  notSent: '以下内容将提交审批，目前尚未提交。',
  where: (channel) => say`在 ${channel} 审批。`,
  road: (count, steps) => `• ${some(count)}：${steps}`,
  approvals: (account, count, by) => say`账号 ${account} 需要 ${number(count)} 人审批，不能由你本人审批。可审批：${by}`,
  moreApprovers: (count) => `另外 ${number(count)} 个`,
  goBack: '无法这样提交。请返回修改；尚未提交任何内容。',
  unread: (place) => say`无法读取 ${place}，因此不知道将会做些什么。`,
  unreadHelp: '请返回重试。也可以仍然提交：云平台恢复响应后会制定计划，审批通过之前，不会做任何改动。',
  taken: (id, channel) => say`📨 已受理，请求编号 ${id}。目前没有做任何改动：计划将显示在 ${channel}，等待审批。`,
  sending: '请稍候，正在提交。',
};
