import { expect, test } from '@jest/globals';
import { makeHuaweiId } from '../../../playground/clouds/huawei/cloud.js';
import { VendorFailure, type VendorFailureFacts } from '../../../src/providers/failures.js';
import type { HuaweiClient } from '../../../src/providers/huawei/client.js';
import { createProvider } from '../../../src/providers/huawei/provider.js';
import {
  credentialsSchema,
  projectIdsSchema,
  serversSchema,
  toInstance,
} from '../../../src/providers/huawei/schema.js';
import { REGION } from './harness.js';

/** Answers that the documents allow and that a local cloud with few tasks does not give. */

const id = makeHuaweiId(1);
const call = { region: REGION, signal: new AbortController().signal };
const shutOff = { servers: [{ id, name: 'web', status: 'SHUTOFF', key_name: '', metadata: { os_type: 'Linux' } }] };

type Asked = { path: string; query: Record<string, string | number> };
function answering(answerOf: (asked: Asked) => unknown) {
  const asked: Asked[] = [];
  const client: HuaweiClient = {
    send: async ({ path, query = {}, answer }) => {
      asked.push({ path, query });
      return { value: answer.parse(answerOf({ path, query })) };
    },
    close() {},
  };
  return { asked, provider: createProvider({ client, projectIds: {}, timeoutMs: 1, now: () => 0 }) };
}

test('a list whose pages come again is no list', async () => {
  const keyPairs = { keypairs: [{ keypair: { name: 'other' } }], page_info: { next_marker: 'm' } };
  const { asked, provider } = answering(() => keyPairs);
  await expect(provider.findKeyPair({ nameOrId: 'oncall' }, call)).rejects.toMatchObject({
    facts: { transport: 'malformed' },
  });
  expect(asked).toHaveLength(2);
});

test('tasks whose offset is not heeded are not asked for without an end, and no write is sent after them', async () => {
  const tasks = Array.from({ length: 1000 }, (_, at) => ({ task_id: `task-${at}`, server_id: makeHuaweiId(at + 5) }));
  const { asked, provider } = answering(({ path }) => (path === 'running-tasks' ? { total: 1500, tasks } : shutOff));
  expect(await provider.readInstances({ instanceIds: [id] }, call)).toMatchObject([{ id, state: 'stopped' }]);
  expect(asked.map(({ path }) => path)).toEqual(['running-tasks', 'running-tasks', 'cloudservers/detail']);
  const { replies } = await provider.detach({ instanceIds: [id], token: 't', keyPair: { name: 'oncall' } }, call);
  expect(replies).toMatchObject([{ ok: false, code: 'NotSent' }]);
});

test('tasks are read to the last page', async () => {
  const { asked, provider } = answering(({ path, query }) => {
    if (path !== 'running-tasks') return shutOff;
    const offset = Number(query.offset);
    const left = Math.min(1000, 2001 - offset);
    const tasks = Array.from({ length: left }, (_, at) => ({
      task_id: `task-${offset + at}`,
      server_id: offset + at === 2000 ? id : makeHuaweiId(offset + at + 5),
    }));
    return { total: 2001, tasks };
  });
  const [instance] = await provider.readInstances({ instanceIds: [id] }, call);
  expect(instance?.operation).toEqual({ id: 'task-2000', state: 'running' });
  const offsets = asked.filter(({ path }) => path === 'running-tasks').map(({ query }) => query.offset);
  expect(offsets).toEqual([0, 1000, 2000]);
});

test('a total that is too high does not keep the reader waiting', async () => {
  const { provider } = answering(({ path }) => (path === 'running-tasks' ? { total: 9, tasks: [] } : shutOff));
  expect(await provider.readInstances({ instanceIds: [id] }, call)).toHaveLength(1);
});

test('a bind that was not taken says so with HTTP 200', async () => {
  const { provider } = answering(({ path }) => {
    if (path === 'running-tasks') return { total: 0, tasks: [] };
    if (path !== 'keypairs/associate') return shutOff;
    return { task_id: null, status: 'FAILED', error_code: 'KPS.4016', error_msg: 'The key pair is not exist' };
  });
  const { replies } = await provider.attach({ instanceIds: [id], keyPair: { name: 'k' }, token: 'unused' }, call);
  expect(replies).toEqual([{ instanceId: id, ok: false, code: 'KPS.4016', message: 'The key pair is not exist' }]);
});

