import type { FingerprintFlaw } from '../../../jobs/keys/fingerprints.js';
import { COMMAND } from '../../ids.js';
import { code, say } from '../line.js';
import type { FindSentences } from '../sentences/find.js';
import { number, places, some } from './words.js';

const running = (instances: number, count: number): string =>
  instances === 0 ? '' : count === 0 ? ', none running' : `, ${number(count)} running`;

const example = code(`${COMMAND} find SHA256:…`);
const EXAMPLES = { sha256: example, md5: code(`${COMMAND} find MD5:12:34:…`) };

function shape({ algorithm, digits }: FingerprintFlaw): string {
  const [what, whole] = algorithm === 'sha256' ? ['SHA256:', 43] : ['MD5:', 32];
  return digits === whole
    ? `One of its ${number(whole)} characters cannot be right.`
    : `After ${what} come ${number(whole)} characters${algorithm === 'md5' ? ' (colons not counted)' : ''}, and here are ${number(digits)}.`;
}

export const find: FindSentences = {
  bound: (key, instances, where, count) =>
    say`🔎 ${key} is bound to ${some(instances)} in ${places(where)}${running(instances, count)}:`,
  unbound: (key, where) => say`🔎 ${key} exists in ${places(where)}, and is bound to no instance:`,
  nothing: (key, answered) =>
    answered === 0
      ? say`🔎 ${key}: no place answered, so nothing is known.`
      : say`🔎 ${key}: no such key pair shows in the ${places(answered)} that answered. Some clouds also show nothing where the account’s access key may not read.`,
  noSuchName: (key, answered) =>
    answered === 0
      ? say`🔎 ${key}: no place answered, so nothing is known.`
      : say`🔎 ${key}: no key pair of this name shows in the ${places(answered)} that answered.`,
  lookedForAsName: (flaw) =>
    say`It looks like a fingerprint, and is none, so it was looked for as a name only. ${shape(flaw)} Copy all of it, as ssh-keygen -l prints it: ${EXAMPLES[flaw.algorithm]}`,
  place: (place, name, instances, count) =>
    say`• ${place}: key pair ${name}, ${some(instances)}${running(instances, count)}`,
  withId: (name, id) => say`${name} (${id})`,
  differ:
    'These are different keys with the same name. To request one of them only, find it by its fingerprint or public key.',
  unanswered: (count, asked) => `⚠️ Not known in ${number(count)} of ${places(asked)}:`,
  because: (where, why) => say`• ${where}: ${why}`,
  withKey: (place, name) => say`${place} (it has the key pair ${name})`,
  late: 'No answer in time. Try again, or look in the console.',
  broken: 'The bot could not ask. Tell the bot’s maintainers.',
  andMore: (count) => `${number(count)} more`,
  incomparable: (where, count) =>
    say`⚠️ Not sure in ${where}: the cloud gives no public key of ${count === 1 ? '1 key pair' : `${number(count)} key pairs`}, and what it prints as a fingerprint cannot be compared with this. Find by name there.`,
  hidden: (where) =>
    say`⚠️ Not sure in ${where}: the cloud lists only key pairs that the bot’s own user may see. Another user’s is found by its name.`,
  noAccounts:
    'There is no account that you can use in this channel. Try the incident’s channel, or ask the bot’s maintainers.',
  flaws: {
    'no-key': () => say`This is not one key. Type one name, one fingerprint, or one whole public key line: ${example}`,
    'several-keys': () =>
      say`This stands for more than one key, so nothing was looked for. Find one key at a time: ${example}`,
    'public-key': () =>
      say`This is no whole public key, or of a kind that SSH does not use, so nothing was looked for. Paste the whole line of its .pub file, or its fingerprint: ${example}`,
    fingerprint: (flaw) =>
      say`This looks like a fingerprint, and is none, so nothing was looked for. ${shape(flaw)} Copy all of it, as ssh-keygen -l prints it: ${EXAMPLES[flaw.algorithm]}`,
  },
  requestAll: 'Ask to detach all of these',
  requestAllLabel: (instances, where) => `Request to detach the key from ${some(instances)} in ${places(where)}`,
  requestAllAbout: 'One request is made for all of it, as far as it is found again when you send this.',
  covers: (instances, where) => `It covers ${some(instances)} in ${places(where)}.`,
};
