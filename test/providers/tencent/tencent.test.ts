import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WorldInstance } from '../../../playground/clouds/cloud.js';
import { makeTencentKeyPair } from '../../../playground/clouds/tencent/cloud.js';
import { VendorFailure, type VendorFailureFacts } from '../../../src/providers/failures.js';
import type { TencentClient } from '../../../src/providers/tencent/client.js';
import { errors } from '../../../src/providers/tencent/errors.js';
import { createProvider, traits } from '../../../src/providers/tencent/provider.js';
import { credentialsSchema } from '../../../src/providers/tencent/schema.js';
import type { Harness } from '../harness.js';
import { makeTencentHarness, REGION } from './harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await makeTencentHarness();
});
afterEach(() => harness.close());

const call = { region: REGION, signal: new AbortController().signal };
const token = 'a-token';

async function factsOf(work: Promise<unknown>): Promise<VendorFailureFacts> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VendorFailure)) throw new Error(`no VendorFailure but ${String(error)}`);
  return error.facts;
}

function inWorld(id: string): WorldInstance {
  const instance = harness.cloud.world.instances.get(id);
  if (instance === undefined) throw new Error(`no instance ${id}`);
  return instance;
}

const linux = (n: number): string => harness.linux[n] ?? '';
const detach = (...instanceIds: string[]) =>
  harness.provider.detach({ instanceIds, keyPair: harness.keyPair, token }, call);

/** An adapter that is answered with these contents of `Response`, one for each call. */
function answeredWith(...replies: unknown[]) {
  const calls: { action: string; parameters: unknown }[] = [];
  const client: TencentClient = {
    async call(action, parameters) {
      calls.push({ action, parameters });
      return replies[calls.length - 1];
    },
  };
  return { provider: createProvider({ client, timeoutMs: 1_000, now: Date.now }), calls };
}

const shownInstance = (rest: object = {}) => ({
  InstanceId: 'ins-0000aaaa',
  InstanceName: 'game',
  InstanceState: 'STOPPED',
  RestrictState: 'NORMAL',
  OsName: 'CentOS 7.6 64bit',
  LoginSettings: { KeyIds: ['skey-0000bbbb'] },
  LatestOperationState: null,
  LatestOperationRequestId: null,
  LatestOperationErrorMsg: null,
  ...rest,
});

const readShown = async (rest: object, operations: Record<string, string> = {}) => {
  const { provider } = answeredWith({ TotalCount: 1, InstanceSet: [shownInstance(rest)] });
  return (await provider.readInstances({ instanceIds: ['ins-0000aaaa'], operations }, call))[0];
};

describe('what is sent', () => {
  test('a detach names the key pair by its id and never forces', async () => {
    const reply = await detach(linux(0), linux(1));
    expect(harness.cloud.calls).toEqual([
      {
        operation: 'DisassociateInstancesKeyPairs',
        region: REGION,
        instanceIds: [linux(0), linux(1)],
        parameters: { InstanceIds: [linux(0), linux(1)], KeyIds: [harness.keyPair.id], ForceStop: false },
      },
    ]);
    expect(reply).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      replies: [linux(0), linux(1)].map((instanceId) => ({ instanceId, ok: true, operation: reply.requestId })),
    });
  });

  test('an attach is the same with the other action, and replaces what was bound', async () => {
    await harness.provider.attach({ instanceIds: [linux(0)], keyPair: harness.otherKeyPair, token }, call);
    expect(harness.cloud.calls[0]?.parameters).toEqual({
      InstanceIds: [linux(0)],
      KeyIds: [harness.otherKeyPair.id],
      ForceStop: false,
    });
    expect(inWorld(linux(0))).toMatchObject({ keyPairs: ['game_ops_old'], opens: ['game_ops_old'] });
  });

  test('power is soft and keeps charging', async () => {
    harness.setState(linux(0), 'running');
    for (const action of ['restart', 'stop', 'start'] as const) {
      await harness.provider.power({ action, instanceIds: [linux(0)], token }, call);
    }
    expect(harness.cloud.calls.map(({ operation, parameters }) => [operation, parameters])).toEqual([
      ['RebootInstances', { InstanceIds: [linux(0)], StopType: 'SOFT' }],
      ['StopInstances', { InstanceIds: [linux(0)], StopType: 'SOFT', StoppedMode: 'KEEP_CHARGING' }],
      ['StartInstances', { InstanceIds: [linux(0)] }],
    ]);
    expect(inWorld(linux(0))).toMatchObject({ state: 'running', power: { restarts: 1, stops: 1, starts: 1 } });
  });

  test('without the id of the key pair nothing is sent', async () => {
    const keyPair = { name: 'game_ops' };
    const write = { instanceIds: [linux(0)], keyPair, token };
    for (const work of [
      harness.provider.detach(write, call),
      harness.provider.attach(write, call),
      harness.provider.listInstances({ keyPair }, call),
    ]) {
      expect(await factsOf(work)).toMatchObject({ code: 'MissingParameter' });
    }
    expect(harness.cloud.calls).toEqual([]);
  });

  test('without ids nothing is read: the cloud would answer with any instances', async () => {
    expect(await harness.provider.readInstances({ instanceIds: [] }, call)).toEqual([]);
    expect(harness.cloud.calls).toEqual([]);
  });
});

