import { COMMAND } from '../../ids.js';
import { code, say, strong } from '../line.js';
import type { ReplySentences } from '../sentences/sentences.js';
import { number } from './words.js';

const type = (words: string) => code(`${COMMAND} ${words}`, 400);

export const replies: ReplySentences = {
  help: [
    say`${strong('Takes an SSH key pair off cloud instances, after somebody else has approved.')}`,
    say`Opens a form, with search and a preview: ${code(COMMAND)}`,
    say`Without the form: ${type('<account>[/<region>] <key> <instances or all> [--restart] [--reason <words>]')}`,
    say`For example: ${type('prod-hz deploy-2024 i-0abc i-0def --reason laptop stolen')}`,
    say`• all: every instance that the key is bound to at this moment.`,
    say`• --restart: instances may be stopped or restarted where the cloud needs it. Without it, those are skipped, or take effect at their next restart.`,
    say`• A name with spaces goes in quotes. The region may be left out where the account has only one.`,
    say`${type('find <key name, fingerprint or public key>')} tells where a key is bound, in every account.`,
    say`${type('status')} lists open requests, ${type('status <request>')} shows one, ${type('cancel <request>')} cancels one.`,
    say`${type('history [<account>] [<@person>]')} lists ended ones.`,
    say`${type('undo <request> [--restart]')} attaches again what a request detached, after an approval of its own.`,
  ],
  taken: (id) =>
    say`📨 Request ${id} is made. Nothing is changed yet: the plan will appear in this channel, for approval.`,
  takenBefore: (id) => say`Request ${id} was made already.`,
  approved: (id, missing) => {
    if (missing === 0) return say`✅ You approved request ${id}. It is running now.`;
    return say`✅ You approved request ${id}. It still waits for ${missing === 1 ? '1 approval' : `${number(missing)} approvals`}.`;
  },
  approvesMore: (schedules) =>
    say`For the other accounts it does not count yet: ${schedules} did not say whether you are on call. If you are, press Approve again in a minute.`,
  denied: (id) => say`🚫 You denied request ${id}. Nothing was changed.`,
  cancelling: (id, isOver) =>
    isOver
      ? say`🛑 Request ${id} is cancelled.`
      : say`🛑 Request ${id} is being cancelled. What has begun is finished first; the thread will tell.`,
  noOpenRequests: 'No request is open.',
  openRequests: (count) => (count === 1 ? '1 open request:' : `${number(count)} open requests:`),
  requestLine: ({ id, state, goal, place, by, at }) => say`• ${id}: ${goal} in ${place}, ${state}, by ${by}, ${at}.`,
  moreRequests: (count) => `… and ${number(count)} more`,
  places: {
    'not-in-channel':
      'The bot is not in this channel, so nothing was done. Type /invite @detach-key in the incident’s channel, then ask again there.',
    'not-a-member': 'You are not in this private channel, so nothing was done. Ask again in a channel that you are in.',
    archived: 'This channel is archived, so nothing was done. Ask again in a channel that is in use.',
    shared:
      'People of another organisation are in this channel, so nothing was done. Ask again in a channel of your own workspace.',
  },
  unchecked: 'Slack did not say who you are and what groups you are in, so nothing was done. Try again in a minute.',
  notStored: 'The bot could not store this, so nothing was done. Try again in a minute.',
  trouble: (errorId) =>
    say`The bot had a fault, so this may not be done. Look: ${type('status')}. Tell the bot’s maintainers: error ${errorId}`,
  notOpened: 'Slack could not open it in time, so nothing was done. Press the button again.',
  outdated: 'This button does nothing any more. Use the request’s newest message.',
  outdatedForm:
    'This does nothing any more. Close it, and start again from the request’s newest message, or with /detach-key.',
  createRefused: 'No request was made:',
};
