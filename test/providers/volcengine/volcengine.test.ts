import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeVolcengineKeyPair } from '../../../playground/clouds/volcengine/world.js';
import type { CallContext, KeyPairWriteInput } from '../../../src/providers/contract.js';
import { VendorFailure } from '../../../src/providers/failures.js';
import { errors } from '../../../src/providers/volcengine/errors.js';
import { traits } from '../../../src/providers/volcengine/provider.js';
import type { Harness } from '../harness.js';
import { makeVolcengineHarness } from './harness.js';

let harness: Harness;
let call: CallContext;

beforeEach(async () => {
  harness = await makeVolcengineHarness();
  call = { region: harness.region, signal: new AbortController().signal };
});

afterEach(() => harness.close());

const failureOf = async (promise: Promise<unknown>): Promise<VendorFailure> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof VendorFailure)) throw new Error(`expected a VendorFailure, got ${String(error)}`);
  return error;
};

function instanceAt(index: number) {
  const instance = harness.cloud.world.instances.get(harness.linux[index] ?? '');
  if (!instance) throw new Error(`no instance at ${index}`);
  return instance;
}

const writeOf = (count: number, more: Partial<KeyPairWriteInput> = {}): KeyPairWriteInput => ({
  instanceIds: harness.linux.slice(0, count),
  token: 'token-1',
  keyPair: harness.keyPair,
  ...more,
});

describe('DetachKeyPair', () => {
  test('is sent with flat ids, the id of the key pair alone, and the ClientToken', async () => {
    const reply = await harness.provider.detach(writeOf(2), call);
    expect(harness.cloud.calls.at(-1)?.parameters).toEqual({
      Action: 'DetachKeyPair',
      Version: '2020-04-01',
      'InstanceIds.1': harness.linux[0],
      'InstanceIds.2': harness.linux[1],
      KeyPairId: harness.keyPair.id,
      ClientToken: 'token-1',
    });
    expect(reply).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      replies: harness.linux.slice(0, 2).map((instanceId) => ({ instanceId, ok: true })),
    });
    expect(instanceAt(0).keyPairs).toEqual([]);
  });

  test('names the key pair by its name where the id is not known', async () => {
    await harness.provider.detach(writeOf(1, { keyPair: { name: 'incident' } }), call);
    expect(harness.cloud.calls.at(-1)?.parameters).toMatchObject({ KeyPairName: 'incident' });
    expect(instanceAt(0).keyPairs).toEqual([]);
  });

  test('takes 100 instances and not one more', async () => {
    expect((await harness.provider.detach(writeOf(traits.limits.detach), call)).replies).toHaveLength(100);
    const failure = await failureOf(harness.provider.detach(writeOf(101, { token: 'token-2' }), call));
    expect(failure.facts).toMatchObject({ code: 'LimitExceeded.MaximumInstanceIds', httpStatus: 400 });
  });

  test('opens the door until the guest has restarted or started', async () => {
    instanceAt(1).state = 'stopped';
    await harness.provider.detach(writeOf(2), call);
    expect([instanceAt(0).opens, instanceAt(1).opens]).toEqual([['incident'], ['incident']]);
    await harness.provider.power({ action: 'restart', ...writeOf(1, { token: 'token-2' }) }, call);
    await harness.provider.power({ action: 'start', instanceIds: [instanceAt(1).id], token: 'token-3' }, call);
    expect([instanceAt(0).opens, instanceAt(1).opens]).toEqual([[], []]);
  });

  test('leaves an earlier key pair working when another one came and went before the restart', async () => {
    await harness.provider.detach(writeOf(1), call);
    await harness.provider.attach(writeOf(1, { keyPair: harness.otherKeyPair, token: 'token-2' }), call);
    await harness.provider.detach(writeOf(1, { keyPair: harness.otherKeyPair, token: 'token-3' }), call);
    await harness.provider.power({ action: 'restart', ...writeOf(1, { token: 'token-4' }) }, call);
    expect(instanceAt(0)).toMatchObject({ keyPairs: [], opens: ['incident'] });
  });

  test('tells each instance by its own line of a reply with HTTP 200', async () => {
    const [, agentless, busy, throttled] = harness.linux as [string, string, string, string];
    instanceAt(1).agent = false;
    harness.setState(busy, 'starting');
    harness.cloud.fail('DetachKeyPair', { kind: 'instance-code', instanceId: throttled, code: 'FlowLimitExceeded' });
    const instanceIds = [...harness.linux.slice(0, 4), harness.windows, harness.missing];
    const { replies } = await harness.provider.detach(writeOf(0, { instanceIds }), call);
    expect(replies.map((reply) => [reply.instanceId, reply.ok || reply.code])).toEqual([
      [harness.linux[0], true],
      [agentless, 'InvalidResetAuthenticationAgent.NotFound'],
      [busy, 'InvalidInstanceStatus'],
      [throttled, 'FlowLimitExceeded'],
      [harness.windows, 'InvalidKeyPairForWindows.Unsupported'],
      [harness.missing, 'InvalidInstance.NotFound'],
    ]);
    expect([0, 1, 2, 3].map((index) => instanceAt(index).keyPairs.length)).toEqual([0, 1, 1, 1]);
  });

  test.each([
    ['MissingParameter.KeyPairNameAndKeyPairId', 400, { keyPair: { name: '' } }],
    ['MissingParameter.InstanceIds', 400, { instanceIds: [] }],
    ['InvalidClientToken.Malformed', 400, { token: 'x'.repeat(65) }],
    ['InvalidClientToken.Malformed', 400, { token: 'schlüssel' }],
    ['InvalidKeyPair.NotFound', 404, { keyPair: { name: 'nobody' } }],
  ])('is refused as a whole: %s', async (code, httpStatus, more) => {
    const failure = await failureOf(harness.provider.detach(writeOf(1, more), call));
    expect(failure.facts).toMatchObject({ code, httpStatus, requestId: expect.any(String) });
    expect(instanceAt(0).keyPairs).toEqual(['incident']);
  });

  test('an internal error carries its code and is taken for possibly done', async () => {
    harness.cloud.fail('DetachKeyPair', { kind: 'server-error', when: 'after' });
    const failure = await failureOf(harness.provider.detach(writeOf(1), call));
    expect(failure.facts).toMatchObject({ code: 'InternalError', httpStatus: 500 });
    expect(instanceAt(0).keyPairs).toEqual([]);
    expect(errors.InternalError?.mayBeDone).toBe('yes');
    expect(harness.cloud.calls).toHaveLength(1);
  });
});

