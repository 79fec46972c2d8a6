import { randomUUID } from 'node:crypto';
import type { CloudControls, HttpReply, WorldInstance, WorldState } from '../cloud.js';
import { type Context, findServer, isRecord, type Route, refuse, reply } from './route.js';

/** ECS: "ListServersDetails", "ListCloudServers" and the batch start, stop and restart of the ECS API reference. */

const STATES: Readonly<Record<WorldState, { status: string; task: string | null; vm: string }>> = {
  running: { status: 'ACTIVE', task: null, vm: 'active' },
  stopped: { status: 'SHUTOFF', task: null, vm: 'stopped' },
  starting: { status: 'SHUTOFF', task: 'powering-on', vm: 'stopped' },
  stopping: { status: 'ACTIVE', task: 'powering-off', vm: 'active' },
  restarting: { status: 'REBOOT', task: 'rebooting', vm: 'active' },
  terminated: { status: 'DELETED', task: null, vm: 'deleted' },
};

const describe = (server: WorldInstance) => ({
  id: server.id,
  name: server.name,
  status: STATES[server.state].status,
  'OS-EXT-STS:task_state': STATES[server.state].task,
  'OS-EXT-STS:vm_state': STATES[server.state].vm,
  key_name: server.keyPairs[0] ?? null,
  locked: server.lock !== undefined,
  metadata: { os_type: server.os === 'windows' ? 'Windows' : 'Linux', charging_mode: '0' },
  fault: null,
});
/** An id that is not found is answered with an object whose fields are null. */
const NOTHING = Object.fromEntries(
  ['id', 'name', 'status', 'OS-EXT-STS:task_state', 'key_name', 'locked', 'metadata'].map((field) => [field, null]),
);

const serversOf = ({ controls, region }: Context) =>
  [...controls.world.instances.values()].filter((server) => server.region === region);

function listDetails(context: Context): HttpReply {
  const { query } = context.request;
  const ids = query.get('server_id')?.split(',');
  if (ids) {
    if (ids.length > 100) return refuse('Ecs.0005', 'server_id takes 100 ids');
    const servers = ids.map((id) => findServer(context, id)).map((server) => (server ? describe(server) : NOTHING));
    return reply(200, { count: servers.length, servers });
  }
  const limit = Number(query.get('limit') ?? 25);
  const page = Math.max(1, Number(query.get('offset') ?? 1));
  if (!(limit >= 1 && limit <= 1000)) return refuse('Ecs.0005', 'limit is 1 to 1000');
  const all = serversOf(context);
  return reply(200, { count: all.length, servers: all.slice((page - 1) * limit, page * limit).map(describe) });
}

/** `key_name` is in the answer only where `expect-fields` asks for it. */
function listServers(context: Context): HttpReply {
  const { query } = context.request;
  const limit = Number(query.get('limit') ?? 10);
  if (!(limit >= 1 && limit <= 100)) return refuse('Ecs.0005', 'limit is 1 to 100');
  const name = query.get('key_name');
  const marker = query.get('marker');
  if (marker !== null && !query.has('limit')) return refuse('Ecs.0005', 'marker needs limit');
  const fitting = serversOf(context).filter((server) => name === null || server.keyPairs[0] === name);
  const from = marker === null ? 0 : fitting.findIndex((server) => server.id === marker) + 1;
  if (marker !== null && from === 0) return refuse('Ecs.0005', 'marker is unknown');
  const withName = query.getAll('expect-fields').includes('key_name');
  const servers = fitting.slice(from, from + limit).map((server) => {
    const { id, name: title, status, key_name: keyName } = describe(server);
    return { id, name: title, status, ...(withName && { key_name: keyName }) };
  });
  return reply(200, { servers });
}

type Action = {
  from: WorldState;
  via: WorldState;
  to: WorldState;
  count: keyof WorldInstance['power'];
  typed: boolean;
};
const ACTIONS: Readonly<Record<string, Action>> = {
  'os-stop': { from: 'running', via: 'stopping', to: 'stopped', count: 'stops', typed: true },
  'os-start': { from: 'stopped', via: 'starting', to: 'running', count: 'starts', typed: false },
  reboot: { from: 'running', via: 'restarting', to: 'running', count: 'restarts', typed: true },
};

const idsOf = (body: unknown): readonly unknown[] =>
  isRecord(body) && Array.isArray(body.servers) ? body.servers.map((one) => (isRecord(one) ? one.id : undefined)) : [];

function act(context: Context, member: string, action: Action): HttpReply {
  const wish = context.body[member];
  const type = isRecord(wish) ? wish.type : undefined;
  const ids = idsOf(wish);
  if (ids.length === 0) return refuse('Ecs.0005', 'servers is missing');
  if (ids.length > 1000) return refuse('Ecs.0118', 'a batch takes 1000 servers');
  if (action.typed ? type !== undefined && type !== 'SOFT' && type !== 'HARD' : type !== undefined) {
    return refuse('Ecs.0005', 'type is wrong');
  }
  if (member === 'reboot' && type === undefined) return refuse('Ecs.0005', 'type is missing');
  if (context.fault) return refuse(context.fault.code, context.fault.message);
  const servers = ids.flatMap((id) => findServer(context, id) ?? []);
  if (servers.length < ids.length) return refuse('Ecs.0114', 'The ECS does not exist');
  if (servers.some((server) => server.lock !== undefined)) return refuse('Ecs.0605', 'The ECS is locked');
  const busy = context.tasks.running(context.region).map((task) => task.server.id);
  if (servers.some(({ id, state }) => state !== action.from || busy.includes(id))) {
    return refuse('Ecs.0100', 'The ECS status does not meet requirements');
  }
  for (const server of servers) {
    if (member === 'os-stop' && type !== 'HARD' && server.extra.ignoresSoftStop === true) continue;
    server.state = action.via;
    server.power[action.count] += 1;
    server.extra.settlesAt = context.controls.now() + context.controls.lag;
  }
  settleServers(context.controls);
  return reply(200, { job_id: randomUUID().replaceAll('-', '') });
}

/** Ends the transitions that are due; one that a test set by hand stays. */
export function settleServers({ world, now }: CloudControls & { now(): number }): void {
  for (const server of world.instances.values()) {
    const due = server.extra.settlesAt;
    if (typeof due !== 'number' || now() < due) continue;
    delete server.extra.settlesAt;
    const action = Object.values(ACTIONS).find(({ via }) => via === server.state);
    if (!action) continue;
    server.state = action.to;
    if (action.to === 'running') server.opens = [...server.keyPairs];
  }
}

export const SERVER_ROUTES: readonly Route[] = [
  {
    operation: 'GET /v1/{project_id}/cloudservers/detail',
    method: 'GET',
    version: 'v1',
    path: /^cloudservers\/detail$/,
    instanceIds: ({ query }) => query.get('server_id')?.split(',') ?? [],
    perform: listDetails,
  },
  {
    operation: 'GET /v1.1/{project_id}/cloudservers/detail',
    method: 'GET',
    version: 'v1.1',
    path: /^cloudservers\/detail$/,
    instanceIds: () => [],
    perform: listServers,
  },
  ...Object.entries(ACTIONS).map(
    ([member, action]): Route => ({
      operation: `POST /v1/{project_id}/cloudservers/action ${member}`,
      method: 'POST',
      version: 'v1',
      path: /^cloudservers\/action$/,
      member,
      instanceIds: (_, body) => idsOf(body[member]).filter((id) => typeof id === 'string'),
      perform: (context) => act(context, member, action),
    }),
  ),
];
