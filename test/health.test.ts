import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeGate } from '../playground/gate.js';
import { type HealthServer, healthRoutes, type Probe, startHealthServer } from '../src/health.js';

let server: HealthServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(probes: readonly Probe[] = [], metrics = async () => 'some_metric 1\n') {
  server = await startHealthServer(0, healthRoutes(probes, metrics));
  return server;
}
async function ask(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${server?.port}${path}`, { method, headers: { connection: 'close' } });
  return { status: response.status, body: await response.text() };
}
const well: Probe = async () => undefined;
const ill =
  (what: string): Probe =>
  async () =>
    what;

describe('health', () => {
  it('says that the process lives, whatever else is broken', async () => {
    await start([ill('Redis does not answer')]);
    expect(await ask('/healthz')).toEqual({ status: 200, body: 'ok\n' });
  });

  it('says that it can work when every probe is well', async () => {
    await start([well, well]);
    expect(await ask('/readyz')).toEqual({ status: 200, body: 'ready\n' });
  });

  it('names everything that is wrong at once', async () => {
    await start([ill('Redis does not answer'), well, ill('not connected to Slack')]);
    expect(await ask('/readyz')).toEqual({ status: 503, body: 'Redis does not answer\nnot connected to Slack\n' });
  });

  it('asks the probes of now, also those that came later', async () => {
    const probes: Probe[] = [well];
    await start(probes);
    probes.push(ill('late'));
    expect((await ask('/readyz')).status).toBe(503);
  });

  it('shows the metrics', async () => {
    await start();
    expect(await ask('/metrics')).toEqual({ status: 200, body: 'some_metric 1\n' });
  });

  it('tells nothing of an error of its own', async () => {
    const broken = () => Promise.reject(new Error('canary-secret'));
    await start([broken], broken);
    for (const path of ['/readyz', '/metrics']) expect(await ask(path)).toEqual({ status: 500, body: 'error\n' });
  });

  it('takes a query with the path', async () => {
    await start();
    expect((await ask('/healthz?verbose=1')).status).toBe(200);
  });

  it.each([
    ['/', 'GET'],
    ['/healthz/x', 'GET'],
    ['/slack/events', 'POST'],
    ['/healthz', 'POST'],
  ])('knows no %s %s', async (path, method) => {
    await start();
    expect((await ask(path, method)).status).toBe(404);
  });
});

describe('its server', () => {
  it('rejects when the port is taken', async () => {
    const { port } = await start();
    await expect(startHealthServer(port, [])).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('stops although somebody still waits for an answer, and twice is fine', async () => {
    const arrived = makeGate();
    const never = makeGate<string | undefined>();
    const { stop, port } = await start([
      () => {
        arrived.open();
        return never.promise;
      },
    ]);
    const answer = ask('/readyz').then(
      () => 'answered',
      () => 'broken off',
    );
    await arrived.promise;
    await stop();
    await stop();
    expect(await answer).toBe('broken off');
    const next = createServer().listen(port);
    const listening = makeGate();
    next.once('listening', listening.open);
    await listening.promise;
    const closed = makeGate();
    next.close(() => closed.open());
    await closed.promise;
  });
});
