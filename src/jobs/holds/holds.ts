import type { Fault, Hint } from '../../providers/failures.js';
import type { CallFault, EventOf } from '../events.js';
import type { Batch, Pause, Request, Target } from '../request.js';
import { targetKey } from '../request.js';
import { PAUSING_HINTS, type PausingHint } from './events.js';

/** What keeps a running request from going on: an account that lets nobody in, an instance that does not start. Pure. */

export const isPausing = (hint: Hint): hint is PausingHint => (PAUSING_HINTS as readonly Hint[]).includes(hint);

/** Whether whoever is answered so was let in first. */
export const letsIn = ({ kind, hint }: Pick<Fault, 'kind' | 'hint'>): boolean =>
  !isPausing(hint) && ['forbidden', 'not-found', 'invalid', 'unsupported', 'conflict', 'quota'].includes(kind);

/** `askedAt`: when the reading or call began that showed it; `byCall`: a call showed it, not a reading. */
type Seen = { account: string; askedAt: number; byCall: boolean };
export type PauseCommand = Seen & { type: 'pause'; fault: { code: string; message: string; hint: PausingHint } };
export type ResumeCommand = Seen & { type: 'resume' };
export type Trouble = Pick<CallFault, 'code' | 'message' | 'hint' | 'instances'>;
export type StrandCommand = { type: 'strand'; batch: string; troubles: readonly Trouble[] };

/** Told once, by whoever asked after the last pause was over: an earlier question says nothing of now. */
export function pause(request: Request, { account, askedAt, byCall, fault }: PauseCommand): EventOf<'paused'>[] {
  const last = request.pauses.get(account);
  const isKnown = last !== undefined && (last.overAt === undefined || askedAt < last.overAt);
  if (request.state !== 'running' || isKnown) return [];
  const { code, message, hint } = fault;
  return [{ type: 'paused', account, code, message, hint, byCall, off: offIn(request, [account]).length }];
}

export function resume(request: Request, { account, askedAt, byCall }: ResumeCommand): EventOf<'resumed'>[] {
  const open = openPauses(request).get(account);
  if (request.state !== 'running' || open === undefined || askedAt < open.at) return [];
  return open.byCall && !byCall ? [] : [{ type: 'resumed', account }];
}

/** Each instance is told of once. */
export function strand(request: Request, { batch: id, troubles }: StrandCommand): EventOf<'stranded'>[] {
  const batch = request.batches.get(id);
  if (request.state !== 'running' || batch?.step !== 'start') return [];
  return troubles.flatMap(({ instances, ...complaint }): EventOf<'stranded'>[] => {
    const fresh = instances.filter((one) => batch.pending.has(one) && !batch.stranded.has(one));
    return fresh.length === 0 ? [] : [{ type: 'stranded', batch: id, ...complaint, instances: fresh }];
  });
}

export const openPauses = ({ pauses }: Request): ReadonlyMap<string, Pause> =>
  new Map([...pauses].filter(([, { overAt }]) => overAt === undefined));

/** Instances that the bot stopped and that people were told of, until they run again. */
export function strandedIn(request: Request): Target[] {
  return targetsOf(request, ({ stranded, pending }) => [...stranded].filter((id) => pending.has(id)));
}

/** Instances in these accounts that the bot stopped, or may have, and that have not been started again. */
export function offIn(request: Request, accounts: readonly string[]): Target[] {
  const stopping = targetsOf(request, ({ step, calls, pending }) =>
    step === 'stop' ? [...calls.keys()].filter((id) => pending.has(id)) : [],
  );
  const stopped = [...request.targets]
    .filter(([key, { stoppedByUs }]) => stoppedByUs && !request.outcomes.has(key))
    .map(([, target]) => target);
  return [...stopped, ...stopping].filter(({ group }) => accounts.includes(request.groups[group]?.account ?? ''));
}

const targetsOf = (request: Request, choose: (batch: Batch) => readonly string[]): Target[] =>
  [...request.batches.values()].flatMap((batch) =>
    choose(batch).flatMap((id) => request.targets.get(targetKey(batch.group, id)) ?? []),
  );
