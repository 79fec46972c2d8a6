import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What both on-call services of the playground share: schedules that a test edits, and faults. */
export type LocalOnCall = {
  url: string;
  /** By id, the e-mail addresses of those on call now. */
  schedules: Map<string, string[]>;
  /** Paths with queries, in the order in which they were asked. */
  asked: string[];
  fail(fault: OnCallTrouble | undefined): void;
  stop(): Promise<void>;
};

/** `hang` does not answer; a number is the status of every answer; `text` is every answer, and a redirect leads there. */
export type OnCallTrouble = 'hang' | number | { text: string } | { redirectTo: string };

export type Reply = { status: number; body: unknown };
export type Seen = { url: URL; header(name: string): string };

export async function startOnCall(
  schedules: Readonly<Record<string, readonly string[]>>,
  answer: (seen: Seen, schedules: ReadonlyMap<string, readonly string[]>) => Reply,
): Promise<LocalOnCall> {
  const state = new Map(Object.entries(schedules).map(([id, emails]) => [id, [...emails]]));
  const asked: string[] = [];
  let fault: OnCallTrouble | undefined;
  const server = createServer((incoming, outgoing) => {
    const seen = see(incoming);
    asked.push(`${seen.url.pathname}${seen.url.search}`);
    if (fault === 'hang') return;
    if (typeof fault === 'object') {
      if ('text' in fault) return outgoing.end(fault.text);
      return outgoing.writeHead(302, { location: fault.redirectTo }).end();
    }
    const reply = fault === undefined ? answer(seen, state) : { status: fault, body: { message: 'a planted fault' } };
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    schedules: state,
    asked,
    fail(next) {
      fault = next;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const see = (incoming: IncomingMessage): Seen => ({
  url: new URL(incoming.url ?? '/', 'http://localhost'),
  header: (name) => String(incoming.headers[name] ?? ''),
});
