import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * @typedef {object} EmbeddedOptions
 * @property {number} [port] any free one unless told
 * @property {number} [mostConnections] at once
 * @property {(reason: string) => void} [onDead] called once when the server ends by itself
 */

/**
 * @typedef {object} EmbeddedValkey
 * @property {number} port
 * @property {string} url
 * @property {() => Promise<void>} stop twice is fine
 */

/**
 * @typedef {{ kind: 'ready', port: number } | { kind: 'ended', reason: string, code?: string }} Report what the thread says
 */

/**
 * A Valkey server in a thread of this process, on loopback, in memory only: what it holds is lost when it stops.
 * Not for production, and no measure of durability.
 * @param {EmbeddedOptions} [options]
 * @returns {Promise<EmbeddedValkey>}
 */
export function startEmbeddedValkey({ port = 0, mostConnections, onDead } = {}) {
  const thread = new Worker(fileURLToPath(new URL('./embedded-thread.mjs', import.meta.url)), {
    workerData: { port, mostConnections },
    // node:wasi announces itself as experimental on every start.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {},
  });
  /** Ended on purpose, or told as ended. */
  let over = false;
  const stop = async () => {
    over = true;
    thread.ref();
    await thread.terminate();
  };
  return new Promise((resolve, reject) => {
    /** @param {Error} cause */
    let end = async (cause) => {
      if (over) return;
      await stop();
      reject(cause);
    };
    const ready = (/** @type {number} */ boundPort) => {
      end = async (cause) => {
        if (over) return;
        await stop();
        onDead?.(cause.message);
      };
      // It ends with the process, and does not keep it.
      thread.unref();
      resolve({ port: boundPort, url: `redis://127.0.0.1:${boundPort}`, stop });
    };
    thread.on('error', (cause) => end(cause));
    thread.on('exit', () => end(new Error('The thread of the embedded server ended')));
    thread.on('message', (/** @type {Report} */ report) => {
      if (report.kind === 'ready') ready(report.port);
      else void end(Object.assign(new Error(report.reason), { code: report.code }));
    });
  });
}
