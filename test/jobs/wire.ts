import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { makeGate } from '../../playground/gate.js';
import { redisUrl } from './scope.js';

/** A line to the Redis under test that can be cut: what a broken network does to a client. */
export type Wire = {
  url: string;
  /** Cuts every connection once the server has answered the next command of this name, and before the answer arrives. */
  loseReplyTo(command: string): Promise<void>;
  /** Cuts every connection and takes no new one. */
  cut(): void;
  mend(): void;
  /** Connections stay, and nothing goes through any more. */
  freeze(): void;
  close(): Promise<void>;
};

export async function openWire(): Promise<Wire> {
  const target = new URL(redisUrl());
  const clients = new Set<Socket>();
  let isCut = false;
  let isFrozen = false;
  let losing: { command: string; lost(): void } | undefined;
  const cutAll = () => {
    for (const client of clients) client.destroy();
  };
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    let isLosing = false;
    clients.add(client);
    client.on('data', (bytes) => {
      if (isFrozen) return;
      isLosing ||= losing !== undefined && bytes.toString('latin1').toLowerCase().includes(losing.command);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!isLosing) return void client.write(bytes);
      losing?.lost();
      losing = undefined;
      cutAll();
    });
    for (const end of [client, upstream]) {
      end.on('error', () => {});
      end.on('close', () => {
        clients.delete(client);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    loseReplyTo(command) {
      const gate = makeGate();
      losing = { command: `\r\n${command}\r\n`, lost: gate.open };
      return gate.promise;
    },
    cut() {
      isCut = true;
      cutAll();
    },
    mend() {
      isCut = false;
    },
    freeze() {
      isFrozen = true;
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
