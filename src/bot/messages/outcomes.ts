import type { EventOf, PlannedTarget } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import type { Outcome } from '../../providers/answers.js';
import type { Catalogue } from './catalogue.js';
import { placeOf, sortOf } from './facts.js';
import type { Line } from './line.js';
import { code, quoted, say, strong } from './line.js';
import type { Piece } from './pages.js';
import { instanceName } from './plan.js';
import { saidLine } from './said.js';

/** `place`: in the plan. */
type Told = { group: number; place: number; target: Pick<PlannedTarget, 'id' | 'name' | 'steps'>; outcome: Outcome };

const ORDER = ['failed', 'unrestarted', 'skipped', 'now', 'later', 'already'] as const;

/** Instances with the same outcome under one heading, in the plan's order, what needs a look first; each instance once. */
export function outcomePieces(request: Request, events: readonly EventOf<'settled'>[], words: Catalogue): Piece[] {
  const alike = new Map<string, Told[]>();
  const mask = maskOf(request);
  for (const told of events.flatMap((event) => toldIn(request, event))) {
    const outcome = withoutIds(told.outcome, mask);
    const key = JSON.stringify([ORDER.indexOf(sortOf(outcome)), told.group, stateless(outcome), broughtBackBy(told)]);
    alike.set(key, [...(alike.get(key) ?? []), { ...told, outcome }]);
  }
  const groups = [...alike.values()].sort((a, b) => rank(a) - rank(b));
  return groups.map((group) => piece(request, group.sort(byPlace), words));
}

const byPlace = (one: Told, other: Told): number => one.place - other.place;
const rank = ([first]: readonly Told[]): number => (first ? ORDER.indexOf(sortOf(first.outcome)) : 0);

/** What makes outcomes alike: all but the request id, which some clouds give one of to each instance. */
const stateless = (outcome: Outcome): unknown =>
  outcome.kind === 'failed' ? { ...outcome, requestId: undefined } : outcome;

const broughtBackBy = ({ target, outcome }: Told): string =>
  sortOf(outcome) === 'unrestarted' && target.steps.includes('stop') ? 'start' : 'restart';

function toldIn(request: Request, event: EventOf<'settled'>): Told[] {
  const planned = new Map(request.groups[event.group]?.targets.map((target, place) => [target.id, { target, place }]));
  return Object.entries(event.outcomes).map(([id, outcome]) => ({
    group: event.group,
    ...(planned.get(id) ?? { target: { id, name: '', steps: [] }, place: planned.size }),
    outcome,
  }));
}

/** Clouds name instances in their words; with those taken out, words that say the same are the same. */
export function maskOf(request: Request): (text: string) => string {
  const ids = new Set(request.groups.flatMap((group) => group?.targets.map(({ id }) => id) ?? []));
  return (text) => text.replace(/[\w-]+/gu, (word) => (ids.has(word) ? '…' : word));
}

function withoutIds(outcome: Outcome, mask: (text: string) => string): Outcome {
  if (outcome.kind === 'failed') return { ...outcome, message: mask(outcome.message) };
  if (outcome.kind === 'skipped' && outcome.detail !== undefined) return { ...outcome, detail: mask(outcome.detail) };
  if (outcome.kind !== 'detached' && outcome.kind !== 'attached') return outcome;
  const { restartFailed } = outcome;
  if (restartFailed === undefined) return outcome;
  return { ...outcome, restartFailed: { ...restartFailed, message: mask(restartFailed.message) } };
}

function piece(request: Request, alike: readonly Told[], words: Catalogue): Piece {
  const [first] = alike;
  if (first === undefined) return { head: [], items: [], continued: [] };
  const ids = new Set(alike.map(({ outcome }) => (outcome.kind === 'failed' ? (outcome.requestId ?? '') : '')));
  const sharedId = ids.size === 1 ? ([...ids][0] ?? '') : '';
  const label = say`${strong(labelOf(request, first, words))}${where(request, first.group, words)}`;
  const notes = notesOf(request, first, sharedId, words);
  const item = (told: Told) => say`${instanceName(told.target)}${sharedId === '' ? ownId(told, words) : say``}`;
  if (alike.length === 1)
    return { head: [say`${instanceName(first.target)} ${label}`, ...notes], items: [], continued: [] };
  const heading = say`${label} · ${words.formats.instances(alike.length)}`;
  return {
    head: [heading, ...notes],
    items: alike.map((told) => say`• ${item(told)}`),
    continued: [say`${label}${words.thread.continued}`],
  };
}

/** A sign and a word. */
export function labelOf(
  { action }: Request,
  { outcome, target }: Pick<Told, 'outcome' | 'target'>,
  { actions, outcomes }: Catalogue,
): string {
  const own = actions[action].outcomes;
  switch (sortOf(outcome)) {
    case 'now':
      return own.now;
    case 'later':
      return own.later;
    case 'unrestarted':
      return target.steps.includes('stop') ? own.notStarted : own.notRestarted;
    case 'skipped':
      return outcomes.skipped;
    case 'failed':
      return outcomes.failed;
    case 'already':
      return own.already;
  }
}

/** Where the request spans several places or key pairs. */
function where(request: Request, index: number, { thread }: Catalogue): Line {
  const group = request.groups[index];
  if (request.selections.length < 2 || group === undefined) return say``;
  return say` · ${thread.at(placeOf(group), code(group.keyPair.name))}`;
}

function notesOf(request: Request, { outcome, target }: Told, sharedId: string, words: Catalogue): Line[] {
  const { outcomes, hints, skips } = words;
  const own = words.actions[request.action];
  switch (outcome.kind) {
    case 'failed': {
      const said = saidLine(words, outcome);
      return [
        say`${own.hints[outcome.hint] ?? hints[outcome.hint]}`,
        sharedId === '' ? said : say`${said} · ${outcomes.requestId(code(sharedId))}`,
      ];
    }
    case 'skipped': {
      const why = own.skips[outcome.reason] ?? skips[outcome.reason].long;
      return [outcome.detail === undefined ? say`${why}` : say`${why} (${quoted(outcome.detail, 100)})`];
    }
    case 'detached':
    case 'attached': {
      const { restartFailed } = outcome;
      if (restartFailed === undefined) return outcome.effective === 'now' ? [] : [say`${own.outcomes.laterMeans}`];
      const help = target.steps.includes('stop') ? outcomes.startHelp : own.outcomes.restartHelp;
      return [say`${help}`, saidLine(words, restartFailed)];
    }
    case 'not-bound':
    case 'already-bound':
      return [];
  }
}

function ownId({ outcome }: Told, { outcomes }: Catalogue): Line {
  const id = outcome.kind === 'failed' ? outcome.requestId : undefined;
  return id === undefined ? say`` : say` · ${outcomes.requestId(code(id, 80))}`;
}
