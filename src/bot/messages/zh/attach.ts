import { say } from '../line.js';
import type { ActionSentences } from '../sentences/action.js';
import { number, some } from './words.js';

const attached = (key: string, place: string, count: number, on: number): string => {
  if (on === 0) return `将为 ${place} 的 ${some(count)}重新绑定密钥对 ${key}，持有该私钥的人又能登录。`;
  if (count === 0) return `${place} 的 ${some(on)}已绑定密钥对 ${key}，重启后生效。`;
  return `将为 ${place} 的 ${some(count)}重新绑定密钥对 ${key}，另有 ${number(on)} 台已经绑定。`;
};

export const attach: ActionSentences = {
  goal: (key) => say`绑定密钥对 ${key}`,
  goalOn: (key, count) => say`为 ${some(count)}绑定密钥对 ${key}`,
  result: (key, done, all) => say`密钥对 ${key} 已绑定到 ${number(done)}/${some(all)}`,
  restartsOnly: (count) => `🔄 其中 ${number(count)} 台已经绑定，只需重启。`,
  waitsForRestart: (count) => `⏰ ${some(count)}重启后才生效：重启之前，还不能用这个密钥登录。`,
  already: (count) => `➖ ${some(count)}已经绑定了这个密钥对。`,
  counts: {
    unrestarted: '⚠️ 已绑定但重启失败 {} 台',
    now: '✅ 已绑定 {} 台',
    later: '⏰ 已绑定、重启后生效 {} 台',
    already: '➖ 本来已绑定 {} 台',
  },
  waiting: (count) => `${some(count)}重启之后，才能用这个密钥登录。`,
  outcomes: {
    now: '✅ 已绑定',
    later: '⏰ 已绑定，重启后生效',
    laterMeans: '重启之后，才能用这个密钥登录。',
    already: '➖ 无需处理：本来就绑定了这个密钥对',
    notRestarted: '⚠️ 已绑定，但重启失败',
    notStarted: '⚠️ 已绑定，但重新开机失败',
    restartHelp: '重启之后，才能用这个密钥登录。请手动重启。',
  },
  skips: {
    cancelled: '取消时尚未开始，没有绑定这个密钥对。',
  },
  hints: {
    'unsupported-instance': '这类实例或镜像不支持此操作。请登录实例，在 ~/.ssh/authorized_keys 中添加该公钥。',
    'install-agent': '实例里缺少云平台的密码插件。请安装插件并重启实例，然后重试。',
    'authorized-keys-changed':
      '云平台未能绑定，常见原因是实例里的密钥文件被改过，或镜像不支持。请登录实例，在 ~/.ssh/authorized_keys 中添加该公钥。',
    'changed-back': '密钥对又被解绑了：绑定之后又被人解绑。重试之前，请先向解绑的人确认原因。',
    'no-answer': '云平台没有应答；最近一次读取时密钥对没有绑定。请重试。',
    'not-verified': '云平台接受了调用，但查询结果中看不到已生效。请在控制台确认。',
  },
  approveLabel: (key, count) => `批准：为 ${some(count)}绑定密钥对 ${key}`,
  approveTitle: (count) => `为 ${some(count)}绑定密钥对？`,
  approveText: ({ key, place, count, interrupted, restartsOnly, losesPassword }) =>
    `${attached(key, place, count - restartsOnly, restartsOnly)}${
      interrupted === 0 ? '不会重启任何实例。' : `其中 ${some(interrupted)}会短暂中断。`
    }${losesPassword ? '密码登录会被关闭。' : ''}`,
  approveConfirm: (count) => `绑定 ${number(count)} 台`,
  denyLabel: (key) => `拒绝：不重新绑定密钥对 ${key}`,
  cancelLabel: (key) => `取消：停止绑定密钥对 ${key}`,
  cancelText: '尚未开始的保持原样；已开始的会做完，被关机的会重新开机；已绑定的保持绑定。',
};
