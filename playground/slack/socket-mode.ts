import { type Server, STATUS_CODES } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Ack, Carrier } from './delivery.js';
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

function readAck(data: string): z.output<typeof ackShape> | undefined {
  try {
    return ackShape.parse(JSON.parse(data));
  } catch {
    return undefined;
  }
}

/** Slack's half of Socket Mode. Pings are answered by `ws` itself. */
export function makeSocketMode({ server, origin, appId, newId, changed }: SocketModeOptions): SocketMode {
  const sockets = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const waiting = new Map<string, ((ack: Ack) => void)[]>();
  let open: WebSocket[] = [];
  let turn = 0;

  const leave = (socket: WebSocket) => {
    open = open.filter((one) => one !== socket);
    changed();
  };

  function greet(socket: WebSocket): void {
    open.push(socket);
    socket.on('close', () => leave(socket));
    socket.on('error', () => leave(socket));
    socket.on('message', (data) => {
      const ack = readAck(data.toString());
      if (!ack) return socket.close(1007);
      for (const resolve of waiting.get(ack.envelope_id) ?? []) resolve(ack.payload ?? {});
      waiting.delete(ack.envelope_id);
    });
    send(socket, {
      type: 'hello',
      num_connections: open.length,
      connection_info: { app_id: appId },
      debug_info: { host: 'local', approximate_connection_time: 18_060 },
    });
    changed();
  }

  server.on('upgrade', (request, raw, head) => {
    const ticket = new URL(request.url ?? '/', origin).searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) {
      raw.end(`HTTP/1.1 403 ${STATUS_CODES[403]}\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, raw, head, greet);
  });

  return {
    newUrl() {
      const ticket = newId('ticket');
      tickets.add(ticket);
      return `${origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    carrier: async (envelope, retry) => {
      const socket = open[turn % Math.max(open.length, 1)];
      turn += 1;
      if (!socket) throw new GestureFailure('dispatch_failed', 'the app has no connection open');
      return new Promise<Ack>((resolve) => {
        waiting.set(envelope.id, [...(waiting.get(envelope.id) ?? []), resolve]);
        send(socket, {
          envelope_id: envelope.id,
          type: envelope.type,
          payload: envelope.payload,
          accepts_response_payload: envelope.type !== 'events_api',
          ...(retry && { retry_attempt: retry.attempt, retry_reason: retry.reason }),
        });
      });
    },
    open: () => open.length,
    disconnect(reason, connections = open.length) {
      const chosen = open.slice(0, connections);
      for (const socket of chosen) {
        if (reason === 'cut') socket.terminate();
        else send(socket, { type: 'disconnect', reason, debug_info: { host: 'local' } });
      }
      // A warning announces the end some seconds ahead; until then the connection is used.
      if (reason !== 'warning') open = open.filter((socket) => !chosen.includes(socket));
      changed();
    },
    stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

const send = (socket: WebSocket, message: unknown) => socket.send(JSON.stringify(message));
