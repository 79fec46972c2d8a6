import { COMMAND } from '../../ids.js';
import { code, say, strong } from '../line.js';
import type { ReplySentences } from '../sentences/sentences.js';
import { number } from './words.js';

const type = (words: string) => code(`${COMMAND} ${words}`, 400);

export const replies: ReplySentences = {
  help: [
    say`${strong('经他人审批后，从云实例上解绑 SSH 密钥对。')}`,
    say`打开表单，可搜索和预览：${code(COMMAND)}`,
    say`不用表单：${type('<账号>[/<地域>] <密钥对> <实例或 all> [--restart] [--reason <原因>]')}`,
    say`例如：${type('prod-hz deploy-2024 i-0abc i-0def --reason 笔记本被盗')}`,
    say`• all：此刻绑定了该密钥对的所有实例。`,
    say`• --restart：云平台需要时，允许关机或重启实例。不写则跳过这些实例，或等下次重启后生效。`,
    say`• 名称含空格时加引号。账号只有一个地域时可以省略地域。`,
    say`${type('find <密钥对名称、指纹或公钥>')} 在所有账号中查找密钥对绑定在哪里。`,
    say`${type('status')} 列出未结束的请求，${type('status <请求编号>')} 查看一个，${type('cancel <请求编号>')} 取消一个。`,
    say`${type('history [<账号>] [<@某人>]')} 列出已结束的请求。`,
    say`${type('undo <请求编号> [--restart]')} 重新绑定该请求解绑的实例，须另行审批。`,
  ],
  taken: (id) => say`📨 已受理，请求编号 ${id}。目前没有做任何改动：计划随后会出现在本频道，等待审批。`,
  takenBefore: (id) => say`这个请求已经受理过了，编号 ${id}。`,
  approved: (id, missing) =>
    missing === 0
      ? say`✅ 你已批准请求 ${id}，现在开始执行。`
      : say`✅ 你已批准请求 ${id}，还需要 ${number(missing)} 次审批。`,
  approvesMore: (schedules) =>
    say`对其他账号暂不生效：${schedules} 没有告知你是否在值班。如果你在值班，请一分钟后再点一次“批准”。`,
  denied: (id) => say`🚫 你已拒绝请求 ${id}。没有做任何改动。`,
  cancelling: (id, isOver) =>
    isOver ? say`🛑 请求 ${id} 已取消。` : say`🛑 正在取消请求 ${id}。已开始的会先做完，结果见消息列。`,
  noOpenRequests: '没有未结束的请求。',
  openRequests: (count) => `未结束的请求 ${number(count)} 个：`,
  requestLine: ({ id, state, goal, place, by, at }) =>
    say`• ${id}：${goal}（${place}），${state}，${by} 于 ${at} 发起。`,
  moreRequests: (count) => `…… 另有 ${number(count)} 个`,
  places: {
    'not-in-channel':
      '机器人不在本频道，因此没有做任何操作。请先在故障频道输入 /invite @detach-key，再在那里重新发起。',
    'not-a-member': '你不在这个私有频道中，因此没有做任何操作。请在你所在的频道中重新发起。',
    archived: '本频道已归档，因此没有做任何操作。请在仍在使用的频道中重新发起。',
    shared: '本频道中有其他组织的成员，因此没有做任何操作。请在本工作区自己的频道中重新发起。',
  },
  unchecked: 'Slack 未能告知你的身份和所属用户组，因此没有做任何操作。请一分钟后再试。',
  notStored: '机器人未能保存，因此没有做任何操作。请一分钟后再试。',
  trouble: (errorId) =>
    say`机器人出错了，这次操作可能没有完成。请查看：${type('status')}。请把错误编号告诉机器人的维护者：${errorId}`,
  notOpened: 'Slack 未能及时打开，因此没有做任何操作。请再点一次按钮。',
  outdated: '这个按钮已失效。请使用该请求最新的消息。',
  outdatedForm: '这里已失效。请关闭，从该请求最新的消息重新操作，或输入 /detach-key。',
  createRefused: '未受理：',
};
