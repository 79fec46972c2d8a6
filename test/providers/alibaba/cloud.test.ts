import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MESSAGES, Refused } from '../../../playground/clouds/alibaba/answers.js';
import { makeAlibabaId, makeAlibabaKeyPair } from '../../../playground/clouds/alibaba/cloud.js';
import { checkSignature } from '../../../playground/clouds/alibaba/signature.js';
import type { HttpRequest } from '../../../playground/clouds/cloud.js';
import { createClient } from '../../../src/providers/alibaba/client.js';
import { errors } from '../../../src/providers/alibaba/errors.js';
import { traits } from '../../../src/providers/alibaba/provider.js';
import { credentialsSchema } from '../../../src/providers/alibaba/schema.js';
import { findRow } from '../../../src/providers/classify.js';
import { VendorFailure } from '../../../src/providers/failures.js';
import { ACCESS_KEY, LINUX, makeAlibabaHarness, REGION, SECRET, TOKEN } from './harness.js';

const credentials = { accessKeyId: ACCESS_KEY, accessKeySecret: SECRET, securityToken: TOKEN };
const account = { accessKey: ACCESS_KEY, secretKey: SECRET, sessionToken: TOKEN };
const parameters = { RegionId: REGION, InstanceId: LINUX.slice(0, 12), KeyPairName: "a b+c(é)!*~'" };

/** A request as the SDK sends it, caught on the way. */
async function requestOf(signedWith: typeof credentials | Omit<typeof credentials, 'securityToken'>) {
  const server = createServer((incoming, reply) => {
    const [path = '', rawQuery = ''] = (incoming.url ?? '').split('?');
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    caught = { method: incoming.method ?? '', path, rawQuery, query: new URLSearchParams(rawQuery), headers, body: '' };
    reply.end('{}');
  });
  let caught: HttpRequest | undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ credentials: signedWith, endpoint, timeoutMs: 2_000, now: Date.now });
  await client.call('DetachKeyPair', parameters, { region: REGION, signal: new AbortController().signal });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  if (!caught) throw new Error('nothing was sent');
  return caught;
}

describe('the signature', () => {
  let request: HttpRequest;
  beforeEach(async () => {
    request = await requestOf(credentials);
  });

  const codeOf = (changed: Partial<HttpRequest>, owner = account, now = Date.now(), nonces = new Set<string>()) => {
    try {
      checkSignature({ ...request, ...changed }, owner, now, nonces);
      return 'accepted';
    } catch (error) {
      if (error instanceof Refused) return JSON.parse(error.reply.body).Code;
      throw error;
    }
  };
  const header = (name: string, value: string) => ({ headers: { ...request.headers, [name]: value } });
  const without = (...names: readonly string[]) => ({
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !names.includes(name))),
  });

  test('of the SDK is accepted once', () => {
    const nonces = new Set<string>();
    expect(codeOf({}, account, Date.now(), nonces)).toBe('accepted');
    expect(codeOf({}, account, Date.now(), nonces)).toBe('SignatureNonceUsed');
  });

  test('without a token is accepted for an account without one', async () => {
    request = await requestOf({ accessKeyId: ACCESS_KEY, accessKeySecret: SECRET });
    expect(codeOf({}, { accessKey: ACCESS_KEY, secretKey: SECRET, sessionToken: '' })).toBe('MissingSecurityToken');
    expect(codeOf({})).toBe('MissingSecurityToken');
  });

  test('covers everything that matters', () => {
    const query = new URLSearchParams(request.rawQuery);
    query.set('InstanceId.1', 'i-other');
    expect(codeOf({ query })).toBe('SignatureDoesNotMatch');
    expect(codeOf({ method: 'GET' })).toBe('SignatureDoesNotMatch');
    expect(codeOf({ path: '/other' })).toBe('SignatureDoesNotMatch');
    expect(codeOf({ body: 'KeyPairName=other' })).toBe('SignatureDoesNotMatch');
    expect(codeOf(header('x-acs-action', 'AttachKeyPair'))).toBe('SignatureDoesNotMatch');
    expect(codeOf(header('x-acs-new', '1'))).toBe('SignatureDoesNotMatch');
    expect(codeOf(header('host', 'elsewhere'))).toBe('SignatureDoesNotMatch');
    expect(codeOf({}, { ...account, secretKey: 'other' })).toBe('SignatureDoesNotMatch');
  });

  test('needs a known key, its own token, and a clock that is right', () => {
    expect(codeOf(without('authorization'))).toBe('MissingAccessKeyId');
    expect(codeOf(header('authorization', 'Bearer x'))).toBe('IncompleteSignature');
    expect(codeOf({}, { ...account, accessKey: 'LTAIother' })).toBe('InvalidAccessKeyId.NotFound');
    expect(codeOf({}, { ...account, sessionToken: 'other' })).toBe('InvalidSecurityToken.MismatchWithAccessKey');
    expect(codeOf(without('x-acs-security-token'))).toBe('MissingSecurityToken');
    expect(codeOf({}, account, Date.now() + 16 * 60_000)).toBe('InvalidTimeStamp.Expired');
    expect(codeOf({}, account, Date.now() - 16 * 60_000)).toBe('InvalidTimeStamp.Expired');
    expect(codeOf(header('x-acs-date', 'today'))).toBe('InvalidTimeStamp.Format');
    expect(codeOf(without('x-acs-date'))).toBe('MissingTimestamp');
    expect(codeOf(without('x-acs-signature-nonce'))).toBe('MissingSignatureNonce');
  });
});

