import type { ExternalSelect, InputBlock, ModalView, PlainTextOption, StaticSelect } from '@slack/types';
import type { Place } from '../../identity.js';
import { VIEWS } from '../../ids.js';
import { blockIds, CHOSEN, type Draft, encodeChoices, type FilledForm } from '../../views/draft.js';
import { catalogue } from '../catalogue.js';
import { LIMITS } from '../limits.js';
import type { Paragraph } from '../line.js';
import { say } from '../line.js';
import { input, lines, modal, option, placeholder } from './elements.js';
import { reasonField, restartField } from './how.js';

/** Instances that one form carries to its preview: their ids must fit into what a view holds. */
const MOST_INSTANCES = 50;

export type FormFacts = FilledForm & { place?: Place; hasChanged?: boolean };

/** The form as far as it can be filled in: a field shows once what it hangs on is known. */
export function formView(facts: FormFacts): ModalView {
  const { draft } = facts;
  const { form } = catalogue(draft.language);
  return modal({
    title: form.title,
    close: form.cancel,
    submit: { id: VIEWS.form, words: form.preview, carries: encodeChoices(draft) },
    blocks: [
      ...lines([notices(facts)], draft.language),
      channelField(facts),
      ...targetFields(facts),
      restartField(draft.language),
      reasonField(draft.language, { wanted: chosenIn(facts)?.wanted ?? [] }),
    ],
  });
}

function notices({ draft, accounts, place, hasChanged }: FormFacts): Paragraph {
  const { form, find, replies } = catalogue(draft.language);
  if (hasChanged) return [say`⚠️ ${form.changed}`];
  if (place !== undefined && place.kind !== 'usable') return [say`⚠️ ${replies.places[place.kind]}`];
  if (draft.channel !== undefined && accounts.length === 0) return [say`⚠️ ${find.noAccounts}`];
  return [say`${form.intro}`];
}

/** One that no request can be made in is not put in: it may not even be among those that the select shows. */
function channelField({ draft: { language, channel }, place }: FormFacts): InputBlock {
  const isGood = place === undefined || place.kind === 'usable';
  const element = {
    type: 'conversations_select' as const,
    ...(channel !== undefined && isGood && { initial_conversation: channel }),
    filter: {
      include: ['public' as const, 'private' as const],
      exclude_external_shared_channels: true,
    },
  };
  return input('channel', { block: blockIds({}).channel, element, dispatches: true }, language);
}

const chosenIn = ({ draft, accounts }: FilledForm) => accounts.find(({ account }) => account === draft.account);

function targetFields({ draft, accounts }: FilledForm): InputBlock[] {
  if (draft.channel === undefined || accounts.length === 0) return [];
  const regions = chosenIn({ draft, accounts })?.regions ?? [];
  const names = accounts.map(({ account }) => account);
  return [
    nameField('account', names, draft),
    ...(regions.length > 1 ? [nameField('region', regions, draft)] : []),
    ...(draft.region !== undefined ? keyFields(draft) : []),
  ];
}

/** Searched where there are more than a menu shows. */
function nameField(field: 'account' | 'region', names: readonly string[], draft: Draft): InputBlock {
  const { language } = draft;
  const menu: StaticSelect = { type: 'static_select', options: names.map(nameOption) };
  const element = names.length > LIMITS.options ? SEARCHED : menu;
  const shown = { ...element, ...placeholder(field, language) };
  return input(field, { block: blockIds(draft)[field], element: shown, dispatches: true }, language);
}

const SEARCHED: ExternalSelect = { type: 'external_select', min_query_length: 0 };

const nameOption = (name: string): PlainTextOption => option(`${CHOSEN.name}${name}`, name);

function keyFields(draft: Draft): InputBlock[] {
  const { language } = draft;
  const { form } = catalogue(language);
  const ids = blockIds(draft);
  const all = option('all', form.scopeAll);
  const named = option('named', form.scopeNamed);
  const key = { ...SEARCHED, ...placeholder('key', language) };
  const scope = { type: 'radio_buttons' as const, options: [all, named], initial_option: all };
  const instances = {
    type: 'multi_external_select' as const,
    min_query_length: 0,
    max_selected_items: MOST_INSTANCES,
    ...placeholder('instances', language),
  };
  return [
    input('key', { block: ids.key, element: key, dispatches: true }, language),
    input('scope', { block: ids.scope, element: scope, dispatches: true }, language),
    ...(draft.scope === 'named' ? [input('instances', { block: ids.instances, element: instances }, language)] : []),
  ];
}

/** Whether the screen, with blocks of these ids, has every field that this form has. */
export const isOnScreen = ({ blocks }: ModalView, shown: readonly string[]): boolean =>
  blocks.every((block) => block.type !== 'input' || shown.includes(block.block_id ?? ''));
