import { isExpired } from '../decide.js';
import type { Handler } from '../job.js';
import type { RequestStore } from '../requests.js';

export function createExpire(store: RequestStore, now: () => number): Handler<'expire'> {
  return async (job) => {
    const request = await store.load(job.request);
    if (request.state !== 'awaiting-approval' || request.plan === undefined) return undefined;
    if (!isExpired(request, now())) return { againInMs: request.plan.expiresAt - now() };
    await store.transact(job.request, () => ({ type: 'expire' }));
    return undefined;
  };
}
