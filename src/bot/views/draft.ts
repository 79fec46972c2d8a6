import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountChoice } from '../../jobs/choices.js';
import type { Language } from '../../jobs/events.js';
import { FIELDS, type Field } from '../ids.js';
import { tidyReason } from '../typed/reason.js';
import { carriedLanguage, readCarried } from './carried.js';

/** What stands in the form: read from a view, and carried in its `private_metadata` to the next one. Pure. */

const scope = z.enum(['all', 'named']);
const draftSchema = z.object({
  language: carriedLanguage,
  channel: z.string().exactOptional(),
  account: z.string().exactOptional(),
  region: z.string().exactOptional(),
  key: z.string().exactOptional(),
  scope,
  instances: z.array(z.string()),
  restart: z.boolean(),
  reason: z.string(),
});
export type Draft = z.infer<typeof draftSchema>;

export const emptyDraft = (of: Language, channel?: string): Draft => ({
  language: of,
  ...(channel !== undefined && { channel }),
  scope: 'all',
  instances: [],
  restart: false,
  reason: '',
});

/** Slack's limit for `private_metadata`. */
const MOST_METADATA = 3_000;

/** Undefined where it is more than a view can carry. */
export function encodeDraft(draft: Draft): string | undefined {
  const text = JSON.stringify(draft);
  return text.length > MOST_METADATA ? undefined : text;
}

/** What a choice of another field hangs on; what was typed in the other fields does not travel with it. */
export const encodeChoices = (draft: Draft): string =>
  JSON.stringify({ ...draft, instances: [], restart: false, reason: '' });

export const decodeDraft = (metadata: string): Draft | undefined => readCarried(draftSchema, metadata);

type Hangs = Pick<Draft, 'channel' | 'account' | 'region' | 'key'>;

/**
 * The form's blocks. Slack keeps what was entered in a block of the same id, so a field that hangs on another has an id
 * made of what it hangs on: with another account, the key pair is asked for anew.
 */
export function blockIds({ channel, account, region, key }: Hangs): Readonly<Record<Field, string>> {
  return {
    channel: 'channel',
    account: hanging('account', channel),
    region: hanging('region', channel, account),
    key: hanging('key', channel, account, region),
    scope: 'scope',
    instances: hanging('instances', channel, account, region, key),
    restart: 'restart',
    reason: 'reason',
  };
}

function hanging(field: Field, ...on: readonly (string | undefined)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(on)).digest('hex');
  return `${field}-${digest.slice(0, 16)}`;
}

const option = z.object({ value: z.string() });
const entered = z.object({
  value: z.string().nullish(),
  selected_conversation: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
});
type Entered = z.infer<typeof entered>;
const viewSchema = z.object({
  private_metadata: z.string(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), entered)) }),
});

/** Option values say what kind they are, so that a line which only tells something is never taken for a name. */
export const CHOSEN = { name: 'n:', hint: 'h:' } as const;

const nameIn = (chosen: { value: string } | null | undefined): string | undefined =>
  chosen?.value.startsWith(CHOSEN.name) ? chosen.value.slice(CHOSEN.name.length) : undefined;

export type FilledForm = { draft: Draft; accounts: readonly AccountChoice[] };

/** `accountsIn`: what may be chosen in a channel. Undefined: the view is none of ours. */
export function readForm(
  view: unknown,
  accountsIn: (channel: string) => readonly AccountChoice[],
): FilledForm | undefined {
  const read = viewSchema.safeParse(view).data;
  const before = read && decodeDraft(read.private_metadata);
  if (read === undefined || before === undefined) return undefined;
  const at = fieldsIn(read);
  // What the form began with is not always told before it is touched (slackapi/bolt-js issue 1258).
  const channel = at('channel', {})?.selected_conversation ?? before.channel;
  const accounts = channel === undefined ? [] : accountsIn(channel);
  const hangs = placeIn(at, channel, accounts);
  const key = nameIn(at('key', hangs)?.selected_option);
  const all = key === undefined ? hangs : { ...hangs, key };
  const which = scope.safeParse(at('scope', {})?.selected_option?.value).data ?? before.scope;
  const named = at('instances', all)?.selected_options ?? [];
  const draft: Draft = {
    language: before.language,
    ...all,
    scope: which,
    instances: which === 'all' ? [] : [...new Set(named.flatMap((one) => nameIn(one) ?? []))],
    ...howIn(at),
  };
  return { draft, accounts };
}

/** How and why it is to be done: what every form asks that makes a request. */
export type How = Pick<Draft, 'restart' | 'reason'>;

/** Undefined: the view is none of ours. */
export function readHow(view: unknown): How | undefined {
  const read = viewSchema.safeParse(view).data;
  return read && howIn(fieldsIn(read));
}

type FieldAt = (field: Field, hangs: Hangs) => Entered | undefined;

const fieldsIn =
  ({ state }: z.infer<typeof viewSchema>): FieldAt =>
  (field, hangs) =>
    state.values[blockIds(hangs)[field]]?.[FIELDS[field]];

const howIn = (at: FieldAt): How => ({
  restart: (at('restart', {})?.selected_options ?? []).length > 0,
  reason: tidyReason(at('reason', {})?.value ?? ''),
});

/** A region is not asked for where the account has only one. */
function placeIn(at: FieldAt, channel: string | undefined, accounts: readonly AccountChoice[]): Hangs {
  if (channel === undefined) return {};
  const account = nameIn(at('account', { channel })?.selected_option);
  const known = accounts.find((one) => one.account === account);
  if (known === undefined) return { channel };
  const chosen = nameIn(at('region', { channel, account: known.account })?.selected_option);
  const region = known.regions.length === 1 ? known.regions[0] : chosen;
  return {
    channel,
    account: known.account,
    ...(region !== undefined && known.regions.includes(region) && { region }),
  };
}

/** All that a person has typed or chosen, by block: what must hold no private key. */
export function wordsIn(view: unknown): { block: string; words: string }[] {
  const values = viewSchema.safeParse(view).data?.state.values ?? {};
  return Object.entries(values).flatMap(([block, fields]) =>
    Object.values(fields).map((one) => ({
      block,
      words: [
        one.value ?? '',
        ...[one.selected_option, ...(one.selected_options ?? [])].map((a) => a?.value ?? ''),
      ].join(' '),
    })),
  );
}
