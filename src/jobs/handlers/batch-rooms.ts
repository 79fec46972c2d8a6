import { isKeyPairStep, type PlanGroup } from '../events.js';
import { type Batch, type Request, targetKey } from '../request.js';
import type { RoomPlace, Rooms } from '../rooms.js';
import { mostUnderWay } from '../steps.js';

/** Holds a batch to what its account may have under way, over all requests. */

type Work = { request: Request; batch: Batch; group: PlanGroup };

/** A stop leads to the key pair write; whatever else comes is past it. */
const isOnTheWay = ({ step }: Batch): boolean => step === 'stop' || isKeyPairStep(step);

const placeOf = ({ request, batch, group }: Work): RoomPlace => ({
  account: group.account,
  request: request.id,
  group: batch.group,
});

/** Which of these may be called now. */
export async function takeRooms(rooms: Rooms, work: Work, instances: readonly string[]): Promise<readonly string[]> {
  if (!isOnTheWay(work.batch)) return instances;
  return rooms.take(placeOf(work), mostUnderWay(work.request, work.group), instances);
}

/** Whoever looks after a batch keeps its rooms, and gives back what it needs no more. */
export async function lookAfterRooms(rooms: Rooms, work: Work): Promise<void> {
  const pending = [...work.batch.pending];
  await (isOnTheWay(work.batch) ? rooms.keep(placeOf(work), pending) : rooms.leave(placeOf(work), pending));
}

/** `next`: the request after a report or a call. One that was stopped keeps its room for the write. */
export async function leaveRooms(rooms: Rooms, work: Work, next: Request): Promise<void> {
  const { id, step, group, pending } = work.batch;
  const still = next.batches.get(id)?.pending ?? new Set();
  const isPast = (one: string) => step !== 'stop' || next.targets.get(targetKey(group, one))?.verdict !== undefined;
  await rooms.leave(
    placeOf(work),
    [...pending].filter((one) => !still.has(one) && isPast(one)),
  );
}
