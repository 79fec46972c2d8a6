import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  KEY,
  KIND_IDS,
  type KindId,
  type StageCloud,
  settingsFor,
  startStageCloud,
} from '../../playground/stage/clouds.js';
import type { GuardedProvider } from '../../src/providers/answers.js';
import type { Provider } from '../../src/providers/contract.js';
import { VendorFailure } from '../../src/providers/failures.js';
import { guard } from '../../src/providers/guard.js';
import { type Account, accountSchema, loadProvider, secretsOf } from '../../src/providers/registry.js';
import { accountWithRole, ROLES, settingsWithRole } from './roles.js';

/** An account whose own keys may do nothing but assume a role. */

/** What each cloud says of a role that is not there, and what no config may say. */
const KNOWN = {
  alibaba: {
    missing: 'EntityNotExist.Role',
    refused: [{ roleArn: 'detacher' }, { roleSessionName: 'a b' }],
  },
  tencent: {
    missing: 'ResourceNotFound.RoleNotFound',
    refused: [{ roleArn: 'detacher' }, { roleSessionName: 'a b' }],
  },
  volcengine: {
    missing: 'AccessDenied',
    refused: [{ roleTrn: 'detacher' }, { roleSessionName: 'a b' }],
  },
  huawei: {
    missing: 'Http403',
    refused: [
      { agencyName: 'x'.repeat(65) },
      { agencySessionName: 'a b c d' },
      { agencySessionName: '1-detach-key' },
      { agencyDomainName: undefined },
      { agencyDomainId: 'both-of-them' },
      { domainId: undefined },
      { agencyName: undefined },
    ],
  },
} as const satisfies Record<KindId, unknown>;

/** A permission that is missing, in the code that the cloud's every service has for it. */
const DENIALS = {
  alibaba: 'Forbidden.RAM',
  tencent: 'UnauthorizedOperation',
  volcengine: 'LackPolicy',
  huawei: 'PAP5.0001',
} as const satisfies Record<KindId, string>;

/** What a cloud says of a session that is over. */
const ENDED = {
  alibaba: { code: 'InvalidSecurityToken.Expired' },
  tencent: { code: 'AuthFailure.TokenFailure' },
  volcengine: { code: 'InvalidSecretToken' },
  huawei: { code: 'APIGW.0307', httpStatus: 401 },
} as const satisfies Record<KindId, unknown>;

const MINUTE = 60_000;

