import type { Request } from '../request.js';
import type { Unplannable, Unread } from './events.js';

/** Which parts of a request are in its plan, out of it, or not read yet. Pure. */

type Parts = Pick<Request, 'selections' | 'groups' | 'leftOut'>;

/** Neither surveyed nor left out, by their places. */
export const openSelections = ({ selections, groups, leftOut }: Parts): number[] =>
  [...selections.keys()].filter((place) => groups[place] === undefined && !leftOut.has(place));

/** Accounts of which something is in the plan, or may still come into it. */
export const accountsInPlan = ({ selections, leftOut }: Pick<Request, 'selections' | 'leftOut'>): string[] => [
  ...new Set(selections.flatMap(({ account }, place) => (leftOut.has(place) ? [] : [account]))),
];

/** Accounts of which something was surveyed. */
export const accountsSurveyed = ({ groups }: Pick<Request, 'groups'>): string[] => [
  ...new Set(groups.flatMap((group) => (group === undefined ? [] : [group.account]))),
];

/** So long what was read waits for what could not be; milliseconds. An account that throttles may need a minute. */
export const UNREAD_WAIT_MS = 10_000;

/** When the plan is made without what could not be read; nothing while there is nothing else to do, or to wait for. */
export function closesAt(request: Request): number | undefined {
  const open = openSelections(request);
  const isWaited = open.length > 0 && open.every((place) => request.unread.has(place));
  const hasRest = request.groups.some((group) => group?.targets.some(({ outcome }) => outcome === undefined));
  return request.state === 'planning' && isWaited && hasRest ? request.createdAt + UNREAD_WAIT_MS : undefined;
}

/** Why a selection is left out that could not be read. */
export const unreadable = (
  { account, region }: { account: string; region: string },
  complaint: Omit<Unread, 'selection'>,
): Unplannable => ({ code: 'cloud-failed', account, region, ...complaint });
