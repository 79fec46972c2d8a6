import { type Server, STATUS_CODES } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Ack, Carrier, Envelope, Retry } from './delivery.js';
import { GestureFailure } from './refusal.js';

/** `cut` is the network: the connection is gone without a word. The others are Slack's `disconnect` message. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'cut';

export type SocketMode = {
  /** A one-time address. */
  newUrl(): string;
  /** Sends each envelope to exactly one of the open connections, in turn. */
  carrier: Carrier;
  /** Connections that were greeted and take envelopes. */
  open(): number;
  /** The oldest so many connections; all of them unless told. */
  disconnect(reason: DisconnectReason, connections?: number): void;
  stop(): void;
};

export type SocketModeOptions = {
  server: Server;
  origin: string;
  appId: string;
  newId(prefix: string): string;
  changed(): void;
};

const ackShape = z.object({ envelope_id: z.string(), payload: z.record(z.string(), z.unknown()).optional() });

/** Brings acks together with the envelopes that wait for them. */
function makeAckDesk() {
  const waiting = new Map<string, ((ack: Ack) => void)[]>();
  return {
    expect: (id: string) =>
      new Promise<Ack>((resolve) => {
        waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
      }),
    /** False for what is no ack. */
    take(frame: string): boolean {
      const ack = readAck(frame);
      if (!ack) return false;
      for (const resolve of waiting.get(ack.envelope_id) ?? []) resolve(ack.payload ?? {});
      waiting.delete(ack.envelope_id);
      return true;
    },
  };
}

function readAck(frame: string): z.output<typeof ackShape> | undefined {
  try {
    return ackShape.parse(JSON.parse(frame));
  } catch {
    return undefined;
  }
}

const helloFrame = (appId: string, connections: number) => ({
  type: 'hello',
  num_connections: connections,
  connection_info: { app_id: appId },
  debug_info: { host: 'local', approximate_connection_time: 18_060 },
});

const envelopeFrame = (envelope: Envelope, retry: Retry | undefined) => ({
  envelope_id: envelope.id,
  type: envelope.type,
  payload: envelope.payload,
  accepts_response_payload: envelope.type !== 'events_api',
  ...(retry && { retry_attempt: retry.attempt, retry_reason: retry.reason }),
});

const send = (socket: WebSocket, frame: unknown) => socket.send(JSON.stringify(frame));

/** The connections that take envelopes, oldest first. */
function makeConnections(changed: () => void) {
  let open: WebSocket[] = [];
  let turn = 0;
  const leave = (socket: WebSocket) => {
    open = open.filter((one) => one !== socket);
    changed();
  };
  return {
    count: () => open.length,
    add(socket: WebSocket) {
      open.push(socket);
      socket.on('close', () => leave(socket));
      socket.on('error', () => leave(socket));
    },
    next() {
      const socket = open[turn % Math.max(open.length, 1)];
      turn += 1;
      return socket;
    },
    disconnect(reason: DisconnectReason, connections = open.length) {
      for (const socket of open.slice(0, connections)) {
        if (reason === 'cut') socket.terminate();
        else send(socket, { type: 'disconnect', reason, debug_info: { host: 'local' } });
        // A warning announces the end some seconds ahead; until then the connection is used.
        if (reason !== 'warning') leave(socket);
      }
    },
  };
}

/** Slack's half of Socket Mode. Pings are answered by `ws` itself. */
export function makeSocketMode({ server, origin, appId, newId, changed }: SocketModeOptions): SocketMode {
  const sockets = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const acks = makeAckDesk();
  const connections = makeConnections(changed);

  function greet(socket: WebSocket): void {
    connections.add(socket);
    socket.on('message', (data) => {
      if (!acks.take(data.toString())) socket.close(1007);
    });
    send(socket, helloFrame(appId, connections.count()));
    changed();
  }

  server.on('upgrade', (request, raw, head) => {
    const ticket = new URL(request.url ?? '/', origin).searchParams.get('ticket') ?? '';
    if (tickets.delete(ticket)) sockets.handleUpgrade(request, raw, head, greet);
    else raw.end(`HTTP/1.1 403 ${STATUS_CODES[403]}\r\nconnection: close\r\n\r\n`);
  });

  return {
    newUrl() {
      const ticket = newId('ticket');
      tickets.add(ticket);
      return `${origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    carrier: async (envelope, retry) => {
      const socket = connections.next();
      if (!socket) throw new GestureFailure('dispatch_failed', 'the app has no connection open');
      const acked = acks.expect(envelope.id);
      send(socket, envelopeFrame(envelope, retry));
      return acked;
    },
    open: connections.count,
    disconnect: connections.disconnect,
    stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
