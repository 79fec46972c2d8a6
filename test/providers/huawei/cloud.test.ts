import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { makeHuaweiId, makeHuaweiProjectId } from '../../../playground/clouds/huawei/cloud.js';
import { createClient, type RestCall } from '../../../src/providers/huawei/client.js';
import { credentials, makeServer, REGION, startWorld } from './harness.js';

/** What the local cloud holds against a request, shown with requests that the SDK signed and that are then changed. */

type Recorded = { method: string; url: string; headers: Record<string, string>; body: string };

const id = makeHuaweiId(1);
const projectIds = { [REGION]: makeHuaweiProjectId(REGION) };
const signal = new AbortController().signal;

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld([makeServer(1)]);
});
afterEach(() => world.close());

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A request as the SDK signs it. */
async function record(call: Pick<RestCall<unknown>, 'api' | 'path' | 'query' | 'body'>): Promise<Recorded> {
  const seen: Recorded[] = [];
  const server = createServer((incoming, outgoing) => {
    void textOf(incoming).then((body) => {
      const headers = incoming.headers as Record<string, string>;
      seen.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers, body });
      outgoing.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ credentials, projectIds, endpoint, timeoutMs: 5000, now: Date.now });
  await client.send({ ...call, answer: z.unknown(), region: REGION, signal });
  client.close();
  await new Promise((resolve) => server.close(resolve));
  const [recorded] = seen;
  if (!recorded) throw new Error('nothing was sent');
  return recorded;
}

