import { say } from '../line.js';
import type { OutcomeSentences, Sentences } from '../sentences/sentences.js';

export const hints: Sentences['hints'] = {
  'check-credentials': '云平台不接受这个账号的访问密钥。请检查配置里的凭证。',
  'no-credentials': '没有找到这个账号的凭证。请在配置或机器人的运行环境中设置。',
  'renew-credentials': '这个账号的临时凭证已过期或无效。请更新凭证后重试。',
  'check-role':
    '无法获取这个账号所配角色（或委托）的临时凭证：角色不存在，或者不信任这个账号的密钥。请检查配置里的 ARN 或名称，以及角色的信任策略。',
  'check-project-id': '没有设置这个地域的项目 ID。请在账号的配置中补充。',
  'check-clock': '机器人所在机器的时钟不准，签名被云平台拒绝。请校准时钟后重试。',
  'account-not-built': '机器人无法加载这个账号，因此没有访问云平台。请联系机器人的维护者，原因见其日志。',
  'account-not-configured': '机器人的配置中已没有这个账号，因此没有访问云平台。请以相同的名称加回配置。',
  'grant-permission': '这个账号的访问密钥没有此项权限。请授权后重试。',
  'unknown-user': '云平台的密钥对服务找不到这个访问密钥所属的用户。请检查访问密钥属于哪个用户。',
  'allow-address': '云平台拒绝来自机器人 IP 地址的调用。请放行该地址后重试。',
  'confirm-mfa': '云平台要求多因素认证（MFA）确认。请在控制台确认，或为该访问密钥关闭此项校验。',
  'check-key-pair': '云平台在该账号和地域下找不到这个密钥对，或不接受它。请检查名称，以及实例现在绑定的密钥对。',
  'name-not-unique': '该账号和地域下有多个密钥对同名，无法确定是哪一个。请改用密钥对 ID。',
  'check-instance': '云平台在该账号和地域下找不到这台实例。请检查实例 ID、账号和地域。',
  windows: '这是 Windows 实例，不使用 SSH 密钥对，无需处理。',
  'unsupported-instance': '这类实例或镜像不支持此操作。请登录实例，在 ~/.ssh/authorized_keys 中删除该公钥。',
  'install-agent':
    '实例里缺少云平台的密码插件。请立即登录实例，在 ~/.ssh/authorized_keys 中删除该公钥；或安装插件并重启实例，然后重试。',
  'stop-first': '云平台只允许对已关机的实例执行此操作。请加上 --restart 重新发起，以允许关机再开机。',
  'instance-busy': '云平台正在对这台实例执行其他操作。请等几分钟后重试。',
  'instance-state': '实例当前的状态不允许此操作。请在控制台查看后重试。',
  'instance-locked': '实例被云平台安全锁定。请在控制台解除锁定后重试。',
  'stop-timed-out': '实例未能按时关机，机器人没有强制关机。请在控制台查看原因后重试。',
  'sold-out': '该可用区的这种实例规格已售罄。请稍后再试，或在控制台更换规格。',
  'stopped-without-charge': '实例以“停机不收费”方式关机，不支持此操作。请先在控制台开机，再加上 --restart 重新发起。',
  'account-frozen': '云账号或实例已被冻结，多半因为欠费。请先与云平台结清，然后重试。',
  'risk-control': '操作被云平台的风控拦截。请联系云平台解除后重试。',
  'account-busy': '云平台同时处理这个账号的实例数已达上限。请等几分钟后重试。',
  'rate-limited': '对云平台的调用过于频繁。请等几分钟后重试。',
  'cloud-trouble': '云平台自身出现故障。请在控制台确认实例情况，然后重试。',
  quota: '云账号的配额已用完。请提高配额或释放资源，然后重试。',
  'authorized-keys-changed':
    '云平台未能解绑，常见原因是实例里的密钥文件被改过，或镜像不支持。请登录实例，在 ~/.ssh/authorized_keys 中删除该公钥。',
  'not-verified': '云平台接受了调用，但查询结果中看不到已生效，请在控制台确认；确认之前，视该密钥仍然有效。',
  'start-by-hand': '这台实例因本请求被关机，但未能重新开机。请立即在云控制台手动开机。',
  'changed-back': '密钥对又绑上了：解绑之后又被人重新绑定，现在能用它登录。请先查明是谁、为什么，再重试。',
  'not-shown': '云平台的回复里没有这台实例。请检查实例 ID、地域和访问密钥的权限。',
  'not-reached': '未能连上云平台，密钥对没有改动。请重试。',
  'no-answer': '云平台没有应答；最近一次读取时密钥对仍绑定着。请重试。',
  unread: '之后一直无法读取实例，操作可能已执行，也可能没有。请先在控制台查看实例情况，再重试。',
  'sent-twice': '云平台收到了两次相同的签名调用，拒绝了其中一次。请在控制台确认实例情况，然后重试。',
  'unknown-code': '云平台返回了机器人不认识的错误码，原文见下。请在控制台查看，并告知机器人的维护者。',
  'report-bug': '机器人没有预料到这种情况，重试也没有用。请在控制台手动完成，并告知机器人的维护者。',
};

export const readingHints: Sentences['readingHints'] = {
  'not-reached': '未能连上云平台。请等几分钟后重试。',
  'no-answer': '云平台没有应答。请等几分钟后重试。',
  'cloud-trouble': '云平台自身出现故障。请等几分钟后重试。',
  'sent-twice': '云平台收到了两次相同的签名调用，拒绝了其中一次。请重试。',
  'report-bug': '机器人没有预料到这种情况，重试也没有用。请告知机器人的维护者。',
};

export const skips: Sentences['skips'] = {
  windows: { short: 'Windows', long: 'Windows 实例，不使用 SSH 密钥对，无需处理。' },
  'needs-stop': { short: '需要关机', long: '必须先关机，但请求没有允许。请求结束后，请点“重启并继续”。' },
  'key-pair-changed': { short: '密钥对已变', long: '绑定的密钥对与制定计划时不同。如需解绑，请重新发起。' },
  'other-key-pair': {
    short: '已绑定其他密钥对',
    long: '现在绑定着其他密钥对，重新绑定会把它替换掉。如仍要恢复，请先解绑那一个。',
  },
  'state-changed': { short: '状态已变', long: '状态与制定计划时不同。请重新发起以制定新计划。' },
  changing: { short: '正在开机或关机', long: '当时正在开机或关机。请等状态稳定后重新发起。' },
  locked: { short: '已锁定', long: '被云平台锁定。请解除锁定后重新发起。' },
  unusable: { short: '不可用', long: '已释放、处于救援模式或故障。请在控制台查看。' },
  cancelled: { short: '已取消', long: '取消时尚未开始，密钥对仍绑定着。如需解绑，请重新发起。' },
};

export const steps: Sentences['steps'] = {
  stop: '关机',
  detach: '解绑',
  attach: '绑定',
  verify: '核实',
  restart: '重启',
  start: '开机',
};

export const instanceStates: Sentences['instanceStates'] = {
  running: '运行中',
  stopped: '已关机',
  changing: '正在开机或关机',
  unusable: '不可用',
};

export const outcomes: OutcomeSentences = {
  failed: '❌ 失败',
  skipped: '⏭️ 已跳过',
  startHelp: '实例可能仍处于关机状态。请立即手动开机。',
  coded: (code, words) => say`${code}：${words}`,
  cloudSays: (said) => say`云平台的说明：${said}`,
  botSaw: (said) => say`机器人记录：${said}`,
  requestId: (id) => say`请求 ID ${id}`,
};