test('a detach that was not taken is told as a detach', async () => {
  const bound = { servers: [{ ...shutOff.servers[0], key_name: 'k' }] };
  const { provider } = answering(({ path }) => {
    if (path === 'running-tasks') return { total: 0, tasks: [] };
    return path === 'keypairs/disassociate' ? { task_id: null, status: 'FAILED' } : bound;
  });
  const { replies } = await provider.detach({ instanceIds: [id], keyPair: { name: 'k' }, token: 'unused' }, call);
  expect(replies).toEqual([{ instanceId: id, ok: false, code: 'FAILED_UNBIND', message: 'The task was not taken' }]);
});

const unread = (facts: Partial<VendorFailureFacts>) => new VendorFailure({ message: 'no', ...facts });
test.each<[string, Partial<VendorFailureFacts>]>([
  ['a bare 404', { httpStatus: 404 }],
  ['a code of the gateway', { code: 'APIGW.0101', httpStatus: 404 }],
  ['a denial', { code: 'KPS.9006', httpStatus: 403 }],
  ['a failure of the service', { httpStatus: 500 }],
  ['an answer of another shape', { transport: 'malformed' }],
])('a server is read whose task answers %s', async (_what, facts) => {
  const { provider } = answering(({ path }) => {
    if (path.startsWith('tasks/')) throw unread(facts);
    return shutOff;
  });
  const [instance] = await provider.readInstances({ instanceIds: [id], operations: { [id]: 'task-1' } }, call);
  expect(instance).toMatchObject({ id, keyPairs: [] });
  expect(instance).not.toHaveProperty('operation');
});

test('servers are read while the running tasks are not, but for who may not read those', async () => {
  const failing = (facts: Partial<VendorFailureFacts>) =>
    answering(({ path }) => {
      if (path === 'running-tasks') throw unread(facts);
      return shutOff;
    }).provider.readInstances({ instanceIds: [id] }, call);
  expect(await failing({ code: 'KPS.5001', httpStatus: 500 })).toHaveLength(1);
  await expect(failing({ code: 'KPS.9006', httpStatus: 403 })).rejects.toMatchObject({ facts: { code: 'KPS.9006' } });
});

test.each([
  ['ACTIVE', null, 'running'],
  ['ACTIVE', 'powering-off', 'changing'],
  ['SHUTOFF', '', 'stopped'],
  ['SHUTOFF', 'powering-on', 'changing'],
  ['REBOOT', 'rebooting', 'changing'],
  ['BUILD', null, 'changing'],
  ['MIGRATING', null, 'changing'],
  ['VERIFY_RESIZE', null, 'changing'],
  ['ERROR', null, 'unusable'],
  ['SHELVED_OFFLOADED', null, 'unusable'],
  ['DELETED', null, 'unusable'],
  ['UNKNOWN', null, 'unusable'],
  ['SOMETHING_NEW', null, 'unusable'],
])('%s with the task %p is %s', (status, task, state) => {
  const { servers } = serversSchema.parse({ servers: [{ id, status, 'OS-EXT-STS:task_state': task }] });
  const [server] = servers;
  expect(server && toInstance(server)).toEqual({
    id,
    name: id,
    state,
    vendorState: status,
    os: 'unknown',
    keyPairs: [],
  });
});

test('settings are strict', () => {
  const credentials = { accessKeyId: 'ak', secretAccessKey: 'sk' };
  expect(credentialsSchema.safeParse(credentials).success).toBe(true);
  expect(credentialsSchema.safeParse({ ...credentials, secretKey: 'sk' }).success).toBe(false);
  expect(credentialsSchema.safeParse({ ...credentials, secretAccessKey: '' }).success).toBe(false);
  expect(projectIdsSchema.safeParse({ 'cn-north-4': '0a1b' }).success).toBe(true);
  expect(projectIdsSchema.safeParse({ 'cn-north-4': '../0a1b' }).success).toBe(false);
  expect(projectIdsSchema.safeParse({ 'evil.example/': '0a1b' }).success).toBe(false);
});
