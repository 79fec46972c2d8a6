import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KEY, type StageCloud, settingsFor, startStageCloud } from '../playground/stage/clouds.js';
import { type Clouds, createClouds } from '../src/clouds.js';
import type { AccountConfig, Config } from '../src/config.js';
import type { CallRecord } from '../src/providers/calls.js';
import type { Account } from '../src/providers/registry.js';
import { Secret } from '../src/secret.js';
import { configOf, file } from './config/sample.js';

let stage: StageCloud;
let counted: CallRecord[];
let clouds: Clouds;
beforeEach(async () => {
  stage = await startStageCloud('alibaba', { states: ['running'] });
  counted = [];
});
afterEach(async () => {
  await clouds.close();
  await stage.cloud.stop();
});

/** What `reveal` gives is asked for at each building: an account can be broken and mended. */
class Changing extends Secret<Account> {
  readonly #next: () => Account;
  constructor(next: () => Account) {
    super(next());
    this.#next = next;
  }
  override reveal(): Account {
    return this.#next();
  }
}

function start(settings: Secret<Account> = new Secret(settingsFor(stage))): Clouds {
  const account: AccountConfig = { name: stage.account, provider: 'alibaba', regions: [stage.region], settings };
  const config: Config = { ...configOf(file()), accounts: new Map([[stage.account, account]]) };
  clouds = createClouds({
    config,
    timeoutMs: 2_000,
    onCall: (call) => void counted.push(call),
    onPace() {},
    onPutOff() {},
    now: () => 0,
    random: () => 0,
  });
  return clouds;
}

describe('clouds', () => {
  it('build an account’s provider when it is first used, behind its guard, and count its calls', async () => {
    start();
    const cloud = await clouds.get(stage.account);
    expect(cloud?.provider).toBe('alibaba');
    expect(stage.cloud.calls).toEqual([]);
    const found = await cloud?.guarded.findKeyPair({ nameOrId: KEY }, { region: stage.region });
    expect(found).toMatchObject({ ok: true, value: { name: KEY } });
    expect(counted).toMatchObject([{ account: stage.account, operation: 'findKeyPair', ok: true }]);
  });

  it('build it once, also for many at once', async () => {
    start();
    const all = await Promise.all(Array.from({ length: 5 }, () => clouds.get(stage.account)));
    expect(new Set(all).size).toBe(1);
    expect(await clouds.get(stage.account)).toBe(all[0]);
  });

  it('know no account that is not in the config', async () => {
    start();
    expect(await clouds.get('other')).toBeUndefined();
    expect(await clouds.get('__proto__')).toBeUndefined();
  });

  it('build again what could not be built', async () => {
    let isBroken = false;
    const settings = new Changing(() => {
      if (isBroken) throw new Error('broken');
      return settingsFor(stage);
    });
    start(settings);
    isBroken = true;
    await expect(clouds.get(stage.account)).rejects.toThrow('broken');
    isBroken = false;
    expect((await clouds.get(stage.account))?.provider).toBe('alibaba');
  });

  it('mask the secrets of every account in what a cloud says', async () => {
    start();
    const [secret = ''] = stage.secrets;
    stage.cloud.fail('DescribeKeyPairs', { kind: 'code', code: 'Odd', httpStatus: 400, message: `you sent ${secret}` });
    const cloud = await clouds.get(stage.account);
    const answer = await cloud?.guarded.findKeyPair({ nameOrId: KEY }, { region: stage.region });
    expect(answer?.ok).toBe(false);
    expect(JSON.stringify([answer, counted])).not.toContain(secret);
  });

  it('close what was built, and twice is fine', async () => {
    start();
    const cloud = await clouds.get(stage.account);
    await clouds.close();
    await clouds.close();
    const answer = await cloud?.guarded.findKeyPair({ nameOrId: KEY }, { region: stage.region });
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'aborted' } });
  });
});
