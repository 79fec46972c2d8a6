import type { World, WorldInstance, WorldState } from '../cloud.js';

/** The cloud as an action sees it. */
export type Sky = { world: World; region: string; now: number; lag: number };

/** No word for a released one: it is in no list any more. */
const STATUSES: Readonly<Record<WorldState, string | undefined>> = Object.freeze({
  running: 'Running',
  stopped: 'Stopped',
  starting: 'Starting',
  stopping: 'Stopping',
  restarting: 'Starting',
  terminated: undefined,
});

export const statusOf = (instance: WorldInstance) => STATUSES[instance.state];

export function find({ world, region }: Sky, id: string): WorldInstance | undefined {
  const instance = world.instances.get(id);
  return instance?.region === region && statusOf(instance) !== undefined ? instance : undefined;
}

/** Lets a state last for the cloud's lag before the next one comes; `undefined`: it lasts for good. */
export function move(instance: WorldInstance, through: WorldState, to: WorldState | undefined, sky: Sky): void {
  instance.state = through;
  instance.extra.next = to;
  instance.extra.until = sky.now + sky.lag;
}

/** Brings the world up to the time: states that have lasted long enough end, and a guest that came up reads its keys. */
export function advance(world: World, now: number): void {
  for (const instance of world.instances.values()) {
    const { next, until } = instance.extra;
    if ((next !== 'running' && next !== 'stopped') || typeof until !== 'number' || until > now) continue;
    halt(instance, next);
    if (next === 'running') instance.opens = [...instance.keyPairs];
  }
}

/** Puts an instance into a state that it stays in. */
export function halt(instance: WorldInstance, state: WorldState): void {
  instance.state = state;
  delete instance.extra.next;
  delete instance.extra.until;
}
