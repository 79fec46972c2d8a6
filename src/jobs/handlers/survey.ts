import type { Terms } from '../decide.js';
import type { PlanGroup, Rejection } from '../events.js';
import type { Handler } from '../job.js';
import { type CloudFor, readSelection } from '../reading.js';
import type { RequestStore } from '../requests.js';
import { type House, termsFor } from '../terms.js';

export type SurveyDependencies = {
  store: RequestStore;
  house: House;
  cloudFor: CloudFor;
  now(): number;
  patienceMs: number;
};

const FIRST_WAIT_MS = 1000;

/** Reads what a selection means: which key pair, which instances, what each has to go through. */
export function createSurvey({ store, house, cloudFor, now, patienceMs }: SurveyDependencies): Handler<'survey'> {
  return async (job, signal) => {
    const request = await store.load(job.request);
    const selection = request.selections[job.selection];
    if (request.state !== 'planning' || selection === undefined) return undefined;
    const reject = async (rejection: Rejection) => {
      await store.transact(job.request, () => ({ type: 'reject', rejection }));
      return undefined;
    };
    const terms = termsFor(house, request);
    const cloud = 'missing' in terms ? undefined : await cloudFor(selection.account);
    if ('missing' in terms || cloud === undefined) {
      return reject({ code: 'account-not-usable', account: 'missing' in terms ? terms.missing : selection.account });
    }
    const earlier = request.after && (await store.load(request.after.request));
    const seen = await readSelection(
      cloud,
      selection,
      { restart: request.restart, ...(earlier && { earlier }) },
      signal,
    );
    switch (seen.kind) {
      case 'rejected':
        return reject(seen.rejection);
      case 'fault': {
        const age = now() - request.createdAt;
        if (seen.fault.repeat !== 'never' && age < patienceMs) return { againInMs: Math.max(FIRST_WAIT_MS, age) };
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

async function settle(
  store: RequestStore,
  job: { request: string; selection: number },
  group: PlanGroup,
  terms: Terms,
): Promise<void> {
  await store.transact(job.request, () => ({ type: 'survey', selection: job.selection, group, terms }));
}
