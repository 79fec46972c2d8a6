import type { HttpReply, WorldInstance, WorldKeyPair } from '../cloud.js';
import { type Context, findServer, isRecord, type Route, refuse, reply } from './route.js';

/** KPS: "ListKeypairs", "AssociateKeypair" and "DisassociateKeypair" of the DEW API reference. */

const AT_ONCE = 10;

const describe = (keyPair: WorldKeyPair) => ({
  name: keyPair.name,
  type: 'ssh',
  scope: 'domain',
  public_key: keyPair.publicKey,
  fingerprint: keyPair.fingerprint,
  is_key_protection: false,
  frozen_state: '0',
});

const keyPairsOf = ({ controls, region }: Context) =>
  controls.world.keyPairs.filter((keyPair) => keyPair.region === region);

/** `marker` is the name that the page begins with. */
function list(context: Context): HttpReply {
  const limit = Number(context.request.query.get('limit') ?? 50);
  if (!(limit >= 1 && limit <= 50)) return refuse('KPS.0002', 'limit is 1 to 50');
  const marker = context.request.query.get('marker');
  const all = keyPairsOf(context);
  const from = marker ? all.findIndex(({ name }) => name === marker) : 0;
  if (from < 0) return refuse('KPS.0002', 'marker is unknown');
  const shown = all.slice(from, from + limit);
  return reply(200, {
    keypairs: shown.map((keyPair) => ({ keypair: describe(keyPair) })),
    page_info: {
      next_marker: all[from + limit]?.name ?? null,
      previous_marker: null,
      current_count: shown.length,
    },
  });
}

/** The server of a bind or unbind, or the refusal. A private key or password is never taken here. */
function target(context: Context): WorldInstance | HttpReply {
  const { server } = context.body;
  if (!isRecord(server)) return refuse('KPS.0002', 'server is missing');
  const known = ['id', 'port', 'disable_password'];
  const strange = Object.keys(server).filter((field) => !known.includes(field));
  if (strange.length > 0) return refuse('KPS.0002', `the local cloud takes no ${strange.join(', ')}`);
  if (context.fault) return refuse(context.fault.code, context.fault.message);
  const found = findServer(context, server.id);
  if (!found || found.state === 'terminated') return refuse('KPS.0002', 'the server is not found');
  const running = context.tasks.running(context.region);
  if (running.some((task) => task.server.id === found.id)) return refuse('KPS.0002', 'the server has a task already');
  if (running.length >= AT_ONCE) return refuse('KPS.0002', `more than ${AT_ONCE} tasks at once`);
  return found;
}

const isReply = (value: WorldInstance | HttpReply): value is HttpReply => 'status' in value;

function disassociate(context: Context): HttpReply {
  const server = target(context);
  if (isReply(server)) return server;
  const [bound] = server.keyPairs;
  if (bound === undefined) return refuse('KPS.6004', 'No Keypair find');
  return reply(202, { task_id: context.tasks.start(server, 'UNBIND', bound).id });
}

function associate(context: Context): HttpReply {
  const name = context.body.keypair_name;
  if (typeof name !== 'string') return refuse('KPS.0002', 'keypair_name is missing');
  if (!keyPairsOf(context).some((keyPair) => keyPair.name === name)) {
    return refuse('KPS.4016', 'The key pair is not exist');
  }
  const server = target(context);
  if (isReply(server)) return server;
  const { id } = context.tasks.start(server, 'RESET', name);
  return reply(200, { task_id: id, server_id: server.id, status: 'SUCCESS' });
}

const serverId = (body: Record<string, unknown>): readonly string[] =>
  isRecord(body.server) && typeof body.server.id === 'string' ? [body.server.id] : [];

export const KEY_PAIR_ROUTES: readonly Route[] = [
  {
    operation: 'GET /v3/{project_id}/keypairs',
    method: 'GET',
    version: 'v3',
    path: /^keypairs$/,
    instanceIds: () => [],
    perform: list,
  },
  {
    operation: 'POST /v3/{project_id}/keypairs/associate',
    method: 'POST',
    version: 'v3',
    path: /^keypairs\/associate$/,
    instanceIds: (_, body) => serverId(body),
    perform: associate,
  },
  {
    operation: 'POST /v3/{project_id}/keypairs/disassociate',
    method: 'POST',
    version: 'v3',
    path: /^keypairs\/disassociate$/,
    instanceIds: (_, body) => serverId(body),
    perform: disassociate,
  },
];