describe('errors', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'InternalServerError',
      () => {
        harness.cloud.fail('DisassociateInstancesKeyPairs', { kind: 'server-error', when: 'before' });
        return detach(linux(0));
      },
    ],
    [
      'InvalidInstance.NotSupported',
      () => {
        inWorld(linux(0)).extra.unsupported = true;
        return detach(linux(0));
      },
    ],
    ['InvalidInstanceId.Malformed', () => detach('ins-1122')],
    ['InvalidInstanceId.NotFound', () => detach(harness.missing)],
    [
      'InvalidKeyPairId.Malformed',
      () => harness.provider.detach({ instanceIds: [linux(0)], keyPair: { name: 'x', id: 'skey-1122' }, token }, call),
    ],
    [
      'InvalidKeyPairId.NotFound',
      () =>
        harness.provider.detach({ instanceIds: [linux(0)], keyPair: { name: 'x', id: 'skey-zzzzzzzz' }, token }, call),
    ],
    [
      'InvalidParameterValue',
      () => {
        harness.cloud.fail('DisassociateInstancesKeyPairs', { kind: 'code', code: 'InvalidParameterValue' });
        return detach(linux(0));
      },
    ],
    ['InvalidParameterValue.LimitExceeded', () => detach(...harness.linux.slice(0, 101))],
    ['MissingParameter', () => detach()],
    ['UnsupportedOperation.InstanceOsWindows', () => detach(harness.windows)],
    [
      'UnsupportedOperation.StoppedModeStopCharging',
      () => {
        inWorld(linux(0)).extra.StopChargingMode = 'STOP_CHARGING';
        return detach(linux(0));
      },
    ],
  ])('%s', async (code, work) => {
    const facts = await factsOf(work());
    expect(facts).toMatchObject({ code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(facts.transport).toBeUndefined();
    expect(errors).toHaveProperty([code]);
    expect(inWorld(linux(0)).keyPairs).toEqual(['game_ops']);
  });

  test.each([
    ['RUNNING', 'InstanceStateRunning', 'stop-first', 'never'],
    ['PENDING', 'InstanceStatePending', 'instance-busy', 'settled'],
    ['STARTING', 'InstanceStateStarting', 'instance-busy', 'settled'],
    ['STOPPING', 'InstanceStateStopping', 'instance-busy', 'settled'],
    ['REBOOTING', 'InstanceStateRebooting', 'instance-busy', 'settled'],
    ['ENTER_RESCUE_MODE', 'InstanceStateEnterRescueMode', 'instance-busy', 'settled'],
    ['RESCUE_MODE', 'InstanceStateRescueMode', 'instance-state', 'never'],
    ['SHUTDOWN', 'InstanceStateShutdown', 'instance-state', 'never'],
    ['TERMINATING', 'InstanceStateTerminating', 'instance-state', 'never'],
  ])('a detach in %s is refused', async (state, name, hint, repeat) => {
    inWorld(linux(0)).extra.InstanceState = state;
    const code = `UnsupportedOperation.${name}`;
    expect(await factsOf(detach(linux(0)))).toMatchObject({ code });
    expect(errors[code]).toMatchObject({ hint, repeat, mayBeDone: 'no' });
  });

  test('one instance that may not be operated on fails the whole call, and is not named', async () => {
    harness.setState(linux(1), 'running');
    const facts = await factsOf(detach(linux(0), linux(1), linux(2)));
    expect(facts).toMatchObject({ code: 'UnsupportedOperation.InstanceStateRunning' });
    expect(facts.message).not.toMatch(/ins-/);
    expect([0, 1, 2].map((n) => inWorld(linux(n)).keyPairs)).toEqual([['game_ops'], ['game_ops'], ['game_ops']]);
  });

  test('an instance at another operation is busy', async () => {
    harness.cloud.lag = 1_000;
    await detach(linux(0));
    const facts = await factsOf(detach(linux(0)));
    expect(facts.code).toBe('OperationDenied.InstanceOperationInProgress');
    expect(errors[facts.code ?? '']).toMatchObject({ repeat: 'settled', mayBeDone: 'no' });
  });
});

