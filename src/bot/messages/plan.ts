import type { PlanGroup, PlannedTarget } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { costOf, groupsOf, losingPassword, placeOf, skippedReasons, sortOf, targetsOf, workOf } from './facts.js';
import type { Line, Paragraph } from './line.js';
import { code, name, say } from './line.js';

const PLACES_SHOWN = 5;
const INSTANCES_SHOWN = 5;

/** What an approver says yes to: where, which instances, what each goes through, what it costs. */
export function planParagraphs(request: Request, words: Catalogue): Paragraph[] {
  return [places(request, words), costs(request, words), [warning(request, words)]];
}

function warning(request: Request, { root, formats }: Catalogue): Line {
  if (request.action === 'detach') return say`${root.lockOut}`;
  const losing = losingPassword(request).slice(0, PLACES_SHOWN).map(placeOf);
  return root.inexact(losing.length > 0 ? formats.list(losing) : undefined);
}

function places(request: Request, words: Catalogue): Paragraph {
  const groups = groupsOf(request);
  const shown = groups.slice(0, PLACES_SHOWN);
  const each = Math.max(1, Math.floor(INSTANCES_SHOWN / shown.length));
  const lines = shown.flatMap((group) => place(group, each, words));
  const more = groups.length - shown.length;
  return more > 0 ? [...lines, say`${words.root.morePlaces(more)}`] : lines;
}

function place(group: PlanGroup, most: number, words: Catalogue): Line[] {
  const work = workOf(group.targets);
  const shown = work.slice(0, most);
  return [
    words.root.place(code(group.keyPair.name), placeOf(group), work.length),
    ...shown.map((target) => planned(target, words)),
    ...(work.length > shown.length ? [say`${words.root.moreInstances(work.length - shown.length)}`] : []),
  ];
}

function planned(target: PlannedTarget, { root, instanceStates, steps }: Catalogue): Line {
  const road = target.steps.map((step) => steps[step]).join(' → ');
  return root.planned(instanceName(target), instanceStates[target.state], road);
}

/** "i-abc (web-1)". */
export function instanceName({ id, name: given }: { id: string; name: string }): Line {
  return given.trim() === '' || given === id ? say`${name(id)}` : say`${name(id)} (${name(given, 60)})`;
}

function costs(request: Request, { actions, root, skips, formats }: Catalogue): Paragraph {
  const own = actions[request.action];
  const { restarts, restartsOnly, powerOffs, waits } = costOf(request);
  const targets = targetsOf(request);
  const reasons = [...skippedReasons(targets)];
  const skipped = reasons.reduce((sum, [, count]) => sum + count, 0);
  const listed = reasons.map(([reason, count]) =>
    reasons.length === 1 ? say`${skips[reason].short}` : say`${root.skippedSort(count, skips[reason].short)}`,
  );
  const already = targets.filter(({ outcome }) => outcome !== undefined && sortOf(outcome) === 'already').length;
  const lines = [
    ...(restarts > 0 ? [root.restarts(restarts)] : []),
    ...(restartsOnly > 0 ? [own.restartsOnly(restartsOnly)] : []),
    ...(powerOffs > 0 ? [root.powerOffs(powerOffs)] : []),
    ...(restarts + powerOffs === 0 ? [root.noRestart] : []),
    ...(waits > 0 ? [own.waitsForRestart(waits)] : []),
  ];
  return [
    ...lines.map((line) => say`${line}`),
    ...(skipped > 0 ? [root.skipped(skipped, formats.list(listed))] : []),
    ...(already > 0 ? [say`${own.already(already)}`] : []),
  ];
}
