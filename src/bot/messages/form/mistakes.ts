import type { Language } from '../../../jobs/events.js';
import type { CreateRefusal, ReasonWanted } from '../../../jobs/terms.js';
import type { Place } from '../../identity.js';
import type { Field } from '../../ids.js';
import { reasonMistake } from '../../typed/reason.js';
import { blockIds, type Draft, type FilledForm } from '../../views/draft.js';
import { catalogue, sentenceFor } from '../catalogue.js';
import { CLOUD_WORDS_LENGTH } from '../limits.js';
import { type Line, say } from '../line.js';
import { plainLine } from '../render.js';
import { clip } from '../text.js';
import { wishes } from './how.js';

const MISTAKE_LENGTH = 2 * CLOUD_WORDS_LENGTH;

/** What is wrong with a form, at the field that it concerns. */
export type FieldMistake = { field: Field; why: Line };

/** What the form itself shows to be missing or too much. */
export function draftMistakes({ draft, accounts }: FilledForm): FieldMistake[] {
  const { form, find, mistakes } = catalogue(draft.language);
  const wrong = reasonMistake(draft.reason);
  const reason: FieldMistake[] = wrong ? [{ field: 'reason', why: sentenceFor(mistakes, wrong) }] : [];
  if (draft.channel !== undefined && accounts.length === 0) {
    return [{ field: 'channel', why: say`${find.noAccounts}` }, ...reason];
  }
  const missing = firstMissing(draft);
  return missing === undefined ? reason : [{ field: missing, why: say`${form.choose[missing]}` }, ...reason];
}

function firstMissing(draft: Draft): 'channel' | 'account' | 'region' | 'key' | 'instances' | undefined {
  const asked = ['channel', 'account', 'region', 'key'] as const;
  const missing = asked.find((field) => draft[field] === undefined);
  return missing ?? (draft.scope === 'named' && draft.instances.length === 0 ? 'instances' : undefined);
}

const FIELD_OF: Readonly<Record<CreateRefusal['code'], Field>> = {
  'unknown-account': 'account',
  'region-needed': 'region',
  'unknown-region': 'region',
  'wrong-channel': 'channel',
  'no-policy': 'account',
  'not-a-requester': 'account',
  'reason-wanted': 'reason',
  'too-many': 'instances',
};

export function refusalMistakes(refusals: readonly CreateRefusal[], { language }: Draft): FieldMistake[] {
  const { createRefusals, form } = catalogue(language);
  return refusals.map((refusal) => ({
    field: FIELD_OF[refusal.code],
    why: refusal.code === 'reason-wanted' ? form.reasonWanted(refusal) : sentenceFor(createRefusals, refusal),
  }));
}

export function placeMistake(kind: Exclude<Place['kind'], 'usable'>, { language }: Draft): FieldMistake {
  return { field: 'channel', why: say`${catalogue(language).replies.places[kind]}` };
}

export function tooMuchMistake({ language }: Draft): FieldMistake {
  return { field: 'instances', why: say`${catalogue(language).form.tooMuch}` };
}

/** By block, for a form with blocks of these ids: Slack refuses an error at one that is not there. */
export function errorsAt(
  found: readonly FieldMistake[],
  draft: Draft,
  shown: readonly string[],
): Readonly<Record<string, string>> {
  const ids = blockIds(draft);
  const at = (field: Field) => (shown.includes(ids[field]) ? ids[field] : ids.channel);
  return Object.fromEntries(found.map(({ field, why }) => [at(field), errorText(why, draft)]));
}

/** What is wrong with the reason itself, by block. */
export function reasonErrors(reason: string, language: Language): Record<string, string> | undefined {
  const wrong = reasonMistake(reason);
  return wrong && atReason(plainLine(sentenceFor(catalogue(language).mistakes, wrong), language));
}

export const reasonWantedErrors = (wanted: readonly ReasonWanted[], language: Language): Record<string, string> =>
  atReason(wishes(wanted, language));

const atReason = (why: string): Record<string, string> => ({ [blockIds({}).reason]: clip(why, MISTAKE_LENGTH) });

/** The blocks that a private key was pasted into. */
export function privateKeyErrors(blocks: readonly string[], draft: Pick<Draft, 'language'>): Record<string, string> {
  const why = sentenceFor(catalogue(draft.language).mistakes, { code: 'private-key' });
  return Object.fromEntries(blocks.map((block) => [block, errorText(why, draft)]));
}

const errorText = (why: Line, { language }: Pick<Draft, 'language'>): string =>
  clip(plainLine(why, language), MISTAKE_LENGTH);
