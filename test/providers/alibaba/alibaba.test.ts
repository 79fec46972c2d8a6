import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeAlibabaKeyPair } from '../../../playground/clouds/alibaba/cloud.js';
import { createProvider, traits } from '../../../src/providers/alibaba/provider.js';
import type { KeyPair, Provider } from '../../../src/providers/contract.js';
import { VendorFailure, type VendorFailureFacts } from '../../../src/providers/failures.js';
import { instanceOf, KEY_NAME, LINUX, MISSING, makeAlibabaHarness, REGION, WINDOWS } from './harness.js';

type AlibabaHarness = Awaited<ReturnType<typeof makeAlibabaHarness>>;

let harness: AlibabaHarness;
let provider: Provider;
let cloud: AlibabaHarness['cloud'];
beforeEach(async () => {
  harness = await makeAlibabaHarness();
  ({ provider, cloud } = harness);
});
afterEach(() => harness.close());

const call = () => ({ region: REGION, signal: new AbortController().signal });
const write = (instanceIds: readonly string[], keyPair: KeyPair = { name: KEY_NAME }) => ({
  instanceIds,
  keyPair,
  token: 't',
});
const [first = '', second = '', third = ''] = LINUX;

async function factsOf(failing: Promise<unknown>): Promise<VendorFailureFacts> {
  const error = await failing.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof VendorFailure) return error.facts;
  throw error;
}

/** A provider whose cloud answers with these bodies, in this order. */
function answering(...bodies: readonly unknown[]): Provider {
  const left = [...bodies];
  return createProvider({ timeoutMs: 1_000, now: Date.now, client: { call: () => Promise.resolve(left.shift()) } });
}

