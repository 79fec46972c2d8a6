import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { makeGate } from '../../../playground/gate.js';
import { VendorFailure, type VendorFailureFacts } from '../../../src/providers/failures.js';
import { createClient } from '../../../src/providers/tencent/client.js';
import { makeCredentials } from './harness.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Seen = { method: string; headers: IncomingMessage['headers']; body: string };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A server that does whatever a test wants, and the requests that reached it. */
async function serve(answer: (outgoing: ServerResponse, incoming: IncomingMessage) => void) {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += String(chunk);
    seen.push({ method: incoming.method ?? '', headers: incoming.headers, body });
    answer(outgoing, incoming);
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, seen, server };
}

const fine = (outgoing: ServerResponse) => outgoing.end('{"Response":{"RequestId":"r-1"}}');
const untouched = () => ({ region: 'ap-guangzhou', signal: new AbortController().signal });

async function failureOf(work: Promise<unknown>): Promise<VendorFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VendorFailure)) throw new Error(`no VendorFailure but ${inspect(error)}`);
  return error;
}

function setEnvironment(values: Record<string, string | undefined>): void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const put = (all: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(all)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  put(values);
  cleanups.push(() => put(before));
}

describe('the wire', () => {
  test('is one signed POST under the name of the vendor', async () => {
    const { url, port, seen } = await serve(fine);
    const credentials = makeCredentials();
    const client = createClient({ credentials, endpoint: url, timeoutMs: 5_000, now: Date.now });
    expect(await client.call('StopInstances', { InstanceIds: ['ins-1'] }, untouched())).toEqual({ RequestId: 'r-1' });
    expect(seen).toEqual([
      {
        method: 'POST',
        body: '{"InstanceIds":["ins-1"]}',
        headers: expect.objectContaining({
          host: `cvm.tencentcloudapi.com:${port}`,
          'content-type': 'application/json',
          'x-tc-action': 'StopInstances',
          'x-tc-version': '2017-03-12',
          'x-tc-region': 'ap-guangzhou',
          'x-tc-token': credentials.token,
          'x-tc-language': 'en-US',
          authorization: expect.stringMatching(
            new RegExp(
              `^TC3-HMAC-SHA256 Credential=${credentials.secretId}/\\d{4}-\\d\\d-\\d\\d/cvm/tc3_request, ` +
                'SignedHeaders=content-type;host, Signature=[0-9a-f]{64}$',
            ),
          ),
        }),
      },
    ]);
  });

  test('has no token header where there is no token', async () => {
    const { url, seen } = await serve(fine);
    const { secretId, secretKey } = makeCredentials();
    await createClient({ credentials: { secretId, secretKey }, endpoint: url, timeoutMs: 5_000, now: Date.now }).call(
      'A',
      {},
      untouched(),
    );
    expect(seen[0]?.headers).not.toHaveProperty('x-tc-token');
  });

  test('takes no proxy from the environment', async () => {
    const proxy = await serve((outgoing) => outgoing.destroy());
    setEnvironment({ http_proxy: proxy.url });
    const { url, seen } = await serve(fine);
    await createClient({ credentials: makeCredentials(), endpoint: url, timeoutMs: 5_000, now: Date.now }).call(
      'A',
      {},
      untouched(),
    );
    expect([seen.length, proxy.seen.length]).toEqual([1, 0]);
  });

  test('follows no redirect, neither here nor elsewhere', async () => {
    const elsewhere = await serve(fine);
    const { url, seen } = await serve((outgoing, incoming) =>
      outgoing.writeHead(307, { location: seen.length === 1 ? elsewhere.url : String(incoming.url) }).end(),
    );
    const client = createClient({ credentials: makeCredentials(), endpoint: url, timeoutMs: 5_000, now: Date.now });
    for (const made of [1, 2]) {
      expect((await failureOf(client.call('A', {}, untouched()))).facts).toMatchObject({ transport: 'malformed' });
      expect([seen.length, elsewhere.seen.length]).toEqual([made, 0]);
    }
  });
});

