import {
  type CallContext,
  type Instance,
  type KeyPair,
  type KeyPairWriteInput,
  type Operation,
  type Page,
  type PowerAction,
  type Provider,
  type ReadInput,
  type Traits,
  unseenInstance,
  type WriteInput,
  type WriteReply,
} from '../contract.js';
import { VendorFailure } from '../failures.js';
import { readCounted, readPages } from '../paging.js';
import { createUnderWay, type UnderWay } from '../under-way.js';
import { type ClientOptions, createClient, type HuaweiClient, type RestCall, type RestReply } from './client.js';
import { errors, isCertain, kindOf } from './errors.js';
import {
  attaching,
  detaching,
  failedTasksSchema,
  jobSchema,
  type KeyPairWrite,
  keyPairsSchema,
  refusalOf,
  runningTasksSchema,
  serverNamesSchema,
  serversSchema,
  taskSchema,
  toInstance,
  toKeyPair,
  toOperation,
  withReason,
  writeSchema,
} from './schema.js';

export const traits: Traits = Object.freeze({
  limits: Object.freeze({ read: 100, detach: 1, attach: 1, stop: 100, start: 100, restart: 100 }),
  parallelKeyPairWrites: 10,
  /** A running one would need its private key or its password. */
  keyPairWritesIn: Object.freeze(['stopped'] as const),
  effectiveWhenRunning: 'now',
  keyPairNamedBy: 'instance',
  idempotencyToken: false,
  // Not documented.
  pace: Object.freeze({ start: 5, most: 20, windowMs: 1000, perRegion: false }),
  settleMs: 600_000,
  instanceIdPattern: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  attachDisablesPassword: false,
});

export type HuaweiOptions = ClientOptions & { client?: HuaweiClient };

const SERVERS_A_PAGE = 100;
const KEY_PAIRS_A_PAGE = 50;
const TASKS_A_PAGE = 1000;
const TASKS_AT_ONCE = 10;
const TASK_ID = /^[A-Za-z0-9_-]{1,64}$/;
const POWER = { stop: 'os-stop', start: 'os-start', restart: 'reboot' } as const;

type More = Pick<RestCall<unknown>, 'query' | 'body'>;
type Send = <T>(
  api: RestCall<T>['api'],
  path: string,
  answer: RestCall<T>['answer'],
  more?: More,
) => Promise<RestReply<T>>;

export function createProvider(options: HuaweiOptions): Provider {
  const client = options.client ?? createClient(options);
  const to =
    ({ region, signal }: CallContext): Send =>
    (api, path, answer, more) =>
      client.send({ api, path, answer, region, signal, ...more });
  const starting = createUnderWay(options.now);
  return {
    traits,
    errors,
    readInstances: (input, call) => readInstances(to(call), input),
    listInstances: (input, call) => listInstances(to(call), input.keyPair.name, input.cursor),
    listKeyPairs: (input, call) => listKeyPairs(to(call), input.cursor),
    findKeyPair: (input, call) => findKeyPair(to(call), input.nameOrId),
    detach: (input, call) => oneByOne(to(call), starting, input, detaching),
    attach: (input, call) => oneByOne(to(call), starting, input, attaching),
    power: (input, call) => power(to(call), input),
    close: async () => client.close(),
  };
}

/**
 * The state of the tasks is read before the servers: a task that is over then shows in the servers. Those decide, so
 * a task that cannot be read is left out. Who may not read the running ones can change no key pair, and learns it now.
 */
async function readInstances(send: Send, { instanceIds, operations = {} }: ReadInput): Promise<readonly Instance[]> {
  const told = new Map<string, Operation>();
  if (instanceIds.some((id) => operations[id] === undefined)) {
    const running = await answerOrFailure(runningTasks(send), ['rate-limited', 'forbidden']);
    const known = running instanceof VendorFailure ? [] : running;
    for (const [serverId, taskId] of known) told.set(serverId, { id: taskId, state: 'running' });
  }
  const asked = Object.entries(operations).filter(([id, taskId]) => instanceIds.includes(id) && TASK_ID.test(taskId));
  for (let at = 0; at < asked.length; at += TASKS_AT_ONCE) {
    const some = asked.slice(at, at + TASKS_AT_ONCE);
    const found = await Promise.all(some.map(([id, taskId]) => readTask(send, id, taskId)));
    for (const [id, task] of found.flat()) told.set(id, task);
  }
  const failed = [...told.values()].some(({ state }) => state === 'failed') ? await failedTasks(send) : [];
  return (await readServers(send, instanceIds)).map((instance) => {
    const operation = told.get(instance.id);
    return operation ? { ...instance, operation: withReason(operation, failed) } : instance;
  });
}

async function readServers(send: Send, instanceIds: readonly string[]): Promise<readonly Instance[]> {
  if (instanceIds.length === 0) return [];
  const query = { server_id: instanceIds.join(','), limit: SERVERS_A_PAGE, offset: 1 };
  const { value } = await send('ecs/v1', 'cloudservers/detail', serversSchema, { query });
  return value.servers.flatMap((server) => toInstance(server) ?? []);
}

async function readTask(send: Send, serverId: string, taskId: string): Promise<[string, Operation][]> {
  const task = await answerOrFailure(send('kps/v3', `tasks/${encodeURIComponent(taskId)}`, taskSchema));
  if (task instanceof VendorFailure || (task.value.server_id ?? serverId) !== serverId) return [];
  return [[serverId, toOperation(taskId, task.value)]];
}

/** They only add the reason. */
const failedTasks = (send: Send) =>
  answerOrFailure(allTasks((query) => send('kps/v3', 'failed-tasks', failedTasksSchema, { query })));

