/** One Redis for all test files; each keeps to keys of its own. */
module.exports = async function setUp() {
  const wanted = process.env.DETACH_KEY_TEST_REDIS || undefined;
  if (wanted !== undefined && wanted !== 'embedded' && wanted !== 'server') {
    throw new Error('DETACH_KEY_TEST_REDIS is embedded or server, or is left out');
  }
  const redis = await start(wanted);
  process.env.REDIS_URL = redis.url;
  Object.assign(globalThis, { stopTestRedis: redis.stop });
  process.stdout.write(`${describe(redis)}\n`);
};

/** @param {'embedded' | 'server' | undefined} wanted */
async function start(wanted) {
  const { startRedis } = await import('../playground/redis/redis.mjs');
  try {
    return await startRedis({ given: process.env.REDIS_URL, prefer: wanted });
  } catch (cause) {
    if (wanted !== 'server') throw cause;
    throw new Error('DETACH_KEY_TEST_REDIS=server needs a redis-server that runs on this machine', { cause });
  }
}

/** @param {import('../playground/redis/redis.mjs').Redis} redis */
function describe({ kind, reason }) {
  if (kind === 'given') return 'Redis under test: the one of REDIS_URL.';
  if (kind === 'server') return 'Redis under test: a redis-server of its own (AOF, appendfsync always).';
  return (
    `Redis under test: embedded Valkey, in memory (${reason}).\n` +
    'Not run: the tests against a real Redis; install redis-server, or set REDIS_URL.'
  );
}