describe('failures', () => {
  const answer = (status: number, body: string) => (outgoing: ServerResponse) => outgoing.writeHead(status).end(body);

  test.each<[string, (outgoing: ServerResponse) => unknown, Partial<VendorFailureFacts>]>([
    [
      'an error of the vendor',
      answer(200, '{"Response":{"Error":{"Code":"InternalError","Message":"words"},"RequestId":"r-2"}}'),
      { code: 'InternalError', message: 'words', requestId: 'r-2' },
    ],
    ['an HTTP status', answer(503, '{}'), { httpStatus: 503 }],
    ['a page of HTML', answer(200, '<html></html>'), { transport: 'malformed' }],
    ['JSON without Response', answer(200, '{}'), { transport: 'malformed' }],
    ['null', answer(200, 'null'), { transport: 'malformed' }],
    ['an error without a code', answer(200, '{"Response":{"Error":{"Message":"x"}}}'), { transport: 'malformed' }],
    ['a connection cut before the answer', (outgoing) => outgoing.destroy(), { transport: 'network' }],
    [
      'a connection cut within the answer',
      (outgoing) => {
        outgoing.writeHead(200, { 'transfer-encoding': 'chunked' });
        outgoing.write('{"Response":', () => outgoing.destroy());
      },
      { transport: 'network' },
    ],
  ])('%s', async (_what, reply, facts) => {
    const credentials = makeCredentials();
    const { url, seen } = await serve(reply);
    const failure = await failureOf(
      createClient({ credentials, endpoint: url, timeoutMs: 5_000, now: Date.now }).call('A', {}, untouched()),
    );
    const { message, ...rest } = failure.facts;
    const { message: words = message, ...wanted } = facts;
    expect([message, rest]).toEqual([words, wanted]);
    expect(seen).toHaveLength(1);
    expect(failure.cause).toBeUndefined();
    for (const secret of Object.values(credentials)) expect(inspect(failure, { depth: null })).not.toContain(secret);
  });

  test('an answer that is dropped unread leaves no connection behind', async () => {
    const closed = makeGate();
    const { url } = await serve((outgoing) => {
      outgoing.once('close', closed.open);
      outgoing.writeHead(503).write('a page without an end');
    });
    const client = createClient({ credentials: makeCredentials(), endpoint: url, timeoutMs: 5_000, now: Date.now });
    expect((await failureOf(client.call('A', {}, untouched()))).facts).toMatchObject({ httpStatus: 503 });
    await closed.promise;
  });

  test('a port that nobody listens on', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const client = createClient({
      credentials: makeCredentials(),
      endpoint: `http://127.0.0.1:${port}`,
      timeoutMs: 5_000,
      now: Date.now,
    });
    expect((await failureOf(client.call('A', {}, untouched()))).facts).toMatchObject({ transport: 'refused' });
  });

  test('a TLS handshake that fails has sent nothing', async () => {
    const { port, seen } = await serve(fine);
    const client = createClient({
      credentials: makeCredentials(),
      endpoint: `https://127.0.0.1:${port}`,
      timeoutMs: 5_000,
      now: Date.now,
    });
    expect((await failureOf(client.call('A', {}, untouched()))).facts).toMatchObject({ transport: 'refused' });
    expect(seen).toEqual([]);
  });

  test.each<[string, (outgoing: ServerResponse) => unknown]>([
    ['no answer', () => undefined],
    ['half an answer', (outgoing) => outgoing.write('{"Resp')],
    [
      // The SDK's HTTP client does not notice this one.
      'half an answer of a known length, then a cut,',
      (outgoing) => {
        outgoing.writeHead(200, { 'content-length': '100' });
        outgoing.write('{"Response":', () => outgoing.destroy());
      },
    ],
  ])('%s in time', async (_what, reply) => {
    const { url } = await serve(reply);
    const client = createClient({ credentials: makeCredentials(), endpoint: url, timeoutMs: 60, now: Date.now });
    expect((await failureOf(client.call('A', {}, untouched()))).facts).toMatchObject({ transport: 'timeout' });
  });

  test('an abort ends the call and its connection', async () => {
    const arrived = makeGate<ServerResponse>();
    const { url } = await serve(arrived.open);
    const control = new AbortController();
    const client = createClient({ credentials: makeCredentials(), endpoint: url, timeoutMs: 5_000, now: Date.now });
    const failed = failureOf(client.call('A', {}, { region: 'ap-guangzhou', signal: control.signal }));
    const outgoing = await arrived.promise;
    const closed = new Promise((resolve) => outgoing.once('close', resolve));
    control.abort();
    expect((await failed).facts).toMatchObject({ transport: 'aborted' });
    await closed;
  });

  test('a call that is aborted before it begins sends nothing', async () => {
    const { url, seen } = await serve(fine);
    const client = createClient({ credentials: makeCredentials(), endpoint: url, timeoutMs: 5_000, now: Date.now });
    const facts = (await failureOf(client.call('A', {}, { region: 'x', signal: AbortSignal.abort() }))).facts;
    expect([facts.transport, seen.length]).toEqual(['aborted', 0]);
  });
});