/** Task ids by server. */
async function runningTasks(send: Send): Promise<ReadonlyMap<string, string>> {
  const tasks = await allTasks((query) => send('kps/v3', 'running-tasks', runningTasksSchema, { query }));
  return new Map(tasks.flatMap((task) => (task.server_id === undefined ? [] : [[task.server_id, task.task_id]])));
}

type TaskPage<T> = RestReply<{ total: number; tasks: T[] }>;
type ReadTasks<T> = (query: { limit: number; offset: number }) => Promise<TaskPage<T>>;
const allTasks = <T extends { task_id: string }>(read: ReadTasks<T>): Promise<T[]> =>
  readCounted(
    ({ task_id: id }) => id,
    async (offset) => {
      const { value } = await read({ limit: TASKS_A_PAGE, offset });
      return { items: value.tasks, total: value.total };
    },
  );

async function serverNames(send: Send, name: string, limit: number, marker?: string) {
  const query = { key_name: name, 'expect-fields': 'key_name', limit, ...(marker !== undefined && { marker }) };
  const { value } = await send('ecs/v1.1', 'cloudservers/detail', serverNamesSchema, { query });
  return value.servers;
}

async function listInstances(send: Send, name: string, cursor?: string): Promise<Page<Instance>> {
  const named = await serverNames(send, name, SERVERS_A_PAGE, cursor);
  const ids = named.map(({ id }) => id);
  const shown = new Map((await readServers(send, ids)).map((server) => [server.id, server]));
  const items = named
    .map(({ id, key_name: bound }) => shown.get(id) ?? unseenInstance(id, { name: bound ?? name }))
    .filter(({ keyPairs }) => keyPairs[0]?.name === name);
  const last = ids.at(-1);
  return ids.length < SERVERS_A_PAGE || last === undefined ? { items } : { items, cursor: last };
}

async function listKeyPairs(send: Send, cursor?: string): Promise<Page<KeyPair>> {
  const query = { limit: KEY_PAIRS_A_PAGE, ...(cursor !== undefined && { marker: cursor }) };
  const { value } = await send('kps/v3', 'keypairs', keyPairsSchema, { query });
  const next = value.page_info?.next_marker;
  const items = value.keypairs.map(({ keypair }) => toKeyPair(keypair));
  return next === undefined ? { items } : { items, cursor: next };
}

/**
 * Looked up in the list, as the SDK does not encode a name in a path. A key pair of scope "user" is shown to
 * that IAM user only, while ECS shows its name to everyone; so a name that KPS does not list is looked up on
 * the servers too.
 */
async function findKeyPair(send: Send, name: string): Promise<KeyPair | undefined> {
  for await (const page of readPages((cursor) => listKeyPairs(send, cursor))) {
    const found = page.find((keyPair) => keyPair.name === name);
    if (found) return found;
  }
  const bound = await serverNames(send, name, 1);
  return bound.some((server) => server.key_name === name) ? { name } : undefined;
}

async function oneByOne(
  send: Send,
  starting: UnderWay,
  input: KeyPairWriteInput,
  writeOf: (id: string, name: string) => KeyPairWrite,
) {
  const said: WriteReply[] = [];
  for (const id of input.instanceIds) said.push(await write(send, starting, id, writeOf(id, input.keyPair.name)));
  return { ...said.at(-1), replies: said.flatMap(({ replies }) => replies) };
}

async function write(
  send: Send,
  starting: UnderWay,
  instanceId: string,
  { path, body, fits, untaken }: KeyPairWrite,
): Promise<WriteReply> {
  const refusal = await refuse(send, starting, instanceId, fits);
  if (refusal) return { replies: [{ instanceId, ok: false, ...refusal }] };
  const { value, ...rest } = await starting.add(instanceId, send('kps/v3', path, writeSchema, { body }));
  if ('task_id' in value) return { ...rest, replies: [{ instanceId, ok: true, operation: value.task_id }] };
  const { error_code: code = untaken, error_msg: message = 'The task was not taken' } = value;
  return { ...rest, replies: [{ instanceId, ok: false, code, message }] };
}

async function refuse(send: Send, starting: UnderWay, id: string, fits: KeyPairWrite['fits']) {
  try {
    const mark = starting.mark();
    const tasks = await runningTasks(send);
    if (tasks.has(id)) return { code: 'TaskRunning', message: 'A key pair task of this server is running' };
    const shown = (await readServers(send, [id])).find((server) => server.id === id);
    // Other requests, and people in the console, have tasks as well.
    const underWay = starting.countWith(tasks.keys(), mark);
    if (underWay >= traits.parallelKeyPairWrites)
      return { code: 'TooManyTasks', message: `${underWay} tasks are running` };
    return refusalOf(shown, fits);
  } catch (error) {
    if (!(error instanceof VendorFailure) || isCertain(error.facts)) throw error;
    return { code: 'NotSent', message: error.message };
  }
}

/** Always soft; the answer is a job, whose result shows in the servers. */
async function power(send: Send, input: WriteInput & { action: PowerAction }): Promise<WriteReply> {
  const servers = input.instanceIds.map((id) => ({ id }));
  const body = { [POWER[input.action]]: input.action === 'start' ? { servers } : { type: 'SOFT', servers } };
  const { value: _, ...rest } = await send('ecs/v1', 'cloudservers/action', jobSchema, { body });
  return { ...rest, replies: input.instanceIds.map((instanceId) => ({ instanceId, ok: true })) };
}

type Ending = readonly ReturnType<typeof kindOf>[];

/** Too many calls at once end the reading, which is then made again as a whole, and slower. */
async function answerOrFailure<T>(answer: Promise<T>, ending: Ending = ['rate-limited']) {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof VendorFailure) || ending.includes(kindOf(error.facts))) throw error;
    return error;
  }
}