describe('instances', () => {
  test.each([
    ['RUNNING', 'running'],
    ['STOPPED', 'stopped'],
    ['PENDING', 'changing'],
    ['EXIT_SERVICE_LIVE_MIGRATE', 'changing'],
    ['LAUNCH_FAILED', 'unusable'],
    ['RESCUE_MODE', 'unusable'],
    ['constructor', 'unusable'],
  ])('%s is %s', async (vendorState, state) => {
    expect(await readShown({ InstanceState: vendorState })).toMatchObject({ state, vendorState });
  });

  test.each([
    ['Windows Server 2022 数据中心版 64位中文版', 'windows'],
    ['TencentOS Server 3.1 (TK4)', 'linux'],
    ['Ubuntu Server 22.04 LTS 64bit', 'linux'],
    ['FreeBSD 13', 'unknown'],
    [null, 'unknown'],
  ])('%s is %s', async (OsName, os) => {
    expect(await readShown({ OsName })).toMatchObject({ os });
  });

  test.each([[{}], [{ KeyIds: null }], [{ KeyIds: [] }]])(
    '%j says that no key pair is bound',
    async (LoginSettings) => {
      expect(await readShown({ LoginSettings })).toMatchObject({ keyPairs: [] });
    },
  );

  test.each([
    ['bindings', { LoginSettings: undefined }],
    ['bindings', { LoginSettings: null }],
    ['state', { InstanceState: null }],
  ])('an answer without %s is malformed, not empty', async (_what, rest) => {
    expect(await factsOf(readShown(rest))).toMatchObject({ transport: 'malformed' });
  });

  test('a restricted instance is locked', async () => {
    expect(await readShown({ RestrictState: 'PROTECTIVELY_ISOLATED' })).toMatchObject({
      lock: 'PROTECTIVELY_ISOLATED',
    });
    expect(await readShown({})).not.toHaveProperty('lock');
  });

  test('an instance that was not asked for is not shown', async () => {
    const { provider } = answeredWith({ TotalCount: 1, InstanceSet: [shownInstance()] });
    expect(await provider.readInstances({ instanceIds: ['ins-0000cccc'] }, call)).toEqual([]);
  });
});

describe('operations', () => {
  test('the one asked about is told when it is over, another one only while it runs', async () => {
    harness.cloud.lag = 1_000;
    const { requestId = '' } = await detach(linux(0));
    const read = async (operations: Record<string, string>) =>
      (await harness.provider.readInstances({ instanceIds: [linux(0)], operations }, call))[0];
    expect(await read({})).toMatchObject({ operation: { id: requestId, state: 'running' }, keyPairs: [{}] });
    harness.settle();
    expect(await read({})).not.toHaveProperty('operation');
    expect(await read({ [linux(0)]: 'another' })).not.toHaveProperty('operation');
    expect(await read({ [linux(0)]: requestId })).toMatchObject({
      operation: { id: requestId, state: 'succeeded' },
      keyPairs: [],
    });
  });

  test('one that failed is told with its words', async () => {
    inWorld(linux(0)).extra.taskFails = 'The disk is read-only.';
    const { requestId = '' } = await detach(linux(0));
    const [instance] = await harness.provider.readInstances(
      { instanceIds: [linux(0)], operations: { [linux(0)]: requestId } },
      call,
    );
    expect(instance?.operation).toEqual({ id: requestId, state: 'failed', message: 'The disk is read-only.' });
    expect(instance?.keyPairs).toEqual([{ id: harness.keyPair.id }]);
  });
});