describe('ClientToken', () => {
  test('makes a repeated write the same write', async () => {
    const restart = { action: 'restart', ...writeOf(1) } as const;
    harness.cloud.fail('RebootInstances', { kind: 'reply-lost' });
    expect((await failureOf(harness.provider.power(restart, call))).facts.transport).toBe('network');
    expect((await harness.provider.power(restart, call)).replies).toEqual([{ instanceId: harness.linux[0], ok: true }]);
    expect(instanceAt(0).power.restarts).toBe(1);
  });

  test('is refused for another write', async () => {
    await harness.provider.detach(writeOf(1), call);
    const failure = await failureOf(harness.provider.detach(writeOf(2), call));
    expect(failure.facts).toMatchObject({ code: 'IdempotentParameterMismatch', httpStatus: 400 });
    expect(instanceAt(1).keyPairs).toEqual(['incident']);
  });

  test('is refused while the earlier write is in process', async () => {
    harness.cloud.lag = 5_000;
    await harness.provider.detach(writeOf(1), call);
    const failure = await failureOf(harness.provider.detach(writeOf(1), call));
    expect(failure.facts).toMatchObject({ code: 'IdempotentProcessing', httpStatus: 412 });
    harness.settle();
    expect((await harness.provider.detach(writeOf(1), call)).replies).toHaveLength(1);
  });
});

