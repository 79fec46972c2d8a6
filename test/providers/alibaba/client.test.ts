import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { makeGate } from '../../../playground/gate.js';
import { type ClientOptions, type CredentialChain, createClient } from '../../../src/providers/alibaba/client.js';
import { createProvider } from '../../../src/providers/alibaba/provider.js';
import { VendorFailure, type VendorFailureFacts } from '../../../src/providers/failures.js';
import { ACCESS_KEY, instanceOf, KEY_NAME, LINUX, makeAlibabaHarness, REGION, SECRET, TOKEN } from './harness.js';

type AlibabaHarness = Awaited<ReturnType<typeof makeAlibabaHarness>>;

let harness: AlibabaHarness;
const servers: Server[] = [];
beforeEach(async () => {
  harness = await makeAlibabaHarness();
});
afterEach(async () => {
  await harness.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const signal = () => new AbortController().signal;
const [first = ''] = LINUX;
const detach = { KeyPairName: KEY_NAME, InstanceIds: JSON.stringify([first]), RegionId: REGION };
const credentials = { accessKeyId: ACCESS_KEY, accessKeySecret: SECRET, securityToken: TOKEN };

const clientWith = (options: Partial<ClientOptions>) =>
  createClient({ credentials, endpoint: harness.cloud.url, timeoutMs: 2_000, now: Date.now, ...options });

async function factsOf(failing: Promise<unknown>): Promise<VendorFailureFacts> {
  const error = await failing.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VendorFailure)) throw error;
  expect(error.cause).toBeUndefined();
  // Nothing of the SDK, no address and no secret, wherever one looks.
  const all = JSON.stringify([error.facts, error.message, error.stack, Object.getOwnPropertyNames(error)]);
  for (const secret of [...harness.canaries, ...harness.canaries.map(encodeURIComponent)]) {
    expect(all).not.toContain(secret);
  }
  expect(all).not.toMatch(/http:\/\/127|Signature=|Authorization/);
  return error.facts;
}

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const callAt = (endpoint: string, timeoutMs = 2_000) =>
  clientWith({ endpoint, timeoutMs }).call('DetachKeyPair', detach, { region: REGION, signal: signal() });