describe('the cloud', () => {
  let harness: Awaited<ReturnType<typeof makeAlibabaHarness>>;
  beforeEach(async () => {
    harness = await makeAlibabaHarness();
  });
  afterEach(() => harness.close());

  const ask = (action: string, given: Record<string, unknown>) => {
    const client = createClient({ credentials, endpoint: harness.cloud.url, timeoutMs: 2_000, now: Date.now });
    return client.call(action, given, { region: REGION, signal: new AbortController().signal });
  };
  const codeOf = (action: string, given: Record<string, unknown>) =>
    ask(action, given).then(
      () => 'accepted',
      (error: unknown) => (error instanceof VendorFailure ? error.facts.code : String(error)),
    );
  const RegionId = REGION;
  const ids = (count: number) => JSON.stringify(LINUX.slice(0, count));

  test.each<[string, string, Record<string, unknown>]>([
    ['InvalidAction.NotFound', 'DeleteInstances', { RegionId }],
    ['InvalidRegionId.NotFound', 'DescribeInstances', { RegionId: 'mars-1' }],
    ['MissingParameter', 'DescribeInstances', {}],
    ['MissingParameter', 'DetachKeyPair', { RegionId, InstanceIds: ids(1) }],
    ['MissingParameter', 'StopInstances', { RegionId }],
    ['UnsupportedParameter', 'DetachKeyPair', { RegionId, KeyPairName: 'spare', InstanceIds: ids(1), Force: true }],
    ['InvalidInstanceIds.ValueNotSupported', 'DetachKeyPair', { RegionId, KeyPairName: 'spare', InstanceIds: 'i-1' }],
    ['InvalidInstanceIds.ValueNotSupported', 'DetachKeyPair', { RegionId, KeyPairName: 'spare', InstanceIds: '[]' }],
    ['InvalidInstanceIds.Malformed', 'DescribeInstances', { RegionId, InstanceIds: ids(101) }],
    ['InvalidParameter', 'DescribeInstances', { RegionId, MaxResults: 10, NextToken: 'ff' }],
    ['InvalidParameter', 'DescribeKeyPairs', { RegionId, PageSize: 51 }],
    ['InvalidParameter', 'RebootInstances', { RegionId, InstanceId: LINUX.slice(0, 101) }],
    ['InvalidParameter', 'StopInstances', { RegionId, InstanceId: LINUX.slice(0, 1), StoppedMode: 'Pause' }],
    ['DryRunOperation', 'DescribeInstances', { RegionId, DryRun: true }],
  ])('refuses what it does not know, with %s: %s', async (code, action, given) => {
    expect(await codeOf(action, given)).toBe(code);
  });

  test('shows ten instances a page unless told, and never under ten or over a hundred', async () => {
    const count = async (given: Record<string, unknown>) =>
      JSON.stringify(await ask('DescribeInstances', { RegionId, ...given })).split('"InstanceId"').length - 1;
    expect(await count({})).toBe(10);
    expect(await count({ MaxResults: 1 })).toBe(10);
    expect(await count({ MaxResults: 500 })).toBe(100);
    expect(await count({ InstanceIds: '[]' })).toBe(0);
  });

  test('fails all for one that cannot, unless each is asked for itself', async () => {
    const [first = '', second = ''] = LINUX;
    harness.setState(second, 'stopped');
    const both = { RegionId, InstanceId: [first, second] };
    expect(await codeOf('StopInstances', both)).toBe('IncorrectInstanceStatus');
    expect(harness.cloud.world.instances.get(first)?.state).toBe('running');
    expect(await codeOf('StopInstances', { ...both, BatchOptimization: 'SuccessFirst' })).toBe('accepted');
    // Left out, the mode is what the account is set to.
    expect(harness.cloud.world.instances.get(first)).toMatchObject({
      state: 'stopped',
      extra: { stoppedMode: 'StopCharging' },
    });
  });
});

