import { type AdvanceDependencies, advance } from '../advance.js';
import type { Handler } from '../job.js';
import type { RequestLog } from '../log.js';
import type { RequestStore } from '../requests.js';

/** A request is noted as open before its first entry; one that never got an entry is forgotten after this. */
const UNBORN_MS = 3_600_000;

export type SweepDependencies = AdvanceDependencies & {
  log: RequestLog;
  store: RequestStore;
  /** One that cannot be looked after must not keep the others from it. */
  onFailed(request: string, error: unknown): void;
};

/** Makes good for every lost job: looks after each request that is not told to its end. */
export function createSweep({ log, store, onFailed, ...rest }: SweepDependencies): Handler<'sweep'> {
  return async () => {
    for (const { id, since } of await log.listOpen()) {
      try {
        const request = await store.load(id);
        if (request.version === 0 && rest.now() > since + UNBORN_MS) await log.noteClosed(id);
        await advance(request, rest);
      } catch (error) {
        onFailed(id, error);
      }
    }
    return undefined;
  };
}
