import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Provider } from '../../../src/providers/contract.js';
import { VendorFailure } from '../../../src/providers/failures.js';
import { createClient } from '../../../src/providers/volcengine/client.js';
import { createProvider } from '../../../src/providers/volcengine/provider.js';
import { CREDENTIALS, makeVolcengineStage } from './harness.js';

/** What stands between the adapter and the cloud: credentials, signature, environment, broken answers. */

const NAMES = [
  'VOLCSTACK_ACCESS_KEY_ID',
  'VOLCSTACK_ACCESS_KEY',
  'VOLCSTACK_SECRET_ACCESS_KEY',
  'VOLCSTACK_SECRET_KEY',
  'VOLCSTACK_SESSION_TOKEN',
  'VOLC_PROXY_HOST',
  'VOLC_PROXY_PORT',
  'HTTP_PROXY',
  'http_proxy',
  'HOME',
];

let harness: Awaited<ReturnType<typeof makeVolcengineStage>>;
let before: (string | undefined)[];
let closers: (() => Promise<unknown>)[];

beforeEach(async () => {
  before = NAMES.map((name) => process.env[name]);
  for (const name of NAMES) delete process.env[name];
  closers = [];
  harness = await makeVolcengineStage();
});

afterEach(async () => {
  for (const close of closers) await close();
  await harness.close();
  NAMES.forEach((name, index) => {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
});

function providerWith(options: Partial<Parameters<typeof createProvider>[0]>): Provider {
  const provider = createProvider({
    credentials: CREDENTIALS,
    endpoint: harness.cloud.url,
    timeoutMs: 5_000,
    now: Date.now,
    ...options,
  });
  closers.push(() => provider.close());
  return provider;
}

async function serverAt(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const callWith = (signal = new AbortController().signal) => ({ region: harness.region, signal });

async function factsOf(provider: Provider, signal?: AbortSignal) {
  const error = await provider.listKeyPairs({}, callWith(signal)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof VendorFailure)) throw new Error(`expected a VendorFailure, got ${String(error)}`);
  const printed = inspect(error, { depth: 9, showHidden: true });
  for (const canary of harness.canaries) expect(printed).not.toContain(canary);
  expect(printed).not.toContain('HMAC-SHA256');
  return error.facts;
}

describe('credentials', () => {
  test.each([
    ['SignatureDoesNotMatch', { ...CREDENTIALS, secretAccessKey: 'canary-volcengine-wrong-77ab' }],
    ['InvalidAccessKey', { ...CREDENTIALS, accessKeyId: 'AKLTnobody' }],
    ['InvalidSecretToken', { ...CREDENTIALS, sessionToken: 'another' }],
  ])('%s for wrong ones, and nothing is taken as called', async (code, credentials) => {
    expect(await factsOf(providerWith({ credentials }))).toMatchObject({ code, httpStatus: 401 });
    expect(harness.cloud.calls).toHaveLength(0);
  });

  test('of the default chain are taken from the variables of the vendor', async () => {
    process.env.VOLCSTACK_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
    process.env.VOLCSTACK_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
    process.env.VOLCSTACK_SESSION_TOKEN = CREDENTIALS.sessionToken;
    const page = await providerWith({ credentials: undefined }).listKeyPairs({}, callWith());
    expect(page.items).toHaveLength(2);
  });

  test('nowhere: nothing is sent', async () => {
    const requests: unknown[] = [];
    const endpoint = await serverAt(createServer((request, reply) => reply.end(String(requests.push(request)))));
    const facts = await factsOf(providerWith({ credentials: undefined, endpoint }));
    expect(facts).toMatchObject({ transport: 'no-credentials' });
    expect(requests).toHaveLength(0);
  });

  test('that are configured are not mixed with a session token of the environment', async () => {
    process.env.VOLCSTACK_SESSION_TOKEN = 'somebody else';
    let token: unknown = 'no request came';
    const endpoint = await serverAt(
      createServer((request, reply) => {
        token = request.headers['x-security-token'];
        reply.end('{}');
      }),
    );
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    await factsOf(providerWith({ credentials: { accessKeyId, secretAccessKey }, endpoint }));
    expect(token).toBeUndefined();
  });
});

describe('the wire', () => {
  test('does not go through a proxy of the environment', async () => {
    const proxied: unknown[] = [];
    const proxy = await serverAt(createServer((request, reply) => reply.end(String(proxied.push(request)))));
    process.env.HTTP_PROXY = proxy;
    process.env.http_proxy = proxy;
    process.env.VOLC_PROXY_HOST = '127.0.0.1';
    process.env.VOLC_PROXY_PORT = new URL(proxy).port;
    expect((await providerWith({}).listKeyPairs({}, callWith())).items).toHaveLength(2);
    expect(proxied).toHaveLength(0);
  });

  test('does not follow a redirect', async () => {
    const endpoint = await serverAt(
      createServer((_, reply) => reply.writeHead(302, { location: harness.cloud.url }).end()),
    );
    expect(await factsOf(providerWith({ endpoint }))).toMatchObject({ transport: 'malformed', httpStatus: 302 });
    expect(harness.cloud.calls).toHaveLength(0);
  });

  test.each([
    ['a page of HTML with 200', 200, '<html></html>'],
    ['a page of HTML with 502', 502, '<html></html>'],
    ['JSON of another kind', 200, '{"items":[]}'],
    ['a result of another shape', 200, '{"ResponseMetadata":{"RequestId":"r"},"Result":{}}'],
    ['an error without a code', 500, '{"ResponseMetadata":{"RequestId":"r"},"Result":{"KeyPairs":[]}}'],
    ['no result', 200, '{"ResponseMetadata":{"RequestId":"r"}}'],
  ])('takes %s for malformed', async (_, status, body) => {
    const endpoint = await serverAt(createServer((_request, reply) => reply.writeHead(status).end(body)));
    expect((await factsOf(providerWith({ endpoint }))).transport).toBe('malformed');
  });

  test('passes on how long a throttled caller is to wait', async () => {
    const body = '{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"FlowLimitExceeded","Message":"slow"}}}';
    const endpoint = await serverAt(createServer((_, reply) => reply.writeHead(429, { 'retry-after': '7' }).end(body)));
    expect(await factsOf(providerWith({ endpoint }))).toEqual({
      message: 'slow',
      code: 'FlowLimitExceeded',
      httpStatus: 429,
      requestId: 'r',
      retryAfterMs: 7_000,
    });
  });

  test('keeps what a write reply says where it leaves an instance out', async () => {
    const missing = { Code: 'InvalidResetAuthenticationAgent.NotFound', Message: 'no agent' };
    const Result = { OperationDetails: [{ InstanceId: 'i-1', Error: missing }] };
    const body = JSON.stringify({ ResponseMetadata: { RequestId: 'r' }, Result });
    const endpoint = await serverAt(createServer((_, reply) => reply.end(body)));
    const input = { instanceIds: ['i-1', 'i-2'], token: 't', keyPair: harness.keyPair };
    const said = { instanceId: 'i-1', ok: false, code: missing.Code, message: missing.Message };
    const reply = await providerWith({ endpoint }).detach(input, callWith());
    expect(reply).toEqual({ requestId: 'r', replies: [said] });
  });

  test('shows no instance that was not asked for and none of another key pair', async () => {
    const Instances = ['i-1', 'i-2'].map((InstanceId, index) => ({
      InstanceId,
      Status: 'RUNNING',
      KeyPairName: 'incident',
      KeyPairId: index === 0 ? harness.keyPair.id : 'kp-of-the-same-name',
    }));
    const body = JSON.stringify({ ResponseMetadata: { RequestId: 'r' }, Result: { Instances, NextToken: null } });
    const provider = providerWith({ endpoint: await serverAt(createServer((_, reply) => reply.end(body))) });
    const read = await provider.readInstances({ instanceIds: ['i-2'] }, callWith());
    const { items } = await provider.listInstances({ keyPair: harness.keyPair }, callWith());
    expect([read.map(({ id }) => id), items.map(({ id }) => id)]).toEqual([['i-2'], ['i-1']]);
  });

  test('an instance that tells neither name nor id of a key pair has not been read', async () => {
    const body =
      '{"ResponseMetadata":{"RequestId":"r"},"Result":{"Instances":[{"InstanceId":"i-1","Status":"RUNNING"}]}}';
    const endpoint = await serverAt(createServer((_, reply) => reply.end(body)));
    const error = await providerWith({ endpoint })
      .readInstances({ instanceIds: ['i-1'] }, callWith())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ facts: { transport: 'malformed' } });
  });
});

