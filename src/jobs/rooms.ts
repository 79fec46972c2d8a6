import type { Redis } from 'ioredis';

/**
 * How many instances of one account may be on their way through a key pair write, and the stop that leads to it: in all
 * requests, regions and processes together. Whoever waits longest has the next room, so that a large request does
 * not keep a small one waiting, nor the other way round.
 */
export type Rooms = {
  /** Which of these have a room now: those that had one, and as many as there is space for. */
  take(place: RoomPlace, most: number, instances: readonly string[]): Promise<readonly string[]>;
  /** Those that have one have it for a while longer. */
  keep(place: RoomPlace, instances: readonly string[]): Promise<void>;
  leave(place: RoomPlace, instances: readonly string[]): Promise<void>;
};

export type RoomPlace = { account: string; request: string; group: number };

export type RoomsOptions = {
  now(): number;
  /** How long a room is kept that nobody looks after, as after the death of a process. */
  leaseMs: number;
};

/** Whoever has not asked again for so long does not wait any more. */
const ASKING_MS = 60_000;

/** KEYS: held by its end, waiting by its beginning, asked by its end. ARGV: now, leaseMs, askingMs, most, members. */
const TAKE = `
local now, lease, asking, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('ZREM', KEYS[2], gone)
  redis.call('ZREM', KEYS[3], gone)
end
local granted, others = {}, {}
for i = 5, #ARGV do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('ZADD', KEYS[1], now + lease, ARGV[i])
    granted[#granted + 1] = ARGV[i]
  else
    redis.call('ZADD', KEYS[2], 'NX', now, ARGV[i])
    redis.call('ZADD', KEYS[3], now + asking, ARGV[i])
    others[#others + 1] = ARGV[i]
  end
end
for _, member in ipairs(others) do
  if redis.call('ZRANK', KEYS[2], member) < most - redis.call('ZCARD', KEYS[1]) then
    redis.call('ZREM', KEYS[2], member)
    redis.call('ZREM', KEYS[3], member)
    redis.call('ZADD', KEYS[1], now + lease, member)
    granted[#granted + 1] = member
  end
end
redis.call('PEXPIRE', KEYS[1], lease)
redis.call('PEXPIRE', KEYS[2], asking)
redis.call('PEXPIRE', KEYS[3], asking)
return granted`;

export function createRooms(redis: Redis, prefix: string, { now, leaseMs }: RoomsOptions): Rooms {
  const keysOf = ({ account }: RoomPlace) =>
    ['held', 'waiting', 'asked'].map((what) => `${prefix}:{rooms-${account}}:${what}`);
  const heldOf = (place: RoomPlace): string => keysOf(place)[0] ?? '';
  const membersOf = ({ request, group }: RoomPlace, instances: readonly string[]) =>
    instances.map((id) => `${request}/${group}/${id}`);

  return {
    async take(place, most, instances) {
      const times = [now(), leaseMs, ASKING_MS, most].map(Math.floor);
      const granted = await redis.eval(TAKE, 3, ...keysOf(place), ...times, ...membersOf(place, instances));
      const mine = new Set(granted as string[]);
      return instances.filter((_, at) => mine.has(membersOf(place, instances)[at] ?? ''));
    },
    async keep(place, instances) {
      if (instances.length === 0) return;
      const end = Math.floor(now() + leaseMs);
      await redis.zadd(heldOf(place), 'XX', ...membersOf(place, instances).flatMap((member) => [end, member]));
    },
    async leave(place, instances) {
      if (instances.length === 0) return;
      await redis.zrem(heldOf(place), ...membersOf(place, instances));
    },
  };
}
