import type { EventOf, RequestEvent } from '../../jobs/events.js';
import { offIn, openPauses, strandedIn } from '../../jobs/holds/holds.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { keyLine, targetsOf, workOf } from './facts.js';
import type { Line, Paragraph } from './line.js';
import { code, say, user } from './line.js';
import { maskOf } from './outcomes.js';
import { instanceName } from './plan.js';
import { saidLine } from './said.js';

/** What keeps a request from going on, and what somebody has to do about it now. */

const APPROVERS_SHOWN = 5;
const ACCOUNTS_SHOWN = 5;
const INSTANCES_SHOWN = 10;

/** `isLoud`: what was up is down, so the channel hears of it too. */
export type Alert = { lines: Paragraph; isLoud: boolean };

/**
 * What is told at once, and apart: a message each. It counts instances: each is named in the thread once, by the
 * reply that tells its outcome.
 */
export function alertsOf(request: Request, events: readonly RequestEvent[], words: Catalogue): Alert[] {
  const paused = events.filter((event) => event.type === 'paused');
  return [...strandedAlerts(request, events, words), ...paused.map((event) => pausedAlert(request, event, words))];
}

/** Batches of one step are told in one line where the cloud says the same of them. */
function strandedAlerts(request: Request, events: readonly RequestEvent[], words: Catalogue): Alert[] {
  const { holds, formats } = words;
  const mask = maskOf(request);
  const alike = new Map<string, EventOf<'stranded'>[]>();
  for (const event of events) {
    if (event.type !== 'stranded') continue;
    const key = JSON.stringify([event.code, mask(event.message)]);
    alike.set(key, [...(alike.get(key) ?? []), event]);
  }
  return [...alike.values()].map((same) => {
    const count = same.reduce((sum, { instances }) => sum + instances.length, 0);
    const says = saidLine(words, { code: same[0]?.code ?? '', message: mask(same[0]?.message ?? '') });
    const lines = [say`${holds.stranded(count)}`, says, holds.to(formats.list(peopleOf(request)))];
    return { lines, isLoud: true };
  });
}

function pausedAlert(request: Request, event: EventOf<'paused'>, words: Catalogue): Alert {
  const { holds, formats } = words;
  const { account, hint, off } = event;
  const says = saidLine(words, event);
  const lines = [
    holds.paused(code(account, 60), holds.causes[hint]),
    // The cloud was not asked about an account that is not there.
    ...(hint === 'account-not-built' || hint === 'account-not-configured' ? [] : [says]),
    ...(off > 0 ? [say`${holds.offUntilThen(off)}`] : []),
    holds.to(off > 0 ? formats.list(peopleOf(request)) : say`${user(request.requester)}`),
  ];
  return { lines, isLoud: off > 0 };
}

/** Who asked and who said yes: both have something at stake. */
function peopleOf({ requester, approvals }: Request): Line[] {
  const approvers = approvals.slice(0, APPROVERS_SHOWN).map(({ by }) => by);
  return [...new Set([requester, ...approvers])].map((id) => say`${user(id)}`);
}

/** What a cancel has to wait for. */
export const haltedWhile = ({ paused }: EventOf<'halted'>, { holds, formats }: Catalogue): Line[] =>
  paused === undefined
    ? []
    : [holds.haltedWhilePaused(formats.list(paused.map((account) => say`${code(account, 60)}`)))];

/** Louder than that it runs. */
export function holdTitle(request: Request, { holds }: Catalogue): Line | undefined {
  if (request.state !== 'running') return undefined;
  const stranded = strandedIn(request).length;
  if (stranded > 0) return holds.offTitle(keyLine(request), stranded);
  const isPaused = openPauses(request).size > 0 && !request.halted;
  return isPaused ? holds.pausedTitle(keyLine(request), workOf(targetsOf(request)).length) : undefined;
}

/** On top of a request that runs: what is off by its names, and which accounts it waits for. */
export function standingHolds(request: Request, words: Catalogue): Paragraph[] {
  if (request.state !== 'running') return [];
  const { holds, formats } = words;
  const stranded = strandedIn(request);
  const pauses = [...openPauses(request)].slice(0, ACCOUNTS_SHOWN);
  const off = offIn(
    request,
    pauses.map(([account]) => account),
  ).filter((target) => !stranded.includes(target));
  const listed = (targets: typeof off): Line => {
    const names = targets.slice(0, INSTANCES_SHOWN).map(instanceName);
    const more = targets.length - names.length;
    return formats.list(more > 0 ? [...names, say`${words.root.moreInstances(more)}`] : names);
  };
  const paused = pauses.map(([account, { hint }]) => holds.paused(code(account, 60), holds.causes[hint]));
  return [
    ...(stranded.length > 0 ? [[holds.stillOff(listed(stranded))]] : []),
    ...(paused.length > 0 ? [[...paused, ...(off.length > 0 ? [holds.waitOff(listed(off))] : [])]] : []),
  ];
}
