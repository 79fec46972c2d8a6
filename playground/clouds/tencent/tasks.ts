import type { World, WorldInstance, WorldState } from '../cloud.js';

/** What DescribeInstances shows as the latest operation of an instance. */
export type LatestOperation = {
  action: string;
  requestId: string;
  state: 'OPERATING' | 'SUCCESS' | 'FAILED';
  errorMessage?: string;
};

export type Task = {
  action: string;
  requestId: string;
  /** The state that the instance shows meanwhile, where it is another one. */
  meanwhile?: WorldState;
  /** The effect, made when the task ends. */
  effect(instance: WorldInstance): void;
};

export type Tasks = {
  begin(instance: WorldInstance, task: Task, until: number): void;
  /** Ends every task whose time has come. */
  settle(now: number): void;
  latest(instanceId: string): LatestOperation | undefined;
};

/**
 * Asynchronous work on instances, one task each at a time. A task fails where the instance was taken out
 * of its hands, or where `extra.taskFails` holds the words it shall fail with.
 */
export function makeTasks(world: World): Tasks {
  const latest = new Map<string, LatestOperation>();
  const underway = new Map<string, { task: Task; until: number; expected: WorldState }>();

  function end(instanceId: string, { task, expected }: { task: Task; expected: WorldState }): void {
    const { action, requestId } = task;
    const instance = world.instances.get(instanceId);
    const failure = instance?.state === expected ? instance.extra.taskFails : 'The instance changed meanwhile.';
    if (instance === undefined || typeof failure === 'string') {
      latest.set(instanceId, { action, requestId, state: 'FAILED', errorMessage: String(failure) });
      return;
    }
    task.effect(instance);
    latest.set(instanceId, { action, requestId, state: 'SUCCESS' });
  }

  return {
    begin(instance, task, until) {
      if (task.meanwhile !== undefined) instance.state = task.meanwhile;
      latest.set(instance.id, { action: task.action, requestId: task.requestId, state: 'OPERATING' });
      underway.set(instance.id, { task, until, expected: instance.state });
    },
    settle(now) {
      for (const [instanceId, work] of underway) {
        if (work.until > now) continue;
        underway.delete(instanceId);
        end(instanceId, work);
      }
    },
    latest: (instanceId) => latest.get(instanceId),
  };
}
