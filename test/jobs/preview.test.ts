import { describe, expect, it } from '@jest/globals';
import { createPreviewer } from '../../src/jobs/preview.js';
import type { KeyPair, Provider } from '../../src/providers/contract.js';
import { shown, stage, vendor } from '../providers/guarded-stub.js';
import { makeTimers } from '../timers.js';
import { aPolicy, CHANNEL, makeClock, member, newRequest } from './house.js';

const DEPLOY: KeyPair = { name: 'deploy', id: 'kp-1' };
const BOUND = { keyPairs: [DEPLOY] };
const READS: Partial<Provider> = {
  findKeyPair: async ({ nameOrId }) => (nameOrId === 'deploy' ? DEPLOY : undefined),
  listInstances: async () => ({ items: [shown('vm-0001', { ...BOUND, state: 'stopped' }), shown('vm-0002', BOUND)] }),
};

function previewerOf(clouds: Record<string, Partial<Provider>>, { most = 200 } = {}) {
  const timers = makeTimers();
  const guards = new Map(Object.entries(clouds).map(([name, adapter]) => [name, stage(adapter).guarded]));
  const previewer = createPreviewer({
    house: {
      accounts: new Map(Object.keys(clouds).map((name) => [name, { regions: ['north-1'], warning: `mind ${name}` }])),
      policies: [aPolicy({ accounts: ['*'], channels: [CHANNEL], maxInstances: most })],
    },
    cloudFor: async (account) => {
      const guarded = guards.get(account);
      return guarded && { provider: 'reference', guarded };
    },
    onUnbuilt: () => {},
    limitMs: 20_000,
    startTimer: timers.startTimer,
    now: makeClock().now,
  });
  const preview = (more: Parameters<typeof newRequest>[0] = {}, ...accounts: string[]) =>
    previewer.preview(
      newRequest({
        selections: (accounts.length > 0 ? accounts : ['prod']).map((account) => ({
          account,
          key: 'deploy',
          instances: 'all',
        })),
        ...more,
      }),
    );
  return { preview, timers };
}

describe('a preview', () => {
  it('is the request as it would wait for approval', async () => {
    const { preview, timers } = previewerOf({ prod: READS });
    expect(await preview({ restart: true })).toMatchObject({
      kind: 'decided',
      request: {
        id: '',
        state: 'awaiting-approval',
        restart: true,
        reason: 'key leaked',
        warnings: [{ account: 'prod', text: 'mind prod' }],
        groups: [{ account: 'prod', targets: [{ id: 'vm-0001' }, { id: 'vm-0002' }] }],
        plan: { quorums: [{ account: 'prod', approvals: 3 }] },
      },
      approvers: [{ account: 'prod', people: aPolicy().approvers }],
    });
    expect(timers.left()).toEqual([]);
  });

  it('is of all accounts together', async () => {
    const { preview } = previewerOf({ one: READS, two: READS });
    const seen = await preview({}, 'one', 'two');
    expect(seen).toMatchObject({ request: { groups: [{ account: 'one' }, { account: 'two' }] } });
  });

  it.each([
    ['no such key pair', { ...READS, findKeyPair: async () => undefined }, {}, { code: 'key-pair-not-found' }],
    ['nothing bound', { ...READS, listInstances: async () => ({ items: [] }) }, {}, { code: 'nothing-bound' }],
    ['too many', READS, { most: 1 }, { code: 'too-many', count: 2, max: 1 }],
  ])('says what the plan would be refused for: %s', async (_what, adapter, more, rejection) => {
    const { preview } = previewerOf({ prod: adapter }, more);
    expect(await preview()).toMatchObject({ kind: 'decided', request: { state: 'rejected', rejection } });
  });

  it('that may not be asked for reads nothing', async () => {
    const { preview, timers } = previewerOf({ prod: {} });
    expect(await preview({ channel: 'C0OTHER' })).toMatchObject({
      kind: 'refused',
      refusals: [{ code: 'wrong-channel' }],
    });
    expect(await preview({ requester: member('U0GUEST', { kind: 'guest' }) })).toMatchObject({
      kind: 'refused',
      refusals: [{ code: 'not-a-requester' }],
    });
    expect(timers.left()).toEqual([]);
  });
});

describe('a cloud that cannot be read', () => {
  it('is named with its own words, and nothing is decided', async () => {
    const failing = { ...READS, listInstances: () => Promise.reject(vendor({ code: 'Later' })) };
    const { preview } = previewerOf({ one: READS, two: failing });
    expect(await preview({}, 'one', 'two')).toMatchObject({
      kind: 'unread',
      place: { account: 'two', region: 'north-1' },
      why: { kind: 'fault', fault: { code: 'Later' } },
    });
  });

  it('is waited for so long and no longer', async () => {
    const { preview, timers } = previewerOf({ prod: { findKeyPair: () => new Promise(() => {}) } });
    const waiting = preview();
    timers.runOut(20_000);
    expect(await waiting).toMatchObject({ kind: 'unread', place: { account: 'prod' }, why: { kind: 'late' } });
  });
});