describe('lists', () => {
  test('no instance is missed when others leave the list between two pages', async () => {
    const first = await harness.provider.listInstances({ keyPair: harness.keyPair }, call);
    for (const { id } of first.items.slice(0, 10)) inWorld(id).keyPairs = [];
    const seen = first.items.map(({ id }) => id);
    for (let cursor = first.cursor; cursor !== undefined; ) {
      const page = await harness.provider.listInstances({ keyPair: harness.keyPair, cursor }, call);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(seen.sort()).toEqual([...harness.linux, harness.windows].sort());
  });

  test('of names that hold one another the whole one is found', async () => {
    expect(await harness.provider.findKeyPair({ nameOrId: 'game_ops' }, call)).toMatchObject(harness.keyPair);
    expect(await harness.provider.findKeyPair({ nameOrId: 'game_op' }, call)).toBeUndefined();
    expect(await harness.provider.findKeyPair({ nameOrId: harness.otherKeyPair.id ?? '' }, call)).toMatchObject({
      ...harness.otherKeyPair,
      publicKey: expect.stringMatching(/^ssh-ed25519 \S+ \S+$/),
    });
  });

  test('an id that the cloud refuses or leaves out is not found, any other error is thrown', async () => {
    expect(await harness.provider.findKeyPair({ nameOrId: 'skey-zzzzzzzz' }, call)).toBeUndefined();
    const { provider } = answeredWith({ TotalCount: 0, KeyPairSet: [] });
    expect(await provider.findKeyPair({ nameOrId: 'skey-zzzzzzzz' }, call)).toBeUndefined();
    harness.cloud.fail('DescribeKeyPairs', { kind: 'code', code: 'InvalidKeyPairId.Malformed' });
    expect(await factsOf(harness.provider.findKeyPair({ nameOrId: 'skey-zzzzzzzz' }, call))).toMatchObject({
      code: 'InvalidKeyPairId.Malformed',
    });
  });

  test('a name that two key pairs have is not guessed', async () => {
    harness.cloud.world.keyPairs.push(makeTencentKeyPair('game_ops', REGION, 77));
    const facts = await factsOf(harness.provider.findKeyPair({ nameOrId: 'game_ops' }, call));
    const ids = [harness.keyPair.id, makeTencentKeyPair('game_ops', REGION, 77).id].join(', ');
    expect(facts).toEqual({ transport: 'ambiguous', message: `several key pairs have this name: ${ids}` });
  });

  test.each([[undefined], [null], [{}], [{ TotalCount: 0 }], [{ TotalCount: '1', KeyPairSet: [] }]])(
    '%j for a list of key pairs is malformed, not empty',
    async (reply) => {
      const { provider } = answeredWith(reply);
      expect(await factsOf(provider.listKeyPairs({}, call))).toMatchObject({ transport: 'malformed' });
    },
  );
});

test('a write that is answered without a request id is malformed', async () => {
  const { provider, calls } = answeredWith({});
  const write = { instanceIds: ['ins-0000aaaa'], keyPair: { name: 'x', id: 'skey-0000bbbb' }, token };
  expect(await factsOf(provider.detach(write, call))).toMatchObject({ transport: 'malformed' });
  expect(calls).toHaveLength(1);
});

test('traits are frozen all the way down', () => {
  for (const part of [traits, traits.limits, traits.keyPairWritesIn, errors]) expect(Object.isFrozen(part)).toBe(true);
});

test('credentials are strict and fit into a header', () => {
  const fine = { secretId: 'AKID1', secretKey: 'k' };
  expect(credentialsSchema.safeParse(fine).success).toBe(true);
  for (const wrong of [
    { ...fine, more: 'x' },
    { ...fine, token: '' },
    { ...fine, secretKey: 'a\nb' },
    { secretId: 'x' },
  ]) {
    expect(credentialsSchema.safeParse(wrong).success).toBe(false);
  }
});
