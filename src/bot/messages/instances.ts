import type { ActionsBlock, ModalView } from '@slack/types';
import type { Language, PlannedTarget } from '../../jobs/events.js';
import { type Request, targetKey } from '../../jobs/request.js';
import type { Outcome } from '../../providers/answers.js';
import { LIST_ACTIONS } from '../ids.js';
import { type Catalogue, catalogue } from './catalogue.js';
import { type OutcomeSort, placeOf, sortOf } from './facts.js';
import { lines, modal, option, plain } from './form/elements.js';
import { LIMITS } from './limits.js';
import { code, type Line, say } from './line.js';
import { labelOf } from './outcomes.js';
import { instanceName } from './plan.js';
import { type Message, render } from './render.js';

/** The list of all instances of a request, as it stands now: a page at a time, of all or of one kind. */

export const KINDS = ['failed', 'unrestarted', 'working', 'waiting', 'skipped', 'now', 'later', 'already'] as const;
type Kind = (typeof KINDS)[number] & (OutcomeSort | 'working' | 'waiting');
export type InstanceFilter = 'all' | Kind;
/** `page` counts from 1; one that is not there becomes the nearest. */
export type Shown = { filter: InstanceFilter; page: number };

export const PAGE_SIZE = 20;

type Row = { group: number; target: PlannedTarget; kind: Kind; outcome?: Outcome };

/** `carried` comes back with each gesture on it. */
export function instancesView(
  request: Request,
  { filter, page }: Shown,
  carried: (shown: Shown) => string,
  language: Language,
): ModalView {
  const words = catalogue(language);
  const { instances, states } = words;
  const all = rowsOf(request);
  const wanted = all.filter(({ kind }) => filter === 'all' || kind === filter);
  const pages = Math.max(1, Math.ceil(wanted.length / PAGE_SIZE));
  const shown = Math.min(Math.max(1, page), pages);
  const rows = wanted.slice((shown - 1) * PAGE_SIZE, shown * PAGE_SIZE);
  const list = rows.length === 0 ? [say`${instances.none}`] : rows.map((row) => lineOf(request, row, words));
  return modal({
    title: instances.title,
    close: instances.close,
    carries: carried({ filter, page: shown }),
    blocks: [
      ...lines([[instances.head(code(request.id), states[request.state])]], language),
      filterBlock(request, all, filter, words),
      ...lines([list], language),
      ...lines([[say`${instances.page(shown, pages, wanted.length)}`]], language),
      ...turning(shown, pages, words),
    ],
  });
}

/** Before it is known what to show, and to whom. */
export function openingInstancesView(language: Language): ModalView {
  return wordsView(render({ paragraphs: [[say`${catalogue(language).instances.opening}`]] }, language), language);
}

/** An answer in the place of the list. */
export function wordsView({ blocks }: Message, language: Language): ModalView {
  const { title, close } = catalogue(language).instances;
  return modal({ title, close, blocks });
}

function rowsOf(request: Request): Row[] {
  const underWay = new Set(
    [...request.batches.values()].flatMap(({ group, epoch, pending }) =>
      epoch > 0 ? [...pending].map((id) => targetKey(group, id)) : [],
    ),
  );
  const rows = request.groups.flatMap((found, group) =>
    (found?.targets ?? []).map((target): Row => {
      const key = targetKey(group, target.id);
      const outcome = request.outcomes.get(key) ?? target.outcome;
      if (outcome !== undefined) return { group, target, kind: sortOf(outcome), outcome };
      const isBegun = underWay.has(key) || (request.targets.get(key)?.done ?? 0) > 0;
      return { group, target, kind: isBegun ? 'working' : 'waiting' };
    }),
  );
  return rows.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

function lineOf(request: Request, { group, target, kind, outcome }: Row, words: Catalogue): Line {
  const { instances, steps } = words;
  const found = request.groups[group];
  const place = request.selections.length > 1 && found !== undefined ? say` · ${placeOf(found)}` : say``;
  const name = say`${instanceName(target)}${place}`;
  if (outcome === undefined) {
    const road = target.steps.map((step) => steps[step]).join(' → ');
    return say`${kind === 'working' ? instances.working : instances.waiting} · ${name} · ${road}`;
  }
  return say`${labelOf(request, { outcome, target }, words)} · ${name}${whyOf(outcome, words)}`;
}

function whyOf(outcome: Outcome, { skips }: Catalogue): Line {
  switch (outcome.kind) {
    case 'failed':
      return say` · ${code(outcome.code, 80)}`;
    case 'skipped':
      return say` · ${skips[outcome.reason].short}`;
    default:
      return 'restartFailed' in outcome && outcome.restartFailed !== undefined
        ? say` · ${code(outcome.restartFailed.code, 80)}`
        : say``;
  }
}

/** Offers the kinds that there are, and the one that was chosen, which may be none by now. */
function filterBlock(request: Request, rows: readonly Row[], chosen: InstanceFilter, words: Catalogue): ActionsBlock {
  const { instances } = words;
  const offer = (filter: InstanceFilter, name: string, count: number) => option(filter, instances.choice(name, count));
  const kinds = KINDS.flatMap((kind) => {
    const alike = rows.filter((row) => row.kind === kind);
    return alike.length === 0 && kind !== chosen
      ? []
      : [offer(kind, kindName(request, kind, alike, words), alike.length)];
  });
  const options = [offer('all', instances.all, rows.length), ...kinds];
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'actions',
    elements: [
      {
        type: 'static_select',
        action_id: LIST_ACTIONS.filter,
        placeholder: plain(instances.show, LIMITS.placeholder),
        options,
        ...(initial && { initial_option: initial }),
      },
    ],
  };
}

function kindName(request: Request, kind: Kind, [first]: readonly Row[], words: Catalogue): string {
  if (kind === 'working' || kind === 'waiting') return words.instances[kind];
  return first?.outcome === undefined
    ? words.instances.all
    : labelOf(request, { ...first, outcome: first.outcome }, words);
}

function turning(page: number, pages: number, { instances }: Catalogue): ActionsBlock[] {
  const turn = (id: string, text: string, to: number) => ({
    type: 'button' as const,
    action_id: id,
    text: plain(text, LIMITS.buttonText),
    value: String(to),
  });
  const elements = [
    ...(page > 1 ? [turn(LIST_ACTIONS.previous, instances.previous, page - 1)] : []),
    ...(page < pages ? [turn(LIST_ACTIONS.next, instances.next, page + 1)] : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}