describe('a search for a key pair', () => {
  const page = (name: string, NextToken: string) =>
    JSON.stringify({
      ResponseMetadata: { RequestId: 'r' },
      Result: { KeyPairs: [{ KeyPairId: `kp-${name}`, KeyPairName: name, FingerPrint: null }], NextToken },
    });

  test('reads to the last page where the cloud does not follow the filter', async () => {
    const endpoint = await serverAt(
      createServer((request, reply) =>
        reply.end(request.url?.includes('NextToken=two') ? page('mine', '') : page('mineral', 'two')),
      ),
    );
    const provider = providerWith({ endpoint });
    expect(await provider.findKeyPair({ nameOrId: 'mine' }, callWith())).toEqual({ name: 'mine', id: 'kp-mine' });
    expect(await provider.findKeyPair({ nameOrId: 'min' }, callWith())).toBeUndefined();
  });

  test('gives up on pages that go round in a circle', async () => {
    const endpoint = await serverAt(createServer((_, reply) => reply.end(page('other', 'again'))));
    const search = providerWith({ endpoint }).findKeyPair({ nameOrId: 'mine' }, callWith());
    await expect(search).rejects.toMatchObject({ facts: { transport: 'malformed' } });
  });

  test('takes InvalidKeyPair.NotFound for there being none', async () => {
    harness.cloud.fail('DescribeKeyPairs', { kind: 'code', code: 'InvalidKeyPair.NotFound' });
    expect(await harness.provider.findKeyPair({ nameOrId: 'incident' }, callWith())).toBeUndefined();
  });
});

