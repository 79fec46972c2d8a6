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
import { number, some, someDo } from './words.js';

const type = (words: string) => code(`${COMMAND} ${words}`, 400);
const WITH_REASON = code('--reason <words>');
const SHOWN = 10;
const names = (items: readonly string[]): Line => {
  const shown = joinLines(
    items.slice(0, SHOWN).map((item) => say`${name(item)}`),
    ', ',
  );
  return items.length > SHOWN ? say`${shown} and ${number(items.length - SHOWN)} more` : shown;
};

export const rejections: Sentences['rejections'] = {
  'key-pair-not-found': ({ key, account, region }) =>
    say`There is no key pair ${code(key)} in ${name(account)}/${name(region)}. Check the name and the region.`,
  'key-pair-replaced': ({ key, account, region }) =>
    say`Key pair ${code(key)} in ${name(account)}/${name(region)} is another one now than the one that was detached. If the present one should be bound, do that in the cloud’s console.`,
  'instances-not-shown': ({ instances, account, region }) =>
    say`The cloud does not show these in ${name(account)}/${name(region)}: ${names(instances)}. Check the ids, the region, and what the account’s access key may read.`,
  'instances-malformed': ({ instances, account, region }) =>
    say`These are no instance ids of ${name(account)}/${name(region)}: ${names(instances)}. Copy the ids from the console.`,
  'nothing-bound': ({ key, account, region }) =>
    say`Key ${code(key)} is bound to no instance in ${name(account)}/${name(region)}. Nothing to do.`,
  'nothing-to-do': ({ needStop }) =>
    needStop === undefined
      ? say`No instance needs it or allows it: the key is not bound, or each would be skipped. Check the key and the instances.`
      : say`Without a restart there is nothing to do: ${someDo(needStop, 'has', 'have')} to be stopped for it. Allow restarts: by the button "Go on with restart", in the form, or with --restart.`,
  'nothing-to-attach': ({ needStop }) =>
    needStop === undefined
      ? say`No instance needs it or allows it: the key is bound already, or each would be skipped. Nothing to do.`
      : say`Without a restart there is nothing to do: ${someDo(needStop, 'has', 'have')} to be stopped for it. Allow restarts: by the button "Go on with restart", or undo again with --restart.`,
  'too-many': ({ count, max }) =>
    say`${some(count)}, but at most ${number(max)} are allowed in one request. Ask for fewer at a time.`,
  'cloud-failed': ({ account, region, hint, cloudCode, message }) =>
    say`${name(account)}/${name(region)} could not be read. ${readingHints[hint] ?? hints[hint]} ${saidLine({ outcomes, own }, { code: cloudCode, message })}`,
  'nothing-planned': () => say`No part of it can be planned.`,
  'account-not-usable': ({ account }) =>
    say`Account ${code(account)} cannot be used any more: its config has changed. Ask the bot’s maintainers.`,
};

const tooLate = ({ state, halted, by, at }: Extract<Refusal, { code: 'wrong-state' }>): Line => {
  const who = by === undefined || by === '' ? say`` : say` by ${user(by)}`;
  switch (state) {
    case 'none':
    case 'planning':
      return say`Too early: the plan is still being made.`;
    case 'awaiting-approval':
      return say`This request still waits for approval.`;
    case 'running':
      return halted
        ? say`Too late: it was cancelled${who} ${time(at)}, and what has begun is being finished.`
        : say`Too late: it was approved${who} ${time(at)}, and is running.`;
    case 'finished':
      return say`Too late: it was approved${who} ${time(at)}, and is finished.`;
    case 'rejected':
      return say`Too late: it was found not possible ${time(at)}.`;
    case 'denied':
      return say`Too late: it was denied${who} ${time(at)}.`;
    case 'expired':
      return say`Too late: it expired ${time(at)}. Ask again if it is still needed.`;
    case 'cancelled':
      return say`Too late: it was cancelled${who} ${time(at)}.`;
  }
};

const unknownDuty = (schedules: readonly string[]): Line =>
  say`Nothing was changed: ${names(schedules)} did not say whether you are on call. Try again in a minute, or ask somebody who may do this without being on call.`;

/** Somebody is refused, and might be allowed it if more were known. */
const doubtful = ({ unanswered, goneGroups }: Doubt, otherwise: Line): Line => {
  if (unanswered) return unknownDuty(unanswered);
  if (goneGroups === undefined) return otherwise;
  return say`${otherwise} These user groups might do it, but are disabled or deleted in Slack: ${names(goneGroups)}. The bot’s maintainers can mend that.`;
};

export const refusals: Sentences['refusals'] = {
  'wrong-state': tooLate,
  'own-request': () => say`You asked for this yourself, so somebody else has to decide. To take it back, click Cancel.`,
  'not-an-approver': (doubt) => doubtful(doubt, say`You are not an approver for this account, so nothing was changed.`),
  'already-approved': (doubt) => doubtful(doubt, say`You have approved already. It waits for somebody else.`),
  'plan-changed': () => say`That button is for an older plan. Use the request’s newest message.`,
  exists: () => say`This request was made already.`,
  'not-yours': (doubt) => doubtful(doubt, say`Only the requester or an approver can cancel this. Nothing was changed.`),
  stale: () => say`It changed at the same moment. Look at the request’s message, and try again if it is still needed.`,
  'unknown-request': ({ unanswered }) =>
    unanswered
      ? say`There is no such request, or not one that you may see: ${names(unanswered)} did not say whether you are on call. Try again in a minute.`
      : say`There is no such request. Open ones: ${type('status')}`,
};

