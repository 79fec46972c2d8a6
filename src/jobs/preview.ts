import type { Fault } from '../providers/failures.js';
import { type StartTimer, within } from '../within.js';
import { type Command, decide } from './decide.js';
import type { PlanGroup, Selection } from './events.js';
import { evolve } from './evolve.js';
import type { Place } from './find.js';
import type { Unplannable } from './planning/events.js';
import { accountsInPlan, accountsSurveyed } from './planning/selections.js';
import { type People, policyFor } from './policy.js';
import { type Accounts, reach } from './reach-account.js';
import { readSelection } from './read-selection.js';
import { emptyRequest, type Request } from './request.js';
import { type CreateRefusal, checkNew, factsOf, type House, type NewRequest, termsFor } from './terms.js';

/** What a request would become if it were made now. Read and decided as a request is, and stored nowhere. */

export type Preview =
  | { kind: 'refused'; refusals: readonly CreateRefusal[] }
  /** Waiting for approval, or rejected with why; it has no id. */
  | { kind: 'decided'; request: Request; approvers: readonly Approvers[] }
  /** The cloud could not be read; the request would go on trying for a while. */
  | { kind: 'unread'; place: Place; why: { kind: 'late' } | { kind: 'fault'; fault: Fault } };

export type Approvers = { account: string; people: People };

export type Previewer = {
  preview(input: NewRequest): Promise<Preview>;
};

export type PreviewerOptions = Accounts & {
  house: House;
  limitMs: number;
  startTimer: StartTimer;
  now(): number;
};

export function createPreviewer(options: PreviewerOptions): Previewer {
  return {
    async preview(input) {
      const { selections, refusals } = checkNew(options.house, input);
      const [first] = selections;
      if (refusals.length > 0 || first === undefined) return { kind: 'refused', refusals };
      const abort = new AbortController();
      const read = await within(options.startTimer, options.limitMs, readAll(options, input, selections, abort.signal));
      abort.abort();
      return read ?? { kind: 'unread', place: first, why: { kind: 'late' } };
    },
  };
}

type Read = { kind: 'group'; group: PlanGroup } | { kind: 'unplannable'; why: Unplannable };
type Unread = Extract<Preview, { kind: 'unread' }>;

async function readAll(
  options: PreviewerOptions,
  input: NewRequest,
  selections: readonly Selection[],
  signal: AbortSignal,
): Promise<Preview> {
  const read = await Promise.all(selections.map((selection) => readOne(options, input, selection, signal)));
  const unread = read.find((one) => one.kind === 'unread');
  if (unread !== undefined) return unread;
  const whole = read.filter((one) => one.kind !== 'unread');
  const request = decideAll(options, input, selections, whole);
  return { kind: 'decided', request, approvers: approversOf(options.house, request) };
}

async function readOne(
  options: PreviewerOptions,
  { action = 'detach', restart }: NewRequest,
  selection: Selection,
  signal: AbortSignal,
): Promise<Read | Unread> {
  const { account, region } = selection;
  const place = { account, region };
  const reached = await reach(options, account);
  if (reached.kind === 'unknown') return { kind: 'unplannable', why: { code: 'account-not-usable', account } };
  if (reached.kind === 'fault') return { kind: 'unread', place, why: reached };
  const seen = await readSelection(reached.cloud, selection, { action, restart }, signal);
  return seen.kind === 'fault' ? { kind: 'unread', place, why: seen } : seen;
}

function approversOf({ policies }: House, request: Request): Approvers[] {
  return accountsInPlan(request).flatMap((account) => {
    const people = policyFor(policies, account, request.channel)?.approvers;
    return people === undefined ? [] : [{ account, people }];
  });
}

/** The same decisions as the log would hold, on a request that nobody has made. */
function decideAll(
  { house, now }: PreviewerOptions,
  input: NewRequest,
  selections: readonly Selection[],
  read: readonly Read[],
): Request {
  const at = now();
  const facts = { id: '', origin: '', ...factsOf(house, input, selections) };
  const asked = follow(emptyRequest(''), { type: 'create', facts }, at);
  return read.reduce((request, one, selection): Request => {
    const terms = (...more: readonly string[]) => termsFor(house, request, [...accountsSurveyed(request), ...more]);
    if (one.kind === 'group') {
      const { group } = one;
      return follow(request, { type: 'survey', selection, group, terms: terms(group.account) }, at);
    }
    return follow(request, { type: 'leave-out', selection, why: one.why, terms: terms() }, at);
  }, asked);
}

/** What is refused changes nothing: a request that is rejected stays so. */
function follow(request: Request, command: Command, at: number): Request {
  const decision = decide(request, command, at);
  return decision.ok ? decision.events.reduce((state, event) => evolve(state, event, at), request) : request;
}
