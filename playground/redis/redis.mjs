import { startEmbeddedValkey } from './embedded.mjs';
import { ServerUnavailable, startRedisServer } from './server.mjs';

/**
 * @typedef {object} RedisOptions
 * @property {string | undefined} [given] the URL of a Redis that is there already; nothing is started then
 * @property {'embedded' | 'server' | undefined} [prefer] this one or none
 * @property {boolean} [detached] Ctrl-C in the terminal does not reach a server that was started
 * @property {(reason: string) => void} [onDead] the embedded server ended by itself
 * @property {string} [program] the server's name on the PATH
 * @property {string} [temporary] where a server's own folder is made
 */

/**
 * @typedef {object} Redis
 * @property {string} url
 * @property {'given' | 'server' | 'embedded'} kind
 * @property {string} [reason] why it is the embedded one
 * @property {() => Promise<void>} stop ends what was started here, and nothing else
 */

/**
 * The Redis of tests and the demo: the one given, else a `redis-server` of its own, else the embedded Valkey.
 * @param {RedisOptions} [options]
 * @returns {Promise<Redis>}
 */
export async function startRedis({ given, prefer, onDead, ...server } = {}) {
  if (given !== undefined && given !== '' && prefer === undefined) {
    return { url: given, kind: 'given', stop: async () => {} };
  }
  const embedded = async (/** @type {string} */ reason) => {
    const { url, stop } = await startEmbeddedValkey(onDead === undefined ? {} : { onDead });
    return { url, kind: /** @type {const} */ ('embedded'), reason, stop };
  };
  if (prefer === 'embedded') return embedded('it was asked for');
  try {
    const { url, stop } = await startRedisServer(server);
    return { url, kind: 'server', stop };
  } catch (cause) {
    if (prefer === 'server' || !(cause instanceof ServerUnavailable)) throw cause;
    return embedded(cause.message);
  }
}
