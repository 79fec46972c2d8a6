import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Descriptors } from '../../../playground/redis/descriptors.mjs';
import { Sockets } from '../../../playground/redis/sockets.mjs';

let client: Socket;
let accepted: Socket;

beforeEach(async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  client = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  [accepted] = await once(server, 'connection');
  server.close();
});
afterEach(() => {
  client.destroy();
  accepted.destroy();
});

test('descriptors are given again once they are free, and never more than the limit', () => {
  const descriptors = new Descriptors(2);
  const [first, second] = [descriptors.take(), descriptors.take()];
  expect(first).not.toBe(second);
  expect(descriptors.take()).toBeUndefined();
  if (first !== undefined) descriptors.free(first);
  expect(descriptors.take()).toBe(first);
  expect(descriptors.take()).toBeUndefined();
});

test('pointers above 2 GiB, which come as negative numbers, are read and written where they point', async () => {
  const far = 2 ** 31 + 8;
  const buffer = new ArrayBuffer(2 ** 31 + 64);
  const sockets = new Sockets({ memory: () => ({ buffer }), onActivity: () => {} });
  const { socket, listen, accept, read, write } = sockets.imports();
  listen(socket());
  sockets.add(accepted);
  const descriptor = accept();
  client.write('hello');
  accepted.resume();
  await once(accepted, 'data');
  expect(read(descriptor, far | 0, 16)).toBe(5);
  expect(Buffer.from(buffer, far, 5).toString()).toBe('hello');
  const echoed = once(client, 'data');
  expect(write(descriptor, far | 0, 5)).toBe(5);
  expect(String((await echoed)[0])).toBe('hello');
});

test('what was written goes out before a socket is closed', async () => {
  const chunk = 1_000_000;
  const sockets = new Sockets({ memory: () => ({ buffer: new ArrayBuffer(chunk) }), onActivity: () => {} });
  const { accept, write, close } = sockets.imports();
  sockets.add(accepted);
  const descriptor = accept();
  client.pause();
  let written = 0;
  while (write(descriptor, 0, chunk) === chunk) written += chunk;
  close(descriptor);
  let received = 0;
  for await (const piece of client) received += piece.length;
  expect(received).toBe(written);
});
