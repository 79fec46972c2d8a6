import type { Fault } from '../providers/failures.js';
import type { CallFault } from './events.js';

/**
 * How the instances of a batch are parted into calls. A cloud may refuse a whole call for one instance, without a
 * word on which one. Then the call is halved, until the one is called alone and the others are done:
 *
 *     01234567 refused   0123 refused   01 refused   0 refused: told   1 taken   23 taken   4567 taken
 *
 * Some refusals may be everyone's: no permission, a fault in our call, a code that nobody has listed. Those are halved
 * as well, but as long as the cloud has taken no call, only one part goes further and the others are held:
 *
 *     01234567   0123   4567   01   23   0   1       all refused: so are 2, 3, 4, 5, 6 and 7, without a call
 *
 * To be mistaken there takes one refused instance in each part that was called. As soon as a call is taken, the
 * refusal is not everyone's, and what was held is halved to the end. Pure.
 */

export type Part = readonly string[];

export type Halving = {
  /** To be called, each by itself. What is being called, or was and nobody knows what came of it, is the first. */
  open: readonly Part[];
  /** Refused, of the two halves that are being called: the first goes further if both are. */
  halves: readonly Part[];
  /** Refused earlier, and halved once it is known that the refusal is not everyone's. */
  held: readonly Part[];
  /** A part was taken, or refused in another way: what is refused is not everyone's. */
  isSome: boolean;
};

export const UNPARTED: Halving = Object.freeze({ open: [], halves: [], held: [], isSome: false });

/** Whether it was said of a whole call, for some of its instances: nothing is known of each. */
export const isForSome = ({ about }: { about?: CallFault['about'] | undefined }): boolean =>
  about === 'some' || about === 'some-or-all';

/** Whether the refusal of a call for many may be for one of them. What passes by itself says nothing of instances. */
export function mayBeForOne({ kind, hint, repeat }: Pick<Fault, 'kind' | 'hint' | 'repeat'>): boolean {
  return repeat !== 'later' && kind !== 'auth' && kind !== 'aborted' && hint !== 'check-key-pair';
}

/** What is called next, of those that may be: an open part as it is, else all that are in no part. */
export function nextCall(halving: Halving, due: readonly string[], isOutOfReach: (id: string) => boolean): Part {
  const ofPart = (part: Part) => part.filter((id) => due.includes(id));
  const [part] = halving.open.map(ofPart).filter(isFilled);
  if (part !== undefined) return part;
  const waiting = waitingIn(halving);
  const others = without(due, [...halving.open, ...waiting].flat());
  if (others.length > 0) return others;
  // A part that waits for what the cloud does not show would hold the others for as long.
  const isStuck = halving.open.flat().every(isOutOfReach);
  return isStuck ? (waiting.flatMap(halve).map(ofPart).find(isFilled) ?? []) : [];
}

/** Whether anything is to be called besides these. */
export const hasMore = ({ open }: Halving, instances: Part): boolean => without(open.flat(), instances).length > 0;

/** Whom this refusal of one, called alone, is about as well: all that wait, where no half is left to go further. */
export function everyoneElse(halving: Halving, instances: Part): Part {
  const isLast = instances.length === 1 && halving.halves.length === 0 && !hasMore(halving, instances);
  return isLast ? without(halving.held.flat(), instances) : [];
}

export function afterClaim(halving: Halving, instances: Part): Halving {
  const { open, halves, held, isSome } = halving;
  const isTouched = (part: Part) => part.some((id) => instances.includes(id));
  const left = (parts: readonly Part[]) => parts.filter((part) => !isTouched(part));
  const rest = [...open, ...waitingIn(halving).filter(isTouched)].map((part) => without(part, instances));
  const isFresh = open.length === 0 && waitingIn(halving).length === 0;
  return {
    open: [instances, ...rest.filter(isFilled)],
    halves: left(halves),
    held: left(held),
    isSome: isSome && !isFresh,
  };
}

/** `refused`: those that are over with this answer. */
export function afterAnswer(halving: Halving, faults: readonly CallFault[], refused: Part): Halving {
  const [called = [], ...open] = halving.open;
  switch (faults.find(({ about }) => about !== undefined)?.about) {
    case 'call':
      return halving;
    case 'some':
      return released({ ...halving, open: [...halve(called), ...open] });
    case 'some-or-all':
      if (halving.isSome) return { ...halving, open: [...halve(called), ...open] };
      return further({ ...halving, open, halves: [...halving.halves, called] });
    default: {
      const told = [...faults.flatMap(({ instances }) => instances), ...refused];
      const left = each({ ...halving, open }, (part) => without(part, told));
      return without(called, told).length > 0 ? released(left) : further(left);
    }
  }
}

/** `isDone`: what was read shows that some call was taken after all. */
export function afterReading(halving: Halving, pending: ReadonlySet<string>, isDone: boolean): Halving {
  const left = each(halving, (part) => part.filter((id) => pending.has(id)));
  return isDone ? released(left) : further(left);
}

const released = (halving: Halving): Halving => ({
  open: [...halving.open, ...waitingIn(halving).flatMap(halve)],
  halves: [],
  held: [],
  isSome: true,
});

/** One part goes further where no other is left to be called. */
function further(halving: Halving): Halving {
  const [first, ...held] = waitingIn(halving);
  if (halving.open.length > 0 || first === undefined) return halving;
  return { ...halving, open: halve(first), halves: [], held };
}

const waitingIn = ({ halves, held }: Halving): readonly Part[] => [...halves, ...held];

function halve(part: Part): Part[] {
  const middle = Math.ceil(part.length / 2);
  return [part.slice(0, middle), part.slice(middle)].filter(isFilled);
}

function each({ open, halves, held, isSome }: Halving, change: (part: Part) => Part): Halving {
  const changed = (parts: readonly Part[]) => parts.map(change).filter(isFilled);
  return { open: changed(open), halves: changed(halves), held: changed(held), isSome };
}

const without = (part: Part, taken: Part): Part => part.filter((id) => !taken.includes(id));
const isFilled = ({ length }: Part): boolean => length > 0;
