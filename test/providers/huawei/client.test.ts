import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { makeHuaweiId, makeHuaweiProjectId } from '../../../playground/clouds/huawei/cloud.js';
import { VendorFailure } from '../../../src/providers/failures.js';
import { credentials, makeServer, REGION, startWorld } from './harness.js';

const id = makeHuaweiId(1);
const call = { region: REGION, signal: new AbortController().signal };
const input = { instanceIds: [id], keyPair: { name: 'oncall' }, token: 'unused' };
const DETACH = 'POST /v3/{project_id}/keypairs/disassociate';
const KEY_PAIRS = 'GET /v3/{project_id}/keypairs';

let world: Awaited<ReturnType<typeof startWorld>>;
let servers: Server[] = [];
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  environment = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('HUAWEICLOUD_SDK_')) delete process.env[name];
  world = await startWorld([makeServer(1)]);
});
afterEach(async () => {
  process.env = environment;
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  servers = [];
  await world.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function factsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VendorFailure)) throw new Error(`not a VendorFailure: ${String(error)}`);
  return error.facts;
}

describe('what goes wrong on the way', () => {
  test.each([
    ['timeout', { kind: 'hang', when: 'before' }],
    ['timeout', { kind: 'hang', when: 'after' }],
    ['network', { kind: 'reply-lost' }],
    ['malformed', { kind: 'html' }],
  ] as const)('is %s after %j', async (transport, fault) => {
    world.cloud.fail(DETACH, fault);
    expect(await factsOf(world.open({ timeoutMs: 300 }).detach(input, call))).toMatchObject({ transport });
    expect(world.cloud.calls.filter(({ operation }) => operation === DETACH)).toHaveLength(1);
  });

  test('is refused where nobody listens', async () => {
    const endpoint = await serve(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const facts = await factsOf(world.open({ endpoint }).listKeyPairs({}, call));
    expect(facts).toEqual({ transport: 'refused', message: expect.not.stringContaining('127.0.0.1') });
  });

  test('a redirection is not followed', async () => {
    let asked = 0;
    const endpoint = await serve((_, outgoing) => {
      asked += 1;
      outgoing.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await factsOf(world.open({ endpoint }).listKeyPairs({}, call))).toMatchObject({
      transport: 'malformed',
      httpStatus: 307,
    });
    expect(asked).toBe(1);
  });

  test.each(['null', '[]', '"text"', '{"keypairs":{}}', '{'])('the body %s is malformed', async (body) => {
    const endpoint = await serve((_, outgoing) =>
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    expect(await factsOf(world.open({ endpoint }).listKeyPairs({}, call))).toMatchObject({ transport: 'malformed' });
  });

  test('an error page keeps its status, and the wish to wait', async () => {
    const endpoint = await serve((_, outgoing) => outgoing.writeHead(503, { 'retry-after': '7' }).end('<html>'));
    const facts = await factsOf(world.open({ endpoint }).listKeyPairs({}, call));
    expect(facts).toEqual({ httpStatus: 503, retryAfterMs: 7000, message: expect.any(String) });
  });

  test('a call that is given up before it begins is not sent', async () => {
    const facts = await factsOf(world.provider.listKeyPairs({}, { ...call, signal: AbortSignal.abort() }));
    expect(facts).toMatchObject({ transport: 'aborted' });
    expect(world.cloud.calls).toEqual([]);
  });

  test('a call that is given up on its way ends at once', async () => {
    const controller = new AbortController();
    const held = world.cloud.hold(KEY_PAIRS);
    const facts = factsOf(world.provider.listKeyPairs({}, { ...call, signal: controller.signal }));
    await held.arrived;
    controller.abort();
    expect(await facts).toMatchObject({ transport: 'aborted' });
    held.release();
  });
});

describe('secrets', () => {
  test('are not printed by the SDK, not kept in its statics, and not in the error', async () => {
    const printed: string[] = [];
    const note = (chunk: string | Uint8Array): boolean => printed.push(String(chunk)) > 0;
    const out = jest.spyOn(process.stdout, 'write').mockImplementation(note);
    const err = jest.spyOn(process.stderr, 'write').mockImplementation(note);
    try {
      const thrown: unknown[] = [];
      for (const fault of [{ kind: 'throttle' }, { kind: 'reply-lost' }, { kind: 'forbidden' }] as const) {
        world.cloud.fail(DETACH, fault);
        world.cloud.world.instances.set(id, makeServer(1));
        await world.provider.detach(input, call).catch((error: unknown) => thrown.push(error));
      }
      await world.provider.listKeyPairs({}, call);
      expect(printed).toEqual([]);
      expect(thrown).toHaveLength(3);
      const told = thrown.flatMap((error) => (error instanceof VendorFailure ? [error.stack, error] : []));
      expect(JSON.stringify(told)).not.toMatch(/canary|SDK-HMAC/);
      expect(thrown.every((error) => error instanceof VendorFailure && error.cause === undefined)).toBe(true);
      expect([DefaultHttpClient.httpReqParam, DefaultHttpClient.httpResponse]).toEqual([undefined, undefined]);
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  });
});

describe('credentials', () => {
  const withoutCredentials = () => {
    const { open, cloud } = world;
    const projectIds = { [REGION]: makeHuaweiProjectId(REGION) };
    return { provider: open({ credentials: undefined, projectIds }), cloud };
  };

  test('that are nowhere to be found stop the call: nothing is sent unsigned', async () => {
    const { provider, cloud } = withoutCredentials();
    expect(await factsOf(provider.listKeyPairs({}, call))).toMatchObject({ transport: 'no-credentials' });
    expect(cloud.calls).toEqual([]);
  });

  test("that are left out are taken from the SDK's variables, without their project id", async () => {
    process.env.HUAWEICLOUD_SDK_AK = credentials.accessKeyId;
    process.env.HUAWEICLOUD_SDK_SK = credentials.secretAccessKey;
    process.env.HUAWEICLOUD_SDK_SECURITY_TOKEN = credentials.securityToken;
    process.env.HUAWEICLOUD_SDK_PROJECT_ID = 'of-something-else';
    const { provider, cloud } = withoutCredentials();
    await provider.listKeyPairs({}, call);
    expect(cloud.calls).toMatchObject([{ operation: KEY_PAIRS, region: REGION }]);
  });

  test('of a type that would load a module are not found', async () => {
    process.env.HUAWEICLOUD_SDK_TYPE = 'Anything';
    const { provider } = withoutCredentials();
    expect(await factsOf(provider.listKeyPairs({}, call))).toMatchObject({ transport: 'no-credentials' });
  });

  test("of the account are not mixed with the environment's", async () => {
    process.env.HUAWEICLOUD_SDK_SECURITY_TOKEN = 'of-somebody-else';
    process.env.HUAWEICLOUD_SDK_PROJECT_ID = 'of-something-else';
    expect((await world.provider.listKeyPairs({}, call)).items).not.toHaveLength(0);
  });
});

test('a region without a project id is refused without a call', async () => {
  const facts = await factsOf(world.provider.listKeyPairs({}, { ...call, region: 'cn-east-3' }));
  expect(facts).toMatchObject({ code: 'ProjectIdMissing' });
  expect(facts).not.toHaveProperty('transport');
  expect(world.cloud.calls).toEqual([]);
});

test('proxies of the environment are not used', async () => {
  process.env.HTTP_PROXY = 'http://127.0.0.1:9';
  process.env.http_proxy = 'http://127.0.0.1:9';
  expect((await world.provider.listKeyPairs({}, call)).items).not.toHaveLength(0);
});
