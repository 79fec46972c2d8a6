import { COMMAND } from '../../ids.js';
import { code, say } from '../line.js';
import type { FormSentences } from '../sentences/form.js';
import { number, some } from './words.js';

export const form: FormSentences = {
  title: 'Detach a key pair',
  previewTitle: 'Preview',
  takenTitle: 'Request made',
  goOnTitle: 'A new request',
  preview: 'Preview',
  send: 'Ask for approval',
  sendUnread: 'Ask all the same',
  cancel: 'Cancel',
  back: 'Back',
  close: 'Close',
  opening: 'One moment: the form is on its way.',
  openedLate: say`The form did not open in time. Type it once more: ${code(COMMAND)}. Or type the whole request: ${code(`${COMMAND} help`)} tells how.`,
  intro: 'Nothing is changed before somebody else has approved it.',
  fields: {
    channel: { label: 'Channel of the incident', hint: 'The plan is shown there, and approved there.' },
    account: { label: 'Cloud account', placeholder: 'Choose an account' },
    region: { label: 'Region', placeholder: 'Choose a region' },
    key: { label: 'Key pair', placeholder: 'Type a part of its name' },
    scope: { label: 'Instances' },
    instances: { label: 'Which instances', placeholder: 'Type a part of a name or an id' },
    restart: {
      label: 'Restart',
      hint: 'Some clouds need a stop, or take the key off at the next restart only. Without this, such instances are skipped, or the key still opens them until they restart.',
    },
    reason: { label: 'Reason', placeholder: 'Laptop stolen' },
  },
  scopeAll: 'Every instance that has this key pair',
  scopeNamed: 'Only those that I choose',
  mayRestart: 'Instances may be stopped or restarted',
  changed: 'The choices have changed. Look through the form again, then go on.',
  choose: {
    channel: 'Choose the channel of the incident.',
    account: 'Choose an account.',
    region: 'Choose a region.',
    key: 'Choose a key pair, or type its name.',
    instances: 'Choose instances, or every instance.',
  },
  tooMuch: 'These are more than the form can hold. Choose fewer, or every instance.',
  reasonWanted: ({ account, pattern, example }) =>
    example === undefined
      ? say`Account ${code(account)} wants a reason that matches ${code(pattern, 200)}.`
      : say`Account ${code(account)} wants a reason like this one: ${code(example)}.`,
  otherReason: (id) =>
    say`Request ${id} has no reason like the one that is wanted now. Give one, and the new request is made.`,
  options: {
    asTyped: (words) => `As typed: ${words}`,
    more: (count) => `… and ${number(count)} more: type more of the name`,
    late: '⏳ The cloud is slow. Type again in a moment, or the exact name.',
    failed: '⚠️ The cloud could not be read. Type again, or the exact name.',
    tooLong: (count) => `${number(count)} with long names are not here: type the command`,
    none: 'Nothing found',
    chooseFirst: 'Choose the account and the region first',
    privateKey: '⛔ That was a private key: treat it as leaked, and replace it',
    unchecked: 'Slack did not say who you are. Type again in a moment',
  },
  reading: 'Reading the cloud to see what would be done. Nothing has been sent yet.',
  notSent: 'This is what you would ask for. Nothing has been sent yet.',
  where: (channel) => say`To be approved in ${channel}.`,
  road: (count, steps) => `• ${some(count)}: ${steps}`,
  approvals: (account, count, by) =>
    count === 1
      ? say`Account ${account} needs 1 approval, and not your own. It can come from: ${by}`
      : say`Account ${account} needs ${number(count)} approvals, and not your own. They can come from: ${by}`,
  moreApprovers: (count) => `${number(count)} more`,
  goBack: 'It cannot be asked for like this. Go back and change it; nothing has been sent.',
  unread: (place) => say`${place} could not be read, so what would be done is not known.`,
  unreadHelp:
    'Go back and try once more. Or ask all the same: the plan is made once the cloud answers, and nothing is done before it is approved.',
  taken: (id, channel) =>
    say`📨 Request ${id} is made. Nothing is changed yet: the plan will appear in ${channel}, for approval.`,
  sending: 'One moment: the request is being made.',
};
