import { say } from '../line.js';
import type { OutcomeSentences, Sentences } from '../sentences/sentences.js';

export const hints: Sentences['hints'] = {
  'check-credentials': 'The cloud does not accept this account’s access key. Check the credentials in the config.',
  'no-credentials': 'No credentials were found for this account. Set them in the config or where the bot runs.',
  'renew-credentials':
    'The account’s temporary credentials have run out, or are not valid. Renew them, then try again.',
  'check-role':
    'The role (or agency) that this account’s config names cannot be assumed: it is not there, or does not trust the account’s keys. Check its ARN or name in the config, and its trust policy.',
  'check-project-id': 'No project id is set for this region. Add it to the account’s config.',
  'check-clock':
    'The clock of the bot’s machine is off, so the cloud refuses its signatures. Set it right, then try again.',
  'account-not-built':
    'The bot could not load this account, so the cloud was not asked. Tell the bot’s maintainers: the cause is in its log.',
  'account-not-configured':
    'The account is not in the bot’s config any more, so the cloud was not asked. Put it back under the same name.',
  'grant-permission': 'The account’s access key may not do this. Grant it the permission, then try again.',
  'unknown-user':
    'The cloud’s key pair service does not know the user of this account’s access key. Check whose key it is.',
  'allow-address': 'The cloud does not take calls from the bot’s network address. Have it allowed, then try again.',
  'confirm-mfa':
    'The cloud wants this confirmed by multi-factor login. Confirm it in the console, or exempt the access key.',
  'check-key-pair':
    'The cloud does not know this key pair in this account and region, or does not take it. Check its name, and which key pair the instance has now.',
  'name-not-unique':
    'Several key pairs have this name in this account and region. Use the id of the one that you mean.',
  'check-instance':
    'The cloud does not know this instance in this account and region. Check the id, the account and the region.',
  windows: 'It runs Windows, where SSH key pairs do not apply. Nothing to do here.',
  'unsupported-instance':
    'This kind of instance or image does not allow it. Remove the key inside the instance: ~/.ssh/authorized_keys.',
  'install-agent':
    'The cloud’s password agent is missing in the instance. Remove the key inside it now: ~/.ssh/authorized_keys. Or install the agent, restart the instance, then try again.',
  'stop-first': 'The cloud does this on a stopped instance only. Ask again with --restart to allow a stop and a start.',
  'instance-busy': 'The cloud is still doing something else to this instance. Wait a few minutes, then try again.',
  'instance-state':
    'The cloud does not allow this while the instance is in its present state. Look at it in the console, then try again.',
  'instance-locked':
    'The cloud has locked this instance for security. Have the lock lifted in the console, then try again.',
  'stop-timed-out':
    'The instance did not shut down in time, and nothing was forced. See in the console what holds it up, then try again.',
  'sold-out':
    'The cloud has no capacity left for this instance type in its zone. Try again later, or change the type in the console.',
  'stopped-without-charge':
    'It was stopped in no-charge mode, which does not allow this. Start it in the console, then ask again with --restart.',
  'account-frozen':
    'The cloud account or the instance is frozen, mostly for an unpaid bill. Settle that with the cloud, then try again.',
  'risk-control': 'The cloud’s risk control blocks this. Have the block lifted by the cloud’s support, then try again.',
  'account-busy':
    'The cloud was at work on as many instances of this account as it takes. Wait a few minutes, then try again.',
  'rate-limited': 'The cloud had too many calls at once. Wait a few minutes, then try again.',
  'cloud-trouble': 'The cloud itself had trouble. Check the instance in the console, then try again.',
  quota: 'A quota of the cloud account is used up. Raise it or free some, then try again.',
  'authorized-keys-changed':
    'The cloud could not take the key off. Often the key file in the instance was changed, or its image does not allow this. Remove the key inside the instance: ~/.ssh/authorized_keys.',
  'not-verified':
    'The cloud took the call, but does not show it as done. Check the instance in the console, and until then treat the key as working.',
  'start-by-hand':
    'The instance was shut down for this request and could not be started again. Start it by hand now, in the cloud’s console.',
  'changed-back':
    'The key is ON again: it was taken off, and somebody has put it back since. Find out who and why, then try again.',
  'not-shown': 'The cloud left this instance out of its answer. Check its id, region and the access key’s permissions.',
  'not-reached': 'The bot did not get through to the cloud, so the key pair was not changed. Try again.',
  'no-answer': 'The cloud gave no answer. When last read, the key was still on it. Try again.',
  unread:
    'The instance could not be read any more, so this may or may not have been done. Look at it in the console, then try again.',
  'sent-twice':
    'The same signed call reached the cloud twice, so it refused one of them. Check the instance in the console, then try again.',
  'unknown-code':
    'The cloud answered with a code that the bot does not know; its words are below. Look in the console, and tell the bot’s maintainers.',
  'report-bug':
    'The bot did not expect this, and trying again will not help. Finish it by hand in the console, and tell the bot’s maintainers.',
};

export const readingHints: Sentences['readingHints'] = {
  'not-reached': 'The bot did not get through to the cloud. Wait a few minutes, then try again.',
  'no-answer': 'The cloud gave no answer. Wait a few minutes, then try again.',
  'cloud-trouble': 'The cloud itself had trouble. Wait a few minutes, then try again.',
  'sent-twice': 'The same signed call reached the cloud twice, so it refused one of them. Try again.',
  'report-bug': 'The bot did not expect this, and trying again will not help. Tell the bot’s maintainers.',
};

export const skips: Sentences['skips'] = {
  windows: { short: 'Windows', long: 'Runs Windows, where SSH key pairs do not apply. Nothing to do here.' },
  'needs-stop': {
    short: 'would need a stop',
    long: 'Needs a stop, which was not allowed. Press "Go on with restart" when the request has ended.',
  },
  'key-pair-changed': {
    short: 'key pair changed',
    long: 'Has another key pair now than when the plan was made. Ask again if that one should go.',
  },
  'other-key-pair': {
    short: 'other key pair',
    long: 'Has another key pair now, and attaching would replace it. If this one is to come back, take that one off first.',
  },
  'state-changed': {
    short: 'state changed',
    long: 'Is in another state now than when the plan was made. Ask again for a new plan.',
  },
  changing: {
    short: 'starting or stopping',
    long: 'Was just starting or stopping. Wait until that is over, then ask again.',
  },
  locked: { short: 'locked', long: 'Locked by the cloud. Have the lock lifted, then ask again.' },
  unusable: { short: 'unusable', long: 'Terminated, in rescue or in error. Look at it in the console.' },
  cancelled: {
    short: 'cancelled',
    long: 'Not begun when the request was cancelled. The key is still on it: ask again if it should come off.',
  },
};

export const steps: Sentences['steps'] = {
  stop: 'stop',
  detach: 'detach',
  attach: 'attach',
  verify: 'verify',
  restart: 'restart',
  start: 'start',
};

export const instanceStates: Sentences['instanceStates'] = {
  running: 'running',
  stopped: 'stopped',
  changing: 'starting or stopping',
  unusable: 'unusable',
};

export const outcomes: OutcomeSentences = {
  failed: '❌ Failed',
  skipped: '⏭️ Skipped',
  startHelp: 'It may still be off. Start it by hand now.',
  coded: (code, words) => say`${code}: ${words}`,
  cloudSays: (said) => say`The cloud says: ${said}`,
  botSaw: (said) => say`Seen by the bot: ${said}`,
  requestId: (id) => say`request id ${id}`,
};
