import type { Line } from '../line.js';
import { say, strong } from '../line.js';
import type { RootSentences, Sentences } from '../sentences/sentences.js';
import { number, some } from './words.js';

export const states: Sentences['states'] = {
  none: '未知',
  planning: '正在制定计划',
  'awaiting-approval': '等待审批',
  running: '执行中',
  finished: '已完成',
  rejected: '无法执行',
  denied: '已拒绝',
  expired: '已过期',
  cancelled: '已取消',
};

const finished: RootSentences['finished'] = (counts) => {
  if (counts.failed + counts.unrestarted > 0)
    return `⚠️ 已结束，${number(counts.failed + counts.unrestarted)} 台需要处理`;
  if (counts.unplanned > 0) return `⚠️ 已完成，但有 ${number(counts.unplanned)} 处未列入计划`;
  if (counts.waiting > 0) return `⏰ 已完成，但有 ${number(counts.waiting)} 台重启后才生效`;
  return counts.skipped > 0 ? '⏭️ 已完成，有跳过' : '✅ 已完成';
};

const title: RootSentences['title'] = (state, { goal, goalOn, result, halted, counts, hasRun }): Line => {
  switch (state) {
    case 'none':
    case 'planning':
      return say`⏳ 正在制定计划：${goal}`;
    case 'awaiting-approval':
      return say`🔑 等待审批：${goalOn}`;
    case 'running':
      return halted ? say`🛑 正在取消：${goalOn}` : say`⏳ 执行中：${goalOn}`;
    case 'finished':
      return say`${finished(counts)}：${result}`;
    case 'rejected':
      return say`❌ 无法执行：${goal}`;
    case 'denied':
      return say`🚫 已拒绝：${goal}`;
    case 'expired':
      return say`⌛ 已过期：${goal}`;
    case 'cancelled':
      return hasRun ? say`🛑 已取消：${result}` : say`🛑 已取消：${goal}`;
  }
};

const counted: RootSentences['counts'] = (counts, own) =>
  [
    { count: counts.failed, words: '❌ 失败 {} 台' },
    { count: counts.unrestarted, words: own.unrestarted },
    { count: counts.now, words: own.now },
    { count: counts.later, words: own.later },
    { count: counts.skipped, words: '⏭️ 跳过 {} 台' },
    { count: counts.already, words: own.already },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => words.replace('{}', number(count)));

export const root: RootSentences = {
  title,
  finished,
  requested: (by, at, id) => say`${by} 于 ${at} 发起，请求编号 ${id}。`,
  goesOn: (id, why) =>
    ({
      retry: say`接续请求 ${id}：重试其中失败的实例。`,
      restart: say`接续请求 ${id}：处理其中等待关机或重启的实例。`,
      'left-out': say`接续请求 ${id}：处理其中未列入计划的部分。`,
      undo: say`撤销请求 ${id}：重新绑定其中已解绑的实例。`,
    })[why],
  reason: (words) => say`${strong('原因：')}${words}`,
  warning: (account, text) => say`❗ ${account}：${text}`,
  noReason: '未填写原因。',
  wanted: (key, place, instances) => say`${place} 的密钥对 ${key}：${instances}`,
  allOfKey: '绑定了它的所有实例',
  place: (key, place, count) => say`${place} 的密钥对 ${key}：${some(count)}`,
  planned: (instance, state, steps) => say`• ${instance}，${state}：${steps}`,
  moreInstances: (count) => `…… 另有 ${some(count)}`,
  morePlaces: (count) => `…… 另有 ${number(count)} 处`,
  planning: '正在读取云平台以制定计划，尚未做任何改动。',
  restarts: (count) => `🔄 ${some(count)}将重启。`,
  powerOffs: (count) => `🔌 ${some(count)}将关机，之后重新开机。`,
  noRestart: '不会重启任何实例，也不会关机。',
  skipped: (count, reasons) => say`⏭️ 跳过 ${some(count)}：${reasons}。`,
  skippedSort: (count, sort) => `${sort} ${number(count)} 台`,
  lockOut:
    '⚠️ 谨防无法登录：没有密码的实例，解绑后将无法用 SSH 登录，而云平台查不到哪些实例设有密码。请先确认有其他登录方式。',
  inexact: (places) =>
    places === undefined
      ? say`⚠️ 持有该私钥的人又能登录。并非完全复原：已绑定其他密钥对的实例不会改动。`
      : say`⚠️ 持有该私钥的人又能登录。并非完全复原：在 ${places} 重新绑定会关闭密码登录；已绑定其他密钥对的实例不会改动。`,
  approvals: (account, given, wanted, by) =>
    by.length > 0
      ? say`${account} 的${strong('审批')}：${number(given)}/${number(wanted)}（${by}）`
      : say`${account} 的${strong('审批')}：${number(given)}/${number(wanted)}`,
  approvalRule: '发起人不能审批自己的请求。',
  expires: (at) => say`${at} 过期。`,
  progress: (bar, done, work) => say`${bar}已完成 ${number(done)}/${some(work)}`,
  counts: counted,
  halted: (by) => say`${by} 取消了其余的操作。已开始的会做完，被关机的会重新开机。`,
  ended: (state, by, at) => {
    if (state === 'expired') return say`无人及时审批，已于 ${at} 过期。`;
    const words = { denied: '拒绝', cancelled: '取消', finished: '完成' }[state];
    return by === undefined ? say`${at} ${words}。` : say`${by} 于 ${at} ${words}。`;
  },
  denial: (words) => say`${strong('拒绝理由：')}${words}`,
  nothingTouched: '没有做任何改动。',
  seeThread: '每台实例的结果见消息列。',
};
