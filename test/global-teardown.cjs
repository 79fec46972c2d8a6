module.exports = async function tearDown() {
  await /** @type {{ stopTestRedis?: () => Promise<void> }} */ (globalThis).stopTestRedis?.();
};
