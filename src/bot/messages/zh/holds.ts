import { say } from '../line.js';
import type { HoldSentences } from '../sentences/hold.js';
import { some } from './words.js';

export const holds: HoldSentences = {
  offTitle: (key, count) => say`🚨 ${some(count)}仍处于关机状态：密钥对 ${key}`,
  pausedTitle: (key, count) => say`⏸️ 已暂停：密钥对 ${key}，${some(count)}`,
  causes: {
    'check-credentials': '云平台不接受它的访问密钥，请检查凭证',
    'no-credentials': '没有找到它的凭证，请设置凭证',
    'renew-credentials': '临时凭证已过期或无效，请更新凭证',
    'check-role': '无法获取它的角色（或委托）的临时凭证，请检查配置里的名称，以及角色的信任策略',
    'check-project-id': '它的配置缺少项目 ID，请补充',
    'check-clock': '机器人所在机器的时钟不准，请校准时钟',
    'account-not-built': '机器人无法加载它，请联系机器人的维护者，原因见其日志',
    'account-not-configured': '机器人的配置中已没有它，请以相同的名称加回',
  },
  paused: (account, cause) => say`⏸️ 账号 ${account} 已暂停：${cause}。恢复后会自动继续，不会丢失任何进度。`,
  offUntilThen: (count) => `🚨 被机器人关机的 ${some(count)}在账号恢复之前保持关机。如急需使用，请在云控制台手动开机。`,
  resumed: (account) => say`▶️ 账号 ${account} 已恢复，继续执行。`,
  stranded: (count) =>
    `🚨 ${some(count)}仍处于关机状态：机器人关机后无法重新开机。请立即在云控制台手动开机，名单见消息列的首条消息。机器人会继续尝试。`,
  to: (people) => say`请 ${people} 关注。`,
  stillOff: (instances) =>
    say`🚨 仍处于关机状态，请立即手动开机：${instances}。它们由机器人关机，未能重新开机，机器人会继续尝试。`,
  waitOff: (instances) => say`🚨 已被机器人关机，账号恢复之前保持关机：${instances}。`,
  haltedWhilePaused: (accounts) =>
    say`${accounts} 中其余的实例要等账号恢复后才能收尾。在此之前，被关机的实例保持关机。`,
};
