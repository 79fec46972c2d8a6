import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpRequest = { path: string; headers: Readonly<Record<string, string>>; body: Buffer };
export type HttpReply = { status: number; headers?: Record<string, string>; body: string };
/** `cut`: the connection is closed without an answer; `hang`: it stays open without one. */
export type Answer = HttpReply | 'cut' | 'hang';

export const jsonReply = (body: unknown, status = 200, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

export type Listening = { server: Server; origin: string; close(): Promise<void> };

/** Listens on loopback. */
export async function listen(
  port: number,
  handler: (request: HttpRequest, origin: string) => Promise<Answer>,
): Promise<Listening> {
  let origin = '';
  const server = createServer((incoming, outgoing) => {
    void readRequest(incoming)
      .then((request) => handler(request, origin))
      .then((answer) => {
        if (answer === 'hang') return;
        if (answer === 'cut') return outgoing.destroy();
        outgoing.writeHead(answer.status, answer.headers);
        outgoing.end(answer.body);
      })
      .catch((error: unknown) => {
        if (!outgoing.headersSent) outgoing.writeHead(599);
        outgoing.end(`the local Slack broke: ${error instanceof Error ? error.stack : String(error)}`);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server,
    origin,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    path: (incoming.url ?? '/').split('?', 1)[0] ?? '/',
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  };
}
