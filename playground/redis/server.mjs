import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askOnce } from './ask.mjs';

const READY_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;
const STOP_WITHIN_MS = 5_000;
/** The port is chosen before the server binds it, so somebody else may be faster. */
const ATTEMPTS = 5;

/** There is no program of that name, or it does not run here. */
export class ServerUnavailable extends Error {
  /** @override */
  name = 'ServerUnavailable';
}

/**
 * @typedef {object} RedisServer
 * @property {number} pid
 * @property {number} port
 * @property {string} url
 * @property {() => Promise<void>} stop twice is fine
 */

/**
 * Starts a `redis-server` of its own, on loopback and a free port, that writes every command to disk before it
 * answers. It ends with this process.
 * @param {object} [options]
 * @param {string} [options.program]
 * @param {boolean} [options.detached] Ctrl-C in the terminal does not reach it
 * @param {string} [options.temporary] where its own folder is made
 * @returns {Promise<RedisServer>}
 */
export async function startRedisServer({ program = 'redis-server', detached = false, temporary = tmpdir() } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const server = await tryPort({ program, detached, temporary, port: await freePort() });
    if (server !== 'ended') return server;
    if (attempt === ATTEMPTS) throw new ServerUnavailable(`${program} ended at its start, ${ATTEMPTS} times`);
  }
}

/**
 * @param {{ program: string, detached: boolean, temporary: string, port: number }} options
 * @returns {Promise<RedisServer | 'ended'>} `ended`: before it answered, as it does when the port is taken
 */
async function tryPort({ program, detached, temporary, port }) {
  const folder = mkdtempSync(join(temporary, 'detach-key-redis-'));
  const child = spawn(program, serverArguments(port, folder), { stdio: 'ignore', detached });
  const left = new Promise((resolve) => child.once('exit', resolve));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const endWithProcess = () => {
    child.kill('SIGKILL');
    removeFolder();
  };
  process.once('exit', endWithProcess);
  const stop = async () => {
    process.removeListener('exit', endWithProcess);
    child.ref();
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.kill('SIGTERM');
    await left;
    clearTimeout(late);
    removeFolder();
  };
  try {
    await once(child, 'spawn');
  } catch (cause) {
    process.removeListener('exit', endWithProcess);
    removeFolder();
    throw new ServerUnavailable(`${program} could not be started`, { cause });
  }
  const pid = /** @type {number} */ (child.pid);
  const start = await watchStart(child, port);
  // The process may end without stopping it: it is ended then.
  child.unref();
  if (start === 'answers') return { pid, port, url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  if (start === 'silent') throw new ServerUnavailable(`${program} was started and did not answer`);
  return start;
}

/**
 * @param {number} port
 * @param {string} folder
 */
function serverArguments(port, folder) {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/**
 * Waits until the server behind the port is this child, and not somebody who was faster.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} port
 * @returns {Promise<'answers' | 'ended' | 'silent'>}
 */
async function watchStart(child, port) {
  const until = performance.now() + READY_WITHIN_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended';
    const info = await askOnce(port, 'INFO server');
    if (info?.includes(`\r\nprocess_id:${child.pid}\r\n`)) return 'answers';
    await pause(LOOK_EVERY_MS);
  }
  return 'silent';
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No TCP address');
  return address.port;
}
