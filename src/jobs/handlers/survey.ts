import type { Selection } from '../events.js';
import { isPausing } from '../holds/holds.js';
import type { Handler } from '../job.js';
import type { Unplannable } from '../planning/events.js';
import type { PlanningCommand } from '../planning/planning.js';
import { accountsSurveyed, unreadable } from '../planning/selections.js';
import { type Accounts, reach } from '../reach-account.js';
import { type Cloud, readSelection, type Seen } from '../read-selection.js';
import type { Request } from '../request.js';
import type { RequestStore } from '../requests.js';
import { spread } from '../spread.js';
import { type House, termsFor } from '../terms.js';

export type SurveyDependencies = Accounts & {
  store: RequestStore;
  house: House;
  now(): number;
  /** From 0 to 1. */
  random(): number;
  patienceMs: number;
};

const FIRST_WAIT_MS = 1000;

/** Reads what a selection means: which key pair, which instances, what each has to go through. */
export function createSurvey(dependencies: SurveyDependencies): Handler<'survey'> {
  const { store, house, now, random, patienceMs } = dependencies;

  return async ({ request: id, selection: place }, signal) => {
    const request = await store.load(id);
    const selection = request.selections[place];
    if (request.state !== 'planning' || selection === undefined) return undefined;
    const { account } = selection;
    const planFurther = (commandFor: (request: Request) => PlanningCommand) => store.transact(id, commandFor);
    const termsOf = (at: Request, ...more: readonly string[]) =>
      termsFor(house, at, [...accountsSurveyed(at), ...more]);
    const leaveOut = async (why: Unplannable) => {
      await planFurther((at) => ({ type: 'leave-out', selection: place, why, terms: termsOf(at) }));
      return undefined;
    };

    if (termsFor(house, request, [account]).quorums.length === 0) {
      return leaveOut({ code: 'account-not-usable', account });
    }
    const reached = await reach(dependencies, account);
    if (reached.kind === 'unknown') return leaveOut({ code: 'account-not-usable', account });
    const seen = reached.kind === 'fault' ? reached : await look(store, request, selection, reached.cloud, signal);
    switch (seen.kind) {
      case 'unplannable':
        return leaveOut(seen.why);
      case 'fault': {
        const age = now() - request.createdAt;
        const { code: cloudCode, message, hint, repeat, retryAfterMs } = seen.fault;
        const complaint = { cloudCode, message, hint };
        // What lets nobody in for now, as keys that are over, may be mended while others are waited for anyway.
        const isForGood = repeat === 'never' && !isPausing(hint);
        if (isForGood || age >= patienceMs) return leaveOut(unreadable(selection, complaint));
        const unread = { selection: place, ...complaint };
        await planFurther((at) => ({ type: 'note-unread', unread, terms: termsOf(at) }));
        return { againInMs: spread(Math.max(FIRST_WAIT_MS, age, retryAfterMs ?? 0), random) };
      }
      case 'group': {
        const { group } = seen;
        await planFurther((at) => ({ type: 'survey', selection: place, group, terms: termsOf(at, account) }));
        return undefined;
      }
    }
  };
}

async function look(
  store: RequestStore,
  request: Request,
  selection: Selection,
  cloud: Cloud,
  signal: AbortSignal,
): Promise<Seen> {
  const { action, restart } = request;
  const earlier = await earlierOf(store, request);
  return readSelection(cloud, selection, { action, restart, ...(earlier && { earlier }) }, signal);
}

/** The one that it goes on from. What was left out of a request reads as it would have there. */
async function earlierOf(store: RequestStore, { after }: Request): Promise<Request | undefined> {
  if (after === undefined) return undefined;
  const earlier = await store.load(after.request);
  return after.why === 'left-out' ? earlierOf(store, earlier) : earlier;
}
