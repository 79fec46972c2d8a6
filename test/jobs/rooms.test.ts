import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRooms, type Rooms } from '../../src/jobs/rooms.js';
import { makeClock } from './house.js';
import { openScope, type Scope } from './scope.js';

/** Rooms that all requests of an account share. */

const LEASE_MS = 600_000;
const placeOf = (request: string, group = 0, account = 'prod-hz') => ({ account, request, group });
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `i-${index}`);
const [A, B] = [placeOf('AAAAAA'), placeOf('BBBBBB')];

let scope: Scope;
let rooms: Rooms;
const clock = makeClock();
const open = () => createRooms(scope.connect(), scope.prefix, { now: clock.now, leaseMs: LEASE_MS });
beforeEach(() => {
  scope = openScope('rooms');
  rooms = open();
});
afterEach(() => scope.close());

describe('rooms', () => {
  it('are for so many instances of an account, whatever request, group and process they are of', async () => {
    expect(await rooms.take(A, 10, idsOf(7))).toHaveLength(7);
    expect(await open().take(B, 10, idsOf(7))).toEqual(idsOf(3));
    expect(await rooms.take(placeOf('AAAAAA', 1), 10, idsOf(1))).toEqual([]);
    expect(await rooms.take(placeOf('CCCCCC', 0, 'game-gz'), 10, idsOf(10))).toHaveLength(10);
  });

  it('are held by whoever has one, and not counted twice', async () => {
    await rooms.take(A, 10, idsOf(10));
    expect(await rooms.take(A, 10, idsOf(10))).toEqual(idsOf(10));
    await rooms.leave(A, idsOf(4));
    expect(await rooms.take(B, 10, idsOf(10))).toEqual(idsOf(4));
  });

  it('go to whoever waits longest', async () => {
    await rooms.take(A, 2, ['i-0', 'i-1']);
    expect(await rooms.take(B, 2, ['i-0'])).toEqual([]);
    clock.pass(1);
    await rooms.leave(A, ['i-0']);
    // The next ones of the large request come first, and have come later.
    expect(await rooms.take(A, 2, ['i-2', 'i-3'])).toEqual([]);
    expect(await rooms.take(B, 2, ['i-0'])).toEqual(['i-0']);
    await rooms.leave(A, ['i-1']);
    expect(await rooms.take(A, 2, ['i-2', 'i-3'])).toEqual(['i-2']);
  });

  it('are not kept for one that asks no more', async () => {
    await rooms.take(A, 1, ['i-0']);
    await rooms.take(B, 1, ['i-0']);
    await rooms.leave(A, ['i-0']);
    clock.pass(1);
    expect(await rooms.take(A, 1, ['i-1'])).toEqual([]);
    clock.pass(60_000);
    expect(await rooms.take(A, 1, ['i-1'])).toEqual(['i-1']);
  });

  it('are free again some time after their process died, and not while it looks after them', async () => {
    await rooms.take(A, 1, ['i-0']);
    clock.pass(LEASE_MS - 1);
    await rooms.keep(A, ['i-0']);
    clock.pass(LEASE_MS - 1);
    expect(await rooms.take(B, 1, ['i-0'])).toEqual([]);
    clock.pass(1);
    expect(await rooms.take(B, 1, ['i-0'])).toEqual(['i-0']);
    // Keeping gives nobody a room that they have lost.
    await rooms.keep(A, ['i-0']);
    expect(await rooms.take(A, 1, ['i-0'])).toEqual([]);
  });

  it('are never more than there are, and each one who goes on asking gets one', async () => {
    const gesture = fc.record({
      place: fc.constantFrom(A, B, placeOf('CCCCCC'), placeOf('AAAAAA', 1)),
      ids: fc.subarray(idsOf(6), { minLength: 1 }),
      leaves: fc.boolean(),
      passMs: fc.constantFrom(0, 1, 1_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(gesture, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (gestures, most) => {
        const account = randomUUID();
        const held = new Set<string>();
        for (const { place, ids, leaves, passMs } of gestures) {
          clock.pass(passMs);
          const mine = { ...place, account };
          const name = (id: string) => `${mine.request}/${mine.group}/${id}`;
          if (leaves) {
            await rooms.leave(mine, ids);
            for (const id of ids) held.delete(name(id));
          } else {
            for (const id of await rooms.take(mine, most, ids)) held.add(name(id));
            expect(held.size).toBeLessThanOrEqual(most);
          }
        }
        // All that have one leave; then whoever asks gets theirs in turn.
        const wanted = idsOf(9);
        for (let round = 0; round < 60 && wanted.length > 0; round++) {
          clock.pass(10_000);
          const got = await rooms.take({ ...A, account }, most, wanted);
          await rooms.leave({ ...A, account }, got);
          for (const id of got) wanted.splice(wanted.indexOf(id), 1);
          for (const name of held) {
            const [request = '', group, id = ''] = name.split('/');
            await rooms.leave({ account, request, group: Number(group) }, [id]);
          }
        }
        expect(wanted).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
