import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WorldInstance } from '../../../playground/clouds/cloud.js';
import { makeHuaweiId } from '../../../playground/clouds/huawei/cloud.js';
import { type InstanceReply, isBound, type KeyPairWriteInput } from '../../../src/providers/contract.js';
import { errors } from '../../../src/providers/huawei/errors.js';
import { makeServer, REGION, startWorld } from './harness.js';

const DETACH = 'POST /v3/{project_id}/keypairs/disassociate';
const ATTACH = 'POST /v3/{project_id}/keypairs/associate';
const SERVERS = 'GET /v1/{project_id}/cloudservers/detail';
const RUNNING = 'GET /v3/{project_id}/running-tasks';
const FAILED = 'GET /v3/{project_id}/failed-tasks';

const call = { region: REGION, signal: new AbortController().signal };
const keyPair = { name: 'oncall' };
const id = makeHuaweiId(1);
const input = (...instanceIds: string[]): KeyPairWriteInput => ({ instanceIds, keyPair, token: 'unused' });

let world: Awaited<ReturnType<typeof startWorld>>;
let server: WorldInstance;
beforeEach(async () => {
  server = makeServer(1);
  world = await startWorld([server, ...Array.from({ length: 12 }, (_, at) => makeServer(at + 2))]);
});
afterEach(() => world.close());

const operations = () => world.cloud.calls.map(({ operation }) => operation);
const read = async (operationId?: string) => {
  const operations = operationId === undefined ? {} : { operations: { [id]: operationId } };
  const [instance] = await world.provider.readInstances({ instanceIds: [id], ...operations }, call);
  return instance;
};
const operationOf = (reply: InstanceReply | undefined) => (reply?.ok ? reply.operation : undefined);
const detach = async () => operationOf((await world.provider.detach(input(id), call)).replies[0]);

describe('detach', () => {
  test('sends the server id and nothing else, right after the key name was read', async () => {
    const reply = await world.provider.detach(input(id), call);
    expect(operations()).toEqual([RUNNING, SERVERS, DETACH]);
    expect(world.cloud.calls[2]?.parameters).toEqual({ server: { id } });
    expect(reply).toEqual({
      requestId: expect.any(String),
      replies: [{ instanceId: id, ok: true, operation: expect.any(String) }],
    });
    expect(server).toMatchObject({ keyPairs: [], opens: [] });
  });

  test('is a task: running first, then over, and only then is the key pair gone', async () => {
    world.cloud.lag = 60_000;
    const task = await detach();
    expect(await read(task)).toMatchObject({ operation: { id: task, state: 'running' }, keyPairs: [keyPair] });
    world.moveClock(30_000);
    expect(await read()).toMatchObject({ operation: { id: task, state: 'running' }, keyPairs: [keyPair] });
    world.moveClock(30_000);
    expect(await read(task)).toMatchObject({ operation: { id: task, state: 'succeeded' }, keyPairs: [] });
    expect(await read()).not.toHaveProperty('operation');
  });

  test.each<[string, Partial<WorldInstance>]>([
    ['KeyPairChanged', { keyPairs: ['spare'] }],
    ['KeyPairChanged', { keyPairs: [] }],
    ['ServerNotShutOff', { state: 'running' }],
    ['ServerNotShutOff', { state: 'starting' }],
    ['WindowsServer', { os: 'windows' }],
    ['ServerNotShown', { region: 'cn-east-3' }],
  ])('is refused with %s before anything is sent, for %o', async (code, change) => {
    Object.assign(server, change);
    const { replies } = await world.provider.detach(input(id), call);
    expect(replies).toEqual([{ instanceId: id, ok: false, code, message: expect.any(String) }]);
    expect(operations()).not.toContain(DETACH);
    expect(errors[code]?.mayBeDone).toBe('no');
  });

  test('is refused while a task of the server runs', async () => {
    world.cloud.lag = 60_000;
    await detach();
    const { replies } = await world.provider.detach(input(id), call);
    expect(replies[0]).toMatchObject({ ok: false, code: 'TaskRunning' });
    expect(operations().filter((operation) => operation === DETACH)).toHaveLength(1);
  });

  test.each([RUNNING, SERVERS])('is told as not sent when %s was not answered', async (operation) => {
    world.cloud.fail(operation, { kind: 'server-error', when: 'before' });
    const { replies } = await world.provider.detach(input(id), call);
    expect(replies[0]).toMatchObject({ ok: false, code: 'NotSent' });
    expect(operations()).not.toContain(DETACH);
    expect(server.keyPairs).toEqual(['oncall']);
  });

  test('keeps the code of a denial on the way there', async () => {
    world.cloud.fail(RUNNING, { kind: 'forbidden' });
    await expect(world.provider.detach(input(id), call)).rejects.toMatchObject({ facts: { code: 'KPS.9003' } });
  });

  test('of several is one call each, and each has its reply', async () => {
    const ids = [id, makeHuaweiId(2)];
    const { replies } = await world.provider.detach(input(...ids), call);
    expect(replies.map(({ instanceId, ok }) => [instanceId, ok])).toEqual(ids.map((one) => [one, true]));
  });
});