export const createRefusals: Sentences['createRefusals'] = {
  'unknown-account': ({ account, known }) =>
    known.length === 0
      ? say`There is no account ${code(account)} that you can use here. Ask the bot’s maintainers.`
      : say`There is no account ${code(account)}. There are: ${names(known)}.`,
  'region-needed': ({ account, regions }) =>
    say`Account ${code(account)} has several regions. Name one: ${joinLines(
      regions.slice(0, SHOWN).map((region) => say`${code(`${account}/${region}`)}`),
      ', ',
    )}`,
  'unknown-region': ({ account, region, regions }) =>
    say`Account ${code(account)} has no region ${code(region)} here. It has: ${names(regions)}.`,
  'wrong-channel': ({ account, channels }) =>
    channels.length === 0
      ? say`Account ${code(account)} cannot be used in this channel. Ask the bot’s maintainers where it can.`
      : say`Account ${code(account)} cannot be used in this channel. Go to ${joinLines(
          channels.slice(0, SHOWN).map((id) => say`${channel(id)}`),
          ', ',
        )}`,
  'no-policy': ({ account }) =>
    say`Nobody has said who may approve for account ${code(account)}, so it cannot be used. The bot’s maintainers can add a policy.`,
  'not-a-requester': ({ account, ...doubt }) =>
    doubt.unanswered
      ? say`Account ${code(account)}: ${unknownDuty(doubt.unanswered)}`
      : doubtful(doubt, say`You may not ask for account ${code(account)}. Ask somebody who may.`),
  'reason-wanted': (told) => say`${form.reasonWanted(told)} Ask again with one: ${WITH_REASON}`,
  'too-many': ({ count, max }) =>
    say`${some(count)}, but at most ${number(max)} are allowed in one request. Ask for fewer at a time.`,
  'unknown-request': () => say`This request is not known any more. Make a new one: ${type('help')} tells how.`,
  'not-ended': () => say`This request has not ended yet. Try again when it has.`,
  'nothing-left': ({ last }) =>
    last === undefined
      ? say`Nothing of this request is left to go on with.`
      : say`Nothing is left here: request ${code(last)} went on with it. Look there for what became of it.`,
  'goes-on-already': ({ request }) => say`Request ${code(request)} is at work on this already. Wait until it ends.`,
  'nothing-to-undo': ({ last }) =>
    last === undefined
      ? say`This request detached nothing, so there is nothing to undo.`
      : say`Nothing is left to undo: request ${code(last)} did that. Look there for what became of it.`,
  'is-an-undo': ({ selection }) => {
    const { account, region, key } = selection ?? { account: 'prod-hz', region: 'cn-hangzhou', key: 'deploy-2024' };
    return say`This request attached a key pair, and an attach cannot be undone by undo. To take the key pair off again, ask for that: ${type(`${account}/${region} ${typed(key)} <instances or all>`)}`;
  },
};

export const mistakes: Sentences['mistakes'] = {
  'private-key': () =>
    say`${strong('That was a private key, or a part of one.')} Nothing of it was stored or passed on, but it has been in Slack: treat it as leaked and replace it. Name a key pair by its name, never by its content.`,
  'bad-place': ({ place }) =>
    say`${code(place)} is no account. Type the account, or account/region: ${type('prod-hz/cn-hangzhou <key> all')}`,
  'missing-key': ({ place }) => say`Which key? Type: ${type(`${place} <key> <instances or all>`)}`,
  'missing-instances': ({ place, key }) =>
    say`Which instances? Name them, or type all for every instance of this key: ${type(`${place} ${typed(key)} all`)}`,
  'all-mixed': ({ instances }) =>
    say`all and single instances do not go together. Type either all, or only: ${names(instances)}`,
  'unknown-option': ({ option, nearest }) =>
    nearest === undefined
      ? say`There is no option ${code(option)}. There are --restart and --reason.`
      : say`There is no option ${code(option)}. Did you mean ${code(nearest)}?`,
  'unterminated-quote': ({ words }) => say`A quote is not closed: ${code(words, 60)}. Close it, or leave it out.`,
  'empty-reason': () => say`After --reason come some words: ${type('prod-hz deploy all --reason laptop stolen')}`,
  'reason-too-long': ({ length, max }) =>
    say`The reason has ${number(length)} characters; at most ${number(max)} are shown to the approver. Make it shorter.`,
  'missing-search': () => say`Which key? Type its name, its fingerprint or its public key: ${type('find deploy-2024')}`,
  'missing-request': () => say`Which request? Its id is in its message. Open ones: ${type('status')}`,
  'unknown-person': ({ words }) =>
    say`Who is ${code(words)}? Choose the person from the list that Slack shows after @.`,
  'extra-words': ({ word, words }) => say`${word} takes one request id; leave out: ${code(words)}`,
};
