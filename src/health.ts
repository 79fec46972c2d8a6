import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `GET /healthz` (the process lives), `/readyz` (it can do its work), `/metrics`. */
export type HealthRoute = {
  method: 'GET';
  path: string;
  handler(request: IncomingMessage, response: ServerResponse): void;
};

/** Each probe answers with what is wrong, or with nothing. */
export type Probe = () => Promise<string | undefined>;

export function healthRoutes(probes: readonly Probe[], metrics: () => Promise<string>): HealthRoute[] {
  const send = (response: ServerResponse, status: number, body: string) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(body);
  };
  const answer = (path: string, work: () => Promise<{ status: number; body: string }>): HealthRoute => ({
    method: 'GET',
    path,
    handler: (_request, response) => {
      work().then(
        ({ status, body }) => send(response, status, body),
        () => send(response, 500, 'error\n'),
      );
    },
  });
  return [
    answer('/healthz', async () => ({ status: 200, body: 'ok\n' })),
    answer('/readyz', async () => {
      const faults = (await Promise.all(probes.map((probe) => probe()))).filter((fault) => fault !== undefined);
      return faults.length === 0 ? { status: 200, body: 'ready\n' } : { status: 503, body: `${faults.join('\n')}\n` };
    }),
    answer('/metrics', async () => ({ status: 200, body: await metrics() })),
  ];
}

export type HealthServer = { port: number; stop(): Promise<void> };

/** For the modes in which nothing else listens on the port. */
export async function startHealthServer(port: number, routes: readonly HealthRoute[]): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    const route = routes.find((row) => row.path === path && row.method === request.method);
    if (route) return route.handler(request, response);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