describe('the error table', () => {
  const kps = Object.keys(errors).filter((code) => code.startsWith('KPS.'));
  test('has every code of the document', () => {
    const listed =
      '0001 0002 0003 0004 0005 0006 4016 5001 5002 5003 5004 6004 6005 6007 6008 6009 6010 6011 9001 9002 9003 9004 9005 9006';
    expect(kps.map((code) => code.slice(4)).sort()).toEqual(listed.split(' '));
  });

  test.each([...kps, 'APIGW.0301', 'APIGW.0302', 'APIGW.0308'])('%s comes through the adapter', async (code) => {
    world.cloud.fail(DETACH, { kind: 'code', code, message: 'as documented' });
    const failed = world.provider.detach(input(id), call);
    const facts = { code, message: 'as documented', httpStatus: expect.any(Number), requestId: expect.any(String) };
    await expect(failed).rejects.toMatchObject({ name: 'VendorFailure', facts });
    expect(server.keyPairs).toEqual(['oncall']);
  });

  test('an instance that is refused by the cloud gives the code of its call', async () => {
    world.cloud.fail(DETACH, { kind: 'instance-code', instanceId: id, code: 'KPS.0004' });
    await expect(world.provider.detach(input(id), call)).rejects.toMatchObject({ facts: { code: 'KPS.0004' } });
  });

  test.each(Object.keys(errors).filter((code) => code.startsWith('Ecs.')))('%s comes through too', async (code) => {
    world.cloud.fail(SERVERS, { kind: 'code', code, message: 'as documented' });
    await expect(read()).rejects.toMatchObject({ facts: { code, message: 'as documented' } });
  });
});

describe('why a task failed', () => {
  test('is read from the failed tasks', async () => {
    server.extra.failUnbind = { code: 'Ecs.0001', message: 'quota is used up' };
    const task = await detach();
    const operation = { id: task, state: 'failed', code: 'Ecs.0001', message: 'quota is used up' };
    expect(await read(task)).toMatchObject({ operation, keyPairs: [keyPair] });
  });

  test('has the state as its code where the cloud gives none', async () => {
    server.extra.failUnbind = { code: null, message: 'Update public key error' };
    const task = await detach();
    const operation = { id: task, state: 'failed', code: 'FAILED_UNBIND', message: 'Update public key error' };
    expect(await read(task)).toMatchObject({ operation });
  });

  test.each([
    ['KPS.9006', { kind: 'code', code: 'KPS.9006', httpStatus: 403 } as const],
    ['a denial', { kind: 'forbidden' } as const],
    ['KPS.5001', { kind: 'code', code: 'KPS.5001', httpStatus: 500 } as const],
  ])('is said to be unknown where the failed tasks answer %s', async (_what, fault) => {
    server.extra.failUnbind = { code: null, message: 'Update public key error' };
    const task = await detach();
    world.cloud.fail(FAILED, fault);
    const message = expect.stringMatching(/^FAILED_UNBIND; the failed tasks answered KPS\.\d+$/);
    expect((await read(task))?.operation).toEqual({ id: task, state: 'failed', code: 'ReasonNotRead', message });
  });

  test('a task that the cloud does not know, or of another server, is no operation', async () => {
    const other = await world.provider.detach(input(makeHuaweiId(2)), call);
    expect(await read('no-such-task')).not.toHaveProperty('operation');
    expect(await read(operationOf(other.replies[0]))).not.toHaveProperty('operation');
  });

  test('a task that too many calls kept from being read is read again with the rest', async () => {
    world.cloud.fail(/tasks\/\{task_id\}/, { kind: 'throttle' });
    await expect(read('any')).rejects.toMatchObject({ facts: { code: 'APIGW.0308', httpStatus: 429 } });
  });
});

describe('reading', () => {
  test('leaves out the empty object that stands for an unknown id', async () => {
    const shown = await world.provider.readInstances({ instanceIds: [makeHuaweiId(999), id] }, call);
    expect(shown.map((instance) => instance.id)).toEqual([id]);
  });

  test('tells the lock', async () => {
    server.lock = 'by an operator';
    expect(await read()).toMatchObject({ lock: 'locked' });
  });

  test('asks for running tasks once, and not where every task is known', async () => {
    const task = (await detach()) ?? '';
    const before = world.cloud.calls.length;
    await read(task);
    expect(operations().slice(before)).toEqual(['GET /v3/{project_id}/tasks/{task_id}', SERVERS]);
  });
});

