import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CloudOptions, World } from '../../../playground/clouds/cloud.js';
import {
  makeTencentId,
  makeTencentKeyPair,
  startTencentCloud,
  type TencentCloud,
} from '../../../playground/clouds/tencent/cloud.js';
import { makeInstance, REGION } from './harness.js';

/** The local cloud, asked by a client that is written here from Signature Method v3 and uses no SDK. */

const credentials = { accessKey: 'AKIDtest', secretKey: 'key', sessionToken: 'session' };
const keyPair = makeTencentKeyPair('game_ops', REGION, 1);
const other = makeTencentKeyPair('other', REGION, 2);
const id = makeTencentId(1);

let cloud: TencentCloud;
let skew = 0;
beforeEach(async () => {
  skew = 0;
  const world: World = {
    instances: new Map(Array.from({ length: 25 }, (_, n) => makeInstance(n + 1)).map((one) => [one.id, one])),
    keyPairs: [keyPair, other],
  };
  const options: CloudOptions = { credentials, world, now: () => Date.now() + skew };
  cloud = await startTencentCloud(options);
});
afterEach(() => cloud.stop());

type Sending = {
  secretKey?: string;
  secretId?: string;
  token?: string | undefined;
  service?: string;
  statedService?: string;
  signedBody?: string;
  headers?: Record<string, string>;
  path?: string;
  method?: string;
  raw?: string;
};
type Content = Record<string, unknown> & { Error?: { Code: string } };