test('every code has a row of its own, or one for its family', () => {
  const raised = [
    ...Object.keys(MESSAGES),
    'InvalidInstanceIds.Malformed',
    'InvalidSecurityToken.MismatchWithAccessKey',
    'InvalidTimeStamp.Expired',
    'InvalidAccessKeyId.Inactive',
    'SignatureNonceUsed',
    'InvalidAction.NotFound',
    'InvalidRegionId.NotFound',
    'Throttling',
    'Throttling.Api',
    'ServiceUnavailable',
    'OperationConflict',
    'Rejected.Throttling',
    'NoPermission',
    'Forbidden.InstanceNotFound',
  ];
  expect(raised.filter((code) => findRow(errors, code) === undefined)).toEqual([]);
  // An error of the cloud's own says nothing of what was done before it, and neither does a request that came in twice.
  const open = Object.keys(errors).filter((code) => errors[code]?.mayBeDone === 'yes');
  expect(open).toEqual(['SignatureNonceUsed', 'InternalError.*', 'InternalFailure', 'ServiceUnavailable.*']);
  expect(Object.isFrozen(errors) && Object.isFrozen(traits)).toBe(true);
});

test('ids and key pairs have the form of the documents, and are the same each time', () => {
  expect(makeAlibabaId(1)).toMatch(new RegExp(`^(?:${traits.instanceIdPattern})$`));
  expect(makeAlibabaId(1)).toHaveLength('i-bp67acfmxazb4p****'.length + 2);
  expect(makeAlibabaKeyPair('k', REGION, 1)).toEqual(makeAlibabaKeyPair('k', REGION, 1));
  expect(makeAlibabaKeyPair('k', REGION, 1).publicKey).toMatch(
    /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/,
  );
  expect(makeAlibabaKeyPair('k', REGION, 1).fingerprint).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
});

test('credentials take nothing unknown and nothing that would break a header', () => {
  expect(credentialsSchema.safeParse(credentials).success).toBe(true);
  expect(credentialsSchema.safeParse({ ...credentials, region: 'x' }).success).toBe(false);
  expect(credentialsSchema.safeParse({ ...credentials, accessKeySecret: '' }).success).toBe(false);
  expect(credentialsSchema.safeParse({ ...credentials, accessKeyId: 'LTAI\n' }).success).toBe(false);
});