describe.each(KIND_IDS)('a role on %s', (kind) => {
  const { names, role, operation } = ROLES[kind];
  const { missing, refused } = KNOWN[kind];
  let stage: StageCloud;
  let account: Account;
  let provider: Provider;
  let guarded: GuardedProvider;
  let ahead: number;
  const now = () => Date.now() + ahead;

  async function start(timeoutMs = 5_000) {
    account = accountWithRole(stage);
    provider = await loadProvider(account, { timeoutMs, now });
    guarded = guard(provider, { account: stage.account, timeoutMs: 20_000, secrets: secretsOf(account), now });
  }

  beforeEach(async () => {
    ahead = 0;
    // The cloud's clock stands with that of the SDKs, which sign by it.
    stage = await startStageCloud(kind, { states: ['stopped'] });
    stage.cloud.sessions.roles.add(role);
    await start();
  });
  afterEach(async () => {
    await provider.close();
    await stage.cloud.stop();
  });

  const find = () => guarded.findKeyPair({ nameOrId: KEY }, { region: stage.region });
  const assumed = () => stage.cloud.calls.filter((call) => call.operation === operation).length;

  it('is assumed once for all calls, and they are made with what it gave', async () => {
    const answers = await Promise.all([find(), find(), find()]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(await find()).toMatchObject({ ok: true, value: { name: KEY } });
    expect(assumed()).toBe(1);
  });

  it('is assumed again before what it gave ends', async () => {
    await find();
    ahead = 54 * MINUTE;
    expect(await find()).toMatchObject({ ok: true });
    expect(assumed()).toBe(1);
    ahead = 56 * MINUTE;
    expect(await find()).toMatchObject({ ok: true });
    expect(assumed()).toBe(2);
    ahead = 61 * MINUTE;
    expect(await find()).toMatchObject({ ok: true });
  });

  it('that cannot be assumed for now does no harm while what it gave is good, and is tried again', async () => {
    await find();
    ahead = 56 * MINUTE;
    stage.cloud.fail(operation, { kind: 'server-error', when: 'before' }, 2);
    expect(await find()).toMatchObject({ ok: true });
    ahead = 60 * MINUTE;
    expect(await find()).toMatchObject({ ok: false, fault: { kind: 'unavailable', repeat: 'later' } });
    expect(await find()).toMatchObject({ ok: true });
  });

  it.each([
    { fault: { kind: 'server-error', when: 'after' } },
    { fault: { kind: 'reply-lost' } },
    { fault: { kind: 'html' } },
    { fault: { kind: 'throttle' } },
  ] as const)(
    'that cannot be assumed for $fault.kind leaves a write undone for sure, to be made later',
    async ({ fault }) => {
      const [id = ''] = stage.ids;
      const [keyPair = { name: KEY }] = stage.cloud.world.keyPairs;
      stage.cloud.fail(operation, fault);
      const detach = () => guarded.detach({ instanceIds: [id], token: 't', keyPair }, { region: stage.region });
      expect((await detach()).instances.get(id)).toMatchObject({ kind: 'later', fault: { repeat: 'later' } });
      expect(stage.cloud.calls).toHaveLength(1);
      expect((await detach()).instances.get(id)).toMatchObject({ kind: 'accepted' });
    },
  );

  it('that does not answer in time leaves the call unsent', async () => {
    await provider.close();
    await start(400);
    stage.cloud.fail(operation, { kind: 'hang', when: 'before' });
    const signal = new AbortController().signal;
    const answer = provider.findKeyPair({ nameOrId: KEY }, { region: stage.region, signal });
    const error: unknown = await answer.catch((thrown: unknown) => thrown);
    expect(error instanceof VendorFailure && error.facts).toMatchObject({ transport: 'timeout', unsent: true });
    expect(stage.cloud.calls).toHaveLength(1);
  });

  it('that is not there is told in the cloud’s words, without what was signed', async () => {
    stage.cloud.sessions.roles.clear();
    stage.cloud.sessions.roles.add('another');
    const answer = await find();
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'auth', code: missing, hint: 'check-role' } });
    for (const word of [...stage.secrets, 'Signature', 'http']) expect(JSON.stringify(answer)).not.toContain(word);
  });

  it('that may not be assumed is told as such, and a permission that is missing to it as what it is', async () => {
    const denial = { kind: 'code', code: DENIALS[kind], message: 'no' } as const;
    stage.cloud.fail(operation, denial);
    expect(await find()).toMatchObject({ ok: false, fault: { code: DENIALS[kind], hint: 'check-role' } });
    await find();
    stage.cloud.fail(/./, denial);
    expect(await find()).toMatchObject({ ok: false, fault: { code: DENIALS[kind], hint: 'grant-permission' } });
  });

  it('is assumed anew for a read that the cloud refused with what it gave', async () => {
    await find();
    for (const session of stage.cloud.sessions.given) session.expiresAt = 0;
    expect(await find()).toMatchObject({ ok: true, value: { name: KEY } });
    expect(assumed()).toBe(2);
  });

  it('is assumed anew once for a read, however often the cloud refuses what it gives', async () => {
    await find();
    const before = stage.cloud.calls.length;
    stage.cloud.fail(/KeyPairs|keypairs/, { kind: 'code', ...ENDED[kind] }, Number.POSITIVE_INFINITY);
    expect(await find()).toMatchObject({ ok: false, fault: { kind: 'auth', hint: 'renew-credentials' } });
    const [first, ...more] = stage.cloud.calls.slice(before).map((call) => call.operation);
    expect(more).toEqual([operation, first]);
  });

  it('is assumed anew for the next write only: what was refused is not sent twice', async () => {
    const [id = ''] = stage.ids;
    const [keyPair = { name: KEY }] = stage.cloud.world.keyPairs;
    const write = /^(Detach|Disassociate)|disassociate$/;
    const writes = () => stage.cloud.calls.filter((call) => write.test(call.operation)).length;
    stage.cloud.fail(write, { kind: 'code', ...ENDED[kind] });
    const detach = () => guarded.detach({ instanceIds: [id], token: 't', keyPair }, { region: stage.region });
    expect((await detach()).instances.get(id)).toMatchObject({ kind: 'refused', fault: { kind: 'auth' } });
    expect(writes()).toBe(1);
    expect((await detach()).instances.get(id)).toMatchObject({ kind: 'accepted' });
    expect(assumed()).toBe(2);
  });

  it('is not assumed again where the account’s own keys are refused', async () => {
    stage.cloud.fail(operation, { kind: 'code', ...ENDED[kind] }, 2);
    expect(await find()).toMatchObject({ ok: false, fault: { kind: 'auth', hint: 'renew-credentials' } });
    expect(stage.cloud.calls).toHaveLength(1);
  });

  it('gives secrets that the cloud’s words never show', async () => {
    await find();
    const [session] = stage.cloud.sessions.given;
    const message = `you sent ${session?.sessionToken} and ${session?.secretKey}`;
    stage.cloud.fail(/./, { kind: 'code', code: 'Odd', message });
    const told = JSON.stringify(await find());
    expect(told).toContain('you sent ***');
    for (const secret of [session?.sessionToken, session?.secretKey]) expect(told).not.toContain(secret);
  });

  it.each<Record<string, unknown>>([...refused])('is refused with %j', (more) => {
    expect(accountSchema.safeParse(settingsWithRole(stage)).success).toBe(true);
    expect(accountSchema.safeParse(settingsWithRole(stage, more)).success).toBe(false);
  });

  it('is not masked, as a person has to read it; the keys are', () => {
    expect(secretsOf(account)).toEqual(expect.arrayContaining([...stage.secrets]));
    for (const name of Object.values(names)) expect(secretsOf(account)).not.toContain(name);
  });
});

describe.each(KIND_IDS)('an account of %s without a role', (kind) => {
  it('whose keys are refused is not asked twice', async () => {
    const stage = await startStageCloud(kind, { states: ['stopped'] });
    const provider = await loadProvider(settingsFor(stage), { timeoutMs: 5_000, now: Date.now });
    try {
      const guarded = guard(provider, { account: stage.account, timeoutMs: 5_000, secrets: [], now: Date.now });
      stage.cloud.fail(/./, { kind: 'code', ...ENDED[kind] }, Number.POSITIVE_INFINITY);
      const answer = await guarded.findKeyPair({ nameOrId: KEY }, { region: stage.region });
      expect(answer).toMatchObject({ ok: false, fault: { kind: 'auth', hint: 'renew-credentials' } });
      expect(stage.cloud.calls).toHaveLength(1);
    } finally {
      await provider.close();
      await stage.cloud.stop();
    }
  });
});
