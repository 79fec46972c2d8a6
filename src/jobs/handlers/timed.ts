import { dueAt, type Timed } from '../awaiting.js';
import type { Command } from '../decide.js';
import type { Again, Handlers } from '../job.js';
import { escalatedTo, notifiedBy, remindedBy } from '../mentions.js';
import type { WhoIs } from '../notifier.js';
import { accountsSurveyed } from '../planning/selections.js';
import type { Request } from '../request.js';
import type { RequestStore } from '../requests.js';
import { type House, termsFor } from '../terms.js';

export type TimedDependencies = { store: RequestStore; house: House; whoIs: WhoIs; now(): number };

/** What time alone brings to a request, one job for each. */
export function createTimed(dependencies: TimedDependencies): Pick<Handlers, Timed> {
  const { house, whoIs } = dependencies;
  return {
    'close-plan': createOne(dependencies, 'close-plan', async (request) => ({
      type: 'close-plan',
      terms: termsFor(house, request, accountsSurveyed(request)),
    })),
    notify: createOne(dependencies, 'notify', async (request) => ({
      type: 'notify',
      calls: await notifiedBy(house, request, whoIs),
    })),
    remind: createOne(dependencies, 'remind', async (request) => ({
      type: 'remind',
      calls: await remindedBy(house, request, whoIs),
    })),
    escalate: createOne(dependencies, 'escalate', async (request) => ({
      type: 'escalate',
      calls: await escalatedTo(house, request, whoIs),
    })),
    expire: createOne(dependencies, 'expire', async () => ({ type: 'expire' })),
  };
}

/** One that came too early waits on. */
function createOne(
  { store, now }: TimedDependencies,
  what: Timed,
  commandFor: (request: Request) => Promise<Command>,
): (job: { request: string }, signal: AbortSignal) => Promise<Again | undefined> {
  return async (job, signal) => {
    const request = await store.load(job.request);
    const at = dueAt(request, what);
    if (at === undefined) return undefined;
    if (now() < at) return { againInMs: at - now() };
    const command = await commandFor(request);
    // Whoever was asked was cut off, and would go into the log as unknown.
    if (signal.aborted) return { againInMs: 0 };
    const done = await store.transact(job.request, () => command);
    // Where it was refused, somebody was faster, or the policies have changed: then the sweep looks again.
    const next = done.ok ? dueAt(done.request, what) : undefined;
    return next === undefined ? undefined : { againInMs: Math.max(0, next - now()) };
  };
}