describe('the default chain', () => {
  /** No credentials anywhere; what would go to the metadata service ends at `onConnect`. */
  async function isolate(onConnect: (socket: Socket) => void) {
    const home = await mkdtemp(join(tmpdir(), 'tencent-'));
    cleanups.push(() => rm(home, { recursive: true }));
    const proxy = createServer();
    const asked: string[] = [];
    proxy.on('connect', (incoming: IncomingMessage, socket: Socket) => {
      asked.push(incoming.url ?? '');
      socket.on('error', () => socket.destroy());
      cleanups.push(() => socket.destroy());
      onConnect(socket);
    });
    const port = await listen(proxy);
    setEnvironment({
      HOME: home,
      http_proxy: `http://127.0.0.1:${port}`,
      TENCENTCLOUD_SECRET_ID: undefined,
      TENCENTCLOUD_SECRET_KEY: undefined,
      TENCENTCLOUD_SESSION_TOKEN: undefined,
      TKE_REGION: undefined,
    });
    return asked;
  }
  const refuse = (socket: Socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');

  test('takes the variables of the vendor', async () => {
    await isolate(refuse);
    const { url, seen } = await serve(fine);
    setEnvironment({
      TENCENTCLOUD_SECRET_ID: 'AKIDenv',
      TENCENTCLOUD_SECRET_KEY: 'k',
      TENCENTCLOUD_SESSION_TOKEN: 't',
    });
    await createClient({ endpoint: url, timeoutMs: 5_000, now: Date.now }).call('A', {}, untouched());
    expect(seen[0]?.headers).toMatchObject({
      authorization: expect.stringContaining('Credential=AKIDenv/'),
      'x-tc-token': 't',
    });
  });

  test('that finds none sends nothing, says so and prints nothing', async () => {
    const asked = await isolate(refuse);
    const { url, seen } = await serve(fine);
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    cleanups.push(() => printed.mockRestore());
    const { facts } = await failureOf(
      createClient({ endpoint: url, timeoutMs: 5_000, now: Date.now }).call('A', {}, untouched()),
    );
    expect(facts).toMatchObject({ transport: 'no-credentials' });
    expect([seen.length, printed.mock.calls]).toEqual([0, []]);
    expect(asked).toEqual(['metadata.tencentyun.com:80']);
  });

  test('that does not answer in time has found none', async () => {
    await isolate(() => undefined);
    const { url, seen } = await serve(fine);
    const { facts } = await failureOf(
      createClient({ endpoint: url, timeoutMs: 60, now: Date.now }).call('A', {}, untouched()),
    );
    expect([facts.transport, seen.length]).toEqual(['no-credentials', 0]);
  });

  test('keeps a role that was found, and no failure to find one', async () => {
    const metadata = await serve((outgoing, incoming) =>
      outgoing.end(
        incoming.url?.endsWith('/reader')
          ? JSON.stringify({
              Code: 'Success',
              TmpSecretId: 'AKIDrole',
              TmpSecretKey: 'k',
              Token: 't',
              ExpiredTime: Date.now() / 1000 + 3_600,
            })
          : 'reader',
      ),
    );
    let open = false;
    const asked = await isolate((socket) => {
      if (!open) return refuse(socket);
      const onward = connect(metadata.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
    });
    const { url, seen } = await serve(fine);
    const client = createClient({ endpoint: url, timeoutMs: 5_000, now: Date.now });
    expect((await failureOf(client.call('A', {}, untouched()))).facts).toMatchObject({ transport: 'no-credentials' });
    open = true;
    await client.call('A', {}, untouched());
    await client.call('A', {}, untouched());
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('Credential=AKIDrole/')),
    );
    expect(asked).toHaveLength(3);
  });
});