describe('failures', () => {
  test('of the signature are told without what the cloud repeats of the request', async () => {
    const stranger = await harness.strangerProvider();
    const facts = await factsOf(
      stranger.detach(
        { instanceIds: [first], keyPair: { name: KEY_NAME }, token: 't' },
        { region: REGION, signal: signal() },
      ),
    );
    expect(facts).toMatchObject({ code: 'SignatureDoesNotMatch', httpStatus: 400 });
    expect(facts.message).not.toContain('CanonicalRequest');
    expect(harness.cloud.calls).toEqual([]);
  });

  test('are told without the secrets that the cloud put into its words', async () => {
    const message = `bad ${SECRET} and ${encodeURIComponent(TOKEN)}`;
    harness.cloud.fail('DetachKeyPair', { kind: 'code', code: 'InvalidParameter', message });
    expect((await factsOf(callAt(harness.cloud.url))).message).toBe('bad *** and ***');
  });

  test.each([
    ['throttle', { code: 'Throttling.User', httpStatus: 400 }],
    ['forbidden', { code: 'Forbidden.RAM', httpStatus: 403 }],
    ['html', { transport: 'malformed' }],
    ['reply-lost', { transport: 'network' }],
  ] as const)('%s', async (kind, facts) => {
    harness.cloud.fail('DetachKeyPair', { kind });
    expect(await factsOf(callAt(harness.cloud.url))).toMatchObject(facts);
    expect(harness.cloud.calls).toHaveLength(1);
  });

  test('an internal error after the effect is seen as what it says, once', async () => {
    harness.cloud.fail('DetachKeyPair', { kind: 'server-error', when: 'after' }, 2);
    expect(await factsOf(callAt(harness.cloud.url))).toMatchObject({ code: 'InternalError', httpStatus: 500 });
    expect(instanceOf(harness.cloud, first).keyPairs).toEqual([]);
    expect(harness.cloud.calls).toHaveLength(1);
  });

  test('no answer within the time limit is a time-out', async () => {
    harness.cloud.fail('DetachKeyPair', { kind: 'hang', when: 'before' });
    expect(await factsOf(callAt(harness.cloud.url, 100))).toEqual({
      message: 'no answer in time',
      transport: 'timeout',
    });
  });

  test('the time limit is the one given, where the SDK would take three seconds of its own', async () => {
    const limits: (number | undefined)[] = [];
    const note = (message: unknown) =>
      limits.push(z.object({ request: z.object({ timeout: z.number() }) }).parse(message).request.timeout);
    const timers = jest.spyOn(globalThis, 'setTimeout');
    subscribe('http.client.request.start', note);
    await callAt(harness.cloud.url, 12_345);
    unsubscribe('http.client.request.start', note);
    const delays = timers.mock.calls.map(([, delay]) => delay);
    timers.mockRestore();
    expect(limits).toEqual([12_345]);
    expect(delays).toContain(12_345);
    expect(delays).not.toContain(3_000);
  });

  test('half an answer is none', async () => {
    const url = await serverThat((_, reply) => {
      reply.writeHead(200, { 'content-length': '1000' });
      reply.write('{"Results":');
    });
    expect((await factsOf(callAt(url, 100))).transport).toMatch(/^(timeout|network)$/);
  });

  test('a port that nobody listens on means that nothing was sent', async () => {
    const url = await serverThat(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    expect((await factsOf(callAt(url))).transport).toBe('refused');
  });

  test.each([
    ['nothing', 200, ''],
    ['a page', 502, '<html>Bad Gateway</html>'],
    ['null', 500, 'null'],
    ['an error without a code', 403, '{"message":"blocked by the proxy"}'],
    ['a way elsewhere', 302, ''],
  ])('%s with %i is no answer of the cloud', async (_what, status, body) => {
    const url = await serverThat((_, reply) => reply.writeHead(status, { location: '/elsewhere' }).end(body));
    expect((await factsOf(callAt(url))).transport).toBe('malformed');
  });

  test('how long to wait comes along where the cloud says it', async () => {
    const url = await serverThat((_, reply) =>
      reply
        .writeHead(429, { 'x-acs-retry-after': '2500' })
        .end('{"Code":"Throttling.Api","Message":"slow","RequestId":"r"}'),
    );
    const expected = { code: 'Throttling.Api', httpStatus: 429, requestId: 'r', message: 'slow', retryAfterMs: 2_500 };
    expect(await factsOf(callAt(url))).toEqual(expected);
  });
});

describe('a call that is given up', () => {
  test('ends at once, though the SDK goes on', async () => {
    const held = harness.cloud.hold('DetachKeyPair');
    const giveUp = new AbortController();
    const call = clientWith({}).call('DetachKeyPair', detach, { region: REGION, signal: giveUp.signal });
    await held.arrived;
    giveUp.abort();
    expect((await factsOf(call)).transport).toBe('aborted');
    held.release();
  });

  test('beforehand is not begun', async () => {
    const place = { region: REGION, signal: AbortSignal.abort() };
    expect((await factsOf(clientWith({}).call('DetachKeyPair', detach, place))).transport).toBe('aborted');
    expect(harness.cloud.calls).toEqual([]);
  });

  test('while credentials are looked for is never sent', async () => {
    const found = makeGate<typeof credentials>();
    const asked = makeGate();
    const getCredentials = () => {
      asked.open();
      return found.promise;
    };
    const client = clientWith({ credentials: undefined, newChain: () => ({ getCredentials }) });
    const giveUp = new AbortController();
    const call = client.call('DetachKeyPair', detach, { region: REGION, signal: giveUp.signal });
    await asked.promise;
    giveUp.abort();
    expect((await factsOf(call)).transport).toBe('aborted');
    found.open(credentials);
    await client.call('DescribeKeyPairs', { RegionId: REGION }, { region: REGION, signal: signal() });
    expect(harness.cloud.calls.map(({ operation }) => operation)).toEqual(['DescribeKeyPairs']);
  });
});

test('proxies of the environment are not used', async () => {
  const before = { ...process.env };
  const proxy = 'http://127.0.0.1:9';
  Object.assign(process.env, { HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, https_proxy: proxy });
  try {
    await clientWith({}).call('DescribeKeyPairs', { RegionId: REGION }, { region: REGION, signal: signal() });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
  expect(harness.cloud.calls).toHaveLength(1);
});

describe('the default chain', () => {
  const read = (client: ReturnType<typeof createClient>) =>
    client.call('DescribeKeyPairs', { RegionId: REGION }, { region: REGION, signal: signal() });

  test.each<[string, CredentialChain]>([
    ['throws', { getCredentials: () => Promise.reject(new Error(`GET https://sts?Signature=${SECRET}`)) }],
    ['finds nothing', { getCredentials: () => Promise.resolve({}) }],
    ['finds half', { getCredentials: () => Promise.resolve({ accessKeyId: ACCESS_KEY, accessKeySecret: '' }) }],
  ])('that %s sends nothing, and a new one is asked the next time', async (_how, broken) => {
    const chains = [broken, { getCredentials: () => Promise.resolve(credentials) }];
    const newChain = () => chains.shift() ?? broken;
    const client = clientWith({ credentials: undefined, newChain });
    expect(await factsOf(read(client))).toEqual({
      message: 'no credentials were found',
      transport: 'no-credentials',
    });
    expect(harness.cloud.calls).toEqual([]);
    await read(client);
    await read(client);
    expect(harness.cloud.calls).toHaveLength(2);
    expect(chains).toEqual([]);
  });

  test('that found them and then fails is not asked again', async () => {
    const answers = [() => Promise.resolve(credentials), () => Promise.reject(new Error('expired'))];
    const getCredentials = () => (answers.shift() ?? (() => Promise.reject(new Error('asked again'))))();
    const chains: CredentialChain[] = [{ getCredentials }, { getCredentials: () => Promise.resolve(credentials) }];
    const newChain = () => chains.shift() ?? { getCredentials };
    const client = clientWith({ credentials: undefined, newChain });
    await read(client);
    expect((await factsOf(read(client))).transport).toBe('no-credentials');
    await read(client);
    expect(harness.cloud.calls).toHaveLength(2);
  });

  test('is asked by one call at a time', async () => {
    const found = makeGate<typeof credentials>();
    let asked = 0;
    const getCredentials = () => {
      asked += 1;
      return found.promise;
    };
    const client = clientWith({ credentials: undefined, newChain: () => ({ getCredentials }) });
    const both = Promise.all([read(client), read(client)]);
    found.open(credentials);
    await both;
    expect(asked).toBe(1);
  });

  describe("of the SDK, by the vendor's own variables", () => {
    const before = { ...process.env };
    let home: string;
    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), 'no-credentials-'));
      for (const name of Object.keys(process.env)) if (name.startsWith('ALIBABA_CLOUD_')) delete process.env[name];
      Object.assign(process.env, { HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' });
    });
    afterEach(() => {
      rmSync(home, { recursive: true });
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    });

    test('finds them after it found none', async () => {
      const provider = createProvider({ endpoint: harness.cloud.url, timeoutMs: 2_000, now: Date.now });
      const find = () => provider.findKeyPair({ nameOrId: KEY_NAME }, { region: REGION, signal: signal() });
      expect((await factsOf(find())).transport).toBe('no-credentials');
      expect(harness.cloud.calls).toEqual([]);
      Object.assign(process.env, {
        ALIBABA_CLOUD_ACCESS_KEY_ID: ACCESS_KEY,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: SECRET,
        ALIBABA_CLOUD_SECURITY_TOKEN: TOKEN,
      });
      expect(await find()).toEqual(harness.keyPair);
      // The environment's provider is the one that answered, and it stays the one that is asked.
      expect(await find()).toEqual(harness.keyPair);
    });
  });
});