describe('key pairs', () => {
  test('are listed page by page, each once', async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.provider.listKeyPairs(cursor === undefined ? {} : { cursor }, call);
      names.push(...page.items.map(({ name }) => name));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(names).toEqual(world.cloud.world.keyPairs.map(({ name }) => name));
    expect(operations()).toHaveLength(3);
  });

  test('of another IAM user are found by the servers that have them', async () => {
    server.keyPairs = ['somebody-elses'];
    expect(await world.provider.findKeyPair({ nameOrId: 'somebody-elses' }, call)).toEqual({ name: 'somebody-elses' });
  });

  test.each(['nobody', '', '..', 'a/b', "it's (a) name!*"])('%p is not found, by the exact name', async (nameOrId) => {
    expect(await world.provider.findKeyPair({ nameOrId }, call)).toBeUndefined();
  });
});

describe('power', () => {
  const power = (action: 'stop' | 'start' | 'restart') =>
    world.provider.power({ instanceIds: [id], action, token: 'unused' }, call);

  test.each([
    ['stop', 'running', { 'os-stop': { type: 'SOFT', servers: [{ id }] } }],
    ['start', 'stopped', { 'os-start': { servers: [{ id }] } }],
    ['restart', 'running', { reboot: { type: 'SOFT', servers: [{ id }] } }],
  ] as const)('%s is soft', async (action, state, body) => {
    server.state = state;
    expect((await power(action)).replies).toEqual([{ instanceId: id, ok: true }]);
    expect(world.cloud.calls.at(-1)?.parameters).toEqual(body);
  });

  test('passes through a state in between', async () => {
    world.cloud.lag = 1000;
    await power('start');
    expect(await read()).toMatchObject({ state: 'changing', vendorState: 'SHUTOFF' });
    world.moveClock(1000);
    expect(await read()).toMatchObject({ state: 'running', vendorState: 'ACTIVE' });
  });

  test.each([
    ['Ecs.0100', { state: 'stopped' }],
    ['Ecs.0605', { state: 'running', lock: 'by an operator' }],
    ['Ecs.0114', { region: 'cn-east-3' }],
  ] as const)('is refused with %s for %o', async (code, change) => {
    Object.assign(server, change);
    await expect(power('stop')).rejects.toMatchObject({ facts: { code } });
    expect(server.power.stops).toBe(0);
  });

  test('is refused while a key pair task runs', async () => {
    world.cloud.lag = 1000;
    await detach();
    await expect(power('start')).rejects.toMatchObject({ facts: { code: 'Ecs.0100' } });
  });
});

describe('attach', () => {
  const attach = (name: string) =>
    world.provider.attach({ instanceIds: [id], keyPair: { name }, token: 'unused' }, call);

  test('leaves password login as it is', async () => {
    server.keyPairs = [];
    const { replies } = await attach('oncall');
    expect(world.cloud.calls.at(-1)?.parameters).toEqual({
      keypair_name: 'oncall',
      server: { id, disable_password: false },
    });
    expect(await read(operationOf(replies[0]))).toMatchObject({ operation: { state: 'succeeded' } });
    expect(server.opens).toEqual(['oncall']);
  });

  test('never puts a key pair in place of another', async () => {
    server.keyPairs = ['spare'];
    expect((await attach('oncall')).replies[0]).toMatchObject({ ok: false, code: 'KeyPairChanged' });
    expect(operations()).not.toContain(ATTACH);
  });

  test('of a key pair that does not exist is refused by the cloud', async () => {
    server.keyPairs = [];
    await expect(attach('nobody')).rejects.toMatchObject({ facts: { code: 'KPS.4016', httpStatus: 400 } });
  });
});

test('the cloud runs ten tasks at once, and is not asked for more, however many are asked for together', async () => {
  world.cloud.lag = 60_000;
  const ids = Array.from({ length: 14 }, (_, n) => makeHuaweiId(n + 1));
  const said = await Promise.all(ids.map((id) => world.provider.detach(input(id), call)));
  const replies = said.flatMap((answer) => answer.replies);
  expect(replies.filter(({ ok }) => ok)).toHaveLength(10);
  expect(replies.flatMap((one) => (one.ok ? [] : [one.code]))).toEqual(Array(4).fill('TooManyTasks'));
});

test('what was read as bound is what a plan compares with', async () => {
  const instance = await read();
  expect(instance && isBound(instance, keyPair)).toBe(true);
});
