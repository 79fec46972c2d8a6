import type { AllMiddlewareArgs, BlockSuggestion, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import type { PlainTextOption } from '@slack/types';
import { createFresh } from '../../../fresh.js';
import type { Asker } from '../../../jobs/choices.js';
import { within } from '../../../within.js';
import { FIELDS } from '../../ids.js';
import { hintOptions, instanceOptions, keyOptions, nameOptions } from '../../messages/form/options.js';
import { holdsPrivateKey } from '../../typed/private-key.js';
import { type Draft, decodeDraft } from '../../views/draft.js';
import { forPerson } from '../gesture/answer.js';
import type { ListenerDependencies } from '../gesture/dependencies.js';

type SuggestArguments = Pick<SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs, 'ack' | 'body'>;

/**
 * Who types is remembered between two letters, as Slack would not answer about them at every one. It is good for
 * looking only: whoever sends the form is looked up anew.
 */
const KNOWN_MS = 20_000;
const MOST_KNOWN = 500;

/** Somebody types into a search of the form. */
export function createSuggestListener(dependencies: ListenerDependencies) {
  const { identity, now, startTimer, answerMs } = dependencies;
  const known = createFresh<Awaited<ReturnType<typeof identity.lookUp>>>({
    now,
    freshMs: () => KNOWN_MS,
    most: MOST_KNOWN,
  });
  const remembering = {
    ...dependencies,
    identity: { ...identity, lookUp: (id: string) => known.get(id, () => identity.lookUp(id)) },
  };

  return async ({ ack, body }: SuggestArguments): Promise<void> => {
    const draft = decodeDraft(body.view?.private_metadata ?? '');
    const { language = dependencies.language, channel } = draft ?? {};
    if (holdsPrivateKey(body.value)) return ack({ options: hintOptions('privateKey', language) });
    const doer = { userId: body.user.id, teamId: body.team?.id };
    const answer = forPerson(
      remembering,
      doer,
      async (person) =>
        draft === undefined || channel === undefined
          ? hintOptions('chooseFirst', language)
          : suggest(dependencies, body, draft, { person, channel }),
      { unchecked: () => hintOptions('unchecked', language), trouble: () => hintOptions('failed', language) },
    );
    const options = (await within(startTimer, answerMs, answer)) ?? hintOptions('late', language);
    await ack({ options });
  };
}

async function suggest(
  { choices }: ListenerDependencies,
  { action_id: actionId, value: typed }: BlockSuggestion,
  draft: Draft,
  asker: Asker,
): Promise<PlainTextOption[]> {
  const { language, account, region, key } = draft;
  const accounts = choices.accounts(asker);
  if (actionId === FIELDS.account)
    return nameOptions(
      accounts.map((one) => one.account),
      typed,
      language,
    );
  const regions = accounts.find((one) => one.account === account)?.regions ?? [];
  if (actionId === FIELDS.region) return nameOptions(regions, typed, language);
  if (account === undefined || region === undefined) return hintOptions('chooseFirst', language);
  if (actionId === FIELDS.key) {
    const offer = await choices.keys({ account, region }, asker);
    return offer ? keyOptions(offer, typed, language) : hintOptions('none', language);
  }
  const offer = key === undefined ? { items: [] } : await choices.instances({ account, region, key }, asker);
  return offer ? instanceOptions(offer, typed, language) : hintOptions('none', language);
}