async function replay(recorded: Recorded): Promise<{ status: number; body: unknown }> {
  const { method, headers, body } = recorded;
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest(world.cloud.url + recorded.url, { method, headers, agent: false }, resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
  return { status: reply.statusCode ?? 0, body: JSON.parse(await textOf(reply)) };
}

const recordDetach = () => record({ api: 'kps/v3', path: 'keypairs/disassociate', body: { server: { id } } });
const recordRead = () =>
  record({ api: 'ecs/v1', path: 'cloudservers/detail', query: { server_id: `${id},b c`, limit: 100, offset: 1 } });
const with_ = (recorded: Recorded, name: string, value: string): Recorded => ({
  ...recorded,
  headers: { ...recorded.headers, [name]: value },
});
const without = (recorded: Recorded, name: string): Recorded => ({
  ...recorded,
  headers: Object.fromEntries(Object.entries(recorded.headers).filter(([key]) => key !== name)),
});
const refused = { status: 401, body: expect.objectContaining({ error_code: 'APIGW.0301' }) };

test('what the SDK signs is taken', async () => {
  expect(await replay(await recordDetach())).toMatchObject({ status: 202 });
  expect(await replay(await recordRead())).toMatchObject({ status: 200 });
});

test.each<[string, (recorded: Recorded) => Recorded]>([
  ['another body', (it) => ({ ...it, body: it.body.replace(id, makeHuaweiId(2)) })],
  ['no Authorization', (it) => without(it, 'authorization')],
  ['another access key', (it) => with_(it, 'authorization', it.headers.authorization?.replace('0001', '0002') ?? '')],
  ['a signed header changed', (it) => with_(it, 'x-project-id', makeHuaweiProjectId('cn-east-3'))],
  ['another date', (it) => with_(it, 'x-sdk-date', '20200101T000000Z')],
  ['no date', (it) => without(it, 'x-sdk-date')],
  ['no security token', (it) => without(it, 'x-security-token')],
  ['another security token', (it) => with_(it, 'x-security-token', 'stale')],
  ['fewer signed headers', (it) => with_(it, 'authorization', it.headers.authorization?.replace('host;', '') ?? '')],
])('%s is refused', async (_, change) => {
  const recorded = await recordDetach();
  expect(await replay(change({ ...recorded, headers: { ...recorded.headers } }))).toEqual(refused);
  expect(world.cloud.calls).toEqual([]);
  expect(world.cloud.world.instances.get(id)?.keyPairs).toEqual(['oncall']);
});

test('another query is refused', async () => {
  const recorded = await recordRead();
  expect(await replay({ ...recorded, url: recorded.url.replace('limit=100', 'limit=10') })).toEqual(refused);
});

test('a clock that is 15 minutes off is refused', async () => {
  const recorded = await recordDetach();
  world.moveClock(14 * 60_000);
  expect(await replay(recorded)).toMatchObject({ status: 202 });
  world.moveClock(2 * 60_000);
  expect(await replay(recorded)).toEqual(refused);
});

const rest = (call: Pick<RestCall<unknown>, 'api' | 'path' | 'query' | 'body'>) => {
  const client = createClient({ credentials, projectIds, endpoint: world.cloud.url, timeoutMs: 5000, now: Date.now });
  return client.send({ ...call, answer: z.unknown(), region: REGION, signal });
};

const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

test.each<[string, string, Pick<RestCall<unknown>, 'api' | 'path' | 'query' | 'body'>]>([
  ['an unknown path', 'APIGW.0101', { api: 'kps/v3', path: 'keypairs/batch-associate', body: { batch_keypairs: [] } }],
  ['an unknown action', 'APIGW.0101', { api: 'ecs/v1', path: 'cloudservers/action', body: { 'os-hibernate': {} } }],
  ['no server', 'KPS.0002', { api: 'kps/v3', path: 'keypairs/disassociate', body: {} }],
  ['a server of nobody', 'KPS.0002', { api: 'kps/v3', path: 'keypairs/disassociate', body: { server: { id: 'x' } } }],
  ['a private key', 'KPS.0002', { api: 'kps/v3', path: 'keypairs/disassociate', body: { server: { id, auth: {} } } }],
  ['51 key pairs a page', 'KPS.0002', { api: 'kps/v3', path: 'keypairs', query: { limit: 51 } }],
  ['1001 tasks a page', 'KPS.0002', { api: 'kps/v3', path: 'running-tasks', query: { limit: 1001 } }],
  ['an unknown task', 'KPS.0001', { api: 'kps/v3', path: 'tasks/none' }],
  ['101 servers a page', 'Ecs.0005', { api: 'ecs/v1.1', path: 'cloudservers/detail', query: { limit: 101 } }],
  ['a marker alone', 'Ecs.0005', { api: 'ecs/v1.1', path: 'cloudservers/detail', query: { marker: id } }],
  ['101 ids', 'Ecs.0005', { api: 'ecs/v1', path: 'cloudservers/detail', query: { server_id: many(101, id).join() } }],
  ['no ids', 'Ecs.0005', { api: 'ecs/v1', path: 'cloudservers/action', body: { 'os-start': { servers: [] } } }],
  ['no type', 'Ecs.0005', { api: 'ecs/v1', path: 'cloudservers/action', body: { reboot: { servers: [{ id }] } } }],
  [
    '1001 servers',
    'Ecs.0118',
    { api: 'ecs/v1', path: 'cloudservers/action', body: { 'os-start': { servers: many(1001, { id }) } } },
  ],
])('%s is answered with %s', async (_, code, call) => {
  await expect(rest(call)).rejects.toMatchObject({ facts: { code } });
});

test('a running server, or one without a key pair, is not unbound', async () => {
  const server = world.cloud.world.instances.get(id);
  if (!server) throw new Error('no server');
  server.state = 'running';
  const { value } = await rest({ api: 'kps/v3', path: 'keypairs/disassociate', body: { server: { id } } });
  const { task_id: task } = z.object({ task_id: z.string() }).parse(value);
  const { value: told } = await rest({ api: 'kps/v3', path: `tasks/${task}` });
  expect(told).toMatchObject({ task_status: 'FAILED_UNBIND', server_id: id });
  expect(server).toMatchObject({ keyPairs: ['oncall'], opens: ['oncall'] });
  server.keyPairs = [];
  const again = rest({ api: 'kps/v3', path: 'keypairs/disassociate', body: { server: { id } } });
  await expect(again).rejects.toMatchObject({ facts: { code: 'KPS.6004' } });
});

test('a soft stop may never end', async () => {
  const server = world.cloud.world.instances.get(id);
  if (!server) throw new Error('no server');
  Object.assign(server, { state: 'running', extra: { ignoresSoftStop: true } });
  await rest({ api: 'ecs/v1', path: 'cloudservers/action', body: { 'os-stop': { servers: [{ id }] } } });
  expect(server).toMatchObject({ state: 'running', power: { stops: 0 } });
});