describe('detach', () => {
  test('is written as the document has it', async () => {
    await provider.detach(write([first, second]), call());
    expect(cloud.calls).toEqual([
      {
        operation: 'DetachKeyPair',
        region: REGION,
        instanceIds: [first, second],
        parameters: {
          RegionId: REGION,
          KeyPairName: 'FinanceJoshuaV26',
          InstanceIds: `["${first}","${second}"]`,
        },
      },
    ]);
  });

  test('takes as many instances as the traits say, and the cloud takes no more', async () => {
    const reply = await provider.detach(write(LINUX.slice(0, traits.limits.detach)), call());
    expect(reply.replies.filter(({ ok }) => ok)).toHaveLength(50);
    expect(reply.requestId).toMatch(/^[0-9A-F-]{36}$/);
    const tooMany = await factsOf(provider.detach(write(LINUX.slice(50, 101)), call()));
    expect(tooMany).toMatchObject({ code: 'InvalidInstanceIds.ValueNotSupported', httpStatus: 400 });
    expect(instanceOf(cloud, LINUX[60] ?? '').keyPairs).toEqual([KEY_NAME]);
  });

  test('tells of each instance what the results say of it', async () => {
    instanceOf(cloud, second).lock = 'security';
    const { replies } = await provider.detach(write([first, WINDOWS, MISSING, second]), call());
    expect(replies).toEqual([
      { instanceId: first, ok: true },
      {
        instanceId: WINDOWS,
        ok: false,
        code: 'DependencyViolation.WindowsInstance',
        message: 'The instance creating is windows, cannot use ssh key pair to login',
      },
      { instanceId: MISSING, ok: false, code: 'InvalidInstanceId.NotFound', message: expect.any(String) },
      { instanceId: second, ok: false, code: 'InstanceLockedForSecurity', message: expect.any(String) },
    ]);
    expect(instanceOf(cloud, first).keyPairs).toEqual([]);
    expect(instanceOf(cloud, WINDOWS).keyPairs).toEqual([KEY_NAME]);
  });

  test.each([
    ['InvalidKeyPairName.NotFound', 400],
    ['DependencyViolation.WindowsInstance', 403],
    ['InvalidInstanceIds.ValueNotSupported', 400],
  ])('%s of the document, for the whole call, comes through with its status', async (code, httpStatus) => {
    cloud.fail('DetachKeyPair', { kind: 'code', code });
    const facts = await factsOf(provider.detach(write([first]), call()));
    expect(facts).toMatchObject({ code, httpStatus, requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) });
    expect(provider.errors[code]).toMatchObject({ mayBeDone: 'no', repeat: 'never' });
  });

  test('of a key pair that is in another region is refused as a whole', async () => {
    const facts = await factsOf(provider.detach(write([first], { name: 'nobody' }), call()));
    expect(facts).toMatchObject({ code: 'InvalidKeyPairName.NotFound', httpStatus: 400 });
  });

  test('shows at once, and opens the door no more after the restart', async () => {
    await provider.detach(write([first]), call());
    const [read] = await provider.readInstances({ instanceIds: [first] }, call());
    expect(read?.keyPairs).toEqual([]);
    expect(instanceOf(cloud, first).opens).toEqual([KEY_NAME]);
    cloud.lag = 1_000;
    await provider.power({ instanceIds: [first], token: 't', action: 'restart' }, call());
    const [restarting] = await provider.readInstances({ instanceIds: [first] }, call());
    expect(restarting).toMatchObject({ state: 'changing', vendorState: 'Starting' });
    expect(instanceOf(cloud, first).opens).toEqual([KEY_NAME]);
    harness.settle();
    expect(instanceOf(cloud, first)).toMatchObject({ state: 'running', opens: [], power: { restarts: 1 } });
  });

  test('of a stopped instance opens the door no more after the start', async () => {
    harness.setState(first, 'stopped');
    await provider.detach(write([first]), call());
    await provider.power({ instanceIds: [first], token: 't', action: 'start' }, call());
    expect(instanceOf(cloud, first)).toMatchObject({ state: 'running', opens: [], keyPairs: [] });
  });

  const result = { InstanceId: first, Code: '200', Success: true, Message: 'successful' };
  test.each([
    ['as the example has them', { TotalCount: 1, FailCount: 0 }, result],
    ['as the table has them', { TotalCount: '1', FailCount: '0' }, { ...result, Success: 'True' }],
    ['as numbers', {}, { ...result, Code: 200, Message: null }],
  ])('reads codes and success %s', async (_how, counts, row) => {
    const reply = answering({ ...counts, RequestId: 'r', Results: { Result: [row] } }).detach(write([first]), call());
    expect(await reply).toEqual({ requestId: 'r', replies: [{ instanceId: first, ok: true }] });
  });

  const refused = { ...result, Code: 'IncorrectInstanceStatus', Success: false, Message: 'not now' };
  test.each([
    ['leaves an instance out', {}, [refused]],
    ['leaves one out and counts it', { TotalCount: 2, FailCount: 2 }, [refused]],
    ['says success with a code of failure', {}, [refused, { ...result, InstanceId: second, Code: 'InternalError' }]],
    ['says failure with the code of success', {}, [refused, { ...result, InstanceId: second, Success: 'false' }]],
  ])('a reply that %s is believed of the other one', async (_how, counts, Result) => {
    const body = { ...counts, RequestId: 'r-1', Results: { Result } };
    const reply = await answering(body).detach(write([first, second]), call());
    const { Code: code, Message: message } = refused;
    expect(reply).toEqual({ requestId: 'r-1', replies: [{ instanceId: first, ok: false, code, message }] });
  });

  test.each([
    ['has no results', {}, null],
    ['counts failures that it does not tell', { TotalCount: 1, FailCount: 1 }, [result]],
    ['counts failures that it does not tell, in words', { FailCount: '1' }, [result]],
    ['tells a failure that it does not count', { FailCount: 0 }, [refused]],
  ])('a reply that %s is not believed', async (_how, counts, Result) => {
    const body = { ...counts, RequestId: 'r-1', Results: { Result } };
    const facts = await factsOf(answering(body).detach(write([first]), call()));
    expect(facts).toMatchObject({ transport: 'malformed', requestId: 'r-1' });
  });
});

describe('attach', () => {
  test('replaces the key pair, and reads the reply in strings', async () => {
    const reply = await provider.attach(write([first, WINDOWS], { name: 'spare' }), call());
    expect(reply.replies.map(({ ok }) => ok)).toEqual([true, false]);
    expect(instanceOf(cloud, first)).toMatchObject({ keyPairs: ['spare'], opens: [KEY_NAME] });
    expect(cloud.calls[0]).toMatchObject({ operation: 'AttachKeyPair', parameters: { KeyPairName: 'spare' } });
  });
});