test('the local cloud goes by the id where id and name are of different key pairs', async () => {
  const client = createClient({
    credentials: CREDENTIALS,
    endpoint: harness.cloud.url,
    timeoutMs: 5_000,
    now: Date.now,
  });
  closers.push(async () => client.close());
  const [id = ''] = harness.linux;
  const { keyPair, otherKeyPair } = harness;
  const bound = () => harness.cloud.world.instances.get(id)?.keyPairs;
  const detach = (by: Record<string, unknown>) =>
    client.call('DetachKeyPair', { InstanceIds: [id], ...by }, callWith());
  await detach({ KeyPairId: otherKeyPair.id, KeyPairName: keyPair.name });
  expect(bound()).toEqual([keyPair.name]);
  await detach({ KeyPairId: keyPair.id, KeyPairName: otherKeyPair.name });
  expect(bound()).toEqual([]);
});

describe('the local cloud refuses', () => {
  const refusedCode = async (action: string, parameters: Record<string, unknown>) => {
    const client = createClient({
      credentials: CREDENTIALS,
      endpoint: harness.cloud.url,
      timeoutMs: 5_000,
      now: Date.now,
    });
    closers.push(async () => client.close());
    const error = await client.call(action, parameters, callWith()).catch((reason: unknown) => reason);
    return error instanceof VendorFailure ? error.facts.code : error;
  };
  const InstanceIds = ['i-1'];

  test.each([
    ['InvalidActionOrVersion', 'DeleteInstances', { InstanceIds }],
    ['InvalidArgument', 'StartInstances', { InstanceIds, ForceStop: 'false' }],
    ['InvalidArgument', 'RebootInstances', { InstanceIds, ForceStop: 'yes' }],
    ['InvalidStoppedMode.Malformed', 'StopInstances', { InstanceIds, StoppedMode: 'Never' }],
    ['InvalidArgument', 'DescribeInstances', { MaxResults: 101 }],
    ['InvalidArgument', 'DescribeKeyPairs', { MaxResults: 501 }],
    ['InvalidArgument', 'DescribeInstances', { NextToken: 'made up' }],
  ])('with %s: %s %j', async (code, action, parameters) => {
    expect(await refusedCode(action, parameters)).toBe(code);
  });

  test('a signature that is older than a quarter of an hour', async () => {
    harness.cloud.lag = 16 * 60_000;
    harness.settle();
    expect(await factsOf(harness.provider)).toMatchObject({ code: 'InvalidTimestamp', httpStatus: 400 });
  });

  test('a request without a signature', async () => {
    const reply = await fetch(`${harness.cloud.url}/?Action=DescribeKeyPairs&Version=2020-04-01`);
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({ ResponseMetadata: { Error: { Code: 'MissingAuthenticationToken' } } });
  });
});

describe('no answer', () => {
  test('in time is a timeout, after one attempt', async () => {
    harness.cloud.fail('DescribeKeyPairs', { kind: 'hang', when: 'before' });
    expect((await factsOf(providerWith({ timeoutMs: 200, now: Date.now }))).transport).toBe('timeout');
    expect(harness.cloud.calls).toHaveLength(1);
  });

  test('because the caller gave up is aborted', async () => {
    const controller = new AbortController();
    const { arrived, release } = harness.cloud.hold('DescribeKeyPairs');
    const facts = factsOf(harness.provider, controller.signal);
    await arrived;
    controller.abort();
    expect((await facts).transport).toBe('aborted');
    release();
    expect((await factsOf(harness.provider, controller.signal)).transport).toBe('aborted');
    expect(harness.cloud.calls).toHaveLength(1);
  });

  test('because the provider was closed is aborted', async () => {
    const provider = providerWith({});
    await provider.close();
    await provider.close();
    expect((await factsOf(provider)).transport).toBe('aborted');
  });

  test('because the connection was cut is a broken network, after one attempt', async () => {
    harness.cloud.fail('DescribeKeyPairs', { kind: 'reply-lost' });
    expect((await factsOf(harness.provider)).transport).toBe('network');
    expect(harness.cloud.calls).toHaveLength(1);
  });

  test('because nobody listens is a refused connection', async () => {
    const server = createServer();
    const endpoint = await serverAt(server);
    await new Promise((resolve) => server.close(resolve));
    expect((await factsOf(providerWith({ endpoint }))).transport).toBe('refused');
  });
});
