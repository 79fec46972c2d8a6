import { afterEach, describe, expect, it } from '@jest/globals';
import { KIND_IDS, type KindId, type StageCloud, settingsFor, startStageCloud } from '../../playground/stage/clouds.js';
import type { GuardedProvider } from '../../src/providers/answers.js';
import { guard } from '../../src/providers/guard.js';
import { createPacer } from '../../src/providers/pacer.js';
import { loadProvider } from '../../src/providers/registry.js';

/** The limits of the local clouds, on a clock of their own, and a guard that keeps to them. */

let stage: StageCloud;
let clock: { now: number };
let guarded: GuardedProvider;
afterEach(async () => {
  await guarded.close();
  await stage.cloud.stop();
});

async function start(kind: KindId, { paced, count = 3 }: { paced: boolean; count?: number }) {
  // A full minute, so that windows begin where the test does.
  const began = Math.ceil(Date.now() / 60_000) * 60_000;
  clock = { now: began };
  const states = Array.from({ length: count }, () => 'stopped' as const);
  stage = await startStageCloud(kind, { states, now: () => clock.now });
  const provider = await loadProvider(settingsFor(stage), { timeoutMs: 5_000, now: () => clock.now });
  const pacer = createPacer({
    account: stage.account,
    traits: provider.traits.pace,
    now: () => clock.now,
    random: () => 0,
    async sleep(ms) {
      clock.now += ms;
    },
  });
  const options = { account: stage.account, timeoutMs: 5_000, secrets: [], now: () => clock.now };
  guarded = guard(provider, { ...options, ...(paced && { pacer }) });
}

const read = () => guarded.readInstances({ instanceIds: stage.ids.slice(0, 1) }, { region: stage.region });

const WINDOW_MS: Readonly<Record<KindId, number>> = {
  alibaba: 60_000,
  tencent: 1000,
  volcengine: 1000,
  huawei: 1000,
};

describe.each(KIND_IDS)('the rate limit of the local cloud %s', (kind) => {
  it('refuses what is too much until the next window begins, and is off unless set', async () => {
    await start(kind, { paced: false });
    for (let n = 0; n < 5; n++) expect(await read()).toMatchObject({ ok: true });
    clock.now += WINDOW_MS[kind];
    stage.cloud.rateLimit = 1;
    expect(await read()).toMatchObject({ ok: true });
    clock.now += WINDOW_MS[kind] - 1;
    expect(await read()).toMatchObject({ ok: false, fault: { kind: 'rate-limited', repeat: 'later' } });
    clock.now += 1;
    expect(await read()).toMatchObject({ ok: true });
    expect(stage.cloud.throttled).toHaveLength(1);
  });

  it('counts each API for itself', async () => {
    await start(kind, { paced: false });
    stage.cloud.rateLimit = 1;
    expect(await read()).toMatchObject({ ok: true });
    expect(await guarded.listKeyPairs({ region: stage.region })).toMatchObject({ ok: true });
  });

  it('is met once by a guard that keeps its pace, which then waits for the next window', async () => {
    await start(kind, { paced: true });
    stage.cloud.rateLimit = 1;
    await read();
    const began = clock.now;
    let answer = await read();
    if (!answer.ok) {
      clock.now += answer.fault.retryAfterMs ?? 0;
      answer = await read();
    }
    expect(answer).toMatchObject({ ok: true });
    expect(stage.cloud.throttled).toHaveLength(1);
    expect(Math.floor(clock.now / WINDOW_MS[kind])).toBe(Math.floor(began / WINDOW_MS[kind]) + 1);
  });
});

describe('a documented limit', () => {
  it('is never met: hundreds of writes at Tencent’s ten a second', async () => {
    const count = 300;
    await start('tencent', { paced: true, count });
    stage.cloud.rateLimit = 10;
    const [keyPair] = stage.cloud.world.keyPairs;
    const region = { region: stage.region };
    for (const id of stage.ids) {
      for (let ms = guarded.reserve('detach', region); ms > 0; ms = guarded.reserve('detach', region)) clock.now += ms;
      await guarded.detach({ instanceIds: [id], token: id, keyPair: keyPair ?? { name: '' } }, region);
    }
    const calls = stage.cloud.calls.filter(({ operation }) => operation === 'DisassociateInstancesKeyPairs');
    expect(calls).toHaveLength(count);
    expect(stage.cloud.throttled).toEqual([]);
  });
});

describe('the limit of Volcengine for single instances', () => {
  it('is told for the instance, and nothing is done to it', async () => {
    await start('volcengine', { paced: true });
    const [first = '', second = ''] = stage.ids;
    const [keyPair = { name: '' }] = stage.cloud.world.keyPairs;
    const region = { region: stage.region };
    stage.cloud.rateLimit = 2;
    await guarded.attach({ instanceIds: [first], token: 'a', keyPair }, region);
    await guarded.attach({ instanceIds: [first], token: 'b', keyPair }, region);
    const { instances } = await guarded.detach({ instanceIds: [first, second], token: 'c', keyPair }, region);
    expect(instances.get(first)).toMatchObject({ kind: 'later', fault: { code: 'FlowLimitExceeded' } });
    expect(instances.get(second)).toEqual({ kind: 'accepted' });
    expect(stage.cloud.world.instances.get(first)?.keyPairs).toHaveLength(1);
    expect(guarded.reserve('detach', region)).toBeGreaterThan(0);
  });
});