describe('power', () => {
  test('stops softly, keeps charging, and answers for each instance', async () => {
    harness.setState(second, 'stopped');
    const { replies } = await provider.power(
      { instanceIds: [first, second, MISSING], token: 't', action: 'stop' },
      call(),
    );
    expect(replies).toEqual([
      { instanceId: first, ok: true },
      { instanceId: second, ok: false, code: 'IncorrectInstanceStatus', message: expect.any(String) },
      { instanceId: MISSING, ok: false, code: 'InvalidInstanceId.NotFound', message: expect.any(String) },
    ]);
    expect(cloud.calls[0]?.parameters).toEqual({
      RegionId: REGION,
      'InstanceId.1': first,
      'InstanceId.2': second,
      'InstanceId.3': MISSING,
      ForceStop: 'false',
      StoppedMode: 'KeepCharging',
      BatchOptimization: 'SuccessFirst',
    });
    expect(instanceOf(cloud, first)).toMatchObject({ state: 'stopped', extra: { stoppedMode: 'KeepCharging' } });
    expect(instanceOf(cloud, first).extra.forced).toBeUndefined();
  });

  test('restarts softly, as many as the traits say', async () => {
    const instanceIds = LINUX.slice(0, traits.limits.restart);
    const { replies } = await provider.power({ instanceIds, token: 't', action: 'restart' }, call());
    expect(replies.filter(({ ok }) => ok)).toHaveLength(100);
    expect(cloud.calls[0]?.parameters).toMatchObject({ ForceReboot: 'false', BatchOptimization: 'SuccessFirst' });
    expect(cloud.calls).toHaveLength(1);
  });

  test('a guest that does not heed stays where it is', async () => {
    instanceOf(cloud, first).extra.ignoresSoftStop = true;
    await provider.power({ instanceIds: [first], token: 't', action: 'stop' }, call());
    cloud.lag = 60_000;
    harness.settle();
    const [read] = await provider.readInstances({ instanceIds: [first] }, call());
    expect(read).toMatchObject({ state: 'changing', vendorState: 'Stopping' });
  });
});

