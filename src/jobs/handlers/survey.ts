import type { Terms } from '../awaiting.js';
import type { PlanGroup, Rejection, Selection } from '../events.js';
import type { Handler } from '../job.js';
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
  return async (job, signal) => {
    const request = await store.load(job.request);
    const selection = request.selections[job.selection];
    if (request.state !== 'planning' || selection === undefined) return undefined;
    const reject = async (rejection: Rejection) => {
      await store.transact(job.request, () => ({ type: 'reject', rejection }));
      return undefined;
    };
    const terms = termsFor(house, request);
    if ('missing' in terms) return reject({ code: 'account-not-usable', account: terms.missing });
    const reached = await reach(dependencies, selection.account);
    if (reached.kind === 'unknown') return reject({ code: 'account-not-usable', account: selection.account });
    const seen = reached.kind === 'fault' ? reached : await look(store, request, selection, reached.cloud, signal);
    switch (seen.kind) {
      case 'rejected':
        return reject(seen.rejection);
      case 'fault': {
        const age = now() - request.createdAt;
        const isWorth = seen.fault.repeat !== 'never' && age < patienceMs;
        if (isWorth) return { againInMs: spread(Math.max(FIRST_WAIT_MS, age, seen.fault.retryAfterMs ?? 0), random) };
        const { account, region } = selection;
        const { code: cloudCode, message, hint } = seen.fault;
        return reject({ code: 'cloud-failed', account, region, cloudCode, message, hint });
      }
      case 'group':
        await settle(store, job, seen.group, terms);
        return undefined;
    }
  };
}

async function look(
  store: RequestStore,
  { action, restart, after }: Request,
  selection: Selection,
  cloud: Cloud,
  signal: AbortSignal,
): Promise<Seen> {
  const earlier = after && (await store.load(after.request));
  return readSelection(cloud, selection, { action, restart, ...(earlier && { earlier }) }, signal);
}

async function settle(
  store: RequestStore,
  job: { request: string; selection: number },
  group: PlanGroup,
  terms: Terms,
): Promise<void> {
  await store.transact(job.request, () => ({ type: 'survey', selection: job.selection, group, terms }));
}
