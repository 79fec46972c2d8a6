import type { Fault } from '../../providers/failures.js';
import type { Batch, Request } from '../request.js';
import type { RequestStore } from '../requests.js';
import { isPausing, openPauses, type Trouble } from './holds.js';

/** Notes in the log what keeps a batch waiting, so that people are told, and that it is over. */

type Place = { request: Request; account: string };
/** When the reading or the call began, and which of the two it was. */
export type Asked = { askedAt: number; byCall: boolean };

/** Whether this fault pauses the account; then that is in the log, once. */
export async function notePause(
  store: RequestStore,
  { request, account }: Place,
  { code, message, hint }: Pick<Fault, 'code' | 'message' | 'hint'>,
  asked: Asked,
): Promise<boolean> {
  if (!isPausing(hint)) return false;
  await store.transact(request.id, () => ({ type: 'pause', account, fault: { code, message, hint }, ...asked }));
  return true;
}

/** Whether the account was paused, and goes on with this answer. */
export async function noteResume(store: RequestStore, { request, account }: Place, asked: Asked): Promise<boolean> {
  if (!openPauses(request).has(account)) return false;
  return (await store.transact(request.id, () => ({ type: 'resume', account, ...asked }))).ok;
}

/** Tells of each instance once; whether it still stands so is for the next reading. */
export async function noteStranded(
  store: RequestStore,
  { request, batch }: { request: Request; batch: Batch },
  troubles: readonly Trouble[],
): Promise<void> {
  if (troubles.every(({ instances }) => instances.every((id) => batch.stranded.has(id)))) return;
  await store.transact(request.id, () => ({ type: 'strand', batch: batch.id, troubles }));
}
