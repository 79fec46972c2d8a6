import type { PlanGroup, PlannedTarget, Selection } from '../../jobs/events.js';
import type { Request } from '../../jobs/request.js';
import { isRestartOnly } from '../../jobs/steps.js';
import type { Outcome, SkipReason } from '../../providers/answers.js';
import type { Catalogue } from './catalogue.js';
import type { Line } from './line.js';
import { code, name, quoted, say } from './line.js';
import type { Counts } from './sentences/sentences.js';

/** What messages read out of a request. */

export const groupsOf = (request: Request): PlanGroup[] => request.groups.filter((group) => group !== undefined);

export const targetsOf = (request: Request): PlannedTarget[] => groupsOf(request).flatMap((group) => group.targets);

/** Left out of the plan, and not for want of instances that have the key. */
export const unplannedIn = ({ selections, leftOut }: Request): Selection[] =>
  selections.filter((_, place) => leftOut.has(place) && leftOut.get(place)?.code !== 'nothing-bound');

/** Those that something is done to. */
export const workOf = (targets: readonly PlannedTarget[]): PlannedTarget[] =>
  targets.filter((target) => target.outcome === undefined);

export const placeOf = ({ account, region }: { account: string; region: string }): Line =>
  say`${name(account)}/${name(region)}`;

/** The names of the plan's key pairs, as the cloud has them or as they were asked for; of all while none is in it. */
export function keysOf({ selections, groups, leftOut }: Request): string[] {
  const names = selections.map(({ key }, place) => groups[place]?.keyPair.name ?? key);
  const inPlan = names.filter((_, place) => !leftOut.has(place));
  return [...new Set(inPlan.length > 0 ? inPlan : names)];
}

const WARNINGS_SHOWN = 5;
const WARNING_LENGTH = 300;

/** What the config said of the accounts, in the words of whoever wrote it. */
export function warningLines({ warnings = [] }: Request, { root }: Catalogue): Line[] {
  const shown = warnings.slice(0, WARNINGS_SHOWN);
  const more = warnings.length - shown.length;
  return [
    ...shown.map(({ account, text }) => root.warning(code(account, 60), quoted(text, WARNING_LENGTH))),
    ...(more > 0 ? [say`${root.morePlaces(more)}`] : []),
  ];
}

export function keyLine(request: Request): Line {
  const [first = '', ...others] = keysOf(request);
  return say`${code(first)}${others.length > 0 ? ', …' : ''}`;
}

/** "detach key deploy". */
export const goalLine = (request: Request, { actions }: Catalogue): Line =>
  actions[request.action].goal(keyLine(request));

/** What the plan costs. */
export function costOf(request: Request) {
  const work = groupsOf(request).flatMap((group) => workOf(group.targets).map((target) => ({ group, target })));
  const count = (test: (entry: (typeof work)[number]) => boolean) => work.filter(test).length;
  return {
    restarts: count(({ target }) => target.steps.includes('restart')),
    restartsOnly: count(({ target }) => isRestartOnly(target)),
    powerOffs: count(({ target }) => target.steps.includes('stop')),
    waits: count(
      ({ group, target }) =>
        group.effectiveWhenRunning === 'after-restart' &&
        target.state === 'running' &&
        !target.steps.includes('restart') &&
        !target.steps.includes('stop'),
    ),
  };
}

/** Where this turns password login off. */
export const losingPassword = (request: Request): PlanGroup[] =>
  groupsOf(request).filter(
    ({ attachDisablesPassword, targets }) =>
      request.action === 'attach' && attachDisablesPassword && targets.some(({ steps }) => steps.includes('attach')),
  );

export function skippedReasons(targets: readonly PlannedTarget[]): Map<SkipReason, number> {
  const counts = new Map<SkipReason, number>();
  for (const { outcome } of targets) {
    if (outcome?.kind === 'skipped') counts.set(outcome.reason, (counts.get(outcome.reason) ?? 0) + 1);
  }
  return counts;
}

export type OutcomeSort = Exclude<keyof Counts, 'work' | 'done' | 'waiting' | 'unplanned'>;

export function sortOf(outcome: Outcome): OutcomeSort {
  switch (outcome.kind) {
    case 'detached':
    case 'attached':
      if (outcome.restartFailed !== undefined) return 'unrestarted';
      return outcome.effective === 'now' ? 'now' : 'later';
    case 'not-bound':
    case 'already-bound':
      return 'already';
    case 'skipped':
    case 'failed':
      return outcome.kind;
  }
}

export function countsOf(request: Request): Counts {
  const { targets, outcomes } = request;
  const counts = { done: 0, waiting: 0, now: 0, later: 0, already: 0, skipped: 0, failed: 0, unrestarted: 0 };
  for (const [key, outcome] of outcomes) {
    counts[sortOf(outcome)] += 1;
    if (targets.get(key)?.outcome === undefined) counts.done += 1;
    if ('effective' in outcome && outcome.effective === 'after-restart') counts.waiting += 1;
  }
  return { work: workOf([...targets.values()]).length, unplanned: unplannedIn(request).length, ...counts };
}

/** "1 failed, 2 detached": nothing while nothing is told. */
export const countsLine = (request: Request, { actions, root, formats }: Catalogue): string =>
  root.counts(countsOf(request), actions[request.action].counts).join(formats.comma);

const DIGEST_SHOWN = 12;

/** Enough of it to tell two plans apart. */
export const shortDigest = (digest: string): string => digest.slice(0, DIGEST_SHOWN);