describe('instances', () => {
  test('a whole batch comes in one call, though a page is ten unless told', async () => {
    const read = await provider.readInstances({ instanceIds: LINUX.slice(0, traits.limits.read) }, call());
    expect(read).toHaveLength(100);
    expect(cloud.calls).toHaveLength(1);
    expect(read[0]).toEqual({
      id: first,
      name: expect.any(String),
      state: 'running',
      vendorState: 'Running',
      os: 'linux',
      keyPairs: [{ name: KEY_NAME }],
    });
  });

  test('all pages of a key pair, without what only looks like it', async () => {
    instanceOf(cloud, third).keyPairs = ['spare'];
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const from: { cursor?: string } = cursor ? { cursor } : {};
      const page = await provider.listInstances({ keyPair: { name: KEY_NAME }, ...from }, call());
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(ids.sort()).toEqual([...LINUX.filter((id) => id !== third), WINDOWS].sort());
    expect(cloud.calls).toHaveLength(3);
    const strange = { InstanceId: first, Status: 'Running', KeyPairName: `${KEY_NAME}-2` };
    const page = answering({ Instances: { Instance: [strange] }, NextToken: '' });
    expect(await page.listInstances({ keyPair: { name: KEY_NAME } }, call())).toEqual({ items: [] });
  });

  test('pages that come again are no end', async () => {
    const again = { Instances: { Instance: [] }, NextToken: 'T' };
    const one = {
      ...again,
      Instances: { Instance: [{ InstanceId: first, Status: 'Running', KeyPairName: KEY_NAME }] },
    };
    const page = answering(one, one, one);
    const from = { keyPair: { name: KEY_NAME }, cursor: 'T' };
    expect(await page.listInstances(from, call())).toMatchObject({ cursor: 'T' });
    await expect(page.readInstances({ instanceIds: [first] }, call())).rejects.toMatchObject({
      facts: { transport: 'malformed' },
    });
  });

  test.each([
    ['Running', 'running'],
    ['Stopped', 'stopped'],
    ['Pending', 'changing'],
    ['Starting', 'changing'],
    ['Stopping', 'changing'],
    ['Expired', 'unusable'],
  ])('%s is %s', async (Status, state) => {
    const found = { InstanceId: first, Status, OSType: null, KeyPairName: null, OperationLocks: null };
    const [read] = await answering({ Instances: { Instance: [found] } }).readInstances(
      { instanceIds: [first] },
      call(),
    );
    expect(read).toEqual({ id: first, name: '', state, vendorState: Status, os: 'unknown', keyPairs: [] });
  });

  test('locks come with the words of the cloud', async () => {
    instanceOf(cloud, first).lock = 'financial';
    expect(await provider.readInstances({ instanceIds: [first] }, call())).toMatchObject([{ lock: 'financial' }]);
  });

  test('a released one is left out, and the rest is there', async () => {
    harness.setState(first, 'terminated');
    const read = await provider.readInstances({ instanceIds: [first, second] }, call());
    expect(read.map(({ id }) => id)).toEqual([second]);
  });

  test('an empty list is nothing where the cloud allows the call, and forbidden where it does not', async () => {
    expect(await provider.readInstances({ instanceIds: [MISSING] }, call())).toEqual([]);
    expect(await provider.listInstances({ keyPair: { name: 'spare' } }, call())).toEqual({ items: [] });
    cloud.fail('DescribeInstances', { kind: 'forbidden' }, Number.POSITIVE_INFINITY);
    const forbidden = { code: 'Forbidden.RAM', httpStatus: 403 };
    expect(await factsOf(provider.readInstances({ instanceIds: [first] }, call()))).toMatchObject(forbidden);
    expect(await factsOf(provider.listInstances({ keyPair: { name: KEY_NAME } }, call()))).toMatchObject(forbidden);
  });

  test.each([[{}], [{ Instances: null }], [{ Instances: {} }], [null], ['text'], [undefined]])(
    '%j is no answer',
    async (body) => {
      const facts = await factsOf(answering(body).readInstances({ instanceIds: [first] }, call()));
      expect(facts.transport).toBe('malformed');
    },
  );
});

describe('key pairs', () => {
  test('come a page at a time, with what the cloud knows of them', async () => {
    const page = await provider.listKeyPairs({}, call());
    expect(page.items).toHaveLength(50);
    expect(page.items[0]).toEqual(harness.keyPair);
    const last = await provider.listKeyPairs({ cursor: page.cursor ?? '' }, call());
    expect(last.items).toHaveLength(11);
    expect(last.cursor).toBeUndefined();
  });

  test('are found by the exact name only, though the cloud takes patterns', async () => {
    expect(await provider.findKeyPair({ nameOrId: KEY_NAME }, call())).toEqual(harness.keyPair);
    cloud.world.keyPairs.push(makeAlibabaKeyPair('*', REGION, 99));
    expect(await provider.findKeyPair({ nameOrId: '*' }, call())).toMatchObject({ name: '*' });
    cloud.world.keyPairs.pop();
    for (const nameOrId of ['Finance*', '*', KEY_NAME.toLowerCase(), 'nobody', 'a b+c(é)!*~']) {
      expect(await provider.findKeyPair({ nameOrId }, call())).toBeUndefined();
    }
  });

  test('are not there only when the cloud said so', async () => {
    cloud.fail('DescribeKeyPairs', { kind: 'code', code: 'InvalidKeyPairName.NotFound' });
    expect(await provider.findKeyPair({ nameOrId: KEY_NAME }, call())).toBeUndefined();
    cloud.fail('DescribeKeyPairs', { kind: 'forbidden' });
    const find = () => factsOf(provider.findKeyPair({ nameOrId: KEY_NAME }, call()));
    expect(await find()).toMatchObject({ code: 'Forbidden.RAM' });
    cloud.fail('DescribeKeyPairs', { kind: 'server-error', when: 'before' });
    expect(await find()).toMatchObject({ code: 'InternalError', httpStatus: 500 });
    cloud.fail('DescribeKeyPairs', { kind: 'html' });
    expect(await find()).toMatchObject({ transport: 'malformed' });
  });
});
