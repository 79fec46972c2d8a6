import { randomUUID } from 'node:crypto';
import type { CloudControls } from '../cloud.js';
import { type Context, isRecord, type Route, refuse, reply, type Task, type Tasks } from './route.js';

/**
 * KPS tasks: binding and unbinding are done later, and a failure shows here only. No document gives a code
 * for a wrong state, a missing private key or an operating system that cannot be changed; so they fail here
 * with a message and no code, as in the example of "ListFailedTask".
 */

export function makeTasks(controls: CloudControls & { now(): number }): Tasks {
  const all = new Map<string, Task>();
  const of = (region: string, state: Task['state']) =>
    [...all.values()].filter((task) => task.server.region === region && task.state === state);
  const settle = () => {
    for (const task of all.values()) {
      if (task.state === 'open' && controls.now() >= task.startedAt + controls.lag) end(task);
    }
  };
  return {
    start(server, operation, keyPairName) {
      const id = randomUUID();
      const task: Task = { id, server, operation, keyPairName, startedAt: controls.now(), state: 'open' };
      all.set(id, task);
      settle();
      return task;
    },
    running: (region) => of(region, 'open'),
    failed: (region) => of(region, 'FAILED'),
    find: (id, region) => {
      const task = all.get(id);
      return task?.server.region === region ? task : undefined;
    },
    settle,
  };
}

/** The server is off, so what the control plane shows and what opens the door change together. */
function end(task: Task): void {
  const error = whyItFails(task);
  task.state = error ? 'FAILED' : 'SUCCESS';
  if (error) {
    task.error = error;
    return;
  }
  task.server.keyPairs = task.operation === 'UNBIND' ? [] : [task.keyPairName];
  task.server.opens = [...task.server.keyPairs];
}

function whyItFails({ server, operation }: Task): Task['error'] {
  const planted = server.extra.failUnbind;
  if (operation === 'UNBIND' && isRecord(planted)) {
    const code = typeof planted.code === 'string' ? planted.code : null;
    return { code, message: String(planted.message ?? 'Update public key error') };
  }
  if (server.os === 'windows') return { code: null, message: 'The operating system is not supported' };
  if (server.state !== 'stopped') return { code: null, message: 'A running server needs its private key' };
  return undefined;
}

const status = (task: Task, now: number): string => {
  const open = now > task.startedAt ? 'RUNNING' : 'READY';
  return `${task.state === 'open' ? open : task.state}_${task.operation}`;
};

function page({ request, controls }: Context, tasks: readonly Task[]) {
  const limit = Number(request.query.get('limit') ?? 1000);
  const offset = Number(request.query.get('offset') ?? 0);
  if (!(limit >= 1 && limit <= 1000 && offset >= 0)) return refuse('KPS.0002', 'limit or offset is out of range');
  const shown = tasks.slice(offset, offset + limit).map((task) => ({
    task_id: task.id,
    operate_type: status(task, controls.now()),
    task_time: String(task.startedAt),
    server_id: task.server.id,
    server_name: task.server.name,
    keypair_name: task.keyPairName,
    ...(task.error && { task_error_code: task.error.code, task_error_msg: task.error.message }),
  }));
  return reply(200, { total: tasks.length, tasks: shown });
}

export const TASK_ROUTES: readonly Route[] = [
  {
    operation: 'GET /v3/{project_id}/tasks/{task_id}',
    method: 'GET',
    version: 'v3',
    path: /^tasks\/([^/]+)$/,
    instanceIds: () => [],
    perform: ({ tasks, part, region, controls }) => {
      const task = tasks.find(part, region);
      if (!task) return refuse('KPS.0001', 'taskId is illegal');
      const { id, server } = task;
      return reply(200, { task_id: id, server_id: server.id, task_status: status(task, controls.now()) });
    },
  },
  {
    operation: 'GET /v3/{project_id}/running-tasks',
    method: 'GET',
    version: 'v3',
    path: /^running-tasks$/,
    instanceIds: () => [],
    perform: (context) => page(context, context.tasks.running(context.region)),
  },
  {
    operation: 'GET /v3/{project_id}/failed-tasks',
    method: 'GET',
    version: 'v3',
    path: /^failed-tasks$/,
    instanceIds: () => [],
    perform: (context) => page(context, context.tasks.failed(context.region)),
  },
];
