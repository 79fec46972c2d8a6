import { Descriptors } from './descriptors.mjs';

/** From the server's `ae.h`. */
const READABLE = 1;
const WRITABLE = 2;
/** An event on the wire is two 32-bit numbers: descriptor and mask. */
const EVENT_BYTES = 8;
/** How the build reads -1: nothing now, ask again (EAGAIN). */
const AGAIN = -1;

/**
 * @typedef {object} Connection
 * @property {import('node:net').Socket} socket
 * @property {Buffer[]} chunks what came and was not read yet
 * @property {number} offset how much of the first chunk was read
 * @property {boolean} ended no more will come
 * @property {boolean} gone nothing can be sent
 * @property {boolean} full what was sent waits for the client to read
 */

/**
 * The sockets that the wasm server works on: it asks for everything, through the functions of `imports`,
 * during a step; `onActivity` says that a step is due.
 */
export class Sockets {
  /** Counts what the server did with sockets, to see whether a step did anything. */
  progress = 0;
  #memory = Buffer.alloc(0);
  #wasmMemory;
  #onActivity;
  #descriptors;
  /** @type {Map<number, Connection>} */
  #connections = new Map();
  /** @type {number[]} */
  #arrived = [];
  /** @type {number | undefined} */
  #listener;

  /** @param {{ memory: () => WebAssembly.Memory, onActivity: () => void, mostConnections?: number | undefined }} options */
  constructor({ memory, onActivity, mostConnections }) {
    this.#wasmMemory = memory;
    this.#onActivity = onActivity;
    // One more than connections: the listener has a descriptor too.
    this.#descriptors = new Descriptors(mostConnections === undefined ? undefined : mostConnections + 1);
  }

  /** @param {import('node:net').Socket} socket */
  add(socket) {
    const descriptor = this.#descriptors.take();
    if (descriptor === undefined) {
      socket.destroy();
      return;
    }
    /** @type {Connection} */
    const connection = { socket, chunks: [], offset: 0, ended: false, gone: false, full: false };
    const changed = (/** @type {Partial<Connection>} */ change) => {
      Object.assign(connection, change);
      this.#onActivity();
    };
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      connection.chunks.push(chunk);
      this.#onActivity();
    });
    socket.on('drain', () => changed({ full: false }));
    socket.on('end', () => changed({ ended: true }));
    // 'close' follows every error.
    socket.on('error', () => {});
    socket.on('close', () => changed({ ended: true, gone: true, full: false }));
    this.#connections.set(descriptor, connection);
    this.#arrived.push(descriptor);
    this.#onActivity();
  }

  destroy() {
    for (const { socket } of this.#connections.values()) socket.destroy();
    this.#connections.clear();
    this.#arrived = [];
  }

  /** The `host` functions of the wasm module. Pointers come signed and are meant unsigned. */
  imports() {
    return {
      socket: () => this.#descriptors.take() ?? AGAIN,
      listen: (/** @type {number} */ descriptor) => {
        this.#listener ??= descriptor;
        return 0;
      },
      accept: () => this.#accept(),
      read: (/** @type {number} */ descriptor, /** @type {number} */ pointer, /** @type {number} */ length) =>
        this.#read(descriptor, pointer >>> 0, length >>> 0),
      write: (/** @type {number} */ descriptor, /** @type {number} */ pointer, /** @type {number} */ length) =>
        this.#write(descriptor, pointer >>> 0, length >>> 0),
      close: (/** @type {number} */ descriptor) => this.#close(descriptor),
      poll: (
        /** @type {number} */ interests,
        /** @type {number} */ count,
        /** @type {number} */ fired,
        /** @type {number} */ most,
      ) => this.#poll(interests >>> 0, count, fired >>> 0, most),
    };
  }

  /** The wasm memory; growing it makes the buffer of before unusable. */
  #bytes() {
    const { buffer } = this.#wasmMemory();
    if (this.#memory.buffer !== buffer) this.#memory = Buffer.from(buffer);
    return this.#memory;
  }

  #accept() {
    const descriptor = this.#arrived.shift();
    if (descriptor === undefined) return AGAIN;
    this.progress += 1;
    return descriptor;
  }

  #read(/** @type {number} */ descriptor, /** @type {number} */ pointer, /** @type {number} */ length) {
    const connection = this.#connections.get(descriptor);
    if (connection === undefined) return 0;
    const memory = this.#bytes();
    let done = 0;
    for (let chunk = connection.chunks[0]; chunk !== undefined && done < length; chunk = connection.chunks[0]) {
      const copied = chunk.copy(memory, pointer + done, connection.offset, connection.offset + length - done);
      done += copied;
      connection.offset += copied;
      if (connection.offset === chunk.length) {
        connection.chunks.shift();
        connection.offset = 0;
      }
    }
    if (done > 0) this.progress += 1;
    return done > 0 || connection.ended ? done : AGAIN;
  }

  #write(/** @type {number} */ descriptor, /** @type {number} */ pointer, /** @type {number} */ length) {
    const connection = this.#connections.get(descriptor);
    if (connection === undefined) return AGAIN;
    // Taken and thrown away: a client that is to be closed after its reply would never be closed otherwise.
    if (connection.gone) return length;
    if (connection.full) return AGAIN;
    // A copy: the server uses its buffer again while the socket still sends.
    const copy = Buffer.from(this.#bytes().subarray(pointer, pointer + length));
    connection.full = !connection.socket.write(copy);
    this.progress += 1;
    return length;
  }

  #close(/** @type {number} */ descriptor) {
    const connection = this.#connections.get(descriptor);
    if (connection === undefined) return;
    // What was written before still goes out.
    connection.socket.destroySoon();
    this.#connections.delete(descriptor);
    this.#descriptors.free(descriptor);
    this.progress += 1;
  }

  #ready(/** @type {number} */ descriptor) {
    if (descriptor === this.#listener) return this.#arrived.length > 0 ? READABLE : 0;
    const connection = this.#connections.get(descriptor);
    if (connection === undefined) return 0;
    const readable = connection.chunks.length > 0 || connection.ended;
    return (readable ? READABLE : 0) | (connection.full ? 0 : WRITABLE);
  }

  #poll(
    /** @type {number} */ interests,
    /** @type {number} */ count,
    /** @type {number} */ fired,
    /** @type {number} */ most,
  ) {
    const memory = this.#bytes();
    let found = 0;
    for (let index = 0; index < count && found < most; index += 1) {
      const interest = interests + index * EVENT_BYTES;
      const descriptor = memory.readInt32LE(interest);
      const ready = this.#ready(descriptor) & memory.readInt32LE(interest + 4);
      if (ready === 0) continue;
      memory.writeInt32LE(descriptor, fired + found * EVENT_BYTES);
      memory.writeInt32LE(ready, fired + found * EVENT_BYTES + 4);
      found += 1;
    }
    return found;
  }
}