describe('reads', () => {
  test('show the bound key pair by name and id, and none where the cloud says so', async () => {
    await harness.provider.detach(writeOf(1), call);
    const instances = await harness.provider.readInstances({ instanceIds: harness.linux.slice(0, 2) }, call);
    const byId = new Map(instances.map((instance) => [instance.id, instance]));
    expect(byId.get(harness.linux[0] ?? '')?.keyPairs).toEqual([]);
    expect(byId.get(harness.linux[1] ?? '')).toMatchObject({
      state: 'running',
      vendorState: 'RUNNING',
      os: 'linux',
      keyPairs: [{ name: 'incident', id: harness.keyPair.id }],
    });
  });

  test('follow an instance through its states', async () => {
    const [id = ''] = harness.linux;
    const read = async () => (await harness.provider.readInstances({ instanceIds: [id] }, call))[0];
    harness.cloud.lag = 10_000;
    await harness.provider.power({ action: 'stop', ...writeOf(1) }, call);
    expect(await read()).toMatchObject({ state: 'changing', vendorState: 'STOPPING' });
    harness.settle();
    expect(await read()).toMatchObject({ state: 'stopped', vendorState: 'STOPPED' });
    harness.setState(id, 'terminated');
    expect(await read()).toMatchObject({ state: 'unusable', vendorState: 'DELETING' });
  });

  test('list a key pair over pages of 100', async () => {
    const sizes: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await harness.provider.listInstances({ keyPair: harness.keyPair, ...(cursor && { cursor }) }, call);
      sizes.push(page.items.length);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(sizes).toEqual([100, 100, 2]);
  });

  test('list key pairs over pages of 500', async () => {
    const more = Array.from({ length: 500 }, (_, n) => makeVolcengineKeyPair(`more-${n}`, harness.region, n + 10));
    harness.cloud.world.keyPairs.push(...more);
    const first = await harness.provider.listKeyPairs({}, call);
    const second = await harness.provider.listKeyPairs({ ...(first.cursor && { cursor: first.cursor }) }, call);
    expect([first.items.length, second.items.length, second.cursor]).toEqual([500, 2, undefined]);
    const names = [...first.items, ...second.items].map(({ name }) => name);
    expect(names).toEqual(harness.cloud.world.keyPairs.map(({ name }) => name));
  });

  test('find a key pair by its exact name or id only', async () => {
    const { provider, keyPair } = harness;
    expect(await provider.findKeyPair({ nameOrId: 'incident' }, call)).toEqual(keyPair);
    expect(await provider.findKeyPair({ nameOrId: keyPair.id ?? '' }, call)).toEqual(keyPair);
    expect(await provider.findKeyPair({ nameOrId: 'inciden' }, call)).toBeUndefined();
    harness.cloud.fail('DescribeKeyPairs', { kind: 'forbidden' });
    const failure = await failureOf(provider.findKeyPair({ nameOrId: 'incident' }, call));
    expect(failure.facts).toMatchObject({ code: 'AccessDenied', httpStatus: 403 });
  });
});

describe('power', () => {
  test('is soft and keeps charging, in words', async () => {
    await harness.provider.power({ action: 'stop', ...writeOf(1) }, call);
    expect(harness.cloud.calls.at(-1)?.parameters).toMatchObject({ ForceStop: 'false', StoppedMode: 'KeepCharging' });
    await harness.provider.power({ action: 'start', ...writeOf(1, { token: 'token-2' }) }, call);
    await harness.provider.power({ action: 'restart', ...writeOf(1, { token: 'token-3' }) }, call);
    expect(harness.cloud.calls.at(-1)?.parameters).toMatchObject({ ForceStop: 'false' });
    expect(instanceAt(0).power).toEqual({ stops: 1, starts: 1, restarts: 1 });
  });

  test('refuses an instance that is in another state', async () => {
    const { replies } = await harness.provider.power({ action: 'start', ...writeOf(1) }, call);
    expect(replies).toEqual([
      { instanceId: harness.linux[0], ok: false, code: 'InvalidInstanceStatus', message: expect.any(String) },
    ]);
  });
});

test('the table has every code of the document', () => {
  expect(Object.keys(errors)).toEqual(
    expect.arrayContaining([
      'InvalidInstance.NotFound',
      'InvalidKeyPairForWindows.Unsupported',
      'InvalidResetAuthenticationAgent.NotFound',
      'InvalidInstanceStatus',
      'FlowLimitExceeded',
      'MissingParameter.KeyPairNameAndKeyPairId',
      'MissingParameter.InstanceIds',
      'LimitExceeded.MaximumInstanceIds',
      'InvalidClientToken.Malformed',
      'IdempotentParameterMismatch',
      'InvalidKeyPair.NotFound',
      'IdempotentProcessing',
      'InternalError',
    ]),
  );
});
