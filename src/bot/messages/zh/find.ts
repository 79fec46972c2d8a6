import type { FingerprintFlaw } from '../../../jobs/keys/fingerprints.js';
import { COMMAND } from '../../ids.js';
import { code, say } from '../line.js';
import type { FindSentences } from '../sentences/find.js';
import { number, some } from './words.js';

const running = (instances: number, count: number): string =>
  instances === 0 ? '' : count === 0 ? '，都不在运行' : `，其中 ${number(count)} 台在运行`;

const example = code(`${COMMAND} find SHA256:…`);
const EXAMPLES = { sha256: example, md5: code(`${COMMAND} find MD5:12:34:…`) };

function shape({ algorithm, digits }: FingerprintFlaw): string {
  const [what, whole] = algorithm === 'sha256' ? ['SHA256:', 43] : ['MD5:', 32];
  return digits === whole
    ? `这 ${number(whole)} 个字符中至少有一个不对。`
    : `${what} 之后应有 ${number(whole)} 个字符${algorithm === 'md5' ? '（不计冒号）' : ''}，这里有 ${number(digits)} 个。`;
}

export const find: FindSentences = {
  bound: (key, instances, where, count) =>
    say`🔎 ${key} 在 ${number(where)} 处绑定了 ${some(instances)}${running(instances, count)}：`,
  unbound: (key, where) => say`🔎 ${key} 存在于 ${number(where)} 处，没有绑定任何实例：`,
  nothing: (key, answered) =>
    answered === 0
      ? say`🔎 ${key}：没有一处应答，因此无法得知。`
      : say`🔎 ${key}：有应答的 ${number(answered)} 处都查不到这个密钥对。如果账号的访问密钥没有读取权限，有的云平台也会显示为空。`,
  noSuchName: (key, answered) =>
    answered === 0
      ? say`🔎 ${key}：没有一处应答，因此无法得知。`
      : say`🔎 ${key}：有应答的 ${number(answered)} 处都查不到这个名称的密钥对。`,
  lookedForAsName: (flaw) =>
    say`它看起来像指纹，但不是有效的指纹，因此只按名称查找了。${shape(flaw)}请完整复制 ssh-keygen -l 显示的内容：${EXAMPLES[flaw.algorithm]}`,
  place: (place, name, instances, count) =>
    say`• ${place}：密钥对 ${name}，${some(instances)}${running(instances, count)}`,
  withId: (name, id) => say`${name}（${id}）`,
  differ: '这些密钥对同名，但不是同一个密钥。如果只想处理其中一个，请用它的指纹或公钥查找。',
  unanswered: (count, asked) => `⚠️ 共 ${number(asked)} 处，其中 ${number(count)} 处的情况未知：`,
  because: (where, why) => say`• ${where}：${why}`,
  withKey: (place, name) => say`${place}（有密钥对 ${name}）`,
  late: '没有及时应答。请重新查找，或到控制台查看。',
  broken: '机器人无法查询。请告知机器人的维护者。',
  andMore: (count) => `另外 ${number(count)} 处`,
  incomparable: (where, count) =>
    say`⚠️ ${where} 不能确定：云平台没有给出 ${number(count)} 个密钥对的公钥，它显示的指纹又无法与此比较。请在那里按名称查找。`,
  hidden: (where) =>
    say`⚠️ ${where} 不能确定：云平台只列出机器人自己的用户能看到的密钥对。其他用户的密钥对要按名称查找。`,
  noAccounts: '在这个频道里，没有你可以使用的账号。请到故障频道再试，或联系机器人的维护者。',
  flaws: {
    'no-key': () => say`这不是单个密钥对。请填写一个名称、一个指纹或一整行公钥：${example}`,
    'several-keys': () => say`这里包含不止一个密钥，因此没有查找。请一次只查一个：${example}`,
    'public-key': () =>
      say`这个公钥不完整，或不是 SSH 使用的类型，因此没有查找。请粘贴 .pub 文件中的整行内容，或填写指纹：${example}`,
    fingerprint: (flaw) =>
      say`这看起来像指纹，但不是有效的指纹，因此没有查找。${shape(flaw)}请完整复制 ssh-keygen -l 显示的内容：${EXAMPLES[flaw.algorithm]}`,
  },
  requestAll: '请求全部解绑',
  requestAllLabel: (instances, where) => `发起请求：从 ${number(where)} 处的 ${some(instances)}解绑这个密钥对`,
  requestAllAbout: '将为以上全部发起一个请求；提交时会重新查找，以当时的结果为准。',
  covers: (instances, where) => `包括 ${number(where)} 处的 ${some(instances)}。`,
};
