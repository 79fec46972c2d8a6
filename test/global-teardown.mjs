async function tearDown() {
  await /** @type {{ stopTestRedis?: () => Promise<void> }} */ (globalThis).stopTestRedis?.();
}

export { tearDown as default };
