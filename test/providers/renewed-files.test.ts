import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Cloud, CloudCredentials } from '../../playground/clouds/cloud.js';
import { KEY, KINDS } from '../../playground/stage/clouds.js';
import { guard } from '../../src/providers/guard.js';
import { accountSchema, loadProvider } from '../../src/providers/registry.js';

/** Accounts without credentials of their own, on a machine that keeps them in the vendor's file; Huawei's SDK reads variables only. */

const FILES = {
  alibaba: {
    path: '.aliyun/config.json',
    write: ({ accessKey, secretKey }: CloudCredentials) =>
      JSON.stringify({
        current: 'default',
        profiles: [{ name: 'default', mode: 'AK', access_key_id: accessKey, access_key_secret: secretKey }],
      }),
  },
  tencent: {
    path: '.tencentcloud/credentials',
    write: ({ accessKey, secretKey }: CloudCredentials) =>
      `[default]\nsecret_id = ${accessKey}\nsecret_key = ${secretKey}\n`,
  },
  volcengine: {
    path: '.volc/config',
    write: ({ accessKey, secretKey }: CloudCredentials) =>
      JSON.stringify({ VOLC_ACCESSKEY: accessKey, VOLC_SECRETKEY: secretKey }),
  },
};
const FILED = Object.keys(FILES) as (keyof typeof FILES)[];
const VARIABLES = /^(ALIBABA_CLOUD_|TENCENTCLOUD_|TKE_|VOLCSTACK_)|^HOME$/;

describe.each(FILED)('the file of %s', (kind) => {
  const { account, region, start, makeKeyPair } = KINDS[kind];
  const { path, write } = FILES[kind];
  const before = { ...process.env };
  let home: string;
  let cloud: Cloud;
  let keys: CloudCredentials;
  let ahead: number;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'renewed-'));
    for (const name of Object.keys(process.env)) if (VARIABLES.test(name)) delete process.env[name];
    // The tests' environment is a copy, which this does not read.
    jest.spyOn(os, 'homedir').mockReturnValue(home);
    Object.assign(process.env, { HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' });
    keys = { accessKey: 'AKfirst', secretKey: 'first' };
    ahead = 0;
    const world = { instances: new Map(), keyPairs: [makeKeyPair(KEY, region, 1)] };
    cloud = await start({ credentials: keys, world });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await cloud.stop();
    rmSync(home, { recursive: true });
  });

  const save = () => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), write(keys));
  };
  const renew = () => {
    Object.assign(keys, { accessKey: 'AKsecond', secretKey: 'second' });
    save();
  };
  async function open() {
    const settings = accountSchema.parse({ provider: kind, regions: [region], endpoint: cloud.url });
    const now = () => Date.now() + ahead;
    const guarded = guard(await loadProvider(settings, { timeoutMs: 5_000, now }), {
      account,
      timeoutMs: 10_000,
      secrets: [],
      now,
    });
    return () => guarded.findKeyPair({ nameOrId: KEY }, { region });
  }

  it('is read, and read again after the cloud refused what stood in it', async () => {
    save();
    const find = await open();
    expect(await find()).toMatchObject({ ok: true });
    renew();
    const first = await find();
    if (!first.ok) expect(first).toMatchObject({ fault: { kind: 'auth' } });
    expect(await find()).toMatchObject({ ok: true });
  });

  it('is read again in time, before the cloud refuses anything', async () => {
    save();
    const find = await open();
    expect(await find()).toMatchObject({ ok: true });
    renew();
    ahead = 5 * 60_000;
    expect(await find()).toMatchObject({ ok: true });
  });
});
