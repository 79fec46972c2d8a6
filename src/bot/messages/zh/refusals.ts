import type { Refusal } from '../../../jobs/decide.js';
import type { Doubt } from '../../../jobs/policy.js';
import { COMMAND } from '../../ids.js';
import { typed } from '../../typed/words.js';
import type { Line } from '../line.js';
import { channel, code, joinLines, name, say, strong, time, user } from '../line.js';
import { saidLine } from '../said.js';
import type { Sentences } from '../sentences/sentences.js';
import { hints, outcomes, readingHints } from './clouds.js';
import { form } from './form.js';
import { own } from './own.js';
import { number, some } from './words.js';

const type = (words: string) => code(`${COMMAND} ${words}`, 400);
const WITH_REASON = code('--reason <原因>');
const SHOWN = 10;
const names = (items: readonly string[]): Line => {
  const shown = joinLines(
    items.slice(0, SHOWN).map((item) => say`${name(item)}`),
    '、',
  );
  return items.length > SHOWN ? say`${shown} 等 ${number(items.length)} 个` : shown;
};

export const rejections: Sentences['rejections'] = {
  'key-pair-not-found': ({ key, account, region }) =>
    say`${name(account)}/${name(region)} 没有密钥对 ${code(key)}。请检查名称和地域。`,
  'key-pair-replaced': ({ key, account, region }) =>
    say`${name(account)}/${name(region)} 的密钥对 ${code(key)} 与当时解绑的不是同一个。如果要绑定现在这个，请在云控制台操作。`,
  'instances-not-shown': ({ instances, account, region }) =>
    say`云平台在 ${name(account)}/${name(region)} 查不到：${names(instances)}。请检查实例 ID、地域，以及账号访问密钥的读取权限。`,
  'instances-malformed': ({ instances, account, region }) =>
    say`以下不是 ${name(account)}/${name(region)} 的实例 ID：${names(instances)}。请从控制台复制实例 ID。`,
  'nothing-bound': ({ key, account, region }) =>
    say`${name(account)}/${name(region)} 没有实例绑定密钥对 ${code(key)}，无需处理。`,
  'nothing-to-do': ({ needStop }) =>
    needStop === undefined
      ? say`没有可以处理的实例：要么没有绑定这个密钥对，要么都会被跳过。请检查密钥对和实例。`
      : say`不允许重启就没有可以处理的实例：有 ${some(needStop)}必须先关机。请允许重启：点击“重启并继续”按钮、在表单中勾选，或加上 --restart。`,
  'nothing-to-attach': ({ needStop }) =>
    needStop === undefined
      ? say`没有可以处理的实例：要么已经绑定了这个密钥对，要么都会被跳过。无需处理。`
      : say`不允许重启就没有可以处理的实例：有 ${some(needStop)}必须先关机。请允许重启：点击“重启并继续”按钮，或加上 --restart 再次撤销。`,
  'too-many': ({ count, max }) => say`共 ${some(count)}，而一次请求最多 ${some(max)}。请分几次发起。`,
  'cloud-failed': ({ account, region, hint, cloudCode, message }) =>
    say`无法读取 ${name(account)}/${name(region)}。${readingHints[hint] ?? hints[hint]}${saidLine({ outcomes, own }, { code: cloudCode, message })}`,
  'nothing-planned': () => say`各处均无法制定计划。`,
  'account-not-usable': ({ account }) => say`账号 ${code(account)} 已无法使用：它的配置有变动。请联系机器人的维护者。`,
};

const tooLate = ({ state, halted, by, at }: Extract<Refusal, { code: 'wrong-state' }>): Line => {
  const who = by === undefined || by === '' ? say`` : say`由 ${user(by)} `;
  switch (state) {
    case 'none':
    case 'planning':
      return say`还早：计划仍在制定中。`;
    case 'awaiting-approval':
      return say`这个请求仍在等待审批。`;
    case 'running':
      return halted
        ? say`晚了一步：已${who}于 ${time(at)} 取消，已开始的正在收尾。`
        : say`晚了一步：已${who}于 ${time(at)} 批准，正在执行。`;
    case 'finished':
      return say`晚了一步：已${who}于 ${time(at)} 批准，现已完成。`;
    case 'rejected':
      return say`晚了一步：${time(at)} 已判定无法执行。`;
    case 'denied':
      return say`晚了一步：已${who}于 ${time(at)} 拒绝。`;
    case 'expired':
      return say`晚了一步：已于 ${time(at)} 过期。如仍需要，请重新发起。`;
    case 'cancelled':
      return say`晚了一步：已${who}于 ${time(at)} 取消。`;
  }
};

const unknownDuty = (schedules: readonly string[]): Line =>
  say`没有做任何改动：${names(schedules)} 没有告知你是否在值班。请一分钟后再试，或请无须值班即有权限的同事操作。`;

/** Somebody is refused, and might be allowed it if more were known. */
const doubtful = ({ unanswered, goneGroups }: Doubt, otherwise: Line): Line => {
  if (unanswered) return unknownDuty(unanswered);
  if (goneGroups === undefined) return otherwise;
  return say`${otherwise}有权限的用户组在 Slack 中已停用或删除：${names(goneGroups)}。请联系机器人的维护者处理。`;
};

