import { type AdvanceDependencies, advance } from '../advance.js';
import type { Handler } from '../job.js';
import type { RequestStore } from '../requests.js';

export function createAdvance(store: RequestStore, dependencies: AdvanceDependencies): Handler<'advance'> {
  return async (job) => {
    await advance(await store.load(job.request), dependencies);
    return undefined;
  };
}