async function send(action: string, parameters: object, sending: Sending = {}): Promise<Content> {
  const { secretKey = 'key', secretId = 'AKIDtest', service = 'cvm', path = '/', method = 'POST' } = sending;
  const body = sending.raw ?? JSON.stringify(parameters);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const date = new Date().toISOString().slice(0, 10);
  const host = new URL(cloud.url).host;
  const type = 'application/json; charset=utf-8';
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const canonical = `${method}\n${path}\n\ncontent-type:${type}\nhost:${host}\n\ncontent-type;host\n${hash(sending.signedBody ?? body)}`;
  const scope = `${date}/${service}/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`).toString('hex');
  const token = 'token' in sending ? sending.token : 'session';
  const headers = {
    'content-type': type,
    'x-tc-action': action,
    'x-tc-version': '2017-03-12',
    'x-tc-region': REGION,
    'x-tc-timestamp': timestamp,
    ...(token !== undefined && { 'x-tc-token': token }),
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${date}/${sending.statedService ?? service}/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
    ...sending.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${cloud.url}${path}`, { method, headers, agent: false }, async (incoming) => {
      let text = '';
      for await (const chunk of incoming) text += String(chunk);
      expect(incoming.statusCode).toBe(200);
      resolve(JSON.parse(text).Response);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const codeOf = async (action: string, parameters: object, sending?: Sending) =>
  (await send(action, parameters, sending)).Error?.Code;
const instance = (of = id) => {
  const found = cloud.world.instances.get(of);
  if (found === undefined) throw new Error(`no instance ${of}`);
  return found;
};

describe('signatures', () => {
  test('a right one is taken, with the port in the signed host', async () => {
    expect(await send('DescribeInstances', { InstanceIds: [id] })).toMatchObject({ TotalCount: 1 });
  });

  test.each<[string, Sending]>([
    ['AuthFailure.SignatureFailure', { secretKey: 'another' }],
    ['AuthFailure.SignatureFailure', { signedBody: '{"InstanceIds":[]}' }],
    ['AuthFailure.SignatureFailure', { service: '127' }],
    ['AuthFailure.SignatureFailure', { statedService: 'lighthouse' }],
    ['AuthFailure.SecretIdNotFound', { secretId: 'AKIDother' }],
    ['AuthFailure.TokenFailure', { token: 'expired' }],
    ['AuthFailure.TokenFailure', { token: undefined }],
    ['AuthFailure.InvalidAuthorization', { headers: { authorization: 'SKIP' } }],
    ['AuthFailure.SignatureExpire', { headers: { 'x-tc-timestamp': '1551113065' } }],
  ])('%s for %j', async (code, sending) => {
    expect(await codeOf('DescribeInstances', { InstanceIds: [id] }, sending)).toBe(code);
    expect(cloud.calls).toEqual([]);
  });

  test('five minutes of skew are too much, a little less is not', async () => {
    skew = 299_000;
    expect(await codeOf('DescribeInstances', {})).toBeUndefined();
    skew = 302_000;
    expect(await codeOf('DescribeInstances', {})).toBe('AuthFailure.SignatureExpire');
    skew = -302_000;
    expect(await codeOf('DescribeInstances', {})).toBe('AuthFailure.SignatureExpire');
  });
});

describe('requests', () => {
  const KeyIds = [keyPair.id];
  test.each<[string, string, object, ...Sending[]]>([
    ['InvalidAction', 'TerminateInstances', {}],
    ['NoSuchVersion', 'DescribeInstances', {}, { headers: { 'x-tc-version': '2016-01-01' } }],
    ['UnsupportedRegion', 'DescribeInstances', {}, { headers: { 'x-tc-region': 'moon' } }],
    ['InvalidRequest', 'DescribeInstances', {}, { path: '/v1/instances' }],
    ['UnsupportedProtocol', 'DescribeInstances', {}, { method: 'PUT' }],
    ['InvalidParameter', 'DescribeInstances', {}, { raw: '[]' }],
    ['UnknownParameter', 'DescribeInstances', { KeyIds }],
    ['InvalidParameterValueLimit', 'DescribeInstances', { Limit: 101 }],
    ['InvalidParameterValueOffset', 'DescribeInstances', { Offset: -1 }],
    ['InvalidInstanceId.Malformed', 'DescribeInstances', { InstanceIds: ['ins-1122'] }],
    ['InvalidFilter', 'DescribeInstances', { Filters: [{ Name: 'key-id', Values: KeyIds }] }],
    ['InvalidParameter', 'DescribeKeyPairs', { KeyIds, Filters: [{ Name: 'key-name', Values: ['x'] }] }],
    ['InvalidKeyPairId.NotFound', 'DescribeKeyPairs', { KeyIds: ['skey-zzzzzzzz'] }],
    ['InvalidParameterValue', 'DisassociateInstancesKeyPairs', { InstanceIds: [id], KeyIds, ForceStop: 'TRUE' }],
    ['InvalidParameterValue', 'DisassociateInstancesKeyPairs', { InstanceIds: id, KeyIds }],
    ['MissingParameter', 'DisassociateInstancesKeyPairs', { InstanceIds: [id] }],
    ['MissingParameter', 'DisassociateInstancesKeyPairs', { KeyIds }],
    ['InvalidParameterCombination', 'StopInstances', { InstanceIds: [id], ForceStop: false, StopType: 'SOFT' }],
    ['InvalidParameterValue', 'StopInstances', { InstanceIds: [id], StopType: 'HARD' }],
    ['UnsupportedOperation.InstanceStateStopped', 'StopInstances', { InstanceIds: [id] }],
    ['UnsupportedOperation.InstanceStateStopped', 'RebootInstances', { InstanceIds: [id] }],
  ])('%s for %s %j', async (code, action, parameters, ...[sending]) => {
    const before = JSON.stringify([...cloud.world.instances]);
    expect(await codeOf(action, parameters, sending)).toBe(code);
    expect(JSON.stringify([...cloud.world.instances])).toBe(before);
  });

  test('lists have pages of 20 unless told', async () => {
    const first = await send('DescribeInstances', {});
    const rest = await send('DescribeInstances', { Offset: 20, Limit: 100 });
    expect(first.InstanceSet).toHaveLength(20);
    expect(rest.InstanceSet).toHaveLength(5);
    expect(first.TotalCount).toBe(25);
  });

  test('another region holds none of this', async () => {
    const elsewhere = { headers: { 'x-tc-region': 'ap-shanghai' } };
    expect(await send('DescribeInstances', { InstanceIds: [id] }, elsewhere)).toMatchObject({ TotalCount: 0 });
    expect(await codeOf('StartInstances', { InstanceIds: [id] }, elsewhere)).toBe('InvalidInstanceId.NotFound');
  });
});

describe('effects', () => {
  const binding = { InstanceIds: [id], KeyIds: [keyPair.id] };

  test('a key pair that is not bound is taken off without a word, and others stay', async () => {
    expect(await codeOf('DisassociateInstancesKeyPairs', { ...binding, KeyIds: [other.id] })).toBeUndefined();
    expect(instance()).toMatchObject({ keyPairs: ['game_ops'], opens: ['game_ops'] });
  });

  test('forcing cuts the power of a running instance', async () => {
    instance().state = 'running';
    await send('DisassociateInstancesKeyPairs', { ...binding, ForceStop: true });
    expect(instance()).toMatchObject({ keyPairs: [], power: { stops: 1, starts: 1 }, extra: { powerCut: true } });
  });

  test('work takes the lag of the clock', async () => {
    cloud.lag = 60_000;
    await send('StartInstances', { InstanceIds: [id] });
    const state = async () => {
      const { InstanceSet } = await send('DescribeInstances', { InstanceIds: [id] });
      return InstanceSet;
    };
    expect(await state()).toMatchObject([{ InstanceState: 'STARTING', LatestOperationState: 'OPERATING' }]);
    skew = 60_001;
    expect(await state()).toMatchObject([{ InstanceState: 'RUNNING', LatestOperationState: 'SUCCESS' }]);
    expect(instance().power).toEqual({ stops: 0, starts: 1, restarts: 0 });
  });

  test('work on an instance that is taken away meanwhile fails', async () => {
    cloud.lag = 60_000;
    await send('DisassociateInstancesKeyPairs', binding);
    instance().state = 'running';
    cloud.finish();
    const { InstanceSet } = await send('DescribeInstances', { InstanceIds: [id] });
    expect(InstanceSet).toMatchObject([{ LatestOperationState: 'FAILED', LoginSettings: { KeyIds: [keyPair.id] } }]);
  });

  test('a stop without charge stands in the way of a detach until the next start', async () => {
    instance().state = 'running';
    await send('StopInstances', { InstanceIds: [id], StoppedMode: 'STOP_CHARGING' });
    expect(await codeOf('DisassociateInstancesKeyPairs', binding)).toBe('UnsupportedOperation.StoppedModeStopCharging');
    await send('StartInstances', { InstanceIds: [id] });
    await send('StopInstances', { InstanceIds: [id] });
    expect(await codeOf('DisassociateInstancesKeyPairs', binding)).toBeUndefined();
  });

  test('an isolated instance is refused', async () => {
    instance().lock = 'EXPIRED';
    expect(await codeOf('StartInstances', { InstanceIds: [id] })).toBe('InvalidInstance.NotSupported');
  });
});

test('ids and key pairs are well-formed and each its own', () => {
  expect(makeTencentId(36)).toBe('ins-00000010');
  expect(keyPair).toMatchObject({
    id: 'skey-00000001',
    region: REGION,
    fingerprint: expect.stringMatching(/^SHA256:/),
  });
  expect(new Set([keyPair.publicKey, other.publicKey]).size).toBe(2);
});