export const refusals: Sentences['refusals'] = {
  'wrong-state': tooLate,
  'own-request': () => say`这是你自己发起的请求，须由他人审批。如要撤回，请点“取消”。`,
  'not-an-approver': (doubt) => doubtful(doubt, say`你不是这个账号的审批人，因此没有做任何改动。`),
  'already-approved': (doubt) => doubtful(doubt, say`你已经批准过了，还需要其他人审批。`),
  'plan-changed': () => say`这个按钮属于较早的计划。请使用该请求最新的消息。`,
  exists: () => say`这个请求已经受理过了。`,
  'not-yours': (doubt) => doubtful(doubt, say`只有发起人或审批人可以取消。没有做任何改动。`),
  stale: () => say`请求恰好在此时发生了变化。请查看该请求的消息，如仍需要再试一次。`,
  'unknown-request': ({ unanswered }) =>
    unanswered
      ? say`没有这个请求，或者你不能查看：${names(unanswered)} 没有告知你是否在值班。请一分钟后再试。`
      : say`没有这个请求。查看未结束的请求：${type('status')}`,
};

export const createRefusals: Sentences['createRefusals'] = {
  'unknown-account': ({ account, known }) =>
    known.length === 0
      ? say`这里没有你可以使用的账号 ${code(account)}。请联系机器人的维护者。`
      : say`没有账号 ${code(account)}。现有：${names(known)}。`,
  'region-needed': ({ account, regions }) =>
    say`账号 ${code(account)} 有多个地域，请指明一个：${joinLines(
      regions.slice(0, SHOWN).map((region) => say`${code(`${account}/${region}`)}`),
      '、',
    )}`,
  'unknown-region': ({ account, region, regions }) =>
    say`账号 ${code(account)} 没有配置地域 ${code(region)}。现有：${names(regions)}。`,
  'wrong-channel': ({ account, channels }) =>
    channels.length === 0
      ? say`账号 ${code(account)} 不能在这个频道使用。请向机器人的维护者询问可用的频道。`
      : say`账号 ${code(account)} 不能在这个频道使用。请到 ${joinLines(
          channels.slice(0, SHOWN).map((id) => say`${channel(id)}`),
          '、',
        )}`,
  'no-policy': ({ account }) =>
    say`账号 ${code(account)} 还没有规定由谁审批，因此不能使用。请联系机器人的维护者添加策略。`,
  'not-a-requester': ({ account, ...doubt }) =>
    doubt.unanswered
      ? say`账号 ${code(account)}：${unknownDuty(doubt.unanswered)}`
      : doubtful(doubt, say`你不能对账号 ${code(account)} 发起请求。请联系有权限的人。`),
  'reason-wanted': (told) => say`${form.reasonWanted(told)}请写明原因后重新发起：${WITH_REASON}`,
  'too-many': ({ count, max }) => say`共 ${some(count)}，而一次请求最多 ${some(max)}。请分几次发起。`,
  'unknown-request': () => say`这个请求已查不到。请重新发起，写法见 ${type('help')}`,
  'not-ended': () => say`这个请求尚未结束。请等它结束后再试。`,
  'nothing-left': ({ last }) =>
    last === undefined
      ? say`这个请求没有剩下需要继续的实例。`
      : say`这里没有剩下的实例：请求 ${code(last)} 已接手，结果见该请求。`,
  'goes-on-already': ({ request }) => say`请求 ${code(request)} 已在处理这些实例，请等它结束。`,
  'nothing-to-undo': ({ last }) =>
    last === undefined
      ? say`这个请求没有解绑任何实例，无需撤销。`
      : say`没有可撤销的了：请求 ${code(last)} 已经处理，结果见该请求。`,
  'is-an-undo': ({ selection }) => {
    const { account, region, key } = selection ?? { account: 'prod-hz', region: 'cn-hangzhou', key: 'deploy-2024' };
    return say`这个请求做的是重新绑定，不能再用 undo 撤销。如要再次解绑，请直接发起：${type(`${account}/${region} ${typed(key)} <实例或 all>`)}`;
  },
};

export const mistakes: Sentences['mistakes'] = {
  'private-key': () =>
    say`${strong('刚才发送的是私钥，或私钥的一部分。')}内容没有被保存或转发，但已经过 Slack：请视为已泄露，立即更换。请只填写密钥对的名称，不要粘贴内容。`,
  'bad-place': ({ place }) =>
    say`${code(place)} 不是账号。请填写账号或 账号/地域：${type('prod-hz/cn-hangzhou <密钥对> all')}`,
  'missing-key': ({ place }) => say`缺少密钥对名称。请输入：${type(`${place} <密钥对> <实例或 all>`)}`,
  'missing-instances': ({ place, key }) =>
    say`缺少实例。请写明实例 ID，或用 all 表示绑定了该密钥对的所有实例：${type(`${place} ${typed(key)} all`)}`,
  'all-mixed': ({ instances }) => say`all 不能与单个实例同时使用。请只写 all，或只写：${names(instances)}`,
  'unknown-option': ({ option, nearest }) =>
    nearest === undefined
      ? say`没有选项 ${code(option)}。可用的有 --restart 和 --reason。`
      : say`没有选项 ${code(option)}。是否想写 ${code(nearest)}？`,
  'unterminated-quote': ({ words }) => say`引号没有闭合：${code(words, 60)}。请补上，或去掉引号。`,
  'empty-reason': () => say`--reason 后面要写原因：${type('prod-hz deploy all --reason 笔记本被盗')}`,
  'reason-too-long': ({ length, max }) =>
    say`原因有 ${number(length)} 个字，最多向审批人显示 ${number(max)} 个字。请缩短。`,
  'missing-search': () => say`缺少密钥对。请填写它的名称、指纹或公钥：${type('find deploy-2024')}`,
  'missing-request': () => say`缺少请求编号，编号在请求的消息里。查看未结束的请求：${type('status')}`,
  'unknown-person': ({ words }) => say`无法识别 ${code(words)}。请输入 @ 后从 Slack 的列表中选择。`,
  'extra-words': ({ word, words }) => say`${word} 后面只能写一个请求编号，请去掉：${code(words)}`,
};
